//! One key, one effect: the answer to a request is kept under its idempotency key, in the transaction of the effect.

use std::sync::Arc;

use domain::ids::CaseId;
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::run::{OrTurnedAway as _, Prepared, UseCase};
use super::trail::{Ending, Failure};
use super::{Frame, IdempotencyKey, Work};
use crate::in_flight::Slot;
use crate::{App, Error, clock};

/// How long the answer to an idempotency key is kept.
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// An answer, and whether it is the kept answer to an earlier, same request.
#[derive(Clone, Debug)]
pub struct Once<T> {
    /// The answer.
    pub value: T,
    /// Whether it is a kept one.
    pub replayed: bool,
}

impl App {
    /// Like [`App::perform`], but the answer is kept under the request's idempotency key, if it has one.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if the key stands for another request, [`Error::InFlight`] if the first request with it does not end, and
    /// those of [`App::perform`].
    pub async fn perform_once<T>(&self, prepared: Prepared<T>) -> Result<Once<T>, Error>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let Some(key) = prepared.context.idempotency.clone() else {
            return Ok(Once { value: self.perform(prepared).await?, replayed: false });
        };
        let Prepared { context, use_case } = prepared;
        let frame = self.frame(context).await?;
        let user = frame.context.actor.caller().map(|caller| caller.who.user.to_string()).unwrap_or_default();
        let slot: Slot = crate::digest(format!("{user}\n{}\n{}", frame.context.operation.operation_id(), key.key).as_bytes()).into();
        let key = Arc::new(key);
        let _turn = self.in_flight.take(&slot).await.map_err(Failure::from).or_turned_away(self, &frame).await?;
        // This comes before the job and the precondition: the kept answer is valid even if the case has changed since.
        if let Some(value) = self.replay(&frame, &slot, &key).await? {
            return Ok(Once { value, replayed: true });
        }
        let (slot_here, key_here) = (Arc::clone(&slot), Arc::clone(&key));
        let keeping: UseCase<T> = Arc::new(move |work| {
            let (done, mut work) = use_case(work);
            let kept = done.and_then(|value| keep(&mut work, &slot_here, &key_here, &value).map(|()| value));
            (kept, work)
        });
        match self.write(&frame, keeping).await {
            Ok(value) => Ok(Once { value, replayed: false }),
            // Another server may have completed the same request first: then its answer is given.
            Err(failure) => match self.replay(&frame, &slot, &key).await? {
                Some(value) => Ok(Once { value, replayed: true }),
                None => Err(failure).or_turned_away(self, &frame).await,
            },
        }
    }

    /// The kept answer, if this very request was answered before. The caller's authority is asked anew.
    async fn replay<T>(&self, frame: &Frame, slot: &Slot, key: &Arc<IdempotencyKey>) -> Result<Option<T>, Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let (slot, key) = (Arc::clone(slot), Arc::clone(key));
        let (Some(value), trail) = self.look(frame, move |work| kept(work, &slot, &key)).await? else { return Ok(None) };
        self.append(&frame.context, frame.now, trail, Ending::Replayed).await?;
        Ok(Some(value))
    }
}

/// The kept answer to this very request, if there is one and the caller still may have it.
fn kept<T: DeserializeOwned>(work: &mut Work<'_, '_>, slot: &[u8], key: &IdempotencyKey) -> Result<Option<T>, Error> {
    work.disregard_expectation();
    let Some(kept) = persistence::idempotency::find(work.tx, slot, work.now)? else { return Ok(None) };
    if kept.fingerprint != key.fingerprint {
        return Err(Error::KeyReused);
    }
    let (case, value): (Option<CaseId>, T) =
        serde_json::from_slice(&kept.body).map_err(|_| Error::Internal("a kept answer is not readable"))?;
    if let Some(case) = case.or(work.audited_case()) {
        work.case(case)?;
    }
    Ok(Some(value))
}

fn keep<T: Serialize>(work: &mut Work<'_, '_>, slot: &[u8], key: &IdempotencyKey, value: &T) -> Result<(), Error> {
    // With the case that it was about: a repetition must still have a relation to it, and is noted there.
    let body = serde_json::to_vec(&(work.audited_case(), value)).map_err(|_| Error::Internal("an answer could not be kept"))?;
    let kept = persistence::idempotency::Kept { fingerprint: key.fingerprint.clone(), status: 200, body };
    let until = clock::after(work.now, ANSWERS_KEPT)?;
    persistence::idempotency::insert(work.tx, slot, &kept, work.now, until)?;
    Ok(())
}
