//! The trial balance.

use domain::access::may;
use domain::billing::Books;
use domain::calendar::today_in_tokyo;
use jiff::civil::Date;

use crate::{Error, UnitOfWork};

/// The balance of each account at the end of a day.
#[derive(Clone, Debug)]
pub struct TrialBalance {
    /// The day, in Tokyo.
    pub on: Date,
    /// The balances.
    pub books: Books,
}

/// The balance of each account at the end of a day in Tokyo; today if none is named.
pub fn get_trial_balance(work: &mut UnitOfWork<'_, '_, may::GetTrialBalance>, on: Option<Date>) -> Result<TrialBalance, Error> {
    let on = on.unwrap_or_else(|| today_in_tokyo(work.now));
    Ok(TrialBalance { on, books: persistence::ledger::balances(work.tx, Some(on))? })
}
