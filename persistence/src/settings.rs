//! The hospital's settings: one row of JSON, nothing personal in it.

use diesel::prelude::*;
use domain::settings::HospitalSettings;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::schema::settings;
use crate::{Error, Transaction};

/// The settings as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSettings {
    /// The settings.
    pub settings: HospitalSettings,
    /// Counts the changes; 0 as long as the defaults were never touched.
    pub version: i64,
    /// When they last changed.
    pub updated_at: Option<Timestamp>,
}

/// The only row.
const ROW: i32 = 1;
/// Where the settings are stored, for what a newer program wrote there.
const PLACE: (&str, &str, Uuid) = ("settings", "body", Uuid::nil());

/// The settings; the defaults if nobody has changed them.
pub fn get(tx: &mut Transaction<'_>) -> Result<StoredSettings, Error> {
    let row: Option<(String, i64, Timestamp)> = with_connection!(tx, |c| settings::table
        .filter(settings::id.eq(ROW))
        .select((settings::body, settings::version, settings::updated_at))
        .first(c)
        .optional())?;
    let Some((body, version, updated_at)) = row else {
        return Ok(StoredSettings { settings: HospitalSettings::default(), version: 0, updated_at: None });
    };
    let settings = tx.read_form(PLACE, body.as_bytes())?;
    Ok(StoredSettings { settings, version, updated_at: Some(updated_at) })
}

/// Writes the settings and gives their new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is `expected`.
pub fn save(tx: &mut Transaction<'_>, new: &HospitalSettings, expected: i64, now: Timestamp) -> Result<i64, Error> {
    let body = tx.write_form_text(PLACE, new)?;
    let version = expected + 1;
    let written = if expected == 0 {
        let row = (settings::id.eq(ROW), settings::version.eq(version), settings::body.eq(&body), settings::updated_at.eq(Bind(now)));
        with_connection!(tx, |c| diesel::insert_into(settings::table).values(row).on_conflict_do_nothing().execute(c))?
    } else {
        let target = settings::table.filter(settings::id.eq(ROW).and(settings::version.eq(expected)));
        let new = (settings::version.eq(version), settings::body.eq(&body), settings::updated_at.eq(Bind(now)));
        with_connection!(tx, |c| diesel::update(target).set(new).execute(c))?
    };
    if written == 0 { Err(Error::Stale) } else { Ok(version) }
}
