//! The two trees of migrations say the same.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn tree(engine: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    std::fs::read_dir(root)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(path.join("up.sql")).unwrap();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), text)
        })
        .collect()
}

/// Tables with their columns in order, read from the text: `CREATE TABLE`, one column a line; `ALTER TABLE`; `DROP TABLE`.
fn tables(tree: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = None;
    for line in tree.values().flat_map(|text| text.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["CREATE", "TABLE", name, ..] => {
                current = Some((*name).to_owned());
                tables.insert((*name).to_owned(), Vec::new());
            }
            ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] => tables.get_mut(*name).unwrap().push((*column).to_owned()),
            ["ALTER", "TABLE", name, "DROP", "COLUMN", column] => {
                tables.get_mut(*name).unwrap().retain(|one| one != column.trim_end_matches(';'));
            }
            ["ALTER", "TABLE", name, "RENAME", "COLUMN", from, "TO", to] => {
                let columns = tables.get_mut(*name).unwrap();
                to.trim_end_matches(';').clone_into(columns.iter_mut().find(|one| one == from).unwrap());
            }
            ["ALTER", "TABLE", from, "RENAME", "TO", to] => {
                let columns = tables.remove(*from).unwrap();
                tables.insert(to.trim_end_matches(';').to_owned(), columns);
            }
            ["DROP", "TABLE", name] => drop(tables.remove(name.trim_end_matches(';'))),
            [first, ..] if first.starts_with(')') => current = None,
            ["PRIMARY" | "UNIQUE" | "CONSTRAINT" | "CHECK" | "FOREIGN", ..] => {}
            [column, _, ..] => {
                if let Some(table) = &current {
                    tables.get_mut(table).unwrap().push((*column).to_owned());
                }
            }
            _ => {}
        }
    }
    tables
}

fn indexes(tree: &BTreeMap<String, String>) -> BTreeSet<String> {
    tree.values()
        .flat_map(|text| text.lines())
        .filter(|line| line.starts_with("CREATE INDEX") || line.starts_with("CREATE UNIQUE"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn both_trees_have_the_same_migrations_tables_columns_and_indexes() {
    let (sqlite, postgres) = (tree("sqlite"), tree("postgres"));
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    assert_eq!(tables(&sqlite), tables(&postgres));
    assert_eq!(indexes(&sqlite), indexes(&postgres));
}

#[test]
fn every_table_of_sqlite_is_strict() {
    for text in tree("sqlite").values() {
        assert_eq!(text.matches("CREATE TABLE").count(), text.matches(") STRICT").count());
    }
}

#[test]
fn the_schema_names_the_columns_of_the_database() {
    let database = support::Database::new();
    let store = database.store();
    drop(store);
    let query = if support::on_postgres() {
        "SELECT table_name || '.' || column_name AS line FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1"
    } else {
        "SELECT t.name || '.' || c.name AS line FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1"
    };
    let there: BTreeSet<String> =
        database.lines(query).into_iter().filter(|line| !line.starts_with("__diesel") && !line.starts_with("sqlite_")).collect();
    let schema = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema.rs")).unwrap();
    let mut said = BTreeSet::new();
    let mut table = String::new();
    for line in schema.lines().map(str::trim) {
        if let Some((column, _)) = line.split_once(" -> ").filter(|_| !line.starts_with("diesel::")) {
            said.insert(format!("{table}.{column}"));
        } else if line.ends_with(") {") {
            table = line.split(' ').next().unwrap().to_owned();
        }
    }
    assert_eq!(there, said);
}
