//! Somebody who calls.

use super::app::App;
use super::http::{Answer, Request};

/// Somebody who calls.
#[derive(Clone)]
pub struct Person<'a> {
    pub app: &'a App,
    pub(super) token: Option<String>,
}

impl<'a> Person<'a> {
    pub fn request(&self, method: &str, path: &str) -> Request<'a> {
        let request = Request::new(&self.app.agent, method, format!("{}{path}", self.app.base));
        match &self.token {
            Some(token) => request.bearer(token),
            None => request,
        }
    }

    pub fn get(&self, path: &str) -> Request<'a> {
        self.request("GET", path)
    }

    pub fn post(&self, path: &str) -> Request<'a> {
        self.request("POST", path)
    }

    pub fn patch(&self, path: &str) -> Request<'a> {
        self.request("PATCH", path)
    }

    pub fn delete(&self, path: &str) -> Request<'a> {
        self.request("DELETE", path)
    }

    /// Approves the roles that another administrator asked for; gives the account.
    pub fn approve_roles_of(&self, user: &str) -> Answer {
        let waiting = self.get("/v1/approvals?limit=100").send().expect(200).json();
        let found = waiting["data"].as_array().unwrap().iter().find(|one| one["user_id"] == user);
        let id = found.unwrap_or_else(|| panic!("nothing waits for {user}"))["id"].as_str().unwrap();
        self.post(&format!("/v1/approvals/{id}/approve-roles")).send().expect(200)
    }

    /// The person's identifier.
    pub fn id(&self) -> String {
        self.get("/v1/me").send().expect(200).text("/id")
    }

    pub fn put(&self, path: &str) -> Request<'a> {
        self.request("PUT", path)
    }

    pub fn token(&self) -> String {
        self.token.clone().unwrap_or_default()
    }
}
