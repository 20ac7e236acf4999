//! The blind index of cases: keyed hashes of words lead to the cases that hold them.

use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types::{Binary, SingleValue};
use domain::ids::CaseId;

use crate::columns::{Bind, Uid};
use crate::connection::Connection;
use crate::schema::case_words;
use crate::{Error, Transaction, Vault};

diesel::define_sql_function! {
    /// `PostgreSQL`: the elements of a list as rows.
    fn unnest<T: SingleValue>(elements: Array<T>) -> T;
}

/// Makes the case findable by the words of these texts and by no others.
pub fn replace_words(tx: &mut Transaction<'_>, case: CaseId, texts: &[String]) -> Result<(), Error> {
    on!(tx, |c| diesel::delete(case_words::table.filter(case_words::case_id.eq(Bind(case)))).execute(c))?;
    add_words(tx, case, texts)
}

pub(super) fn add_words(tx: &mut Transaction<'_>, case: CaseId, texts: &[String]) -> Result<(), Error> {
    let mut words: Vec<Vec<u8>> = texts.iter().flat_map(|text| hashes(tx.vault(), text)).collect();
    words.sort_unstable();
    words.dedup();
    if words.is_empty() {
        return Ok(());
    }
    tx.usable()?;
    let case = Bind(case);
    let written = match tx.connection() {
        // One prepared statement whatever the number of words.
        Connection::Postgres(c) => diesel::select((unnest::<Binary, _>(words), case.into_sql::<Uid>()))
            .insert_into(case_words::table)
            .into_columns((case_words::word, case_words::case_id))
            .execute(c)
            .map(drop),
        Connection::Sqlite(c) => words.into_iter().try_for_each(|word| {
            let row = (case_words::word.eq(word), case_words::case_id.eq(case));
            diesel::insert_into(case_words::table).values(row).execute(c).map(drop)
        }),
    };
    tx.judged(written)
}

/// The hashes by which the words of a text are found.
pub(super) fn hashes(vault: &Vault, text: &str) -> Vec<Vec<u8>> {
    Vault::words(text).iter().map(|word| vault.blind_index(word)).collect()
}
