//! The blind index of cases: keyed hashes of words lead to the cases that hold them.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Binary;
use domain::ids::CaseId;

use crate::columns::{Bind, Uid};
use crate::connection::Connection;
use crate::postgres::{Statement, unnest};
use crate::schema::case_words;
use crate::{Error, Transaction, Vault};

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

fn add(tx: &mut Transaction<'_>, case: CaseId, words: Vec<Vec<u8>>) -> Result<(), Error> {
    if words.is_empty() {
        return Ok(());
    }
    tx.usable()?;
    let written = match tx.connection() {
        Connection::Postgres(c) => statement(case, words).execute(c).map(drop),
        Connection::Sqlite(c) => each(case, words, c),
    };
    tx.judged(written)
}

/// One statement whatever the number of words.
pub(super) fn statement(case: CaseId, words: Vec<Vec<u8>>) -> impl Statement {
    diesel::select((unnest::<Binary, _>(words), Bind(case).into_sql::<Uid>()))
        .insert_into(case_words::table)
        .into_columns((case_words::word, case_words::case_id))
}

/// A prepared statement for each word: without round trips that is the quickest.
pub(super) fn each(case: CaseId, words: Vec<Vec<u8>>, connection: &mut SqliteConnection) -> QueryResult<()> {
    words.into_iter().try_for_each(|word| {
        let row = (case_words::word.eq(word), case_words::case_id.eq(Bind(case)));
        diesel::insert_into(case_words::table).values(row).execute(connection).map(drop)
    })
}

/// The hashes by which the words of some texts are found, each once.
pub(super) fn hashes_of_all(vault: &Vault, texts: &[String]) -> BTreeSet<Vec<u8>> {
    texts.iter().flat_map(|text| hashes(vault, text)).collect()
}

/// The hashes by which the words of a text are found.
pub(super) fn hashes(vault: &Vault, text: &str) -> Vec<Vec<u8>> {
    Vault::words(text).iter().map(|word| vault.blind_index(word)).collect()
}
