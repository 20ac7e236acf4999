//! The transaction that a job works on.

use std::cell::RefCell;
use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use uuid::Uuid;

use crate::connection::Connection;
use crate::error::{Error, Fault, classify};
use crate::forms::{self, Newer, StoredForm};
use crate::vault::Vault;

/// A sealed column of a row.
type Place = (&'static str, &'static str, Uuid);

/// One transaction on one connection, with the keys that seal its rows.
pub struct Transaction<'a> {
    connection: &'a mut Connection,
    vault: &'a Vault,
    fault: Option<Fault>,
    /// The parts that newer programs wrote, as they were read here: it is written back with the row.
    newer: RefCell<BTreeMap<Place, Newer>>,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(connection: &'a mut Connection, vault: &'a Vault) -> Self {
        Self { connection, vault, fault: None, newer: RefCell::default() }
    }

    /// The keys that seal and open what the rows hold.
    pub fn vault(&self) -> &'a Vault {
        self.vault
    }

    /// Opens a sealed value of a row. What a newer program wrote in it is remembered for [`Self::seal_form`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it was sealed for another place, was changed since, or is no such value.
    pub(crate) fn open_form<T: StoredForm>(&self, place: Place, sealed: &[u8]) -> Result<T, Error> {
        let (table, column, id) = place;
        let plain = self.vault.open(table, column, id, sealed)?;
        self.read_form(place, &plain)
    }

    /// [`Self::open_form`] of a value that is stored in clear.
    pub(crate) fn read_form<T: StoredForm>(&self, place: Place, plain: &[u8]) -> Result<T, Error> {
        let (table, column, id) = place;
        let opened = forms::read(plain).map_err(|_| Error::corrupt(table, column, id))?;
        let mut remembered = self.newer.borrow_mut();
        match opened.newer {
            Some(newer) => drop(remembered.insert(place, newer)),
            None => drop(remembered.remove(&place)),
        }
        Ok(opened.value)
    }

    /// Seals a value for a row, together with what a newer program had written there.
    pub(crate) fn seal_form<T: StoredForm>(&self, place: Place, value: &T) -> Result<Vec<u8>, Error> {
        let (table, column, id) = place;
        self.vault.seal(table, column, id, &self.write_form(place, value)?)
    }

    /// [`Self::seal_form`] for a column that is stored in clear.
    pub(crate) fn write_form<T: StoredForm>(&self, place: Place, value: &T) -> Result<Vec<u8>, Error> {
        let (table, column, _) = place;
        forms::write(value, self.newer.borrow().get(&place)).map_err(|_| Error::Query(format!("writing JSON for {table}.{column}")))
    }

    /// [`Self::write_form`] as text.
    pub(crate) fn write_form_text<T: StoredForm>(&self, place: Place, value: &T) -> Result<String, Error> {
        String::from_utf8(self.write_form(place, value)?).map_err(|_| Error::Query(format!("writing JSON for {}.{}", place.0, place.1)))
    }

    /// The connection, for `with_connection!`.
    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.connection
    }

    /// Refuses once the transaction is gone: `SQLite` rolls back by itself when the disk fails, and what came after would be
    /// committed on its own.
    pub(crate) fn usable(&self) -> Result<(), Error> {
        if self.fault == Some(Fault::Broken) { Err(Error::Unavailable) } else { Ok(()) }
    }

    /// Translates a query's answer and remembers what it means for the transaction.
    pub(crate) fn judged<T>(&mut self, answer: Result<T, diesel::result::Error>) -> Result<T, Error> {
        answer.map_err(|error| {
            let (error, fault) = classify(error);
            if fault.is_some() && self.fault != Some(Fault::Broken) {
                self.fault = fault;
            }
            error
        })
    }

    /// The worst that happened to the transaction so far.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Runs `part` so that its failure leaves the rest of the transaction whole (a savepoint): for a job that goes on after,
    /// say, a duplicate.
    pub fn attempt<T, E: From<Error>>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.execute("SAVEPOINT attempt")?;
        match part(self) {
            Ok(value) => {
                self.execute("RELEASE SAVEPOINT attempt")?;
                Ok(value)
            }
            Err(error) => {
                if self.usable().is_ok() {
                    self.execute("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt")?;
                }
                Err(error)
            }
        }
    }

    fn execute(&mut self, command: &str) -> Result<(), Error> {
        with_connection!(self, |c| c.batch_execute(command))
    }
}
