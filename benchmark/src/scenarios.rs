//! What is asked of the server: sign in, create, submit, read, list, record payments, list what is owed.

use std::net::SocketAddr;

use anyhow::Context as _;
use domain::calendar::today_in_tokyo;
use proof::people;
use proof::random::Random;
use serde_json::json;

use crate::billed;
use crate::fill::{self, CALLERS};
use crate::load::Request;

/// The people who call, signed in, and the drafts that are theirs.
pub(crate) struct Callers {
    desk: String,
    billing: String,
    applicants: Vec<String>,
    drafts: Vec<Vec<u32>>,
    cases: u32,
    create: String,
    /// Today in Tokyo.
    today: String,
}

/// The scenarios, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Scenario {
    SignIn,
    Create,
    Submit,
    Read,
    List,
    Slots,
    Pay,
    Receivables,
}

impl Scenario {
    pub(crate) const ALL: [Self; 8] =
        [Self::SignIn, Self::Create, Self::Submit, Self::Read, Self::List, Self::Slots, Self::Receivables, Self::Pay];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Create => "create",
            Self::Submit => "submit",
            Self::Read => "read",
            Self::List => "list",
            Self::Slots => "list slots",
            Self::Pay => "record payment",
            Self::Receivables => "list receivables",
        }
    }

    /// How many clients ask at once. Hashes wait for one another: more would only be told that the server is busy.
    pub(crate) fn clients(self) -> usize {
        if self == Self::SignIn { 8 } else { 32 }
    }
}

impl Callers {
    /// Signs everybody in.
    pub(crate) fn sign_in(address: SocketAddr, cases: u32) -> anyhow::Result<Self> {
        let applicants = (0..CALLERS).map(|number| people::sign_in(address, &fill::email(number))).collect::<Result<_, _>>()?;
        let mut drafts = vec![Vec::new(); usize::try_from(CALLERS)?];
        for number in 0..cases {
            let (whose, is_draft) = fill::owner(number);
            if is_draft && let Some(own) = drafts.get_mut(usize::try_from(whose)?) {
                own.push(number);
            }
        }
        let application = people::application("Is surgery still an option?");
        let create = json!({ "kind": "written_opinion", "application": application }).to_string();
        let today = today_in_tokyo(application::Clock::System.now()).to_string();
        let (desk, billing) = (people::sign_in(address, fill::DESK)?, people::sign_in(address, fill::BILLING)?);
        Ok(Self { desk, billing, applicants, drafts, cases, create, today })
    }

    /// The next request of a client; nothing when its drafts have run out.
    pub(crate) fn ask(&self, scenario: Scenario, client: usize, turn: u64, random: &mut Random) -> Option<Request> {
        let own = || self.applicants.get(client).cloned();
        match scenario {
            Scenario::SignIn => {
                let email = fill::email(u32::try_from(client).ok()?);
                let body = json!({ "email": email, "password": people::PASSWORD }).to_string();
                Some(Request { method: "POST", path: "/v1/sessions".into(), body, ..Request::default() })
            }
            Scenario::Create => Some(Request {
                method: "POST",
                path: "/v1/cases".into(),
                authorization: own()?,
                body: self.create.clone(),
                ..Request::default()
            }),
            Scenario::Submit => {
                let case = fill::case_id(*self.drafts.get(client)?.get(usize::try_from(turn).ok()?)?);
                Some(Request { method: "POST", path: format!("/v1/cases/{case}/submit"), authorization: own()?, ..Request::default() })
            }
            Scenario::Read => {
                let case = fill::case_id(u32::try_from(random.below(u64::from(self.cases))).ok()?);
                Some(Request { method: "GET", path: format!("/v1/cases/{case}"), authorization: self.desk.clone(), ..Request::default() })
            }
            Scenario::List => Some(self.list()),
            Scenario::Slots => {
                Some(Request { method: "GET", path: "/v1/slots?limit=100".into(), authorization: self.desk.clone(), ..Request::default() })
            }
            Scenario::Pay => self.pay(client, turn),
            Scenario::Receivables => Some(Request {
                method: "GET",
                path: "/v1/receivables?limit=25".into(),
                authorization: self.billing.clone(),
                ..Request::default()
            }),
        }
    }

    /// The payment of the next invoice of a client; nothing when they have run out.
    fn pay(&self, client: usize, turn: u64) -> Option<Request> {
        let place = turn.checked_mul(u64::from(CALLERS))?.checked_add(u64::try_from(client).ok()?)?;
        let number = u32::try_from(place.checked_mul(5)?.checked_add(2)?).ok().filter(|number| *number < self.cases)?;
        debug_assert!(fill::is_billed(number), "a case without an invoice");
        let invoice = billed::invoice_id(fill::case_id(number));
        let body = json!({
            "method": "bank_transfer", "reference": format!("TT-{number}"), "received_on": self.today,
            "amount": { "amount": 110_000, "currency": "JPY" },
        });
        Some(Request {
            method: "POST",
            path: format!("/v1/invoices/{invoice}/payments"),
            authorization: self.billing.clone(),
            key: format!("pay-{number}"),
            body: body.to_string(),
        })
    }

    /// The desk's worklist.
    pub(crate) fn list(&self) -> Request {
        Request { method: "GET", path: "/v1/cases?limit=25".into(), authorization: self.desk.clone(), ..Request::default() }
    }

    /// What the trivial handler is asked instead, with a body of the same size, and the size of the real answer.
    pub(crate) fn stand_in(&self, address: SocketAddr, scenario: Scenario) -> anyhow::Result<(Request, usize)> {
        let mut random = Random::new(7);
        let asked = match scenario {
            // Its effect is not wanted here.
            Scenario::Submit | Scenario::Pay => self.ask(Scenario::Read, 0, 0, &mut random),
            Scenario::SignIn | Scenario::Create | Scenario::Read | Scenario::List | Scenario::Slots | Scenario::Receivables => {
                self.ask(scenario, 0, 0, &mut random)
            }
        };
        let mut request = asked.context("nothing to ask")?;
        let answer = proof::http::once(address, request.method, &request.path, &request.headers(), &request.body)?;
        // A list of nothing would measure something else.
        let is_full = String::from_utf8_lossy(answer.body.as_ref()).contains(r#""has_more":true"#);
        anyhow::ensure!(scenario != Scenario::Slots || is_full, "the page of free half hours is not full");
        if matches!(scenario, Scenario::Submit | Scenario::Pay) {
            request.method = "POST";
        }
        Ok((request, answer.body.len()))
    }
}
