//! The demo: people of every role, an agency, departments, and cases in all stages, made by the use cases themselves.

mod cases;
mod people;

use std::sync::Arc;

use domain::access::Role;

use crate::{Error, Hospital};

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
/// [`Error::Conflict`] on a database that holds people already.
pub async fn fill(hospital: &Arc<Hospital>) -> Result<Vec<Introduction>, Error> {
    let anybody = hospital.store.read(|tx| {
        let page = persistence::Page::first(1);
        persistence::users::list(tx, &persistence::users::UserFilter::default(), page).map_err(Error::from)
    });
    if !anybody.await?.is_empty() {
        return Err(Error::Conflict("the database is not empty"));
    }
    hospital.prepare().await?;
    let people = people::settle(hospital).await?;
    cases::open(hospital, &people).await?;
    Ok(people.introductions())
}
