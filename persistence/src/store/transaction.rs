//! What a job works on.

use diesel::connection::SimpleConnection;

use crate::connection::Connection;
use crate::error::{Error, Fault, judge};
use crate::vault::Vault;

/// One transaction on one connection, with the keys that seal its rows.
pub struct Transaction<'a> {
    connection: &'a mut Connection,
    vault: &'a Vault,
    fault: Option<Fault>,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(connection: &'a mut Connection, vault: &'a Vault) -> Self {
        Self { connection, vault, fault: None }
    }

    /// The keys that seal and open what the rows hold.
    pub fn vault(&self) -> &'a Vault {
        self.vault
    }

    /// The connection, for `on!`.
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
            let (error, fault) = judge(error);
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
        self.tell("SAVEPOINT attempt")?;
        match part(self) {
            Ok(value) => {
                self.tell("RELEASE SAVEPOINT attempt")?;
                Ok(value)
            }
            Err(error) => {
                if self.usable().is_ok() {
                    self.tell("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt")?;
                }
                Err(error)
            }
        }
    }

    fn tell(&mut self, command: &str) -> Result<(), Error> {
        on!(self, |c| c.batch_execute(command))
    }
}
