//! Registration of applicants. A registration is a code, not an account: name and password travel with it, sealed, and become an account
//! when the code proves the address. So a registration touches nothing that it did not make, and holds no address.

use std::sync::Arc;

use domain::access::{Role, RoleAssignment, Roles, may};
use domain::ids::RegistrationId;
use domain::people::{EmailAddress, LanguageTag, PersonName};
use jiff::SignedDuration;
use persistence::codes::Purpose;
use persistence::users::{Profile, User, UserStatus};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::codes::{self, NewCode};
use super::recovery::send_welcome;
use super::strength::Known;
use super::throttle::{REGISTRATION_LETTERS, REGISTRATIONS, TooMany};
use crate::emails::{self, Reason};
use crate::error::Conflict;
use crate::{App, Error, Fault, Permitted, UnitOfWork, Work};

/// How long a code that verifies an address is good for.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// The content of a registration.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The address that will be verified, and the name to sign in with.
    pub email: EmailAddress,
    /// The password.
    pub password: SecretString,
    /// The person's name.
    pub name: PersonName,
    /// The language of letters.
    pub language: LanguageTag,
}

/// The payload of the code of a registration, sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Content {
    name: PersonName,
    password_hash: String,
    language: LanguageTag,
}

impl App {
    /// Registers an applicant. The answer is the same whether the address is known or not: only its owner learns more, by letter.
    ///
    /// # Errors
    /// Faults of the address or the password.
    pub async fn register_applicant(
        self: &Arc<Self>,
        permitted: Permitted<may::RegisterApplicant>,
        registration: Registration,
    ) -> Result<RegistrationId, Error> {
        let (now, source, throttling) = (self.clock.now(), permitted.context.source, self.throttling);
        let counted = move |tx: &mut persistence::Transaction<'_>| {
            if throttling { REGISTRATIONS.count_source(tx, source, now) } else { Ok(None) }
        };
        if let Some(TooMany { seconds, .. }) = self.store.write(counted).await? {
            return Err(Error::Throttled(seconds));
        }
        let settings = self.settings().await?.values;
        let known = Known::of_hospital(&settings).with_person(&registration.email, Some(&registration.name));
        let mut faults = Vec::new();
        if !registration.email.can_name_an_account() {
            faults.push(Fault::at("/email", "local_part_not_ascii"));
        }
        faults.extend(self.passwords.fault_of(&registration.password, known).await?.map(|fault| Fault::at("/password", fault)));
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let hash = self.passwords.hash(&registration.password, permitted.context.source).await?;
        self.perform(permitted.with(move |work| register(work, &registration, &hash, throttling))).await
    }
}

fn register(work: &mut Work<'_, '_>, registration: &Registration, hash: &str, throttling: bool) -> Result<RegistrationId, Error> {
    let Registration { email, name, language, .. } = registration;
    if throttling && !REGISTRATION_LETTERS.allow(work.tx, email, work.source(), work.now)? {
        work.refuse("too_many_requests");
        return Ok(work.fresh());
    }
    match persistence::users::find_by_address(work.tx, email)? {
        Some(invited) if invited.status == UserStatus::Invited => send_welcome(work, &invited)?,
        Some(known) => emails::send(work, Reason::AlreadyRegistered, &known.email, &known.language, None)?,
        None => {
            let content = Content { name: name.clone(), password_hash: hash.to_owned(), language: language.clone() };
            let payload = serde_json::to_value(content).map_err(|_| Error::Internal("a registration cannot be written"))?;
            let new = NewCode {
                purpose: Purpose::EmailVerification,
                user: None,
                case: None,
                email: Some(email.clone()),
                payload: Some(payload),
                life: CODE_LIFE,
            };
            let code = codes::issue(work, new)?;
            emails::send(work, Reason::VerifyEmail, email, language, Some(&code.text))?;
            let id = RegistrationId::from_uuid(code.id);
            work.audit_subject(id);
            return Ok(id);
        }
    }
    Ok(work.fresh())
}

/// Sends the code of a registration again; the code before is good no longer. The answer is the same for a registration that never was.
pub fn resend_verification(
    work: &mut UnitOfWork<'_, '_, may::ResendVerification>,
    id: RegistrationId,
    throttling: bool,
) -> Result<(), Error> {
    let (now, source) = (work.now, work.source());
    let Some(code) = persistence::codes::find(work.tx, id.uuid())? else { return Ok(()) };
    let (Purpose::EmailVerification, Some(email)) = (code.purpose, &code.email) else { return Ok(()) };
    if !codes::is_good(&code, now) {
        return Ok(());
    }
    if throttling && !REGISTRATION_LETTERS.allow(work.tx, email, source, now)? {
        work.refuse("too_many_requests");
        return Ok(());
    }
    work.audit_subject(id);
    let fresh = codes::renew(work.tx, &code, CODE_LIFE, now)?;
    let language = content_of(code.payload.as_ref())?.language;
    emails::send(work, Reason::VerifyEmail, email, &language, Some(&fresh))
}

fn content_of(payload: Option<&serde_json::Value>) -> Result<Content, Error> {
    let content = payload.and_then(|payload| serde_json::from_value(payload.clone()).ok());
    content.ok_or(Error::Internal("a registration cannot be read"))
}

/// The roles of somebody who registers: to apply, and nothing else.
fn applicant() -> Result<Roles, Error> {
    let assignment = RoleAssignment::new(Role::Applicant, None, None).map_err(|_| Error::Internal("the applicant's role is refused"))?;
    Roles::new(vec![assignment]).map_err(|_| Error::Internal("the applicant's roles are refused"))
}

/// Proves an address by the code that was sent there: the registration becomes an account, and the person may sign in.
///
/// The code alone is not enough. A stranger may have registered the address with a password of theirs; its owner, who registered as well,
/// enters whichever code the letter holds, and must not put the stranger's password in force.
///
/// # Errors
/// `code_refused` for a code that is unknown, used or expired, of another registration, or whose address has an account by now.
pub fn verify_email(work: &mut UnitOfWork<'_, '_, may::VerifyEmail>, registration: RegistrationId, code: &str) -> Result<(), Error> {
    let now = work.now;
    let refused = || Error::Conflict(Conflict::CodeRefused);
    let found = persistence::codes::find_by_hash(work.tx, Purpose::EmailVerification, &codes::hash_of_code(code))?;
    let email = found.filter(|found| found.id == registration.uuid()).and_then(|found| found.email).ok_or_else(refused)?;
    // Of several codes for one address the first that is redeemed makes the account; the others queue here and find themselves void.
    persistence::codes::lock_for_address(work.tx, Purpose::EmailVerification, &email)?;
    let code = codes::redeem(work.tx, Purpose::EmailVerification, code, now)?;
    let content = content_of(code.payload.as_ref())?;
    if persistence::users::find_by_address(work.tx, &email)?.is_some() {
        return Err(refused());
    }
    let user = User {
        id: work.fresh(),
        email: email.clone(),
        holds_address: true,
        profile: Profile { name: content.name, phone: None },
        password_hash: Some(content.password_hash),
        status: UserStatus::Active,
        language: content.language,
        roles: applicant()?,
        epoch: 1,
        email_verified_at: Some(now),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    match persistence::users::insert(work.tx, &user) {
        // Another registration for the address was proved at the same time.
        Err(error) if error.is_duplicate("users.address_digest") => return Err(refused()),
        inserted => inserted?,
    }
    work.acts_as(user.id, None);
    work.audit_subject(user.id);
    Ok(persistence::codes::expire_for_address(work.tx, Purpose::EmailVerification, &email, now)?)
}
