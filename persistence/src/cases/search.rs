//! The blind index of cases: keyed hashes of words lead to the cases that hold them.

use std::collections::BTreeSet;

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

/// Makes the case findable by the words of the texts `after`, and no longer by those that only `before` had.
pub fn replace_words(tx: &mut Transaction<'_>, case: CaseId, before: &[String], after: &[String]) -> Result<(), Error> {
    let (old, new) = (hashes_of_all(tx.vault(), before), hashes_of_all(tx.vault(), after));
    let gone: Vec<&Vec<u8>> = old.difference(&new).collect();
    if !gone.is_empty() {
        let gone = case_words::table.filter(case_words::case_id.eq(Bind(case)).and(case_words::word.eq_any(gone)));
        with_connection!(tx, |c| diesel::delete(gone).execute(c))?;
    }
    add(tx, case, new.difference(&old).cloned().collect())
}

pub(super) fn add_words(tx: &mut Transaction<'_>, case: CaseId, texts: &[String]) -> Result<(), Error> {
    let words = hashes_of_all(tx.vault(), texts);
    add(tx, case, words.into_iter().collect())
}

fn add(tx: &mut Transaction<'_>, case: CaseId, words: Vec<Vec<u8>>) -> Result<(), Error> {
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

fn hashes_of_all(vault: &Vault, texts: &[String]) -> BTreeSet<Vec<u8>> {
    texts.iter().flat_map(|text| hashes(vault, text)).collect()
}

/// The hashes by which the words of a text are found.
pub(super) fn hashes(vault: &Vault, text: &str) -> Vec<Vec<u8>> {
    Vault::words(text).iter().map(|word| vault.blind_index(word)).collect()
}
