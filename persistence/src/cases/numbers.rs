//! Case numbers: they rise within each year. They need no more than to be unique (invoices' numbers do), so on `PostgreSQL`
//! they come from a sequence: a counter's row would make every new case wait for the commit of the one before.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::connection::Connection;
use crate::schema::case_numbers;
use crate::{Error, Transaction};

/// The next number of a year, from 1; a transaction that fails may leave a gap.
pub fn next_number(tx: &mut Transaction<'_>, year: i16) -> Result<i64, Error> {
    let year = i32::from(year);
    tx.usable()?;
    let number = match tx.connection() {
        Connection::Sqlite(c) => from_counter(c, year),
        Connection::Postgres(c) => from_sequence(c, year),
    };
    tx.judged(number)
}

/// There is one writer, and two statements that stay compiled are quicker than an upsert that does not.
fn from_counter(connection: &mut SqliteConnection, year: i32) -> QueryResult<i64> {
    let begun = case_numbers::table.filter(case_numbers::year.eq(year)).select(case_numbers::last_number);
    let next = begun.first(connection).optional()?.unwrap_or(0_i64) + 1;
    diesel::replace_into(case_numbers::table)
        .values((case_numbers::year.eq(year), case_numbers::last_number.eq(next)))
        .execute(connection)?;
    Ok(next)
}

/// The sequence goes on over the years; a year's row remembers where it began.
fn from_sequence(connection: &mut PgConnection, year: i32) -> QueryResult<i64> {
    let begun = case_numbers::table.filter(case_numbers::year.eq(year)).select(case_numbers::last_number).single_value();
    loop {
        let (value, base): (i64, Option<i64>) =
            diesel::select((diesel::dsl::sql::<BigInt>("nextval('case_number_sequence')"), begun)).get_result(connection)?;
        match base {
            Some(base) if value > base => return Ok(value - base),
            // Drawn before another connection began the year: that number is the old year's.
            Some(_) => {}
            None => {
                let row = (case_numbers::year.eq(year), case_numbers::last_number.eq(value - 1));
                if diesel::insert_into(case_numbers::table).values(row).on_conflict_do_nothing().execute(connection)? == 1 {
                    return Ok(1);
                }
            }
        }
    }
}
