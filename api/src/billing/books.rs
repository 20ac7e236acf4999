//! The trial balance.

use actix_web::{HttpRequest, get};
use application::billing::books::{self, TrialBalance as Balance};
use domain::access::may;
use domain::billing::Account;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::authorized::Authorized;
use crate::http::body::Query;
use crate::http::reader::{Labels, Reader};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(get_trial_balance);
}

/// The balance of each account at the end of a day. The debits equal the credits.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialBalance {
    /// The day, in Tokyo.
    balance_on: Date,
    /// Every account, also those without a balance.
    accounts: Vec<AccountBalance>,
    /// The sum of the debits, in yen.
    debit_total: i64,
    /// The sum of the credits, in yen.
    credit_total: i64,
}

/// The balance of an account: one of the two sides is zero.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountBalance {
    /// The account.
    account: Account,
    /// The same in the reader's language.
    label: String,
    /// The balance in yen, if it is a debit.
    debit: i64,
    /// The balance in yen, if it is a credit.
    credit: i64,
}

impl TrialBalance {
    fn of(balance: &Balance, labels: Labels<'_>) -> Self {
        let accounts: Vec<AccountBalance> = Account::ALL
            .iter()
            .map(|account| {
                let amount = balance.books.balance(*account);
                let label = labels.messages.label(labels.language, "account", account.as_str());
                AccountBalance { account: *account, label, debit: amount.max(0), credit: (-amount).max(0) }
            })
            .collect();
        let debit_total = accounts.iter().map(|line| line.debit).sum();
        let credit_total = accounts.iter().map(|line| line.credit).sum();
        Self { balance_on: balance.on, accounts, debit_total, credit_total }
    }
}

/// Which day.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BalanceDay {
    /// The day, in Tokyo; today if it is absent.
    #[param(inline)]
    balance_on: Option<Date>,
}

/// Read the trial balance
///
/// The balance of each account of the ledger at the end of a day in Tokyo. A payment counts on the day on which it was received, revenue on
/// the day on which the service was performed.
#[utoipa::path(tag = "money", params(BalanceDay), responses((status = 200, description = "The balances.", body = TrialBalance)))]
#[get("/v1/ledger/trial-balance")]
pub(crate) async fn get_trial_balance(
    caller: Authorized<may::GetTrialBalance>,
    Query(query): Query<BalanceDay>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act(move |work| {
            let balance = books::get_trial_balance(work, query.balance_on)?;
            Ok(Reply::ok(&TrialBalance::of(&balance, reader.labels()))?.in_language(reader.language))
        })
        .await
}
