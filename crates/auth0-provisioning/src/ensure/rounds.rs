//! Read, compare, write, compare the response; and again where another writer was faster or a response was lost.

use auth0_transport::Error;
use chrono::{DateTime, Utc};

use super::{Differences, Ensure, EnsureError, Ensured, Outcome, Present, Resource};
use crate::{
    deadline::{AFTER_A_LOST_RESPONSE, Deadline, READ_AGAIN_AFTER},
    missing::is_not_configured,
};

/// How many writes are tried before it gives up.
const MOST_WRITES: u32 = 3;

/// The work of one [`Ensure`], over as many rounds as it takes.
pub(super) struct Rounds<'a, R: Resource> {
    ensure: &'a Ensure<R>,
    deadline: Deadline,
    writes: u32,
    /// What was done over all rounds.
    done: Outcome<R::Changes>,
    /// When our own last write was made.
    written_at: Option<DateTime<Utc>>,
    /// A write whose response was lost: what it was to do, and the failure.
    lost: Option<(Outcome<R::Changes>, Error)>,
    /// A write that failed perhaps because another writer was faster, and whether there was a configuration before.
    overtaken: Option<(Error, bool)>,
    /// The last failure that led to another round.
    failure: Option<Error>,
}

/// What follows a write.
enum Next<R: Resource> {
    End(Box<Ensured<R::Configuration, R::Changes>>),
    /// Another round, with the configuration in the response to the write, if there was one.
    Round(Present<R::Configuration>),
}

type Failed<R> = EnsureError<<R as Resource>::Changes>;

impl<'a, R: Resource> Rounds<'a, R> {
    pub(super) fn new(ensure: &'a Ensure<R>, deadline: Deadline) -> Self {
        Self {
            ensure,
            deadline,
            writes: 0,
            done: Outcome::Unchanged,
            written_at: None,
            lost: None,
            overtaken: None,
            failure: None,
        }
    }

    pub(super) async fn run(
        mut self,
        mut known: Present<R::Configuration>,
    ) -> Result<Ensured<R::Configuration, R::Changes>, Failed<R>> {
        let Ensure { handle, desired, dry_run, creates, .. } = self.ensure;
        if let Err(invalid) = R::validate(desired) {
            return Err(self.failed(handle.with_id(invalid)));
        }
        loop {
            let present = match std::mem::replace(&mut known, Present::Unread) {
                Present::Read(present) => present.map(|present| *present),
                Present::Unread => self.read().await?,
            };
            self.settle_lost_write(present.as_ref())?;
            self.check_overtaken(present.is_some())?;
            self.check_not_updated(present.as_ref())?;
            if present.is_none() && !creates {
                return Err(EnsureError::Deleted { done: self.done });
            }
            let changes = present.as_ref().map(|present| R::changes(desired, present));
            if changes.as_ref().is_some_and(is_empty) {
                return Ok(Ensured::new(self.done, present));
            }
            if *dry_run {
                let outcome = changes.map_or(Outcome::Created, Outcome::of);
                return Ok(Ensured::new(outcome, present));
            }
            if self.writes == MOST_WRITES {
                return Err(self.exhausted(present.as_ref(), changes));
            }
            self.writes += 1;
            let next = match (present, changes) {
                (Some(present), Some(changes)) => self.update(&present, changes).await?,
                _ => self.create().await?,
            };
            match next {
                Next::End(ensured) => return Ok(*ensured),
                Next::Round(response) => known = response,
            }
        }
    }

    async fn read(&mut self) -> Result<Option<R::Configuration>, Failed<R>> {
        self.ensure.handle.read().await.map_err(|source| {
            let done = std::mem::take(&mut self.done);
            match self.lost.take() {
                Some((lost, _)) => EnsureError::Unknown { source, done, lost },
                None => EnsureError::Call { source, done },
            }
        })
    }

    /// Decides by the present configuration whether a write whose response was lost was processed. One that was not,
    /// although it was sent several times, is not tried once more.
    fn settle_lost_write(&mut self, present: Option<&R::Configuration>) -> Result<(), Failed<R>> {
        let Some((outcome, failure)) = self.lost.take() else { return Ok(()) };
        let present = present.filter(|present| match &outcome {
            Outcome::Updated(changes) => is_empty(&R::changes(&self.ensure.desired, present).of_fields_in(changes)),
            Outcome::Created | Outcome::Unchanged => true,
        });
        match present {
            Some(present) => {
                self.done.add(outcome);
                self.written_at = Some(R::updated_at(present));
            }
            None if failure.attempts() > 1 => return Err(self.failed(failure)),
            None => self.failure = Some(failure),
        }
        Ok(())
    }

    /// Another writer was faster only where a configuration has come or gone since.
    fn check_overtaken(&mut self, is_there: bool) -> Result<(), Failed<R>> {
        match self.overtaken.take() {
            Some((error, was_there)) if was_there == is_there => Err(self.failed(error)),
            Some((error, _)) => {
                self.failure = Some(error);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Only another writer's changes count: after a write of our own, its time is the one to expect.
    fn check_not_updated(&self, present: Option<&R::Configuration>) -> Result<(), Failed<R>> {
        let Some(expected) = self.ensure.expected else { return Ok(()) };
        let found = present.map(R::updated_at);
        match self.written_at {
            None if found == Some(expected) => Ok(()),
            None => Err(EnsureError::Modified { expected, found }),
            Some(written_at) if found == Some(written_at) => Ok(()),
            Some(written_at) => {
                let undone = present.map(|present| R::changes(&self.ensure.desired, present).reversed());
                let done = self.done.clone();
                Err(EnsureError::Overwritten { done, written_at, found, undone: undone.unwrap_or_default().into() })
            }
        }
    }

    async fn create(&mut self) -> Result<Next<R>, Failed<R>> {
        let Ensure { handle, desired, .. } = self.ensure;
        match handle.create(desired).await {
            Ok(created) => {
                self.done.add(Outcome::Created);
                self.written_at = Some(R::updated_at(&created));
                // What was not applied at the creation is sent once more, as an update.
                if is_empty(&R::changes(desired, &created)) {
                    self.confirm(created).await.map(|ensured| Next::End(Box::new(ensured)))
                } else {
                    Ok(Next::Round(Present::Read(Some(Box::new(created)))))
                }
            }
            Err(error) if error.may_have_been_processed() && !error.is_conflict() => {
                self.after_lost_response(Outcome::Created, error).await
            }
            // Another writer may have just created it: now it may need an update.
            Err(error) if R::may_exist(&error) => Ok(self.after_overtaking(error, false)),
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn update(&mut self, present: &R::Configuration, changes: R::Changes) -> Result<Next<R>, Failed<R>> {
        let Ensure { handle, desired, .. } = self.ensure;
        match handle.update(desired, present, &changes).await {
            Ok(updated) => {
                self.done.add(Outcome::of(R::changes(&R::Desired::from(&updated), present).of_fields_in(&changes)));
                self.written_at = Some(R::updated_at(&updated));
                let left = R::changes(desired, &updated);
                if is_empty(&left) {
                    return self.confirm(updated).await.map(|ensured| Next::End(Box::new(ensured)));
                }
                let ignored = left.of_fields_in(&changes);
                if !is_empty(&ignored) {
                    return Err(EnsureError::Ignored { done: std::mem::take(&mut self.done), ignored: ignored.into() });
                }
                // Between our read and our write, another writer changed what was as desired then.
                Ok(Next::Round(Present::Read(Some(Box::new(updated)))))
            }
            // Another writer may have just deleted it.
            Err(error) if is_not_configured(&error) => Ok(self.after_overtaking(error, true)),
            Err(error) if error.may_have_been_processed() => {
                self.after_lost_response(Outcome::of(changes), error).await
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    fn after_overtaking(&mut self, error: Error, was_there: bool) -> Next<R> {
        self.overtaken = Some((error, was_there));
        Next::Round(Present::Unread)
    }

    async fn after_lost_response(&mut self, lost: Outcome<R::Changes>, source: Error) -> Result<Next<R>, Failed<R>> {
        if !self.deadline.wait_after(&source, AFTER_A_LOST_RESPONSE).await {
            return Err(EnsureError::Unknown { source, done: std::mem::take(&mut self.done), lost });
        }
        self.lost = Some((lost, source));
        Ok(Next::Round(Present::Unread))
    }

    /// Reads once more what was written. If another writer has undone it since, that is an error.
    async fn confirm(&mut self, written: R::Configuration) -> Result<Ensured<R::Configuration, R::Changes>, Failed<R>> {
        let done = std::mem::take(&mut self.done);
        if !self.ensure.confirms {
            return Ok(Ensured::new(done, Some(written)));
        }
        let written_at = R::updated_at(&written);
        let overwritten = |done, found, undone: R::Changes| {
            Err(EnsureError::Overwritten { done, written_at, found, undone: undone.into() })
        };
        let mut pauses = READ_AGAIN_AFTER.iter();
        loop {
            // The write succeeded, whether or not it can be read back.
            let Ok(found) = self.ensure.handle.read().await else {
                return Ok(Ensured::new(done, Some(written)));
            };
            let undone = found.as_ref().map(|found| R::changes(&self.ensure.desired, found));
            // A read may be served from a copy that does not have our write yet.
            let is_older = match &found {
                Some(found) => R::updated_at(found) < written_at,
                None => matches!(done, Outcome::Created),
            };
            match (found, undone) {
                (Some(found), Some(undone)) if is_empty(&undone) => return Ok(Ensured::new(done, Some(found))),
                (found, _) if is_older => {
                    let pause = pauses.next();
                    let again = match pause {
                        Some(pause) => self.deadline.wait(*pause).await,
                        None => false,
                    };
                    match found {
                        _ if again => {}
                        Some(_) => return Ok(Ensured::new(done, Some(written))),
                        None => return overwritten(done, None, R::Changes::default()),
                    }
                }
                (Some(found), Some(undone)) if R::updated_at(&found) == written_at => {
                    return Err(EnsureError::Ignored { done, ignored: undone.into() });
                }
                (found, undone) => {
                    let undone = undone.map(|undone| undone.reversed()).unwrap_or_default();
                    return overwritten(done, found.as_ref().map(R::updated_at), undone);
                }
            }
        }
    }

    fn failed(&mut self, source: Error) -> Failed<R> {
        EnsureError::Call { source, done: std::mem::take(&mut self.done) }
    }

    /// No more writes are tried: because of the last failure, or because another writer changes it each time.
    fn exhausted(&mut self, present: Option<&R::Configuration>, left: Option<R::Changes>) -> Failed<R> {
        match (self.failure.take(), self.written_at) {
            (None, Some(written_at)) => EnsureError::Overwritten {
                done: std::mem::take(&mut self.done),
                written_at,
                found: present.map(R::updated_at),
                undone: left.map(|left| left.reversed()).unwrap_or_default().into(),
            },
            (failure, _) => {
                let changing = || Error::unexpected_response("the configuration changes with every read");
                self.failed(failure.unwrap_or_else(changing))
            }
        }
    }
}

fn is_empty<C: Differences>(changes: &C) -> bool {
    *changes == C::default()
}
