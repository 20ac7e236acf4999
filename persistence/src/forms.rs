//! Stored values and the numbers of their forms, so that a value outlives the program that wrote it.
//!
//! A value is stored as `{"form": 2, "value": …}`. Release 0.1 stored the value alone: that is form 1.
//!
//! * A lower form is brought up to ours by [`StoredForm::upcast`].
//! * A higher form was written by the newer server of a rolling upgrade. Unknown keys are ignored when it is read. When this program
//!   writes the same row, it writes back what it did not know, and keeps the higher number.

mod carry;
mod upcasts;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// A type whose values are stored as JSON.
pub(crate) trait StoredForm: Serialize + DeserializeOwned {
    /// The form that this program writes.
    const FORM: u16 = 1;

    /// Brings a value of the form `from`, which is below [`Self::FORM`], up to it; `None` if it cannot be such a value.
    fn upcast(from: u16, value: Value) -> Option<Value> {
        let _ = from;
        Some(value)
    }
}

/// A value as it was read.
#[derive(Debug)]
pub(crate) struct Opened<T> {
    pub(crate) value: T,
    /// The parts that a newer program wrote, if any.
    pub(crate) newer: Option<Newer>,
}

/// A value of a higher form: the whole, and the part that this program knows.
#[derive(Debug)]
pub(crate) struct Newer {
    form: u16,
    whole: Value,
    known: Value,
}

#[derive(Serialize)]
struct Framed<'a, T> {
    form: u16,
    value: &'a T,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame<'a> {
    form: u16,
    #[serde(borrow)]
    value: &'a RawValue,
}

/// A stored value that this program cannot read. It does not say why: serde's message may quote the value.
#[derive(Debug)]
pub(crate) struct Unreadable;

impl From<serde_json::Error> for Unreadable {
    fn from(_: serde_json::Error) -> Self {
        Self
    }
}

/// Reads a stored value.
pub(crate) fn read<T: StoredForm>(text: &[u8]) -> Result<Opened<T>, Unreadable> {
    let text = std::str::from_utf8(text).map_err(|_| Unreadable)?;
    let (form, json) = match serde_json::from_str::<Frame<'_>>(text) {
        Ok(frame) => (frame.form, frame.value.get()),
        Err(_) => (1, text),
    };
    if form < T::FORM {
        let old = T::upcast(form, serde_json::from_str(json)?).ok_or(Unreadable)?;
        return Ok(Opened { value: serde_json::from_value(old)?, newer: None });
    }
    let value: T = serde_json::from_str(json)?;
    if form == T::FORM {
        return Ok(Opened { value, newer: None });
    }
    let newer = Newer { form, whole: serde_json::from_str(json)?, known: serde_json::to_value(&value)? };
    if next::is_simulated() && newer.whole.is_object() && newer.whole.get(next::PROPERTY).is_none() {
        // The plain server dropped the new property.
        return Err(Unreadable);
    }
    Ok(Opened { value, newer: Some(newer) })
}

/// Writes a value, with what was not known of the one that it replaces.
pub(crate) fn write<T: StoredForm>(value: &T, replaced: Option<&Newer>) -> Result<Vec<u8>, Unreadable> {
    let Some(newer) = replaced else {
        return Ok(next::write(value, T::FORM)?);
    };
    let mut json = serde_json::to_value(value)?;
    carry::over(&newer.whole, &newer.known, &mut json);
    Ok(serde_json::to_vec(&Framed { form: newer.form, value: &json })?)
}

/// The form of a stored value, without reading it.
pub(crate) fn form_of(text: &[u8]) -> u16 {
    serde_json::from_slice::<Frame<'_>>(text).map_or(1, |frame| frame.form)
}

/// The JSON of a stored value, whatever its form.
pub(crate) fn value_of(text: &[u8]) -> Option<Value> {
    let framed = serde_json::from_slice::<Frame<'_>>(text);
    framed.map_or_else(|_| serde_json::from_slice(text).ok(), |frame| serde_json::from_str(frame.value.get()).ok())
}

/// A simulated next version of this program, for the test that runs two versions side by side.
pub(crate) mod next {
    use diesel::connection::SimpleConnection as _;

    use super::{Framed, StoredForm};
    use crate::connection::Connection;
    use crate::error::OpenError;

    /// The setting of debug builds that simulates the next version.
    #[cfg(debug_assertions)]
    const SETTING: &str = "SECOND_OPINION_NEXT_FORM";
    /// The property that the next version adds to each stored object.
    pub(crate) const PROPERTY: &str = "added_by_the_next_form";

    /// Whether this process simulates the next version. Release builds never do.
    pub(crate) fn is_simulated() -> bool {
        #[cfg(debug_assertions)]
        {
            static ON: std::sync::LazyLock<bool> = std::sync::LazyLock::new(|| std::env::var(SETTING).is_ok_and(|value| value == "1"));
            *ON
        }
        #[cfg(not(debug_assertions))]
        false
    }

    /// The next version has one more column, which may be empty.
    pub(crate) fn add_column(connection: &mut Connection) -> Result<(), OpenError> {
        let Connection::Postgres(c) = connection else { return Ok(()) };
        if !is_simulated() {
            return Ok(());
        }
        let added = c.batch_execute(&format!("ALTER TABLE cases ADD COLUMN IF NOT EXISTS {PROPERTY} text"));
        added.map_err(|error| OpenError::Migration(error.to_string()))
    }

    pub(super) fn write<T: StoredForm>(value: &T, form: u16) -> Result<Vec<u8>, serde_json::Error> {
        if !is_simulated() {
            return serde_json::to_vec(&Framed { form, value });
        }
        let mut json = serde_json::to_value(value)?;
        if let serde_json::Value::Object(object) = &mut json {
            object.insert(PROPERTY.to_owned(), serde_json::Value::from(true));
        }
        serde_json::to_vec(&Framed { form: form + 1, value: &json })
    }
}

#[cfg(test)]
mod tests;
