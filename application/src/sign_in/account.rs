//! The caller's own account.

use domain::access::may;

use crate::people::users::{Account, ProfilePatch};
use crate::{Error, UnitOfWork};

/// The caller's account.
pub fn get_me(work: &mut UnitOfWork<'_, '_, may::GetMe>) -> Result<Account, Error> {
    let me = work.user()?;
    work.audit_subject(me);
    let user = persistence::users::get(work.tx, me)?;
    Account::with_pending_roles(work.tx, user)
}

/// Changes the caller's account. What changes nothing leaves the version as it is.
///
/// # Errors
/// `/name` if no form of the name would be left.
pub fn update_me(work: &mut UnitOfWork<'_, '_, may::UpdateMe>, patch: &ProfilePatch) -> Result<Account, Error> {
    let stored = work.own_account()?;
    work.audit_subject(stored.id);
    work.expect(Account::revision_of(&stored))?;
    let mut user = stored.clone();
    patch.apply_to(&mut user)?;
    if user != stored {
        user.updated_at = work.now;
        persistence::users::save(work.tx, &user)?;
        user.version = user.version.saturating_add(1);
    }
    Account::with_pending_roles(work.tx, user)
}
