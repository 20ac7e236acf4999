//! The settings of the hospital. Administrators read and change them while the server runs.

use std::sync::Arc;

use domain::access::may;
use domain::calendar::ClosedDay;
use domain::settings::HospitalSettings;
use serde_json::Value;

use crate::app::read_settings;
use crate::{App, Error, Fault, Revision, Settings, UnitOfWork, Work};

/// The revision of the settings.
pub fn revision(settings: &Settings) -> Revision {
    Revision::from(settings.version)
}

/// The settings in force, as they stand in the database.
pub fn get_settings(work: &mut UnitOfWork<'_, '_, may::GetSettings>) -> Result<Settings, Error> {
    read_settings(work.tx)
}

impl App {
    /// Reads the settings again at their next use: they were changed here. Other servers see the change within seconds.
    pub fn forget_settings(&self) {
        self.remember(None);
    }
}

/// Changes settings by a JSON merge patch (RFC 7396); `null` puts a default back in force.
///
/// # Errors
/// Every setting that makes no sense, by its pointer.
pub fn update_settings(work: &mut UnitOfWork<'_, '_, may::UpdateSettings>, patch: &Value) -> Result<Settings, Error> {
    work.audit_subject("settings");
    let before = read_settings(work.tx)?;
    work.expect(revision(&before))?;
    let mut document = serde_json::to_value(&*before.values).map_err(|_| Error::Internal("the settings could not be written as JSON"))?;
    json_patch::merge(&mut document, patch);
    let values: HospitalSettings = serde_json::from_value(document).map_err(|_| Error::invalid("", "invalid"))?;
    let faults = values.faults();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults.iter().map(|fault| Fault::at(fault.pointer, fault.code)).collect()));
    }
    let unknown = unknown_departments(work, &values.calendar.closed_days, "/calendar/closed_days")?;
    if !unknown.is_empty() {
        return Err(Error::Invalid(unknown));
    }
    save(work, before, values)
}

/// A fault for each closed day of a department that does not exist; the list stands at `pointer`.
pub(crate) fn unknown_departments(work: &mut Work<'_, '_>, days: &[ClosedDay], pointer: &str) -> Result<Vec<Fault>, Error> {
    let mut faults = Vec::new();
    for (place, day) in days.iter().enumerate() {
        if let Some(department) = day.department_id
            && persistence::departments::find(work.tx, department)?.is_none()
        {
            faults.push(Fault::at(format!("{pointer}/{place}/department_id"), "unknown_reference"));
        }
    }
    Ok(faults)
}

/// Puts settings in force in the place of those before, unless nothing changes.
pub(crate) fn save(work: &mut Work<'_, '_>, before: Settings, values: HospitalSettings) -> Result<Settings, Error> {
    if values == *before.values {
        return Ok(before);
    }
    let expected = i64::try_from(before.version).map_err(|_| Error::Internal("the version of the settings is out of range"))?;
    let now = work.now;
    let version = persistence::settings::save(work.tx, &values, expected, now)?;
    Ok(Settings { values: Arc::new(values), version: u64::try_from(version).unwrap_or(0) })
}
