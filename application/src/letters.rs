//! Letters: mail that leaves with the transaction that gave reason for it, and never without.

use domain::people::{EmailAddress, LanguageTag};
use jiff::{SignedDuration, Timestamp};
use persistence::outbox::Letter;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Error, Hospital, Work};

/// How long after a failure a letter is tried again.
const RETRY: SignedDuration = SignedDuration::from_mins(1);

/// Why a letter is written. The texts are the mailer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Verify the address of a new account; carries a code.
    VerifyEmail,
    /// Somebody tried to register an address that has an account; tells its owner how to sign in.
    AlreadyRegistered,
    /// Choose a new password; carries a code.
    ResetPassword,
    /// The password was changed.
    PasswordChanged,
    /// Somebody signed in from a device that the account did not know.
    NewDevice,
    /// A refresh token came back long after its exchange; the session was ended.
    TokenReused,
    /// Prove that a new address is the account's owner's; carries a code.
    ChangeEmail,
    /// Somebody asked for another address of the account.
    EmailChangeRequested,
    /// The account has another address.
    EmailChanged,
    /// A role that two persons give was asked for; goes to the administrators who may approve it.
    RolesRequested,
    /// A role that two persons give was approved.
    RolesApproved,
    /// Choose the first password of an account that an administrator made; carries a code.
    Welcome,
    /// Join a case; carries a code.
    Invitation,
}

impl Reason {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::AlreadyRegistered => "already_registered",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::NewDevice => "new_device",
            Self::TokenReused => "token_reused",
            Self::ChangeEmail => "change_email",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChanged => "email_changed",
            Self::RolesRequested => "roles_requested",
            Self::RolesApproved => "roles_approved",
            Self::Welcome => "welcome",
            Self::Invitation => "invitation",
        }
    }
}

/// Puts a letter into the outbox of this transaction.
pub(crate) fn send(
    work: &mut Work<'_, '_>,
    reason: Reason,
    to: &EmailAddress,
    language: &LanguageTag,
    code: Option<&str>,
) -> Result<(), Error> {
    send_with(work, reason, to, language, code, &json!({}))
}

/// Like [`send`], with facts that the text mentions.
pub(crate) fn send_with(
    work: &mut Work<'_, '_>,
    reason: Reason,
    to: &EmailAddress,
    language: &LanguageTag,
    code: Option<&str>,
    facts: &Value,
) -> Result<(), Error> {
    let letter = Letter { case: work.audited_case(), ..letter(reason, to, language, code, facts, work.now) };
    work.has_written_letter();
    Ok(persistence::outbox::insert(work.tx, &[letter])?)
}

/// A letter about no case.
pub(crate) fn letter(
    reason: Reason,
    to: &EmailAddress,
    language: &LanguageTag,
    code: Option<&str>,
    facts: &Value,
    now: Timestamp,
) -> Letter {
    Letter {
        id: persistence::fresh(now),
        kind: reason.as_str().to_owned(),
        recipient: to.to_string(),
        payload: json!({ "language": language.to_string(), "code": code, "facts": facts }),
        created_at: now,
        attempts: 0,
        case: None,
    }
}

/// A letter on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The letter.
    pub id: Uuid,
    /// Why it is written, the name of a [`Reason`].
    pub reason: String,
    /// To whom.
    pub recipient: String,
    /// In which language, BCP 47.
    pub language: String,
    /// The code that it carries.
    pub code: Option<String>,
    /// Facts that the text mentions, by their names.
    pub facts: Vec<(String, String)>,
}

impl Hospital {
    /// Letters that wait, oldest first; each is handed to one caller only for a while. One that cannot be read back is its error.
    pub async fn letters_to_send(&self, at_most: u32) -> Result<Vec<Result<Outgoing, Error>>, Error> {
        let now = self.clock.now();
        // An idle server writes nothing.
        if !self.store.read(move |tx| persistence::outbox::has_due(tx, now)).await? {
            return Ok(Vec::new());
        }
        let letters = self.store.write(move |tx| persistence::outbox::claim(tx, now, at_most).map_err(Error::from)).await?;
        Ok(letters.into_iter().map(|letter| letter.map(Outgoing::from).map_err(Error::from)).collect())
    }

    /// Waits until this server has written a letter; the outbox may hold others' letters as well.
    pub async fn letter_written(&self) {
        self.letters.notified().await;
    }

    /// Notes that a letter has left, or that it must be tried again.
    pub async fn letter_done(&self, id: Uuid, sent: bool) -> Result<(), Error> {
        let now = self.clock.now();
        let again_at = now.saturating_add(RETRY).unwrap_or(now);
        let note = move |tx: &mut persistence::Transaction<'_>| {
            if sent { persistence::outbox::sent(tx, id, now) } else { persistence::outbox::failed(tx, id, again_at) }
        };
        self.store.write(move |tx| note(tx).map_err(Error::from)).await
    }
}

impl From<Letter> for Outgoing {
    fn from(letter: Letter) -> Self {
        let text = |key: &str| letter.payload.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        Self {
            id: letter.id,
            language: text("language").unwrap_or_else(|| "en".to_owned()),
            code: text("code"),
            facts: facts(&letter.payload),
            reason: letter.kind,
            recipient: letter.recipient,
        }
    }
}

/// The facts of a letter; one that is not known is shown as a dash.
fn facts(payload: &Value) -> Vec<(String, String)> {
    let all = payload.get("facts").and_then(Value::as_object);
    let shown = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    all.into_iter().flatten().map(|(name, value)| (name.clone(), shown(value))).collect()
}
