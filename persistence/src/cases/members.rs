//! Whose account takes part in a case, and as what.

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::access::Membership;
use domain::ids::{CaseId, UserId};
use jiff::Timestamp;

use crate::columns::{Bind, Instant, Uid};
use crate::postgres::{Statement, unnest};
use crate::schema::case_members;
use crate::{Error, Transaction};

/// An account in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// As what.
    pub relation: Membership,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when, if it has ended.
    pub ended_at: Option<Timestamp>,
}

/// The part in a new case of the account that opened it, if it has one: one statement either way.
pub(super) fn statement(case: CaseId, user: UserId, relation: Option<Membership>, now: Timestamp) -> impl Statement {
    let relation: Vec<&str> = relation.into_iter().map(Membership::as_str).collect();
    diesel::select((
        Bind(case).into_sql::<Uid>(),
        Bind(user).into_sql::<Uid>(),
        unnest::<Text, _>(relation),
        Bind(now).into_sql::<Instant>(),
    ))
    .insert_into(case_members::table)
    .into_columns((case_members::case_id, case_members::user_id, case_members::relation, case_members::joined_at))
}

/// The account that opens a case joins it: nobody was there before.
pub(super) fn insert(
    case: CaseId,
    user: UserId,
    relation: Membership,
    now: Timestamp,
    connection: &mut SqliteConnection,
) -> QueryResult<()> {
    let row = (
        case_members::case_id.eq(Bind(case)),
        case_members::user_id.eq(Bind(user)),
        case_members::relation.eq(relation.as_str()),
        case_members::joined_at.eq(Bind(now)),
    );
    diesel::insert_into(case_members::table).values(row).execute(connection).map(drop)
}

/// Lets an account join a case, again if it had left, or in another capacity.
pub fn add_member(tx: &mut Transaction<'_>, case: CaseId, user: UserId, relation: Membership, now: Timestamp) -> Result<(), Error> {
    let row = (
        case_members::case_id.eq(Bind(case)),
        case_members::user_id.eq(Bind(user)),
        case_members::relation.eq(relation.as_str()),
        case_members::joined_at.eq(Bind(now)),
    );
    let again = (
        case_members::relation.eq(relation.as_str()),
        case_members::joined_at.eq(Bind(now)),
        case_members::ended_at.eq(None::<Bind<Timestamp>>),
    );
    with_connection!(tx, |c| diesel::insert_into(case_members::table)
        .values(row)
        .on_conflict((case_members::case_id, case_members::user_id))
        .do_update()
        .set(again)
        .execute(c))?;
    Ok(())
}

/// Ends an account's part in a case.
///
/// # Errors
/// [`Error::NotFound`] if it has none.
pub fn end_member(tx: &mut Transaction<'_>, case: CaseId, user: UserId, now: Timestamp) -> Result<(), Error> {
    let target = case_members::table
        .filter(case_members::case_id.eq(Bind(case)).and(case_members::user_id.eq(Bind(user))).and(case_members::ended_at.is_null()));
    match with_connection!(tx, |c| diesel::update(target).set(case_members::ended_at.eq(Some(Bind(now)))).execute(c))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// An account's present part in a case.
pub fn find_member(tx: &mut Transaction<'_>, case: CaseId, user: UserId) -> Result<Option<Membership>, Error> {
    let relation: Option<String> = with_connection!(tx, |c| case_members::table
        .filter(case_members::case_id.eq(Bind(case)).and(case_members::user_id.eq(Bind(user))))
        .filter(case_members::ended_at.is_null())
        .select(case_members::relation)
        .first(c)
        .optional())?;
    membership(case, relation)
}

/// Who takes part in a case, those who left included, in the order of joining.
pub fn list_members(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<Member>, Error> {
    let rows: Vec<(UserId, String, Timestamp, Option<Timestamp>)> = with_connection!(tx, |c| case_members::table
        .filter(case_members::case_id.eq(Bind(case)))
        .order((case_members::joined_at, case_members::user_id))
        .select((case_members::user_id, case_members::relation, case_members::joined_at, case_members::ended_at))
        .load(c))?;
    rows.into_iter()
        .map(|(user, relation, joined_at, ended_at)| {
            let relation = relation.parse().map_err(|_| Error::corrupt("case_members", "relation", case))?;
            Ok(Member { user, relation, joined_at, ended_at })
        })
        .collect()
}

/// A stored relation as the domain knows it.
pub(super) fn membership(case: CaseId, relation: Option<String>) -> Result<Option<Membership>, Error> {
    relation.map(|relation| relation.parse().map_err(|_| Error::corrupt("case_members", "relation", case))).transpose()
}

/// The caller's present part in the case of the row beside it: the condition of a left join.
macro_rules! is_part_of {
    ($caller:expr) => {
        case_members::case_id.eq(cases::id).and(case_members::user_id.eq(Bind($caller))).and(case_members::ended_at.is_null())
    };
}
pub(super) use is_part_of;
