use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Person {
    name: String,
    #[serde(default)]
    nick: Option<String>,
    #[serde(default)]
    pets: Vec<Pet>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pet {
    id: u8,
    kind: String,
}

/// Form 1 called the name `called`.
impl StoredForm for Person {
    const FORM: u16 = 2;

    fn upcast(from: u16, mut value: Value) -> Option<Value> {
        assert_eq!(from, 1);
        let name = value.as_object_mut()?.remove("called")?;
        value["name"] = name;
        Some(value)
    }
}

fn read_json(json: &Value) -> Opened<Person> {
    read(json.to_string().as_bytes()).unwrap()
}

fn mei() -> Person {
    Person { name: "Mei".to_owned(), nick: None, pets: vec![Pet { id: 1, kind: "cat".to_owned() }, Pet { id: 2, kind: "dog".to_owned() }] }
}

#[test]
fn a_value_is_read_as_it_was_written() {
    let written = write(&mei(), None).unwrap();
    assert!(written.starts_with(b"{\"form\":2,"));
    let opened: Opened<Person> = read(&written).unwrap();
    assert!(opened.newer.is_none());
    assert_eq!(opened.value, mei());
}

#[test]
fn an_older_form_is_brought_up_with_its_frame_and_without() {
    let old = json!({"called": "Mei", "pets": []});
    for stored in [old.clone(), json!({"form": 1, "value": old})] {
        assert_eq!(read_json(&stored).value.name, "Mei");
    }
    assert!(read::<Person>(br#"{"name": "Mei"}"#).is_err(), "form 1 has no such property");
}

#[test]
fn what_a_newer_program_wrote_survives_a_change_by_this_one() {
    let stored = json!({"form": 3, "value": {
        "name": "Mei", "nick": "M", "born": 1961, "address": {"city": "Tokyo"},
        "pets": [{"id": 1, "kind": "cat", "age": 3}, {"id": 2, "kind": "dog", "age": 4}]
    }});
    let opened = read_json(&stored);
    let changed =
        Person { nick: None, pets: vec![Pet { id: 2, kind: "wolf".to_owned() }, Pet { id: 9, kind: "fish".to_owned() }], ..opened.value };
    let written: Value = serde_json::from_slice(&write(&changed, opened.newer.as_ref()).unwrap()).unwrap();
    assert_eq!(
        written,
        json!({"form": 3, "value": {
            "name": "Mei", "nick": null, "born": 1961, "address": {"city": "Tokyo"},
            "pets": [{"id": 2, "kind": "wolf", "age": 4}, {"id": 9, "kind": "fish"}]
        }})
    );
}

#[test]
fn what_is_no_value_of_the_type_is_unreadable() {
    for text in ["", "null", "[]", r#"{"form": 2, "value": 7}"#, r#"{"form": 2}"#, "\u{0}"] {
        assert!(read::<Person>(text.as_bytes()).is_err(), "{text}");
    }
}
