//! `column IN (…)` whose statement is kept.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, Bool, HasSqlType, SingleValue};
use diesel::sqlite::Sqlite;

/// Whether a column holds one of some values.
///
/// On `SQLite` Diesel's own `eq_any` writes as many places as there are values, and such a statement is compiled again for each run. This one writes 1, 2, 4, 8 …
/// places and repeats the last value in those that are left over, so that there are few statements, and a connection compiles each once. `PostgreSQL` takes the
/// values as one array.
#[derive(Clone, Debug)]
pub(crate) struct Among<C, V> {
    column: C,
    values: Vec<V>,
}

/// See [`Among`]. No value: nothing is among them.
pub(crate) fn among<C, V>(column: C, values: impl IntoIterator<Item = V>) -> Among<C, V> {
    Among { column, values: values.into_iter().collect() }
}

impl<C, V> QueryFragment<Sqlite> for Among<C, V>
where
    Sqlite: HasSqlType<C::SqlType>,
    C: Expression + QueryFragment<Sqlite>,
    V: ToSql<C::SqlType, Sqlite>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Some(last) = self.values.last() else {
            out.push_sql("FALSE");
            return Ok(());
        };
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        let places = self.values.len().next_power_of_two();
        for (place, value) in self.values.iter().chain(std::iter::repeat(last)).take(places).enumerate() {
            if place > 0 {
                out.push_sql(", ");
            }
            out.push_bind_param::<C::SqlType, V>(value)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<C, V> QueryFragment<Pg> for Among<C, V>
where
    Pg: HasSqlType<C::SqlType>,
    C: Expression<SqlType: SingleValue> + QueryFragment<Pg>,
    Vec<V>: ToSql<Array<C::SqlType>, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<C::SqlType>, Vec<V>>(&self.values)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<C, V> QueryId for Among<C, V> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: Expression, V> Expression for Among<C, V> {
    type SqlType = Bool;
}

impl<C: Expression + ValidGrouping<G>, V, G> ValidGrouping<G> for Among<C, V> {
    type IsAggregate = C::IsAggregate;
}

impl<C: AppearsOnTable<T>, V, T> AppearsOnTable<T> for Among<C, V> {}

impl<C: SelectableExpression<T>, V, T> SelectableExpression<T> for Among<C, V> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::users;

    fn text(values: &[&'static str]) -> String {
        let wanted = users::table.filter(among(users::status, values.iter().copied())).select(users::epoch);
        let shown = diesel::debug_query::<Sqlite, _>(&wanted).to_string();
        shown.split(" WHERE ").nth(1).unwrap().to_owned()
    }

    #[test]
    fn five_to_eight_values_are_one_statement_and_the_last_fills_it() {
        assert_eq!(text(&[]), "FALSE -- binds: []");
        assert_eq!(text(&["a"]), r#"`users`.`status` IN (?) -- binds: ["a"]"#);
        let statements: Vec<String> = [5, 8]
            .map(|count| text(&["a", "b", "c", "d", "e", "f", "g", "h"][..count]))
            .map(|shown| shown.split(" -- ").next().unwrap().to_owned())
            .into();
        assert_eq!(statements[0], statements[1]);
        assert!(text(&["a", "b", "c"]).ends_with(r#"binds: ["a", "b", "c", "c"]"#));
    }
}
