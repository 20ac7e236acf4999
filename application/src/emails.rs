//! E-mails: they leave with the transaction that gave reason for them, and never without.

pub(crate) mod of_cases;

use std::sync::Arc;

use domain::ids::JobId;
use domain::people::{EmailAddress, LanguageTag};
use domain::settings::{Contact, HospitalSettings};
use persistence::Transaction;
use persistence::jobs::Claimed;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use self::of_cases::WriteLetter;
use crate::jobs::{self, Done, FailedAttempt, Job, Kind};
use crate::{App, Error, Work};

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

/// Writes the job that sends a letter.
pub(crate) fn send(
    work: &mut Work<'_, '_>,
    reason: Reason,
    to: &EmailAddress,
    language: &LanguageTag,
    code: Option<&str>,
) -> Result<(), Error> {
    send_with(work, reason, to, language, code, json!({}))
}

/// Like [`send`], with facts that the text mentions.
pub(crate) fn send_with(
    work: &mut Work<'_, '_>,
    reason: Reason,
    to: &EmailAddress,
    language: &LanguageTag,
    code: Option<&str>,
    facts: Value,
) -> Result<(), Error> {
    let Value::Object(facts) = facts else { return Err(Error::Internal("the facts of a letter have names")) };
    work.enqueue(&SendEmail {
        reason: reason.as_str().to_owned(),
        recipient: to.to_string(),
        language: language.to_string(),
        code: code.map(str::to_owned),
        facts,
    })
}

/// Sends one letter.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendEmail {
    /// The name of a [`Reason`], or `address_shared`, which a migration writes. A newer server of a rolling upgrade may know more of them.
    reason: String,
    recipient: String,
    language: String,
    code: Option<String>,
    facts: Map<String, Value>,
}

impl Job for SendEmail {
    const NAME: &'static str = "send_email";
}

/// A letter on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The job that sends it. The receiving side may recognise a second sending by it.
    pub id: JobId,
    /// Why it is written, the name of a [`Reason`].
    pub reason: String,
    /// To whom.
    pub recipient: String,
    /// In which language, BCP 47.
    pub language: String,
    /// The code that it carries.
    pub code: Option<String>,
    /// Facts that the text mentions, by their names; one that is not known is a dash.
    pub facts: Vec<(String, String)>,
}

/// Delivers letters.
pub trait Postbox {
    /// Whether it took a letter, which outlives a loss of power then. If not, it says in the log why.
    fn put(&self, letter: &Outgoing) -> bool;
}

impl App {
    /// Sends the letters that wait. One that cannot be read or delivered keeps no other from leaving; it is given here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn send_emails(self: &Arc<Self>, postbox: &impl Postbox) -> Result<Vec<FailedAttempt>, Error> {
        let send = |claimed: Claimed| async move {
            if claimed.name == WriteLetter::NAME {
                return self.write_letters(&claimed).await;
            }
            let settings = self.settings().await?.values;
            let taken = postbox.put(&outgoing(&claimed, &settings)?);
            if taken { Ok(Done::Finished) } else { Err(Error::Internal("a letter could not be delivered")) }
        };
        let mut failed = Vec::new();
        self.do_jobs(const { &[Kind::of::<WriteLetter>(), Kind::of::<SendEmail>()] }, send, |one| failed.push(one)).await?;
        Ok(failed)
    }

    /// Writes the letters of a job, which goes in the same transaction: no kill writes them twice.
    async fn write_letters(self: &Arc<Self>, claimed: &Claimed) -> Result<Done, Error> {
        let letter: WriteLetter = jobs::read(claimed)?;
        let (job, now, ids) = (claimed.id, self.clock.now(), Arc::clone(&self.ids));
        let write = move |tx: &mut Transaction<'_>| {
            of_cases::write(tx, &letter, || ids.fresh(now), now)?;
            persistence::jobs::done(tx, job).map_err(Error::from)
        };
        self.store.write(write).await?;
        Ok(Done::Finished)
    }
}

fn outgoing(claimed: &Claimed, settings: &HospitalSettings) -> Result<Outgoing, Error> {
    let SendEmail { reason, recipient, language, code, facts } = jobs::read(claimed)?;
    let shown = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let signed = signature(settings, language.starts_with("ja"));
    let facts = facts.iter().map(|(name, value)| (name.clone(), shown(value))).chain(signed).collect();
    Ok(Outgoing { id: claimed.id, reason, recipient, language, code, facts })
}

/// The facts of the signature, as the settings say now.
fn signature(settings: &HospitalSettings, is_japanese: bool) -> impl Iterator<Item = (String, String)> {
    let Contact { name, hours, name_ja, hours_ja, email, phone, portal_url } = &settings.contact;
    let (desk, hours) = if is_japanese { (name_ja, hours_ja) } else { (name, hours) };
    let facts = [
        ("hospital", &settings.billing.issuer.name),
        ("desk", desk),
        ("desk_email", email),
        ("desk_phone", phone),
        ("desk_hours", hours),
        ("portal_url", portal_url),
    ];
    facts.map(|(name, value)| (name.to_owned(), value.clone())).into_iter()
}
