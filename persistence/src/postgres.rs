//! Parts of statements that only `PostgreSQL` has: lists that become rows inside the server, and several statements in one round trip.

use diesel::pg::Pg;
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::SingleValue;

diesel::define_sql_function! {
    /// The elements of a list as rows. A statement with it is prepared once, whatever the number of rows.
    fn unnest<T: SingleValue>(elements: Array<T>) -> T;
}

/// A statement that writes: built in one place, and run alone or [`Together`] with others.
pub(crate) trait Statement: QueryFragment<Pg> + QueryId + RunQueryDsl<PgConnection> {}

impl<S: QueryFragment<Pg> + QueryId + RunQueryDsl<PgConnection>> Statement for S {}

/// Four statements that write, sent as one. The server may run them in any order. It checks the references between their rows after the
/// last of them.
#[derive(Debug, QueryId)]
pub(crate) struct Together<A, B, C, D>(pub(crate) A, pub(crate) B, pub(crate) C, pub(crate) D);

impl<A, B, C, D> QueryFragment<Pg> for Together<A, B, C, D>
where
    A: QueryFragment<Pg>,
    B: QueryFragment<Pg>,
    C: QueryFragment<Pg>,
    D: QueryFragment<Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH first AS (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql("), second AS (");
        self.1.walk_ast(out.reborrow())?;
        out.push_sql("), third AS (");
        self.2.walk_ast(out.reborrow())?;
        out.push_sql(") ");
        self.3.walk_ast(out)
    }
}

impl<A, B, C, D> RunQueryDsl<PgConnection> for Together<A, B, C, D> {}
