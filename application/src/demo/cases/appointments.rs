//! The visits of the demo: days that are wished for, times that are offered, and one that is booked.

use domain::access::{Role, may};
use domain::appointments::InterpreterFrom;
use domain::calendar::{days_after, end_of_day, today_in_tokyo};
use domain::ids::CaseId;
use serde_json::json;

use super::CaseBuilder;
use crate::appointments::{self, NewBooking, NewOffer, NewWishes, WantedTime};
use crate::calendar::{self, HalfHours};
use crate::demo::read;
use crate::{Error, UnitOfWork};

/// How far a visit is arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arranged {
    /// The family said when it can come.
    Wished,
    /// The hospital offers times.
    Offered,
    /// A time is booked.
    Booked,
}

/// Free half hours of a day of the demo's physician.
const OF_A_DAY: u32 = 4;

impl CaseBuilder<'_> {
    /// Arranges a visit, so far.
    pub(super) async fn arrange(&self, case: CaseId, until: Arranged) -> Result<(), Error> {
        match until {
            Arranged::Wished => {
                let today = today_in_tokyo(self.app.clock.now());
                let needs = read(&json!("My father uses a wheelchair."))?;
                let wishes = NewWishes {
                    days: vec![days_after(today, 14), days_after(today, 15)],
                    interpreter: Some(InterpreterFrom::NotNeeded),
                    needs: Some(needs),
                    ..NewWishes::default()
                };
                let propose = move |work: &mut UnitOfWork<'_, '_, may::ProposeAppointmentWishes>| {
                    appointments::propose_appointment_wishes(work, case, &wishes).map(drop)
                };
                self.step(Role::Applicant, propose).await
            }
            Arranged::Offered => {
                let times = vec![self.free(0).await?, self.free(2).await?];
                let offer = NewOffer { times, room: None, notice: None };
                self.step(Role::Coordinator, move |work| appointments::offer_appointment(work, case, &offer).map(drop)).await
            }
            Arranged::Booked => {
                let time = self.free(OF_A_DAY).await?;
                let booking = NewBooking { time, interpreter: InterpreterFrom::NotNeeded, room: Some(read(&json!("Room 3"))?) };
                self.step(Role::Coordinator, move |work| appointments::book_appointment(work, case, &booking).map(drop)).await
            }
        }
    }

    /// A free half hour of the physician, so many after the first.
    async fn free(&self, place: u32) -> Result<WantedTime, Error> {
        let (physician, now) = (self.id_of(Role::Physician)?, self.app.clock.now());
        let which = HalfHours {
            department: None,
            physician: Some(physician),
            from: now,
            until: end_of_day(days_after(today_in_tokyo(now), 60)),
            free_at: None,
        };
        let list = move |work: &mut UnitOfWork<'_, '_, may::ListSlots>| calendar::list_slots(work, &which, None, place + 1);
        let found = self.step(Role::Coordinator, list).await?;
        let nth = usize::try_from(place).ok().and_then(|place| found.get(place).copied());
        let free = nth.ok_or(Error::Internal("the demo's physician is never free"))?;
        Ok(WantedTime { starts_at: free.starts_at, physician, also: Vec::new() })
    }
}
