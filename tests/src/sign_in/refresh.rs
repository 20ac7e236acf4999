//! Refresh tokens in every order of owner, thief, tabs, retries and servers. What comes of it is the same on both engines.

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::app::App;
use crate::support::http::{Answer, Request};

fn refresh_at(app: &App, base: &str, token: &str) -> Answer {
    let request = Request::new(app.agent(), "POST", format!("{base}/v1/sessions/refresh"));
    request.json(&json!({ "refresh_token": token })).send()
}

fn refresh(app: &App, token: &str) -> Answer {
    refresh_at(app, &app.base, token)
}

fn first_token(app: &App) -> String {
    app.add("mei", Role::Applicant);
    app.sign_in("mei").expect(201).text("/refresh_token")
}

fn wait(app: &App, seconds: i64) {
    app.clock.advance(SignedDuration::from_secs(seconds));
}

/// A step of an order: the seconds that pass, the token that is presented (T0 came with the sign-in), and the token that comes back.
type Step = (i64, usize, Option<usize>);

/// Each order, and whether its owner is told by letter that the session was ended.
const ORDERS: &[(&str, &[Step], bool)] = &[
    ("one after the other", &[(60, 0, Some(1)), (60, 1, Some(2)), (60, 2, Some(3))], false),
    ("a retry after a lost answer", &[(60, 0, Some(1)), (29, 0, Some(1)), (60, 1, Some(2))], false),
    ("the last instant of the grace", &[(60, 0, Some(1)), (30, 0, Some(1)), (0, 1, Some(2))], false),
    (
        "a retry although the successor was exchanged",
        &[(60, 0, Some(1)), (5, 1, Some(2)), (5, 0, Some(1)), (5, 1, Some(2)), (60, 2, Some(3))],
        false,
    ),
    ("an old token comes back", &[(60, 0, Some(1)), (31, 0, None), (0, 1, None)], true),
    ("the oldest of three comes back", &[(60, 0, Some(1)), (60, 1, Some(2)), (60, 0, None), (0, 2, None), (0, 1, None)], true),
    ("a thief first, then the owner", &[(60, 0, Some(1)), (60, 1, Some(2)), (60, 0, None), (0, 2, None)], true),
    (
        "a thief within the grace, then both go on",
        &[(60, 0, Some(1)), (10, 0, Some(1)), (60, 1, Some(2)), (40, 1, None), (0, 2, None)],
        true,
    ),
    ("grace counts from the first exchange", &[(60, 0, Some(1)), (20, 0, Some(1)), (20, 0, None), (0, 1, None)], true),
    ("reuse ends once, and nothing more", &[(60, 0, Some(1)), (60, 0, None), (0, 0, None), (60, 0, None), (0, 1, None)], true),
];

#[test]
fn each_order_of_exchanges_comes_to_its_end() {
    for (name, steps, told) in ORDERS {
        let app = App::start();
        let mut tokens = vec![first_token(&app)];
        for (number, (seconds, presented, expected)) in steps.iter().enumerate() {
            wait(&app, *seconds);
            let answer = refresh(&app, &tokens[*presented]);
            match expected {
                None => drop(answer.expect_problem(401, "refresh_refused")),
                Some(successor) => {
                    let token = answer.expect(200).text("/refresh_token");
                    if *successor == tokens.len() {
                        tokens.push(token);
                    } else {
                        assert_eq!(token, tokens[*successor], "{name}, step {number}");
                    }
                }
            }
        }
        let letters = app.letters_to("mei@example.org");
        assert_eq!(letters.iter().filter(|reason| *reason == "token_reused").count(), usize::from(*told), "{name}");
    }
}

#[test]
fn reuse_ends_the_access_tokens_too() {
    let app = App::start();
    let first = first_token(&app);
    let second = refresh(&app, &first).expect(200);
    wait(&app, 31);
    refresh(&app, &first).expect_problem(401, "refresh_refused");
    app.anonymous().get("/v1/me").bearer(&second.text("/access_token")).send().expect_problem(401, "session_ended");
}

/// Several exchanges of one token at once, through these servers in turn: all get the same successor, and it works.
fn at_once(app: &App, bases: &[&str]) {
    let first = first_token(app);
    wait(app, 60);
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|number| {
                let (base, first) = (bases[number % bases.len()], &first);
                scope.spawn(move || refresh_at(app, base, first).expect(200).text("/refresh_token"))
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(tokens.iter().all(|token| *token == tokens[0]), "eight tabs, one successor: {tokens:?}");
    assert_ne!(tokens[0], first);
    refresh(app, &tokens[0]).expect(200);
}

#[test]
fn tabs_that_refresh_at_once_stay_signed_in() {
    let app = App::start();
    at_once(&app, &[&app.base]);
}

#[test]
fn two_servers_give_one_successor() {
    let app = App::start();
    app.with_second_server(|second| at_once(&app, &[&app.base, second]));
}

#[test]
fn a_token_that_nobody_was_given_ends_nothing() {
    let app = App::start();
    let first = first_token(&app);
    refresh(&app, "dGhpcyB0b2tlbiB3YXMgbWFkZSB1cCBieSBzb21lYm9keQ").expect_problem(401, "refresh_refused");
    refresh(&app, &first).expect(200);
}

#[test]
fn an_ended_session_is_not_refreshed_and_nobody_is_told_of_theft() {
    let app = App::start();
    let first = first_token(&app);
    let second = refresh(&app, &first).expect(200);
    app.anonymous().delete("/v1/sessions/current").bearer(&second.text("/access_token")).send().expect(204);
    wait(&app, 60);
    for token in [first, second.text("/refresh_token")] {
        refresh(&app, &token).expect_problem(401, "refresh_refused");
    }
    assert!(!app.letters_to("mei@example.org").contains(&"token_reused".to_owned()));
}

#[test]
fn signing_out_by_the_refresh_token_ends_its_session() {
    let app = App::start();
    let first = first_token(&app);
    let second = refresh(&app, &first).expect(200);
    let sign_out = |token: &str| app.anonymous().post("/v1/sessions/sign-out").json(&json!({ "refresh_token": token })).send().expect(204);
    sign_out("dGhpcyB0b2tlbiB3YXMgbWFkZSB1cCBieSBzb21lYm9keQ");
    app.anonymous().get("/v1/me").bearer(&second.text("/access_token")).send().expect(200);
    sign_out(&second.text("/refresh_token"));
    app.anonymous().get("/v1/me").bearer(&second.text("/access_token")).send().expect_problem(401, "session_ended");
}
