use uuid::Uuid;

mod steps;

use super::*;
use crate::case::Refusal;

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn text(words: &str) -> LongText {
    words.parse().unwrap()
}

fn content() -> OpinionContent {
    OpinionContent {
        language: Some("en".parse().unwrap()),
        materials_reviewed: vec![ReviewedMaterial { name: "CT chest".parse().unwrap(), dated_on: Some("2026-10".parse().unwrap()) }],
        history: Some(text("Cough since spring.")),
        diagnosis: Some(text("We agree.")),
        recommendation: Some(text("Surgery.")),
        answers: vec![OpinionAnswer { question: 0, text: "Yes.".parse().unwrap() }],
        ..OpinionContent::default()
    }
}

fn signature() -> Signature {
    let word = |word: &str| word.parse().unwrap();
    Signature { by: user(2), name: word("A. Chief"), title: word("Chief physician"), department: word("Thoracic surgery") }
}

fn draft() -> Opinion {
    let id = Uuid::from_u128(9);
    Opinion::draft(OpinionId::from_uuid(id), CaseId::from_uuid(id), user(1), content(), Timestamp::UNIX_EPOCH)
}

fn delivered() -> Opinion {
    draft().submitted(Timestamp::UNIX_EPOCH).unwrap().delivered(signature(), Timestamp::UNIX_EPOCH).unwrap()
}

#[test]
fn a_delivered_opinion_never_changes() {
    let now = Timestamp::UNIX_EPOCH;
    assert_eq!(delivered().rewritten(user(1), content(), now), Err(OpinionRefusal::NotDraft));
    assert_eq!(delivered().submitted(now), Err(OpinionRefusal::NotDraft));
    assert_eq!(delivered().returned(user(2), "again".parse().unwrap(), now), Err(OpinionRefusal::NotSubmitted));
    assert_eq!(delivered().delivered(signature(), now), Err(OpinionRefusal::NotSubmitted));
}

#[test]
fn an_addendum_is_a_new_edition_beside_the_old_one() {
    let old = delivered();
    let new = old.addendum(OpinionId::from_uuid(Uuid::from_u128(10)), content(), signature(), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!((old.edition(), new.edition(), new.is_delivered()), (1, 2, true));
    assert_eq!(draft().addendum(old.id(), content(), signature(), Timestamp::UNIX_EPOCH), Err(OpinionRefusal::NotDelivered));
}

#[test]
fn a_returned_opinion_is_a_draft_again_and_keeps_the_comment() {
    let now = Timestamp::UNIX_EPOCH;
    let back = draft().submitted(now).unwrap().returned(user(2), "shorter".parse().unwrap(), now).unwrap();
    assert_eq!((back.state_name(), back.returns().len()), (OpinionStage::Draft, 1));
    assert_eq!(draft().returned(user(2), "shorter".parse().unwrap(), now), Err(OpinionRefusal::NotSubmitted));
}

#[test]
fn what_is_missing_is_named() {
    let lacking = OpinionContent { diagnosis: None, language: None, ..content() };
    let opinion = draft().rewritten(user(1), lacking, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(opinion.facts(1), Err(Refusal::OpinionIncomplete { parts: vec!["/language", "/diagnosis"] }));
    assert_eq!(draft().facts(3).unwrap().unaddressed, [1, 2]);
}

#[test]
fn a_long_opinion_is_more_than_one_page() {
    let fit = draft().facts(1).unwrap().fit;
    assert!(fit.is_one_page(), "{fit:?}");
    let long = OpinionContent { diagnosis: Some(text(&"word ".repeat(1000))), ..content() };
    let fit = draft().rewritten(user(1), long, Timestamp::UNIX_EPOCH).unwrap().facts(1).unwrap().fit;
    assert!(!fit.is_one_page(), "{fit:?}");
    let japanese = OpinionContent { diagnosis: Some(text(&"診断".repeat(1000))), ..content() };
    assert!(!PageFit::of(&japanese).is_one_page(), "2000 characters need 48 lines and leave no room for the rest");
}

#[test]
fn an_opinion_reads_back_as_it_was_written() {
    for opinion in [draft(), draft().submitted(Timestamp::UNIX_EPOCH).unwrap(), delivered()] {
        let stored = serde_json::to_string(&opinion).unwrap();
        assert_eq!(serde_json::from_str::<Opinion>(&stored).unwrap(), opinion);
    }
}
