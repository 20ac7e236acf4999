//! `docs/asvs.md` names for each requirement what holds it. What it names must exist.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::architecture::{root, sources};

/// The most rows of each half of the page that may be not met.
const MOST_NOT_MET: usize = 5;

/// How many requirements of level 1 and 2 each chapter of ASVS 5.0 has.
const CHAPTERS: [(&str, usize); 9] =
    [("V6", 35), ("V7", 18), ("V9", 7), ("V10", 29), ("V2.4", 1), ("V4", 10), ("V5", 9), ("V13", 13), ("V14", 9)];

/// The chapters of the first half of the page: signing in.
const OF_SIGN_IN: [&str; 4] = ["6.", "7.", "9.", "10."];

/// The rows: number, and what holds it.
fn rows() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("docs/asvs.md")).unwrap();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let numbered = |line: &&str| line.starts_with("| ") && line.chars().nth(2).is_some_and(|letter| letter.is_ascii_digit());
    page.lines()
        .filter(numbered)
        .map(|line| {
            let cells = cells(line);
            assert_eq!(cells.len(), 5, "{line}");
            (cells[0].clone(), cells[4].clone())
        })
        .collect()
}

fn headings() -> Vec<String> {
    let guides = ["docs/sign-in.md", "docs/operations.md"].map(|guide| fs::read_to_string(root().join(guide)).unwrap());
    guides.iter().flat_map(|guide| guide.lines()).filter_map(|line| line.strip_prefix("## ")).map(str::to_owned).collect()
}

#[test]
fn every_row_names_what_holds_it_and_that_exists() {
    let everything: String =
        ["domain", "persistence", "application", "api", "tests"].iter().flat_map(|folder| sources(folder)).map(|(_, text)| text).collect();
    let document: Value = serde_json::from_slice(&fs::read(Path::new(&root()).join("openapi/openapi.json")).unwrap()).unwrap();
    let settings = &document["components"]["schemas"]["HospitalSettings"]["properties"];
    let headings = headings();
    let mut not_met = [0, 0];
    for (number, by) in rows() {
        let named = by.trim_matches('`');
        let holds = match named.split_once(':') {
            Some(("test", name)) => everything.contains(&format!("fn {name}(")),
            Some(("setting", name)) => {
                settings.get(name).is_some() && everything.contains("the_limits_of_sessions_are_settings_that_hold_at_once")
            }
            Some(("guide", heading)) => headings.iter().any(|one| one == heading),
            Some(("not applicable", reason)) => !reason.trim().is_empty(),
            Some(("not met", reason)) => {
                not_met[usize::from(OF_SIGN_IN.iter().any(|chapter| number.starts_with(chapter)))] += 1;
                !reason.trim().is_empty()
            }
            _ => false,
        };
        assert!(holds, "{number}: “{by}” is nothing that exists");
    }
    assert!(not_met.iter().all(|count| *count <= MOST_NOT_MET), "{not_met:?} rows are not met");
}

#[test]
fn no_requirement_is_left_out() {
    let rows = rows();
    for (chapter, count) in CHAPTERS {
        let prefix = format!("{}.", chapter.trim_start_matches('V'));
        let mut numbers: Vec<&str> = rows.iter().map(|(number, _)| number.as_str()).filter(|number| number.starts_with(&prefix)).collect();
        assert_eq!(numbers.len(), count, "{chapter}");
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count, "{chapter} names a requirement twice");
    }
}
