//! Requests about one's own account.

use domain::access::Operation;
use serde_json::{Value, json};

use super::requests::fresh;
use crate::support::app::{App, PASSWORD, Person};
use crate::support::http::Request;

/// A session that never was.
const NOBODYS_SESSION: &str = "session_01jd8x5k2neht8xg8y7w9zq4rt";

/// What a person does to their own account; the request comes from a person like the other, made for it.
pub fn own_account<'a>(app: &'a App, operation: Operation, person: &Person<'a>) -> Request<'a> {
    use Operation as O;
    let like = (!person.token().is_empty()).then(|| {
        let roles = person.get("/v1/me").send().expect(200).json()["roles"][0]["role"].as_str().unwrap().to_owned();
        let name = fresh("like");
        app.add(&name, roles.parse().unwrap());
        let session = app.sign_in(&name).expect(201);
        (session.text("/access_token"), session.text("/session_id"))
    });
    let bearer = |request: Request<'a>| match &like {
        Some((token, _)) => request.bearer(token),
        None => request,
    };
    let post = |path: &str, body: Value| bearer(app.anonymous().post(path).json(&body));
    let change = json!({ "new_email": format!("{}@example.org", fresh("changed")), "current_password": PASSWORD });
    match operation {
        O::DeleteSession => bearer(app.anonymous().delete("/v1/sessions/current")),
        O::EndSession => {
            let session = like.as_ref().map_or_else(|| NOBODYS_SESSION.to_owned(), |(_, session)| session.clone());
            bearer(app.anonymous().delete(&format!("/v1/sessions/{session}")))
        }
        O::EndOtherSessions => bearer(app.anonymous().post("/v1/sessions/end-others")),
        O::UpdateMe => bearer(app.anonymous().patch("/v1/me").if_match("*").json(&json!({ "language": "ja" }))),
        O::RequestEmailChange => post("/v1/me/email-change", change),
        O::ConfirmEmailChange if like.is_some() => {
            post("/v1/me/email-change", change.clone()).send().expect(202);
            let code = app.letter_to(change["new_email"].as_str().unwrap(), "change_email")["code"].clone();
            post("/v1/me/email-change/confirm", json!({ "code": code }))
        }
        O::ConfirmEmailChange => post("/v1/me/email-change/confirm", json!({ "code": "a code that nobody was ever sent" })),
        O::ChangePassword => {
            post("/v1/me/password", json!({ "current_password": PASSWORD, "new_password": "another plum tree in the rain" }))
        }
        other => panic!("{} has no request", other.operation_id()),
    }
}
