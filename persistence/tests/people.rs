//! Accounts, sessions, codes, departments, agencies: what is written is read back, races are lost honestly.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use domain::access::{Role, RoleAssignment, Roles};
use domain::ids::UserId;
use jiff::{SignedDuration, Timestamp};
use persistence::agencies::{self, Agency};
use persistence::codes::{self, Code, Purpose};
use persistence::departments::{self, Department};
use persistence::devices::{self, Device};
use persistence::sessions::{self, Authenticated, Session};
use persistence::users::{self, Profile, User, UserFilter, UserStatus};
use persistence::{Error, Page, Store};
use support::{Database, id, now, someone, write};
use uuid::Uuid;

#[test]
fn a_user_comes_back_as_written() {
    let database = Database::new();
    let store = database.store();
    let department = Department {
        id: id(1),
        name_ja: "消化器内科".to_owned(),
        name_en: "Gastroenterology".to_owned(),
        accepting: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    let user = User {
        roles: Roles::new(vec![
            RoleAssignment::new(Role::Physician, Some(department.id), None).unwrap(),
            RoleAssignment::new(Role::Chief, Some(department.id), None).unwrap(),
        ])
        .unwrap(),
        password_hash: Some("$argon2id$…".to_owned()),
        email_verified_at: Some(now()),
        ..someone(2)
    };
    let (written, new) = (user.clone(), department.clone());
    write(&store, move |tx| {
        departments::insert(tx, &new)?;
        users::insert(tx, &written)
    })
    .unwrap();
    assert_eq!(write(&store, departments::list), Ok(vec![department]));
    assert_eq!(write(&store, move |tx| users::get(tx, user.id)).as_ref(), Ok(&user));
    let found = write(&store, |tx| users::find_by_address(tx, &"PERSON2@example.org".parse().unwrap()));
    assert_eq!(found, Ok(Some(user.clone())), "an address is found whatever its case");
    assert_eq!(write(&store, |tx| users::find_by_address(tx, &"nobody@example.org".parse().unwrap())), Ok(None));
    assert_eq!(write(&store, |tx| users::get(tx, id(99))), Err(Error::NotFound));
    let name = user.profile.name.clone();
    assert_eq!(write(&store, move |tx| users::names(tx, &[id(2), id(99)])), Ok(vec![(id(2), name)]));
}

#[test]
fn an_address_belongs_to_one_user() {
    let database = Database::new();
    let store = database.store();
    write(&store, |tx| users::insert(tx, &someone(1))).unwrap();
    let again = write(&store, |tx| users::insert(tx, &User { id: id(2), ..someone(1) }));
    assert!(again.as_ref().is_err_and(|error| error.is_duplicate("users.address_digest")), "{again:?}");
}

#[test]
fn of_two_changes_of_one_version_one_is_stale() {
    let database = Database::new();
    let store = database.store();
    write(&store, |tx| users::insert(tx, &someone(1))).unwrap();
    let changed = User { status: UserStatus::Disabled, epoch: 2, ..someone(1) };
    let (first, second) = (changed.clone(), changed.clone());
    assert_eq!(write(&store, move |tx| users::save(tx, &first)), Ok(()));
    assert_eq!(write(&store, move |tx| users::save(tx, &second)), Err(Error::Stale));
    assert_eq!(write(&store, |tx| users::get(tx, id(1))), Ok(User { version: 2, ..changed }));
}

#[test]
fn users_are_listed_newest_first_in_pages_and_by_what_they_are() {
    let database = Database::new();
    let store = database.store();
    write(&store, |tx| {
        for number in 1..=5 {
            users::insert(tx, &someone(number))?;
        }
        let coordinator = Roles::new(vec![RoleAssignment::new(Role::Coordinator, None, None).unwrap()]).unwrap();
        users::insert(tx, &User { roles: coordinator, status: UserStatus::Invited, ..someone(6) })
    })
    .unwrap();
    let list = |filter: UserFilter, page: Page<UserId>| -> Vec<UserId> {
        write(&store, move |tx| users::list(tx, &filter, page)).unwrap().into_iter().map(|user| user.id).collect()
    };
    assert_eq!(list(UserFilter::default(), Page::first(2)), [id(6), id(5)]);
    assert_eq!(list(UserFilter::default(), Page { after: Some(id(5)), limit: 3 }), [id(4), id(3), id(2)]);
    assert_eq!(list(UserFilter { role: Some(Role::Coordinator), ..UserFilter::default() }, Page::first(9)), [id(6)]);
    assert_eq!(list(UserFilter { status: Some(UserStatus::Active), ..UserFilter::default() }, Page::first(9)).len(), 5);
}

fn session(user: UserId) -> Session {
    Session {
        id: id(10),
        user,
        epoch: 1,
        created_at: now(),
        last_seen_at: now(),
        expires_at: later(24),
        revoked_at: None,
        client: "browser".to_owned(),
        in_cookie: false,
        source: Some("203.0.113.7".to_owned()),
    }
}

/// What a request with a token of this session finds.
fn looked_up(store: &Store, number: u128) -> Result<Option<Authenticated>, Error> {
    runtime().block_on(store.find_session(id(number)))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}

fn later(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

#[test]
fn a_session_is_authenticated_with_its_user_and_roles() {
    let database = Database::new();
    let store = database.store();
    let agency = Agency {
        id: id(3),
        name: "Care Bridge".to_owned(),
        contact: serde_json::json!({"phone": "+81312345678"}),
        active: true,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    let roles = Roles::new(vec![RoleAssignment::new(Role::Agency, None, Some(agency.id)).unwrap()]).unwrap();
    let user = User { roles: roles.clone(), ..someone(1) };
    let of_agency = agency.clone();
    write(&store, move |tx| {
        agencies::insert(tx, &of_agency)?;
        users::insert(tx, &user)?;
        sessions::insert(tx, &session(user.id))
    })
    .unwrap();
    let found = looked_up(&store, 10).unwrap().unwrap();
    assert_eq!((found.user, found.session_epoch, found.user_epoch, found.status), (id(1), 1, 1, UserStatus::Active));
    assert_eq!((found.roles, found.revoked_at, found.expires_at), (roles, None, later(24)));
    assert_eq!(looked_up(&store, 11), Ok(None));
    let closed = Agency { active: false, ..agency.clone() };
    write(&store, move |tx| agencies::save(tx, &closed)).unwrap();
    let found = looked_up(&store, 10).unwrap().unwrap();
    assert_eq!(found.roles, Roles::none(), "the staff of a closed agency have no role");
    assert_eq!(write(&store, |tx| agencies::list(tx, Page::first(5))), Ok(vec![Agency { active: false, version: 2, ..agency }]));
    assert_eq!(write(&store, |tx| sessions::revoke_all(tx, id(1), Some(id(10)), now())), Ok(vec![]));
    assert_eq!(write(&store, |tx| sessions::revoke_all(tx, id(1), None, now())), Ok(vec![id(10)]));
    let found = looked_up(&store, 10).unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(now()));
}

/// On `PostgreSQL` one statement answers all of them (ADR 30).
#[test]
fn sessions_that_are_asked_for_at_once_are_each_answered_for_themselves() {
    let database = Database::new();
    let store = database.store();
    write(&store, |tx| {
        for number in 1..=20 {
            users::insert(tx, &someone(number))?;
            // The last one's user will not be readable.
            sessions::insert(tx, &Session { id: id(100 + number), epoch: if number == 20 { 7 } else { 1 }, ..session(id(number)) })?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    database.sql("UPDATE users SET status = 'asleep' WHERE id IN (SELECT user_id FROM sessions WHERE epoch = 7)");
    let runtime = runtime();
    let ask = |number: u128| {
        let store = store.clone();
        runtime.spawn(async move { (number, store.find_session(id(100 + number)).await) })
    };
    // Each three times, and one that there is not.
    let asked: Vec<_> = (0..63).map(|turn| ask(turn % 21 + 1)).collect();
    for task in asked {
        match runtime.block_on(task).unwrap() {
            (20, answer) => assert!(matches!(answer, Err(Error::Corrupt { .. })), "{answer:?}"),
            (21, answer) => assert_eq!(answer, Ok(None)),
            (number, answer) => {
                let answer = answer.unwrap().unwrap();
                assert_eq!((answer.session, answer.user, answer.revoked_at), (id(100 + number), id(number), None));
            }
        }
    }
    // What was ended is seen as ended by whoever asks afterwards, however many ask.
    write(&store, |tx| sessions::revoke(tx, id(103), now())).unwrap();
    for task in (0..40).map(|turn| ask(turn % 4 + 1)).collect::<Vec<_>>() {
        let (number, answer) = runtime.block_on(task).unwrap();
        assert_eq!(answer.unwrap().unwrap().revoked_at, (number == 3).then(now), "{number}");
    }
}

#[test]
fn every_refresh_token_of_a_session_is_known() {
    let database = Database::new();
    let store = database.store();
    let (first, second) = ([1_u8; 32], [2_u8; 32]);
    write(&store, move |tx| {
        users::insert(tx, &someone(1))?;
        sessions::insert(tx, &session(id(1)))?;
        sessions::insert_token(tx, id(10), &first, now())?;
        sessions::insert_token(tx, id(10), &second, now())?;
        sessions::supersede(tx, &first, "the second token", later(1))
    })
    .unwrap();
    assert_eq!(write(&store, |tx| sessions::lock(tx, id(10))), Ok(Some(session(id(1)))));
    let find = |hash: [u8; 32]| write(&store, move |tx| sessions::find_token(tx, &hash)).unwrap();
    let superseded = find(first).unwrap();
    assert_eq!(
        (superseded.session, superseded.superseded_at, superseded.successor.as_deref()),
        (id(10), Some(later(1)), Some("the second token"))
    );
    assert_eq!(find(second).map(|token| (token.superseded_at, token.successor)), Some((None, None)));
    assert_eq!(find([3; 32]), None);
    write(&store, |tx| sessions::erase_successors(tx, id(10), later(1))).unwrap();
    assert!(find(first).unwrap().successor.is_some(), "not yet too old");
    write(&store, |tx| sessions::erase_successors(tx, id(10), later(2))).unwrap();
    assert_eq!(find(first).map(|token| (token.superseded_at, token.successor)), Some((Some(later(1)), None)));
    write(&store, |tx| sessions::revoke(tx, id(10), now())).unwrap();
    assert_eq!(write(&store, |tx| sessions::sweep(tx, later(1))), Ok(1));
    assert_eq!(find(first), None, "the tokens go with their session");
}

#[test]
fn the_devices_used_last_are_kept() {
    let database = Database::new();
    let store = database.store();
    write(&store, |tx| {
        users::insert(tx, &someone(1))?;
        users::insert(tx, &someone(2))?;
        for number in 1..=4_u8 {
            let (token_hash, at) = (vec![number; 32], later(number.into()));
            let device = Device {
                id: Uuid::from_u128(number.into()),
                user: id(1),
                token_hash,
                created_at: at,
                last_used_at: at,
                expires_at: later(99),
            };
            devices::insert(tx, &device, 3)?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    let known =
        |user: u128, number: u8, at: Timestamp| write(&store, move |tx| devices::find(tx, id(user), &[number; 32], at)).unwrap().is_some();
    assert_eq!([1, 2, 3, 4].map(|number| known(1, number, now())), [false, true, true, true]);
    assert!(!known(2, 4, now()), "a device belongs to one account");
    assert!(!known(1, 4, later(99)), "it has run out");
}

#[test]
fn a_code_is_used_up_once() {
    let database = Database::new();
    let store = database.store();
    let code = Code {
        id: Uuid::from_u128(5),
        purpose: Purpose::EmailVerification,
        code_hash: vec![9; 32],
        user: Some(id(1)),
        case: None,
        email: Some("person1@example.org".parse().unwrap()),
        payload: Some(serde_json::json!({"note": "x"})),
        created_at: now(),
        expires_at: later(1),
        used_at: None,
    };
    let written = code.clone();
    write(&store, move |tx| {
        users::insert(tx, &someone(1))?;
        codes::insert(tx, &written)
    })
    .unwrap();
    let find = |purpose| write(&store, move |tx| codes::find_by_hash(tx, purpose, &[9; 32]));
    assert_eq!(find(Purpose::EmailVerification), Ok(Some(code.clone())));
    assert_eq!(find(Purpose::PasswordReset), Ok(None));
    assert_eq!(write(&store, |tx| codes::use_up(tx, Uuid::from_u128(5), now())), Ok(()));
    assert_eq!(write(&store, |tx| codes::use_up(tx, Uuid::from_u128(5), now())), Err(Error::Stale));
    assert_eq!(find(Purpose::EmailVerification), Ok(Some(Code { used_at: Some(now()), ..code })));
}

#[test]
fn personal_data_is_not_found_in_the_raw_database() {
    let database = Database::new();
    let store: Store = database.store();
    let canary = User {
        profile: Profile { name: support::name("Quetzalcoatl Canary"), phone: None },
        email: "quetzal.canary@example.org".parse().unwrap(),
        ..someone(1)
    };
    write(&store, move |tx| users::insert(tx, &canary)).unwrap();
    let raw = database.raw(&store);
    assert!(raw.len() > 1000 && contains(&raw, b"active"), "the haystack holds the row");
    for needle in ["Quetzalcoatl", "Canary", "quetzal", "canary@example"] {
        assert!(!contains(&raw, needle.as_bytes()), "{needle} is readable");
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_damaged_row_is_corrupt_and_named() {
    let database = Database::new();
    let store = database.store();
    write(&store, |tx| {
        users::insert(tx, &someone(1))?;
        users::insert(tx, &someone(2))
    })
    .unwrap();
    // The sealed value of another row does not open here.
    database.sql("UPDATE users SET profile_sealed = (SELECT profile_sealed FROM users ORDER BY id LIMIT 1), email_sealed = email_sealed");
    let states: Vec<_> =
        [1, 2].map(|number| write(&store, move |tx| users::get(tx, id(number)))).into_iter().filter(Result::is_err).collect();
    let [Err(Error::Corrupt { table: "users", column: "profile_sealed", id: named })] = states.as_slice() else { panic!("{states:?}") };
    assert!(named.contains("0000"), "{named}");
}
