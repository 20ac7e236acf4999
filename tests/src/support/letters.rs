//! The letters that a server wrote, as files.

use std::time::Duration;

use domain::access::Role;
use serde_json::{Value, json};

use super::app::App;

impl App {
    /// Waits for the letter for `reason` to `name` and returns it.
    pub fn letter(&self, name: &str, reason: &str) -> Value {
        self.letter_to(&format!("{name}@example.org"), reason)
    }

    /// Waits for the letter for `reason` to `address` and returns it, the newest if there are several.
    pub fn letter_to(&self, address: &str, reason: &str) -> Value {
        let found = super::wait_until(Duration::from_secs(10), || {
            self.letters_left().into_iter().rfind(|letter| letter["to"] == address && letter["reason"] == reason)
        });
        found.unwrap_or_else(|| panic!("no letter “{reason}” to {address}"))
    }

    /// Waits for a letter for `reason` to `name` whose code is none of `known`, and returns its code.
    pub fn another_code(&self, name: &str, reason: &str, known: &[Value]) -> Value {
        let address = format!("{name}@example.org");
        let found = super::wait_until(Duration::from_secs(10), || {
            let letters = self.letters_left().into_iter().filter(|letter| letter["to"] == address && letter["reason"] == reason);
            letters.map(|letter| letter["code"].clone()).find(|code| !known.contains(code))
        });
        found.unwrap_or_else(|| panic!("no other letter “{reason}” to {address}"))
    }

    /// Every letter that has left, oldest first.
    fn letters_left(&self) -> Vec<Value> {
        let files = std::fs::read_dir(&self.letters).into_iter().flatten().filter_map(Result::ok).map(|file| file.path());
        let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|extension| extension == "json")).collect();
        files.sort();
        files.iter().map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect()
    }

    /// The reasons of all letters to `address` that were written so far, sorted.
    pub fn letters_to(&self, address: &str) -> Vec<String> {
        // What was written before the second of two letters was claimed has left before it.
        for number in ["first", "second"] {
            let name = format!("sentinel-{number}-{}", self.fresh_source().replace('.', "-"));
            self.add(&name, Role::Applicant);
            let reset = json!({ "email": format!("{name}@example.org") });
            self.anonymous().post("/v1/password-resets").json(&reset).send().expect(202);
            self.letter(&name, "reset_password");
        }
        let to_address = self.letters_left().into_iter().filter(|letter| letter["to"] == address);
        let mut reasons: Vec<String> = to_address.map(|letter| letter["reason"].as_str().unwrap().to_owned()).collect();
        reasons.sort();
        reasons
    }
}
