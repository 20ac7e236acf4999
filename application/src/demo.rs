//! The demo: people of every role, an agency, departments, and cases in all stages, made by the use cases themselves.

mod cases;
mod codes;
mod hours;
pub mod ids;
mod people;

use std::sync::Arc;

use crate::error::Conflict;
use crate::series::Series;
use crate::{App, Error};
use domain::access::Role;
use domain::billing::{BankAccount, BillingSettings, Issuer};
use domain::settings::HospitalSettings;

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// The role.
    pub role: Role,
    /// The name to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// The person's name.
    pub name: String,
}

/// Fills a fresh database and says who can sign in.
///
/// # Errors
/// [`Error::Conflict`] on a database that holds people, or settings that somebody has changed.
pub async fn fill(app: &Arc<App>) -> Result<Vec<Introduction>, Error> {
    let fresh = app.store.read(|tx| {
        let people = persistence::users::list(tx, &persistence::users::UserFilter::default(), persistence::Page::first(1))?;
        Ok::<_, Error>(people.is_empty() && persistence::settings::get(tx)?.version == 0)
    });
    if !fresh.await? {
        return Err(Error::Conflict(Conflict::DatabaseNotEmpty));
    }
    app.ids.number(Some(Series::new(ids::HOUSE)));
    let introductions = fill_in(app).await;
    app.ids.number(None);
    introductions
}

async fn fill_in(app: &Arc<App>) -> Result<Vec<Introduction>, Error> {
    app.prepare().await?;
    enter(app, settings()).await?;
    let people = people::create(app).await?;
    hours::enter(app, &people).await?;
    cases::open(app, &people).await?;
    app.ids.number(Some(Series::new(ids::HALF_DONE)));
    let invited_to = ids::in_case("Mei Tanaka", 1).ok_or(Error::Internal("a case of the demo is not there"))?;
    codes::open(app, &people, invited_to).await?;
    Ok(people.introductions())
}

/// A value of the demo, written in clear, as the domain's value.
fn read<T: serde::de::DeserializeOwned>(value: &serde_json::Value) -> Result<T, Error> {
    serde_json::from_value(value.clone()).map_err(|_| Error::Internal("a value of the demo is refused"))
}

/// Puts the first settings in force, as an administrator does before anybody comes.
pub async fn enter(app: &App, settings: HospitalSettings) -> Result<(), Error> {
    let now = app.clock.now();
    let saved = app.store.write(move |tx| persistence::settings::save(tx, &settings, 0, now).map_err(Error::from));
    saved.await.map(drop)
}

/// The settings that an administrator of the demo's hospital has entered.
pub fn settings() -> HospitalSettings {
    let text = str::to_owned;
    let bank = BankAccount {
        bank: text("Example Bank"),
        branch: text("Head Office"),
        swift: text("EXAMJPJT"),
        number: text("1234567"),
        holder: text("Example Hospital"),
    };
    let issuer =
        Issuer { name: text("Example Hospital"), address: text("1-1-1 Example, Tokyo"), registration_number: text("T8000000000001") };
    HospitalSettings { billing: BillingSettings { bank, issuer, ..BillingSettings::default() }, ..HospitalSettings::default() }
}
