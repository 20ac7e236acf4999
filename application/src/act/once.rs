//! One key, one effect: the answer to a request is kept under its idempotency key, in the transaction of the effect.

use std::sync::Arc;

use domain::ids::CaseId;
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Act, Ask, IdempotencyKey};
use crate::{Error, Hospital, clock};

/// How long the answer to an idempotency key is kept.
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What was asked for, and whether it is the kept answer to an earlier, same request.
#[derive(Clone, Debug)]
pub struct Once<T> {
    /// The answer.
    pub value: T,
    /// Whether it is a kept one.
    pub replayed: bool,
}

impl Hospital {
    /// Like [`Hospital::perform`], but the answer is kept under the request's idempotency key, if it has one.
    pub async fn perform_once<T, J>(self: &Arc<Self>, ask: Ask, job: J) -> Result<Once<T>, Error>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        J: Fn(&mut Act<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let Some(key) = ask.idempotency.clone() else {
            return Ok(Once { value: self.perform(ask, job).await?, replayed: false });
        };
        let user = ask.caller.as_ref().map(|caller| caller.who.user.to_string()).unwrap_or_default();
        let slot = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            format!("{user}\n{}\n{}", ask.operation.operation_id(), key.key).as_bytes(),
        );
        let slot: Arc<[u8]> = slot.as_ref().into();
        let key = Arc::new(key);
        let (slot_here, key_here) = (Arc::clone(&slot), Arc::clone(&key));
        let done = self
            .perform(ask.clone(), move |act| {
                if let Some(value) = replay(act, &slot_here, &key_here)? {
                    return Ok(Once { value, replayed: true });
                }
                let value = job(act)?;
                keep(act, &slot_here, &key_here, &value)?;
                Ok(Once { value, replayed: false })
            })
            .await;
        // A twin may have won while this one was under way: then its answer is ours.
        match done {
            Err(
                Error::Stored(persistence::Error::Duplicate { .. } | persistence::Error::Stale)
                | Error::Stale
                | Error::Refused(_)
                | Error::Conflict(_),
            ) => {
                let kept = self.perform(ask, move |act| replay(act, &slot, &key)).await?;
                match kept {
                    Some(value) => Ok(Once { value, replayed: true }),
                    None => done,
                }
            }
            done => done,
        }
    }
}

/// The kept answer, if this very request was answered before. The caller's authority is asked anew.
fn replay<T: DeserializeOwned>(act: &mut Act<'_, '_>, slot: &[u8], key: &IdempotencyKey) -> Result<Option<T>, Error> {
    let Some(kept) = persistence::idempotency::find(act.tx, slot, act.now)? else { return Ok(None) };
    if kept.fingerprint != key.fingerprint {
        return Err(Error::KeyReused);
    }
    let (case, value): (Option<CaseId>, T) =
        serde_json::from_slice(&kept.body).map_err(|_| Error::Internal("a kept answer is not readable"))?;
    if let Some(case) = case.or(act.ask.case) {
        act.load_case(case)?;
    }
    act.expectation_met = true;
    Ok(Some(value))
}

fn keep<T: Serialize>(act: &mut Act<'_, '_>, slot: &[u8], key: &IdempotencyKey, value: &T) -> Result<(), Error> {
    // With the case that it was about: a repetition must still have a relation to it, and is noted there.
    let body = serde_json::to_vec(&(act.case, value)).map_err(|_| Error::Internal("an answer could not be kept"))?;
    let kept = persistence::idempotency::Kept { fingerprint: key.fingerprint.clone(), status: 200, body };
    let until = clock::after(act.now, ANSWERS_KEPT)?;
    persistence::idempotency::insert(act.tx, slot, &kept, act.now, until)?;
    Ok(())
}
