//! The demo: a throw-away database, and who can sign in.

use std::path::Path;

use anyhow::{Context as _, bail};
use application::demo::Introduction;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::json;
use tempfile::TempDir;

use crate::config::Choices;

/// Fills in what a demo needs and nobody chose: a fresh database, a throw-away master key, letters in the log. The directory goes with
/// the value.
///
/// # Errors
/// A database that exists: a demo never touches one.
pub fn prepare(choices: &mut Choices) -> anyhow::Result<TempDir> {
    let scratch = tempfile::Builder::new().prefix("second-opinion-demo-").tempdir().context("demo: no temporary directory")?;
    match choices.database.as_deref() {
        None => choices.database = Some(format!("sqlite:{}", scratch.path().join("demo.db").display())),
        Some(database) => match database.strip_prefix("sqlite:") {
            None => bail!("demo: only on the embedded database; leave --database out"),
            Some(path) if Path::new(path).exists() => {
                bail!("demo: {path} exists already, and a demo never touches a database; leave --database out")
            }
            Some(_) => {}
        },
    }
    if choices.master_key.is_none() && choices.master_key_file.is_none() {
        choices.master_key = Some(SecretString::from(STANDARD.encode(application::clock::random::<32>()?)));
    }
    choices.mail.get_or_insert_with(|| "log".to_owned());
    // Nobody stands before a demo who would have to notice.
    choices.limits.stop_delay.get_or_insert(0);
    Ok(scratch)
}

/// Says who can sign in, on standard output and in a file for programs.
pub fn introduce(people: &[Introduction], url: &str, file: Option<&Path>) -> anyhow::Result<()> {
    println!("Demo people (everybody's password is the same; nothing here is real):\n");
    println!("  {:<15}{:<36}password", "role", "e-mail");
    for person in people {
        println!("  {:<15}{:<36}{}", person.role.as_str(), person.email, person.password);
    }
    println!("\nOpen {url}/docs/ and sign in with createSession; put the access_token under “Authorize”.\n");
    if let Some(file) = file {
        let list: Vec<_> = people
            .iter()
            .map(|person| json!({ "email": person.email, "password": person.password, "role": person.role.as_str(), "name": person.name }))
            .collect();
        std::fs::write(file, format!("{:#}\n", json!(list))).with_context(|| format!("demo: {} cannot be written", file.display()))?;
    }
    Ok(())
}
