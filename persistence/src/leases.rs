//! Leases: of several programs on one database, one at a time runs the clock's jobs.

use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::leases;
use crate::{Error, Transaction};

/// Takes the lease, or prolongs it, until `until`; says whether it is the holder's now.
pub fn take(tx: &mut Transaction<'_>, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool, Error> {
    let row = (leases::name.eq(name), leases::holder.eq(holder), leases::until.eq(Bind(until)));
    let taken = (leases::holder.eq(holder), leases::until.eq(Bind(until)));
    let upsert = diesel::insert_into(leases::table).values(row).on_conflict(leases::name).do_update().set(taken);
    let upsert = FilterDsl::filter(upsert, leases::holder.eq(holder).or(leases::until.le(Bind(now))));
    Ok(on!(tx, |c| upsert.execute(c))? > 0)
}
