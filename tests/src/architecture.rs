//! What `ARCHITECTURE.md` says of the code, held against the code.

use std::fs;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every source file below a folder of the workspace.
pub fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let (mut found, mut waiting) = (Vec::new(), vec![root().join(folder)]);
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// The names under `[dependencies]` of a crate.
fn dependencies(krate: &str) -> Vec<String> {
    let manifest = fs::read_to_string(root().join(krate).join("Cargo.toml")).unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    section.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn each_crate_knows_only_what_stands_below_it() {
    let forbidden: [(&str, &[&str]); 4] = [
        ("domain", &["persistence", "application", "api", "diesel", "actix-web", "tokio", "tracing", "rand"]),
        ("persistence", &["application", "api", "actix-web", "utoipa"]),
        ("application", &["api", "actix-web", "utoipa", "diesel"]),
        ("api", &["persistence", "diesel"]),
    ];
    for (krate, names) in forbidden {
        for name in names {
            assert!(!dependencies(krate).iter().any(|dependency| dependency == name), "{krate} must not depend on {name}");
        }
    }
    // The domain's types describe themselves only where they are asked to.
    let manifest = fs::read_to_string(root().join("domain/Cargo.toml")).unwrap();
    assert!(manifest.contains("utoipa = { workspace = true, optional = true }") && manifest.contains("schema = [\"dep:utoipa\"]"));
}

#[test]
fn only_problem_turns_errors_into_statuses() {
    for (path, text) in sources("api/src") {
        let is_http = path.components().any(|part| part.as_os_str() == "http");
        let is_health = path.ends_with("operations.rs");
        assert!(is_http || is_health || !text.contains("StatusCode::"), "{}: statuses of refusals belong to http/problem", path.display());
    }
}

#[test]
fn every_handler_names_its_permission() {
    for (path, text) in sources("api/src") {
        if !["#[get(", "#[post(", "#[put(", "#[patch(", "#[delete("].iter().any(|route| text.contains(route))
            || path.ends_with("operations.rs")
        {
            continue;
        }
        for handler in text.split("pub(crate) async fn ").skip(1) {
            let signature = handler.split('{').next().unwrap();
            let name = signature.split('(').next().unwrap();
            let wanted = format!("Authorized<may::{}>", upper_camel(name));
            assert!(signature.contains(&wanted), "{}: {name} must take {wanted}", path.display());
        }
    }
}

fn upper_camel(name: &str) -> String {
    name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let generated = |path: &Path| path.ends_with("schema.rs");
    for folder in ["domain", "persistence", "application", "api", "tests", "benchmark"] {
        for (path, text) in sources(&format!("{folder}/src")) {
            let lines = text.lines().count();
            assert!(lines <= 400 || generated(&path), "{}: {lines} lines", path.display());
        }
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(root().join("persistence/migrations").join(engine))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

#[test]
fn the_committed_document_is_what_the_code_generates() {
    let committed = fs::read_to_string(root().join("openapi/openapi.json")).unwrap();
    assert!(committed == api::document::text().unwrap(), "run: cargo run -q -- openapi > openapi/openapi.json");
}

/// The invariants that `ARCHITECTURE.md` names, each with the test that holds it, as `path::to::test` in backticks.
#[test]
fn every_test_that_the_architecture_names_exists() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let everything: String =
        ["domain", "persistence", "application", "api", "tests"].iter().flat_map(|folder| sources(folder)).map(|(_, text)| text).collect();
    let mut named = 0;
    for cell in architecture.split('`').filter(|text| text.starts_with("test:")) {
        let name = cell.trim_start_matches("test:");
        assert!(everything.contains(&format!("fn {name}(")), "ARCHITECTURE.md names a test that does not exist: {name}");
        named += 1;
    }
    assert!(named >= 10, "ARCHITECTURE.md names {named} tests; is the marker `test:name` still in use?");
}
