//! Letters: mail that leaves with the transaction that gave reason for it, and never without.

use domain::people::{EmailAddress, LanguageTag};
use jiff::SignedDuration;
use persistence::outbox::Letter;
use serde_json::json;
use uuid::Uuid;

use crate::{Act, Error, Hospital};

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
            Self::Welcome => "welcome",
            Self::Invitation => "invitation",
        }
    }
}

/// Puts a letter into the outbox of this transaction.
pub(crate) fn send(
    act: &mut Act<'_, '_>,
    reason: Reason,
    to: &EmailAddress,
    language: &LanguageTag,
    code: Option<&str>,
) -> Result<(), Error> {
    let letter = Letter {
        id: persistence::fresh(act.now),
        kind: reason.as_str().to_owned(),
        recipient: to.to_string(),
        payload: json!({ "language": language.to_string(), "code": code }),
        created_at: act.now,
        attempts: 0,
        case: act.concerned(),
    };
    Ok(persistence::outbox::insert(act.tx, &[letter])?)
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
}

impl Hospital {
    /// Letters that wait, oldest first; each is handed to one caller only for a while. One that cannot be read back is its error.
    pub async fn letters_to_send(&self, at_most: u32) -> Result<Vec<Result<Outgoing, Error>>, Error> {
        let now = self.clock.now();
        let letters = self.store.write(move |tx| persistence::outbox::claim(tx, now, at_most).map_err(Error::from)).await?;
        Ok(letters.into_iter().map(|letter| letter.map(Outgoing::from).map_err(Error::from)).collect())
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
            reason: letter.kind,
            recipient: letter.recipient,
        }
    }
}
