//! Medical coordination agencies that refer patients.

use std::sync::Arc;

use domain::access::may;
use domain::ids::AgencyId;
use persistence::agencies::Agency;
use serde_json::Value;

use crate::{App, Error, Revision, UnitOfWork, work};

pub use persistence::agencies::Agency as Stored;

/// The content of a new agency.
#[derive(Clone, Debug)]
pub struct NewAgency {
    /// Its name.
    pub name: String,
    /// Whom to ask there, as the view wrote it.
    pub contact: Value,
}

/// A change of an agency. `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct AgencyPatch {
    /// Its name.
    pub name: Option<String>,
    /// A change of the contact: a merge patch (RFC 7396).
    pub contact: Option<Value>,
    /// Whether its staff may sign in and refer.
    pub active: Option<bool>,
}

/// The revision of an agency.
pub fn revision(agency: &Agency) -> Revision {
    Revision::of(agency.version)
}

/// Makes an agency.
pub fn create_agency(work: &mut UnitOfWork<'_, '_, may::CreateAgency>, new: &NewAgency) -> Result<Agency, Error> {
    let agency = Agency {
        id: work.fresh(),
        name: new.name.clone(),
        contact: new.contact.clone(),
        active: true,
        created_at: work.now,
        updated_at: work.now,
        version: 1,
    };
    persistence::agencies::insert(work.tx, &agency)?;
    work.audit_subject(agency.id);
    Ok(agency)
}

/// One agency.
pub fn get_agency(work: &mut UnitOfWork<'_, '_, may::GetAgency>, id: AgencyId) -> Result<Agency, Error> {
    work.audit_subject(id);
    persistence::agencies::get(work.tx, id).map_err(work::absent)
}

/// A page of agencies, newest first; one more than `limit` if there is a next page.
pub fn list_agencies(work: &mut UnitOfWork<'_, '_, may::ListAgencies>, after: Option<AgencyId>, limit: u32) -> Result<Vec<Agency>, Error> {
    let found = persistence::agencies::list(work.tx, persistence::Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |agency| agency.id);
    Ok(found)
}

/// Changes an agency.
pub fn update_agency(work: &mut UnitOfWork<'_, '_, may::UpdateAgency>, id: AgencyId, patch: &AgencyPatch) -> Result<Agency, Error> {
    let now = work.now;
    work.audit_subject(id);
    let stored = persistence::agencies::get(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&stored))?;
    let mut agency = stored.clone();
    if let Some(name) = &patch.name {
        agency.name.clone_from(name);
    }
    if let Some(contact) = &patch.contact {
        json_patch::merge(&mut agency.contact, contact);
    }
    if let Some(active) = patch.active {
        if agency.active != active {
            // Sessions of its staff, from before or from while it was closed, must not get its cases back when it reopens.
            persistence::sessions::revoke_all_of_agency(work.tx, id, now)?;
        }
        agency.active = active;
    }
    if agency == stored {
        return Ok(agency);
    }
    agency.updated_at = now;
    persistence::agencies::save(work.tx, &agency)?;
    agency.version = agency.version.saturating_add(1);
    Ok(agency)
}

impl App {
    /// Adds an agency from the command line or the demo.
    pub async fn add_agency(self: &Arc<Self>, name: String) -> Result<AgencyId, Error> {
        let now = self.clock.now();
        let id = self.ids.fresh(now);
        self.store
            .write(move |tx| {
                let contact = Value::Object(serde_json::Map::new());
                let agency = Agency { id, name: name.clone(), contact, active: true, created_at: now, updated_at: now, version: 1 };
                persistence::agencies::insert(tx, &agency)?;
                Ok(id)
            })
            .await
    }
}
