//! What only `PostgreSQL` is asked: lists that become rows inside the server, and several statements in one round trip.

use diesel::pg::Pg;
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::SingleValue;

diesel::define_sql_function! {
    /// The elements of a list as rows. A statement with it is prepared once, whatever the number of rows.
    fn unnest<T: SingleValue>(elements: Array<T>) -> T;
}

/// Four statements that only write, sent as one. The server runs them on one view of the data, in no order that they may rely on;
/// references between their rows are checked once all of them have run.
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
