//! The caller's own account.

use crate::people::users::{Account, ProfilePatch};
use crate::{Act, Error};

/// The caller's account.
pub fn get_me(act: &mut Act<'_, '_>) -> Result<Account, Error> {
    let me = act.user()?;
    act.touched(me);
    let user = persistence::users::get(act.tx, me)?;
    Account::with_pending_roles(act.tx, user)
}

/// Changes the caller's account. What changes nothing leaves the version as it is.
///
/// # Errors
/// `/name` if no form of the name would be left.
pub fn update_me(act: &mut Act<'_, '_>, patch: &ProfilePatch) -> Result<Account, Error> {
    let stored = act.own_account()?;
    act.touched(stored.id);
    act.expect(&Account::revision_of(&stored))?;
    let mut user = stored.clone();
    patch.apply_to(&mut user)?;
    if user != stored {
        user.updated_at = act.now;
        persistence::users::save(act.tx, &user)?;
        user.version = user.version.saturating_add(1);
    }
    Account::with_pending_roles(act.tx, user)
}
