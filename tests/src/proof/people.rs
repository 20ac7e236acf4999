//! The people who call: accounts made on the command line, sessions over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::bail;
use application::sign_in::passwords::{Cost, Passwords};
use application::{App, AppOptions, Clock};
use persistence::{Store, StoreOptions};
use secrecy::SecretBox;
use serde_json::{Value, json};

use crate::http::once;
use crate::server::{MASTER_KEY, Setup};

/// Everybody's password.
pub const PASSWORD: &str = "plum tree in the rain";

/// Adds a person with `second-opinion user add`.
pub fn add(setup: &Setup, email: &str, role: &str) -> anyhow::Result<()> {
    let arguments = ["user", "add", "--email", email, "--name", "Mei Tanaka", "--role", role];
    setup.run(&arguments, &[("SECOND_OPINION_PASSWORD", PASSWORD)]).map(drop)
}

/// Fills a database with the demo, on either engine: people of every role, settings and cases.
pub fn fill_with_demo(setup: &Setup) -> anyhow::Result<()> {
    let clock = Clock::System;
    let mut options = StoreOptions::new(&setup.database, SecretBox::new(Box::new(MASTER_KEY)), clock.now());
    options.auto_migrate = true;
    let opening = AppOptions {
        store: Store::open(options)?,
        clock,
        public_url: format!("http://{}", setup.address),
        passwords: Passwords::new(Cost::CHEAP, 1)?,
        throttling: true,
    };
    let app = Arc::new(App::open(opening)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(application::demo::fill(&app))?;
    app.store().shutdown();
    Ok(())
}

/// Signs a person in; gives the value of the header `Authorization`.
pub fn sign_in(address: SocketAddr, email: &str) -> anyhow::Result<String> {
    let body = json!({ "email": email, "password": PASSWORD }).to_string();
    let answer = once(address, "POST", "/v1/sessions", &[], &body)?;
    if answer.status != 201 {
        bail!("{email} cannot sign in: {}", answer.story());
    }
    Ok(format!("Bearer {}", answer.text("/access_token")))
}

/// A complete application for a written opinion with one question.
pub fn application(question: &str) -> Value {
    let address = json!({ "lines": ["12 Orchard Road"], "city": "Singapore", "postal_code": "238823", "country": "SG" });
    json!({
        "patient": {
            "name": { "alphabetic": "Mei Tanaka", "native": "田中 芽衣" }, "birth_on": "1961-04-12", "address": address,
            "phone": "+6567325778", "email": "mei.tanaka@example.org", "language": "en",
        },
        "contact_person": {
            "name": { "alphabetic": "Kai Tanaka" }, "relation": "child", "address": address,
            "phone": "+6567325779", "email": "kai.tanaka@example.org",
        },
        "questions": [question],
        "wishes_treatment_here": false,
        "has_family_or_friend_in_japan": false,
        "language": "en",
    })
}
