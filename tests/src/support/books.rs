//! The books, as an accountant reads them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::app::App;

/// The balance of each account that is not zero, debit positive, of all that was ever booked.
pub fn books(app: &App) -> BTreeMap<String, i64> {
    books_on(app, "2099-12-31")
}

/// The same at the end of a day.
pub fn books_on(app: &App, day: &str) -> BTreeMap<String, i64> {
    let balance = app.accountant().get(&format!("/v1/ledger/trial-balance?balance_on={day}")).send().expect(200).json();
    assert_eq!(balance["debit_total"], balance["credit_total"]);
    let account = |one: &Value| {
        let amount = one["debit"].as_i64().unwrap() - one["credit"].as_i64().unwrap();
        (one["account"].as_str().unwrap().to_owned(), amount)
    };
    balance["accounts"].as_array().unwrap().iter().map(account).filter(|(_, amount)| *amount != 0).collect()
}

/// Balances to hold the books against.
pub fn expected(accounts: &[(&str, i64)]) -> BTreeMap<String, i64> {
    accounts.iter().map(|(account, amount)| ((*account).to_owned(), *amount)).collect()
}

/// The balance of one account.
pub fn balance(app: &App, account: &str) -> i64 {
    books(app).get(account).copied().unwrap_or_default()
}
