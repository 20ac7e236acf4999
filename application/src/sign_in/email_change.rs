//! Another address for an account: its owner proves that the new one is theirs, and is told at the old one.

use std::sync::Arc;

use domain::access::may;
use domain::people::EmailAddress;
use jiff::SignedDuration;
use persistence::codes::Purpose;
use persistence::users::User;
use secrecy::SecretString;

use super::codes::{self, NewCode};
use super::throttle::ADDRESS_LETTERS;
use crate::emails::{self, Reason};
use crate::error::Conflict;
use crate::people::users::Account;
use crate::{App, Error, Permitted, UnitOfWork, Work};

/// How long a code for a new address is good for.
const CODE_LIFE: SignedDuration = SignedDuration::from_hours(1);

impl App {
    /// Sends a code to the new address and a notice to the old one. The answer is the same when the new address has an account: only its
    /// owner learns of it, by letter.
    ///
    /// # Errors
    /// `/current_password` is wrong, or the address cannot name an account.
    pub async fn request_email_change(
        self: &Arc<Self>,
        permitted: Permitted<may::RequestEmailChange>,
        new: EmailAddress,
        password: SecretString,
    ) -> Result<(), Error> {
        if !new.can_name_an_account() {
            return Err(Error::invalid("/new_email", "local_part_not_ascii"));
        }
        let user = self.check_own_password(&permitted.context, &password).await?;
        if user.email.is_same_mailbox(&new) {
            return Err(Error::invalid("/new_email", "email_unchanged"));
        }
        let (throttling, checked) = (self.throttling, user.password_hash);
        self.perform(permitted.with(move |work| {
            let own = work.own_account_with_password(checked.as_deref())?;
            request(work, &own, &new, throttling)
        }))
        .await
    }
}

fn request(work: &mut Work<'_, '_>, user: &User, new: &EmailAddress, throttling: bool) -> Result<(), Error> {
    work.audit_subject(user.id);
    // Whether the new address has an account must not show in what becomes of the code before.
    persistence::codes::expire_for_user(work.tx, Purpose::EmailChange, user.id, work.now)?;
    let allowed = ADDRESS_LETTERS.allow(work.tx, &user.email, work.source(), work.now)?
        && ADDRESS_LETTERS.allow(work.tx, new, work.source(), work.now)?;
    if throttling && !allowed {
        work.refuse("too_many_requests");
        return Ok(());
    }
    emails::send(work, Reason::EmailChangeRequested, &user.email, &user.language, None)?;
    let holder = persistence::users::find_by_address(work.tx, new)?.filter(|holder| holder.id != user.id);
    if let Some(holder) = holder {
        return emails::send(work, Reason::AlreadyRegistered, &holder.email, &holder.language, None);
    }
    let code = NewCode {
        purpose: Purpose::EmailChange,
        user: Some(user.id),
        case: None,
        email: Some(new.clone()),
        payload: None,
        life: CODE_LIFE,
    };
    let issued = codes::issue(work, code)?;
    emails::send(work, Reason::ChangeEmail, new, &user.language, Some(&issued.text))
}

/// Gives the caller's account the address that the code was sent to. Only its owner may redeem it: a code that went to a mistyped address
/// is of no use there. Every other open code is void, and both addresses are told.
///
/// # Errors
/// `code_refused` for a code that is unknown, used, expired, not the caller's, or whose address has an account by now.
pub fn confirm_email_change(work: &mut UnitOfWork<'_, '_, may::ConfirmEmailChange>, code: &str) -> Result<Account, Error> {
    let now = work.now;
    let refused = || Error::Conflict(Conflict::CodeRefused);
    let me = work.user()?;
    let found = persistence::codes::find_by_hash(work.tx, Purpose::EmailChange, &codes::hash_of_code(code))?;
    let found = found.filter(|found| found.user == Some(me)).ok_or_else(refused)?;
    let mut user = work.own_account()?;
    codes::redeem(work.tx, Purpose::EmailChange, code, now)?;
    let new = found.email.ok_or(Error::Internal("a code for an address without one"))?;
    if persistence::users::find_by_address(work.tx, &new)?.is_some_and(|holder| holder.id != me) {
        return Err(refused());
    }
    work.audit_subject(me);
    let old = std::mem::replace(&mut user.email, new.clone());
    user.email_verified_at = Some(now);
    user.updated_at = now;
    match persistence::users::save(work.tx, &user) {
        Err(error) if error.is_duplicate("users.address_digest") => return Err(refused()),
        saved => saved?,
    }
    user.version = user.version.saturating_add(1);
    persistence::codes::expire_all_for_user(work.tx, me, now)?;
    for address in [&old, &new] {
        emails::send(work, Reason::EmailChanged, address, &user.language, None)?;
    }
    Account::with_pending_roles(work.tx, user)
}
