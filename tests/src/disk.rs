//! A disk that runs full: what is essential goes on, the rest waits, and nobody is told that it was done.

use persistence::Engine;
use serde_json::json;

use crate::support::app::{App, PASSWORD};
use crate::support::given::Case;
use crate::support::http::{Answer, Request};

fn ask(app: &App, base: &str, method: &str, path: &str) -> Request<'static> {
    Request::new(Box::leak(Box::new(app.agent().clone())), method, format!("{base}{path}"))
}

#[test]
fn on_a_disk_that_runs_full_people_read_and_sign_in_and_nothing_else_is_written() {
    let app = App::start();
    let case = Case::submitted(&app);
    let token = app.applicant().token();
    let is_embedded = app.hospital.store().engine() == Engine::Sqlite;
    let sign_in = |base: &str| {
        let body = json!({ "email": "applicant@example.org", "password": PASSWORD });
        ask(&app, base, "POST", "/v1/sessions").from(&app.fresh_source()).json(&body).send()
    };
    let write = |base: &str| ask(&app, base, "POST", &case.path("messages")).bearer(&token).json(&json!({ "text": "Hello" })).send();
    let read = |base: &str| ask(&app, base, "GET", &case.path("")).bearer(&token).send();
    app.with_full_disk(0, |base| {
        let refused = write(base);
        if is_embedded {
            let refused: Answer = refused.expect_problem(507, "storage_full");
            assert!(refused.header("retry-after").is_some());
            assert_eq!(ask(&app, base, "GET", "/readyz").send().status, 503);
        } else {
            refused.expect(201);
        }
        read(base).expect(200);
        let tokens = sign_in(base).expect(201);
        let refresh = json!({ "refresh_token": tokens.text("/refresh_token") });
        let next = ask(&app, base, "POST", "/v1/sessions/refresh").json(&refresh).send().expect(200);
        let last = json!({ "refresh_token": next.text("/refresh_token") });
        ask(&app, base, "POST", "/v1/sessions/sign-out").json(&last).send().expect(204);
        ask(&app, base, "GET", "/v1/catalogue").send().expect(200);
        ask(&app, base, "GET", "/healthz").send().expect(200);
    });
    if is_embedded {
        app.with_full_disk(u64::MAX, |base| {
            // Whoever reads leaves a row in the trail; where it cannot be written, nothing is shown.
            for refused in [write(base), read(base), sign_in(base)] {
                refused.expect_problem(507, "storage_full");
            }
            ask(&app, base, "GET", "/v1/catalogue").send().expect(200);
            ask(&app, base, "GET", "/healthz").send().expect(200);
        });
    }
    write(&app.base).expect(201);
    app.anonymous().get("/readyz").send().expect(200);
}
