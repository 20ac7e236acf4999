//! Imports between files: no circles between folders, and `case/` imports neither billing nor the opinion. A folder and the file that is its root
//! may name one another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A file, as the names of its modules from the root of its crate.
type Module = Vec<String>;

/// The files of a crate with their code: without comments, tests and what only tests use.
fn files(krate: &str) -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(krate).join("src");
    let mut found = BTreeMap::new();
    let mut waiting = vec![root.clone()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                waiting.push(entry);
                continue;
            }
            let relative = entry.strip_prefix(&root).unwrap().with_extension("");
            let mut module: Module = relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            if entry.extension().is_none_or(|kind| kind != "rs") || module.iter().any(|name| name == "tests" || name.ends_with("_tests")) {
                continue;
            }
            if matches!(module.last().map(String::as_str), Some("lib" | "main" | "mod")) {
                module.pop();
            }
            let text = fs::read_to_string(&entry).unwrap();
            let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.insert(module, code.join("\n"));
        }
    }
    found
}

/// The names that a file defines for others: behind a keyword, or by a macro of ours.
fn definitions(code: &str) -> BTreeSet<&str> {
    const KEYWORDS: [&str; 8] = ["struct", "enum", "fn", "const", "type", "trait", "static", "mod"];
    let public = code.lines().filter(|line| line.starts_with("pub"));
    let defined = public.filter_map(|line| {
        let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty());
        words.find(|word| KEYWORDS.contains(word))?;
        words.find(|word| !KEYWORDS.contains(word))
    });
    // `wire_enum! { Name {` and its like: a name alone on a line that opens a block.
    let by_macros =
        code.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(" {")).map(|line| line.trim_end_matches(" grows"));
    let by_macros = by_macros.filter(|name| name.chars().next().is_some_and(char::is_uppercase) && name.chars().all(char::is_alphanumeric));
    // Identifiers: `CaseKey, CaseId, "case", "a case";`
    let ids = code.lines().filter(|line| line.matches('"').count() == 4).flat_map(|line| line.split(',').take(2).map(str::trim));
    defined.chain(by_macros).chain(ids).collect()
}

/// The paths that the code imports or names, from the root of the crate: `case`, `Case`.
fn paths(module: &Module, code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    let compact: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for (start, root) in ["crate::", "super::"].iter().flat_map(|root| compact.match_indices(root)) {
        let behind = compact[..start].trim_end();
        // Re-exports are skipped: a name is looked for where it is defined.
        let statement = behind.rsplit(';').next().unwrap_or_default();
        if behind.ends_with("::") || (statement.trim_start().starts_with("pub") && statement.trim_end().ends_with(" use")) {
            continue;
        }
        let end = compact[start..].find([';', '(', ')', '>', '=', '[', '!']).map_or(compact.len(), |end| start + end);
        let mut base = if root == "crate::" { Module::new() } else { module[..module.len().saturating_sub(1)].to_vec() };
        let mut rest = &compact[start + root.len()..end];
        while let Some(above) = rest.strip_prefix("super::") {
            base.pop();
            rest = above;
        }
        expand(&base, rest, &mut found);
    }
    found
}

/// `a::{b, c::d}` as its paths.
fn expand(base: &[String], text: &str, found: &mut Vec<Module>) {
    let Some((head, list)) = text.split_once('{') else {
        let name = text.split([' ', ',', '}', '<', '&', '?', '.', '{']).next().unwrap_or_default();
        found.push(base.iter().cloned().chain(name.split("::").filter(|part| !part.is_empty()).map(str::to_owned)).collect());
        return;
    };
    if !head.is_empty() && !head.ends_with("::") {
        return expand(base, head, found);
    }
    let inner: Vec<String> = base.iter().cloned().chain(head.split("::").filter(|part| !part.is_empty()).map(str::to_owned)).collect();
    let (mut depth, mut begin) = (0_i32, 0);
    for (at, letter) in list.char_indices() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if (letter == ',' && depth == 0) || depth < 0 {
            expand(&inner, list[begin..at].trim(), found);
            begin = at + 1;
        }
        if depth < 0 {
            break;
        }
    }
}

/// Which file of a crate imports from which: where the imported name is defined.
fn imports(krate: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let files = files(krate);
    let defined: BTreeMap<&Module, BTreeSet<&str>> = files.iter().map(|(module, code)| (module, definitions(code))).collect();
    let find = |path: &Module| -> Option<Module> {
        let known = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
        let (module, rest) = (path[..known].to_vec(), path.get(known));
        let Some(name) = rest.filter(|name| !defined[&module].contains(name.as_str())) else { return Some(module) };
        let below =
            files.keys().filter(|file| file.len() > module.len() && file.starts_with(&module) && defined[file].contains(name.as_str()));
        below.min_by_key(|file| file.len()).cloned().or(Some(module))
    };
    let of = |(module, code): (&Module, &String)| {
        let targets = paths(module, code).iter().filter_map(find).filter(|target| target != module).collect();
        (module.clone(), targets)
    };
    files.iter().map(of).collect()
}

/// Everything that can be reached from a file by imports.
fn reached(from: &Module, imports: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<Module> {
    let (mut found, mut waiting) = (BTreeSet::new(), vec![from.clone()]);
    while let Some(next) = waiting.pop() {
        for target in imports.get(&next).into_iter().flatten() {
            if found.insert(target.clone()) {
                waiting.push(target.clone());
            }
        }
    }
    found
}

#[test]
fn no_files_of_different_folders_import_one_another_in_a_circle() {
    for krate in ["domain", "persistence", "application", "api"] {
        let imports = imports(krate);
        let edges: usize = imports.values().map(BTreeSet::len).sum();
        assert!(edges > imports.len(), "{krate}: the imports were not found: {edges} of {} files", imports.len());
        let reach: BTreeMap<&Module, BTreeSet<Module>> = imports.keys().map(|file| (file, reached(file, &imports))).collect();
        let folder = |file: &Module| file[..file.len().saturating_sub(1)].to_vec();
        for (file, targets) in &imports {
            let circle = targets.iter().find(|target| folder(target) != folder(file) && reach[target].contains(file));
            assert_eq!(circle, None, "{krate}: {} and its import lead to one another", file.join("/"));
        }
    }
}

#[test]
fn the_spine_knows_neither_billing_nor_the_opinion() {
    let imports = imports("domain");
    for (file, targets) in imports.iter().filter(|(file, _)| file.first().is_some_and(|name| name == "case")) {
        let later = targets.iter().find(|target| target.first().is_some_and(|name| matches!(name.as_str(), "billing" | "written")));
        assert_eq!(later, None, "{}", file.join("/"));
    }
    assert!(imports.keys().filter(|file| file.first().is_some_and(|name| name == "case")).count() > 5);
}
