//! Unfinished business of the demo: open codes, a session, a role that waits for approval. The texts of the codes are public, so that whoever tries the demo
//! out needs no letter.

use std::sync::Arc;

use domain::access::{Membership, Permission, Role, RoleAssignment, Roles, may};
use domain::ids::{CaseId, RegistrationKey, UserId};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::json;

use super::people::{PASSWORD, People};
use super::{ids, read};
use crate::cases::invitations::{self, NewInvitation};
use crate::people::users::{self, AccountPatch};
use crate::sign_in::registration::Registration;
use crate::sign_in::sessions::SignIn;
use crate::sign_in::{codes, recovery};
use crate::{Actor, App, Error, Permitted, RequestContext};

/// The lifetime of the codes: longer than a demo runs.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 30);

fn permitted<P: Permission>(actor: Actor) -> Permitted<P> {
    Permitted::new(RequestContext::new(P::OPERATION, actor, "demo"))
}

/// Leaves a registration, an invitation to a case, a lost password and a change of address half done, a session open, and a role waiting for
/// a second administrator.
pub(super) async fn open(app: &Arc<App>, people: &People, case: CaseId) -> Result<(), Error> {
    let registration = Registration {
        email: read(&json!("ines.moreau@demo.example"))?,
        password: SecretString::from(PASSWORD),
        name: read(&json!({ "alphabetic": "Ines Moreau" }))?,
        language: read(&json!("en"))?,
    };
    app.register_applicant(permitted(Actor::Anonymous), registration).await?;
    let invitation = NewInvitation {
        email: read(&json!("omar.haddad@demo.example"))?,
        membership: Membership::Representative,
        language: read(&json!("en"))?,
    };
    let mei = sign_in(app, people, Role::Applicant).await?;
    let invite = permitted::<may::InviteToCase>(mei.clone());
    app.perform(invite.with(move |work| invitations::invite_to_case(work, case, &invitation, false).map(drop))).await?;
    let lost = read(&json!("mei.tanaka@demo.example"))?;
    let reset = permitted::<may::RequestPasswordReset>(Actor::Anonymous);
    app.perform(reset.with(move |work| recovery::request_password_reset(work, &lost, false))).await?;
    app.request_email_change(permitted(mei), read(&json!("mei.new@demo.example"))?, SecretString::from(PASSWORD)).await?;
    let now = app.clock.now();
    let publish = move |tx: &mut persistence::Transaction<'_>| {
        for (place, text) in (1..).zip([ids::REGISTRATION_CODE, ids::INVITATION_CODE, ids::PASSWORD_CODE, ids::EMAIL_CODE]) {
            codes::publish(tx, ids::half_done::<RegistrationKey>(place).uuid(), text, LIFE, now)?;
        }
        Ok::<(), Error>(())
    };
    app.store.write(publish).await?;
    ask_for_role(app, people).await
}

/// The first person of a role, in a session of theirs.
async fn sign_in(app: &Arc<App>, people: &People, role: Role) -> Result<Actor, Error> {
    let mut caller = people.caller(app, role)?;
    let sign_in = SignIn {
        email: read(&json!(people.address(role)?))?,
        password: SecretString::from(PASSWORD),
        client: "portal".to_owned(),
        device_token: None,
        in_cookie: false,
        replaces: None,
    };
    caller.session = app.create_session(permitted(Actor::Anonymous), sign_in).await?.session;
    Ok(Actor::User(caller))
}

/// One administrator asks that a physician becomes chief as well; the other has to approve.
async fn ask_for_role(app: &Arc<App>, people: &People) -> Result<(), Error> {
    let physician: UserId = people.caller(app, Role::Physician)?.who.user;
    let department = people.department;
    let refused = |_| Error::Internal("a demo role is refused");
    let roles = [Role::Physician, Role::Chief].map(|role| RoleAssignment::new(role, Some(department), None));
    let roles = roles.into_iter().collect::<Result<Vec<_>, _>>().map_err(refused)?;
    let patch = AccountPatch { roles: Some(Roles::new(roles).map_err(refused)?), ..AccountPatch::default() };
    let asking = permitted::<may::UpdateUser>(sign_in(app, people, Role::Administrator).await?);
    app.perform(asking.with(move |work| users::update_user(work, physician, &patch).map(drop))).await
}
