//! Invitations: how an account joins a case. Never because an address matches, only by the code that a letter carries.

use domain::access::{CaseAccess, Membership, Relation, Relations, may};
use domain::ids::{CaseId, InvitationId};
use domain::people::{EmailAddress, LanguageTag};
use jiff::{SignedDuration, Timestamp};
use persistence::codes::Purpose;

use crate::emails::{self, Reason};
use crate::error::{Conflict, Countable};
use crate::sign_in::codes::{self, NewCode};
use crate::sign_in::throttle::{INVITATIONS_OF_PERSON, INVITATIONS_TO_ADDRESS};
use crate::{CaseForCaller, Error, UnitOfWork};

/// How long an invitation is good for.
const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How many invitations of a case may be open at once.
pub const MOST_OPEN: u32 = 20;

/// Whom to invite, and as what.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Where the letter with the code goes.
    pub email: EmailAddress,
    /// The relation of the person to the case.
    pub membership: Membership,
    /// The language of the letter.
    pub language: LanguageTag,
}

/// An invitation that was sent.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The identifier.
    pub id: InvitationId,
    /// The case.
    pub case: CaseId,
    /// Whom, and as what.
    pub sent: NewInvitation,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Sends somebody a code with which their account joins the case.
pub fn invite_to_case(
    work: &mut UnitOfWork<'_, '_, may::InviteToCase>,
    case: CaseId,
    new: &NewInvitation,
    throttling: bool,
) -> Result<Invitation, Error> {
    let now = work.now;
    let loaded = work.case_to_change(case)?;
    loaded.case.check_invitation(&loaded.access, new.membership, &new.email)?;
    let open = persistence::codes::list_for_case(work.tx, case)?;
    if open.iter().filter(|code| code.used_at.is_none() && code.expires_at > now).count()
        >= usize::try_from(MOST_OPEN).unwrap_or(usize::MAX)
    {
        return Err(Error::TooMany { what: Countable::Invitations, limit: MOST_OPEN });
    }
    let (user, address) = (work.user()?, new.email.canonical());
    for (limit, of) in [(INVITATIONS_OF_PERSON, user.uuid().as_bytes().as_slice()), (INVITATIONS_TO_ADDRESS, address.as_bytes())] {
        if throttling && let Some(over) = limit.count(work.tx, of, now)? {
            return Err(Error::Throttled(over.seconds));
        }
    }
    let code = NewCode {
        purpose: Purpose::CaseInvitation,
        user: None,
        case: Some(case),
        email: Some(new.email.clone()),
        payload: Some(serde_json::json!({ "membership": new.membership, "invited_by": work.user()? })),
        life: INVITATION_LIFE,
    };
    let noted = loaded.case.clone().note_invitation(new.membership, &new.email);
    if noted.case != loaded.case {
        work.save_case(loaded, noted)?;
    }
    let issued = codes::issue(work, code)?;
    emails::send(work, Reason::Invitation, &new.email, &new.language, Some(&issued.text))?;
    let id = InvitationId::from_uuid(issued.id);
    work.audit_subject(id);
    Ok(Invitation { id, case, sent: new.clone(), expires_at: issued.expires_at })
}

/// Joins the caller's account to the case that the code leads to.
///
/// # Errors
/// `code_refused` for a code that is unknown, used, expired, or leads nowhere any longer: one answer for all. `already_joined` for
/// somebody who is part of the case.
pub fn accept_invitation(work: &mut UnitOfWork<'_, '_, may::AcceptInvitation>, code: &str) -> Result<CaseForCaller, Error> {
    let now = work.now;
    let code = codes::redeem(work.tx, Purpose::CaseInvitation, code, now)?;
    let case = code.case.ok_or(Error::Internal("an invitation without a case"))?;
    let membership = code.payload.as_ref().and_then(|payload| payload.get("membership")).cloned();
    let membership: Membership =
        membership.and_then(|name| serde_json::from_value(name).ok()).ok_or(Error::Internal("an invitation that does not say as what"))?;
    work.audit_case(case);
    work.audit_subject(InvitationId::from_uuid(code.id));
    let user = work.user()?;
    let address = persistence::users::get(work.tx, user)?.email;
    persistence::cases::lock(work.tx, case)?;
    let stored = persistence::cases::get(work.tx, case, user)?;
    if stored.facts.member.is_some() {
        return Err(Error::Conflict(Conflict::AlreadyJoined));
    }
    // A case that ended, or that the patient must not know of any longer, looks like no case.
    let decided = stored
        .case
        .clone()
        .accept_invitation(&work.rules(), now, membership, &address)
        .map_err(|_| Error::Conflict(Conflict::CodeRefused))?;
    persistence::cases::add_member(work.tx, case, user, membership, now)?;
    let access = CaseAccess { user, relations: Relations::of(&[relation_of(membership)]) };
    work.save_case(CaseForCaller { case: stored.case, version: stored.version, access }, decided)
}

const fn relation_of(membership: Membership) -> Relation {
    match membership {
        Membership::Applicant => Relation::Applicant,
        Membership::Patient => Relation::Patient,
        Membership::Representative => Relation::Representative,
    }
}
