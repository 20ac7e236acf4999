//! Medical coordination agencies that refer patients.

use std::sync::Arc;

use domain::ids::AgencyId;
use persistence::agencies::Agency;
use serde_json::Value;

use crate::{Act, Error, Hospital, Revision, act};

pub use persistence::agencies::Agency as Stored;

/// What an agency is made with.
#[derive(Clone, Debug)]
pub struct NewAgency {
    /// Its name.
    pub name: String,
    /// Whom to ask there, as the view wrote it.
    pub contact: Value,
}

/// What of an agency changes; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AgencyPatch {
    /// Its name.
    pub name: Option<String>,
    /// What of whom to ask there changes: a merge patch (RFC 7396).
    pub contact: Option<Value>,
    /// Whether its staff may sign in and refer.
    pub active: Option<bool>,
}

/// The revision of an agency.
pub fn revision(agency: &Agency) -> Revision {
    Revision::shared(&agency.id.to_string(), u64::try_from(agency.version).unwrap_or(0))
}

/// Makes an agency.
pub fn create_agency(act: &mut Act<'_, '_>, new: &NewAgency) -> Result<Agency, Error> {
    let agency = Agency {
        id: act.fresh(),
        name: new.name.clone(),
        contact: new.contact.clone(),
        active: true,
        created_at: act.now,
        updated_at: act.now,
        version: 1,
    };
    persistence::agencies::insert(act.tx, &agency)?;
    act.touched(agency.id);
    Ok(agency)
}

/// One agency.
pub fn get_agency(act: &mut Act<'_, '_>, id: AgencyId) -> Result<Agency, Error> {
    act.touched(id);
    persistence::agencies::get(act.tx, id).map_err(act::absent)
}

/// A page of agencies, newest first; one more than `limit` if there is a next page.
pub fn list_agencies(act: &mut Act<'_, '_>, after: Option<AgencyId>, limit: u32) -> Result<Vec<Agency>, Error> {
    Ok(persistence::agencies::list(act.tx, persistence::Page { after, limit: limit.saturating_add(1) })?)
}

/// Changes an agency.
pub fn update_agency(act: &mut Act<'_, '_>, id: AgencyId, patch: &AgencyPatch) -> Result<Agency, Error> {
    let mut agency = persistence::agencies::get(act.tx, id).map_err(act::absent)?;
    act.touched(id);
    act.expect(&revision(&agency))?;
    if let Some(name) = &patch.name {
        agency.name.clone_from(name);
    }
    if let Some(contact) = &patch.contact {
        json_patch::merge(&mut agency.contact, contact);
    }
    if let Some(active) = patch.active {
        if agency.active != active {
            // Sessions of its staff, from before or from while it was closed, must not get its cases back when it reopens.
            persistence::sessions::revoke_all_of_agency(act.tx, id, act.now)?;
        }
        agency.active = active;
    }
    agency.updated_at = act.now;
    persistence::agencies::save(act.tx, &agency)?;
    agency.version = agency.version.saturating_add(1);
    Ok(agency)
}

impl Hospital {
    /// Adds an agency from the command line or the demo.
    pub async fn add_agency(self: &Arc<Self>, name: String) -> Result<AgencyId, Error> {
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                let id = crate::clock::fresh(now);
                let contact = Value::Object(serde_json::Map::new());
                let agency = Agency { id, name: name.clone(), contact, active: true, created_at: now, updated_at: now, version: 1 };
                persistence::agencies::insert(tx, &agency)?;
                Ok(id)
            })
            .await
    }
}
