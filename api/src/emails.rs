//! The mailer: puts letters where the setting says.

use std::fs::OpenOptions;
use std::io::Write as _;
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use application::App;
use application::emails::{Outgoing, Postbox};
use application::jobs::FailedAttempt;

use crate::appointments::entry::Entry;
use crate::config::Mail;
use crate::http::messages::{Language, Messages};

/// How often other servers' letters are looked for, and those that are to be tried again.
const PAUSE: Duration = Duration::from_secs(15);

/// Delivers letters until the task is dropped. A letter that cannot be delivered is tried again.
pub async fn deliver(app: Arc<App>, mail: Mail, messages: Arc<Messages>) {
    let mailer = Mailer { mail, messages };
    let mut answers = true;
    loop {
        match app.send_emails(&mailer).await {
            Ok(failed) => {
                answers = true;
                failed.iter().for_each(tell);
            }
            // Once, not each time for as long as it lasts.
            Err(error) if answers => {
                answers = false;
                tracing::warn!(%error, "the database does not answer; letters wait");
            }
            Err(_) => {}
        }
        // Own letters leave at once.
        let _ = tokio::time::timeout(PAUSE, app.job_written()).await;
    }
}

/// Says in the log that an attempt failed, and what becomes of the job.
pub(crate) fn tell(failed: &FailedAttempt) {
    let FailedAttempt { id, name, error, again_at } = failed;
    match again_at {
        Some(again_at) => tracing::error!(name, job = %id, %error, %again_at, "a job failed and will be tried again"),
        None => {
            tracing::error!(name, job = %id, %error, "a job failed and is given up: an administrator may let it be tried again (retryJob)");
        }
    }
}

/// Puts letters where the setting says, in the words of the message files.
struct Mailer {
    mail: Mail,
    messages: Arc<Messages>,
}

impl Postbox for Mailer {
    fn put(&self, letter: &Outgoing) -> bool {
        let done = put(&self.mail, &self.messages, letter);
        if let Err(error) = &done {
            tracing::error!(letter = %letter.id, %error, "a letter could not be delivered");
        }
        done.is_ok()
    }
}

fn put(mail: &Mail, messages: &Messages, letter: &Outgoing) -> anyhow::Result<()> {
    let language = if letter.language.starts_with("ja") { Language::Japanese } else { Language::English };
    let text = |part: &str| {
        let own = [("code", letter.code.as_deref().unwrap_or_default())];
        let facts: Vec<(&str, &str)> =
            own.into_iter().chain(letter.facts.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect();
        messages.find(language, &format!("letter-{}.{part}", letter.reason), &facts).context("a letter without a text")
    };
    let (subject, body) = (text("subject")?, framed(messages, language, letter, text("body")?)?);
    let entry = calendar_entry(messages, language, letter);
    match mail {
        Mail::Log => {
            // Only for trying out: the configuration says so.
            tracing::info!(to = letter.recipient, subject, body, "letter");
            Ok(())
        }
        Mail::Directory(directory) => write(directory, letter, (&subject, &body), entry),
    }
}

/// The body between a greeting, if it is known to whom, and a signature: who writes, whom to ask, and where to sign in.
fn framed(messages: &Messages, language: Language, letter: &Outgoing, body: String) -> anyhow::Result<String> {
    let facts: Vec<(&str, &str)> = letter.facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = |part: &str| messages.find(language, &format!("letter_frame-{part}"), &facts).context("a letter without its frame");
    let has = |fact: &str| facts.iter().any(|(name, value)| *name == fact && !value.is_empty());
    let mut parts = Vec::new();
    if has("name") {
        parts.push(text("greeting")?);
    }
    parts.push(body);
    if has("portal_url") {
        parts.push(text("link")?);
    }
    let signature = if has("hospital") { "signature" } else { "signature_of_the_desk" };
    parts.push(text(signature)?);
    Ok(parts.join("\n\n"))
}

/// The entry for the calendar of whoever reads the letter, if it tells the time of a visit.
fn calendar_entry(messages: &Messages, language: Language, letter: &Outgoing) -> Option<String> {
    let fact = |wanted: &str| letter.facts.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let text = |name: &str, built_in: &str| match fact(name) {
        Some("built_in") | None => messages.find(language, built_in, &[]),
        Some(own) => Some(own.to_owned()),
    };
    let (place, to_bring) = (text("place", "visit-place")?, text("to_bring", "visit-to_bring")?);
    let entry = Entry {
        uid: fact("entry_uid")?,
        sequence: fact("entry_sequence")?.parse().ok()?,
        case: fact("case")?,
        starts_at: fact("entry_starts_at")?.parse().ok()?,
        ends_at: fact("entry_ends_at")?.parse().ok()?,
        changed_at: fact("entry_changed_at")?.parse().ok()?,
        is_cancelled: false,
        place: &place,
        room: fact("entry_room").unwrap_or_default(),
        to_bring: &to_bring,
    };
    entry.file(messages, language)
}

/// One file for each letter, complete from the moment that it has its name.
fn write(directory: &Path, letter: &Outgoing, (subject, body): (&str, &str), entry: Option<String>) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)?;
    let attachments: Vec<_> = entry
        .map(|content| serde_json::json!({ "name": "visit.ics", "media_type": "text/calendar; charset=utf-8", "content": content }))
        .into_iter()
        .collect();
    let content = serde_json::json!({
        "to": letter.recipient, "reason": letter.reason, "subject": subject, "body": body, "code": letter.code,
        "attachments": attachments,
    });
    let unfinished = directory.join(format!(".{}.part", letter.id));
    let mut file = OpenOptions::new();
    file.write(true).create(true).truncate(true);
    // Letters carry codes: nobody but their owner reads them.
    #[cfg(unix)]
    file.mode(0o600);
    let mut file = file.open(&unfinished)?;
    file.write_all(format!("{content:#}\n").as_bytes())?;
    // The job is erased once this returns: by then it must outlive a loss of power.
    file.sync_all()?;
    std::fs::rename(&unfinished, directory.join(format!("{}.json", letter.id)))?;
    std::fs::File::open(directory)?.sync_all()?;
    Ok(())
}
