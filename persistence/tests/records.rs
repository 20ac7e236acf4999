//! What belongs to a case: documents and their bytes, treatment entries, opinions, messages, notes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use domain::access::Audience;
use domain::access::Relation;
use domain::documents::{DisplayName, Document, MediaKind};
use domain::ids::{CaseId, DocumentId, TreatmentEntryId};
use domain::intake::items::ItemCode;
use domain::intake::treatment::{Exam, Treatment, TreatmentEntry};
use domain::messages::{InternalNote, Message};
use domain::written::{Opinion, OpinionContent, Signature};
use jiff::SignedDuration;
use persistence::{Error, Numbered, Page, Store, blobs, cases, documents, messages, notes, opinions, treatment};
use support::cases::{alone, applicant, application, opened, store_with_people};
use support::{Database, id, now, write};

fn case(store: &Store) -> CaseId {
    let case = opened(1, &applicant(1), application()).case;
    let written = case.clone();
    write(store, move |tx| cases::insert(tx, alone(&written), now())).unwrap();
    case.id()
}

fn document(number: u128, case: CaseId, audience: Audience) -> Document {
    Document {
        id: id(number),
        case,
        item: Some(ItemCode::ReferralLetter),
        name: DisplayName::cleaned("canary letter.pdf"),
        media: MediaKind::Pdf,
        language: Some("en".parse().unwrap()),
        translation_of: None,
        size: 600_000,
        sha256: "ab".repeat(32).parse().unwrap(),
        audience,
        uploaded_by: id(1),
        uploaded_at: now(),
    }
}

#[test]
fn a_document_is_described_changed_and_deleted() {
    let database = Database::new();
    let store = store_with_people(&database);
    let case = case(&store);
    let open = document(1, case, Audience::APPLICANT.and(Audience::STAFF));
    let inside = Document { item: None, language: None, ..document(2, case, Audience::STAFF) };
    let (first, second) = (open.clone(), inside.clone());
    write(&store, move |tx| {
        documents::insert(tx, &first)?;
        documents::insert(tx, &second).map(drop)
    })
    .unwrap();
    let get = move |number| write(&store, move |tx| documents::get(tx, case, id(number)));
    assert_eq!(get(1).map(|stored| (stored.document, stored.version, stored.updated_at)), Ok((open.clone(), 1, now())));
    let store = database.store();
    assert_eq!(write(&store, move |tx| documents::get(tx, id(9999), id(1))).map(drop), Err(Error::NotFound), "not of that case");
    let list = |audience| write(&store, move |tx| documents::list(tx, case, audience, Page::first(9))).unwrap();
    assert_eq!(list(Audience::APPLICANT).len(), 1);
    assert_eq!(list(Audience::STAFF).len(), 2);
    assert_eq!(write(&store, move |tx| documents::totals(tx, case)), Ok((2, 1_200_000)));
    let changed = Document { item: Some(ItemCode::ExamReports), ..open };
    let later = now() + SignedDuration::from_mins(1);
    let one = documents::StoredDocument { document: changed.clone(), ..get(1).unwrap() };
    let (two, store) = (one.clone(), database.store());
    assert_eq!(write(&store, move |tx| documents::save(tx, &one, later)), Ok(2));
    assert_eq!(write(&store, move |tx| documents::save(tx, &two, later)), Err(Error::Stale));
    assert_eq!(write(&store, move |tx| documents::list_all(tx, case)), Ok(vec![changed, inside]));
    assert_eq!(write(&store, move |tx| documents::delete(tx, case, id(1), 1, later)), Err(Error::Stale));
    assert_eq!(write(&store, move |tx| documents::delete(tx, case, id(1), 2, later)), Ok(()));
    assert_eq!(get(1).map(drop), Err(Error::NotFound));
    assert_eq!(list(Audience::STAFF).len(), 1);
}

#[test]
fn the_bytes_of_a_document_are_kept_in_sealed_pieces() {
    let database = Database::new();
    let store = store_with_people(&database);
    let case = case(&store);
    let bytes: Vec<u8> = b"Canary. ".iter().copied().cycle().take(600_000).collect();
    let document: DocumentId = id(1);
    write(&store, move |tx| blobs::begin(tx, document, now())).unwrap();
    for (number, piece) in (0..).zip(bytes.chunks(blobs::PIECE)) {
        let sealed = blobs::seal(store.vault(), document, number, piece).unwrap();
        write(&store, move |tx| blobs::put(tx, document, number, &sealed)).unwrap();
    }
    write(&store, move |tx| {
        documents::insert(tx, &self::document(1, case, Audience::STAFF))?;
        blobs::keep(tx, document)
    })
    .unwrap();
    assert_eq!(write(&store, move |tx| blobs::keep(tx, document)), Err(Error::NotFound), "it is kept once");
    write(&store, move |tx| blobs::discard(tx, document)).unwrap();
    assert_eq!(write(&store, move |tx| blobs::sweep(tx, now() + SignedDuration::from_mins(1))), Ok(false), "what was kept is not swept");
    let piece = |number| write(&store, move |tx| blobs::piece(tx, document, number));
    let pieces: Vec<Vec<u8>> = (0..4).map_while(|number| piece(number).unwrap()).collect();
    assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [blobs::PIECE, blobs::PIECE, 600_000 - 2 * blobs::PIECE]);
    assert!(pieces.concat() == bytes);
    database.sql("UPDATE document_contents SET piece = piece + 10; UPDATE document_contents SET piece = 12 - piece");
    assert!(matches!(piece(0), Err(Error::Corrupt { .. })), "pieces do not change places");
    write(&store, move |tx| documents::delete(tx, case, document, 1, now())).unwrap();
    assert_eq!(piece(0), Ok(None));
    assert!(!database.raw(&store).windows(7).any(|window| window.eq_ignore_ascii_case(b"canary.")));
}

#[test]
fn a_treatment_entry_is_kept_changed_and_removed() {
    let database = Database::new();
    let store = store_with_people(&database);
    let case = case(&store);
    let entry = TreatmentEntry {
        id: id(1),
        case,
        treatment: Treatment::Exam(Exam { name: Some("CT chest".parse().unwrap()), ..Exam::default() }),
        notes: None,
        entered_by: id(1),
        entered_at: now(),
    };
    let (first, second) = (entry.clone(), TreatmentEntry { id: id(2), ..entry.clone() });
    write(&store, move |tx| {
        treatment::insert(tx, &first)?;
        treatment::insert(tx, &second).map(drop)
    })
    .unwrap();
    assert_eq!(write(&store, move |tx| treatment::get(tx, case, id(1))).map(|stored| stored.entry), Ok(entry.clone()));
    let changed = TreatmentEntry { notes: Some("abroad".parse().unwrap()), ..entry };
    let (one, two) = (changed.clone(), changed.clone());
    assert_eq!(write(&store, move |tx| treatment::save(tx, &one, 1, now())), Ok(2));
    assert_eq!(write(&store, move |tx| treatment::save(tx, &two, 1, now())), Err(Error::Stale));
    let listed = write(&store, move |tx| treatment::list(tx, case, Page::first(1))).unwrap();
    assert_eq!(listed.iter().map(|stored| (&stored.entry, stored.version)).collect::<Vec<_>>(), [(&changed, 2)]);
    let first: TreatmentEntryId = id(1);
    assert_eq!(write(&store, move |tx| treatment::list(tx, case, Page { after: Some(1), limit: 5 })).unwrap().len(), 1);
    assert_eq!(write(&store, move |tx| treatment::delete(tx, case, first, 1)), Err(Error::Stale));
    assert_eq!(write(&store, move |tx| treatment::delete(tx, case, first, 2)), Ok(()));
    assert_eq!(write(&store, move |tx| treatment::count(tx, case)), Ok(1));
}

#[test]
fn a_delivered_opinion_is_never_written_again() {
    let database = Database::new();
    let store = store_with_people(&database);
    let case = case(&store);
    let word = |text: &str| text.parse().unwrap();
    let signature = Signature { by: id(2), name: word("A. Chief"), title: word("Chief physician"), department: word("Surgery") };
    let draft = Opinion::draft(id(1), case, id(1), OpinionContent::default(), now());
    let submitted = draft.clone().submitted(now()).unwrap();
    let delivered = submitted.clone().delivered(signature.clone(), now()).unwrap();
    let addendum = delivered.addendum(id(2), OpinionContent::default(), signature, now()).unwrap();
    let first = draft.clone();
    write(&store, move |tx| opinions::insert(tx, &first)).unwrap();
    let twin = Opinion::draft(id(3), case, id(1), OpinionContent::default(), now());
    let duplicate = write(&store, move |tx| opinions::insert(tx, &twin));
    assert!(duplicate.as_ref().is_err_and(|error| error.is_duplicate("opinions.case_id,edition")), "{duplicate:?}");
    let (second, third) = (submitted.clone(), delivered.clone());
    assert_eq!(write(&store, move |tx| opinions::save(tx, &second, 1)), Ok(2));
    assert_eq!(write(&store, move |tx| opinions::save(tx, &third, 2)), Ok(3));
    assert_eq!(write(&store, move |tx| opinions::save(tx, &submitted, 3)), Err(Error::Stale), "delivered");
    let latest = addendum.clone();
    write(&store, move |tx| opinions::insert(tx, &latest)).unwrap();
    let all: Vec<Opinion> = write(&store, move |tx| opinions::list(tx, case)).unwrap().into_iter().map(|stored| stored.opinion).collect();
    assert_eq!(all, [delivered, addendum]);
}

#[test]
fn messages_and_notes_are_read_in_order_by_their_audience() {
    let database = Database::new();
    let store = store_with_people(&database);
    let case = case(&store);
    let message = |number, audience| Message {
        id: id(number),
        case,
        author: id(1),
        relation: Relation::Applicant,
        audience,
        text: "Canary asks".parse().unwrap(),
        at: now(),
    };
    let all = [
        message(1, Audience::APPLICANT.and(Audience::STAFF)),
        message(2, Audience::STAFF),
        message(3, Audience::PATIENT.and(Audience::STAFF)),
    ];
    let written = all.clone();
    write(&store, move |tx| written.iter().try_for_each(|message| messages::insert(tx, message))).unwrap();
    let list = |audience, page| -> Vec<Message> {
        let found = write(&store, move |tx| messages::list(tx, case, audience, page)).unwrap();
        found.into_iter().map(|message| message.entry).collect()
    };
    assert_eq!(list(Audience::STAFF, Page::first(9)), all);
    assert_eq!(list(Audience::APPLICANT, Page::first(9)), all[..1]);
    assert_eq!(list(Audience::STAFF, Page { after: Some(2), limit: 9 }), all[2..]);
    let note = InternalNote { id: id(5), case, author: id(2), text: "Canary note".parse().unwrap(), at: now() };
    let written = note.clone();
    write(&store, move |tx| notes::insert(tx, &written)).unwrap();
    assert_eq!(
        write(&store, move |tx| notes::list(tx, case, Page::first(9))),
        Ok(vec![Numbered { seq: 4, entry: note }]),
        "one counter for all of a case"
    );
    assert!(!database.raw(&store).windows(6).any(|window| window.eq_ignore_ascii_case(b"canary")));
}

#[test]
fn an_upload_that_became_no_document_is_swept_with_its_pieces() {
    let database = Database::new();
    let store = store_with_people(&database);
    let document: DocumentId = id(1);
    let sealed = blobs::seal(store.vault(), document, 0, b"piece").unwrap();
    write(&store, move |tx| {
        blobs::begin(tx, document, now())?;
        blobs::put(tx, document, 0, &sealed)
    })
    .unwrap();
    assert_eq!(write(&store, move |tx| blobs::sweep(tx, now())), Ok(false), "it is not old enough");
    assert_eq!(write(&store, move |tx| blobs::sweep(tx, now() + SignedDuration::from_mins(1))), Ok(true));
    assert_eq!(write(&store, move |tx| blobs::piece(tx, document, 0)), Ok(None));
    assert_eq!(write(&store, move |tx| blobs::sweep(tx, now() + SignedDuration::from_mins(1))), Ok(false));
}
