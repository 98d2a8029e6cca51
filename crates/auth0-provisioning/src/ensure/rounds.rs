//! Read, compare, write, and again where another writer gets in between or an answer is lost.

use std::time::Duration;

use auth0_transport::Error;
use chrono::{DateTime, Utc};
use tokio::time::sleep;

use super::{Changes, Ensure, EnsureError, Ensured, Outcome, Present};
use crate::{DirectoryProvisioning, missing::is_not_configured};

/// How many writes are tried before it gives up.
const MOST_WRITES: u32 = 3;

/// How long to wait before a read is repeated that is older than our own write.
const READ_AGAIN_AFTER: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(500)];

/// How long to wait after a write whose answer was lost, if the server does not say.
const AFTER_A_LOST_ANSWER: Duration = Duration::from_millis(500);

/// The work of one [`Ensure`], over as many rounds as it takes.
pub(super) struct Rounds<'a> {
    ensure: &'a Ensure,
    writes: u32,
    /// What was done over all rounds.
    done: Outcome,
    /// The `updated_at` of our own last write.
    written_at: Option<DateTime<Utc>>,
    /// A write whose answer was lost: what it was to do, and the failure.
    lost: Option<(Outcome, Error)>,
    /// The last failure that led to another round.
    failure: Option<Error>,
}

/// What follows a write.
enum Next {
    End(Box<Ensured>),
    /// Another round, with the configuration that the write was answered with, if it was.
    Round(Present),
}

impl<'a> Rounds<'a> {
    pub(super) fn new(ensure: &'a Ensure) -> Self {
        Self { ensure, writes: 0, done: Outcome::Unchanged, written_at: None, lost: None, failure: None }
    }

    pub(super) async fn run(mut self, mut known: Present) -> Result<Ensured, EnsureError> {
        let Ensure { handle, desired, dry_run, .. } = self.ensure;
        if let Err(invalid) = desired.validate() {
            return Err(self.failed(handle.caller.with_id(Error::invalid_request(invalid))));
        }
        loop {
            let present = match std::mem::replace(&mut known, Present::Unread) {
                Present::Read(present) => present.map(|present| *present),
                Present::Unread => self.read().await?,
            };
            self.settle_lost_write(present.as_ref())?;
            self.check_not_updated(present.as_ref())?;
            let changes = present.as_ref().map(|present| desired.changes_in(present));
            if changes.as_ref().is_some_and(Changes::is_empty) {
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
                Next::Round(answered) => known = answered,
            }
        }
    }

    async fn read(&mut self) -> Result<Option<DirectoryProvisioning>, EnsureError> {
        self.ensure.handle.get_if_configured().await.map_err(|source| {
            let done = std::mem::take(&mut self.done);
            match self.lost.take() {
                Some((lost, _)) => EnsureError::Unknown { source, done, lost },
                None => EnsureError::Call { source, done },
            }
        })
    }

    /// Decides by the present configuration whether a write whose answer was lost was processed. One that was not, although
    /// it was sent several times, is not tried once more.
    fn settle_lost_write(&mut self, present: Option<&DirectoryProvisioning>) -> Result<(), EnsureError> {
        let Some((outcome, failure)) = self.lost.take() else { return Ok(()) };
        let present = present.filter(|present| match &outcome {
            Outcome::Updated(changes) => self.ensure.desired.only(changes).changes_in(present).is_empty(),
            Outcome::Created | Outcome::Unchanged => true,
        });
        match present {
            Some(present) => {
                self.done.add(outcome);
                self.written_at = Some(present.updated_at);
            }
            None if failure.attempts() > 1 => return Err(self.failed(failure)),
            None => self.failure = Some(failure),
        }
        Ok(())
    }

    /// Only another writer's changes count: after a write of our own, its time is the one to expect.
    fn check_not_updated(&self, present: Option<&DirectoryProvisioning>) -> Result<(), EnsureError> {
        let Some(expected) = self.ensure.expected else { return Ok(()) };
        let found = present.map(|present| present.updated_at);
        match self.written_at {
            None if found == Some(expected) => Ok(()),
            None => Err(EnsureError::Modified { expected, found }),
            Some(written_at) if found == Some(written_at) => Ok(()),
            Some(written_at) => {
                let undone = present.map(|present| self.ensure.desired.changes_in(present).reversed());
                let done = self.done.clone();
                Err(EnsureError::Overwritten { done, written_at, found, undone: undone.unwrap_or_default().into() })
            }
        }
    }

    async fn create(&mut self) -> Result<Next, EnsureError> {
        let Ensure { handle, desired, .. } = self.ensure;
        match handle.create(desired.clone()).await {
            Ok(created) => {
                self.done.add(Outcome::Created);
                self.written_at = Some(created.updated_at);
                // What was not applied at the creation is sent once more, as an update.
                if desired.changes_in(&created).is_empty() {
                    self.confirm(created).await.map(|ensured| Next::End(Box::new(ensured)))
                } else {
                    Ok(Next::Round(Present::Read(Some(Box::new(created)))))
                }
            }
            // Another writer has just created it: now it may need an update.
            Err(error) if error.is_conflict() => Ok(self.another_round(error)),
            Err(error) if error.may_have_been_processed() => Ok(self.after_lost_answer(Outcome::Created, error).await),
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn update(&mut self, present: &DirectoryProvisioning, changes: Changes) -> Result<Next, EnsureError> {
        let Ensure { handle, desired, .. } = self.ensure;
        match handle.update(desired.only(&changes)).await {
            Ok(updated) => {
                self.done.add(Outcome::of(Changes::between(present, &updated).of_fields_in(&changes)));
                self.written_at = Some(updated.updated_at);
                let left = desired.changes_in(&updated);
                if left.is_empty() {
                    return self.confirm(updated).await.map(|ensured| Next::End(Box::new(ensured)));
                }
                let ignored = left.of_fields_in(&changes);
                if !ignored.is_empty() {
                    return Err(EnsureError::Ignored { done: std::mem::take(&mut self.done), ignored: ignored.into() });
                }
                // Between our read and our write, another writer changed what was as desired then.
                Ok(Next::Round(Present::Read(Some(Box::new(updated)))))
            }
            // Another writer has just deleted it.
            Err(error) if is_not_configured(&error) => Ok(self.another_round(error)),
            Err(error) if error.may_have_been_processed() => {
                Ok(self.after_lost_answer(Outcome::of(changes), error).await)
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    fn another_round(&mut self, error: Error) -> Next {
        self.failure = Some(error);
        Next::Round(Present::Unread)
    }

    async fn after_lost_answer(&mut self, outcome: Outcome, error: Error) -> Next {
        sleep(error.retry_after().unwrap_or(AFTER_A_LOST_ANSWER)).await;
        self.lost = Some((outcome, error));
        Next::Round(Present::Unread)
    }

    /// Reads once more what was written. If another writer has undone it since, that is an error.
    async fn confirm(&mut self, written: DirectoryProvisioning) -> Result<Ensured, EnsureError> {
        let done = std::mem::take(&mut self.done);
        if !self.ensure.confirm {
            return Ok(Ensured::new(done, Some(written)));
        }
        let mut pauses = READ_AGAIN_AFTER.iter();
        loop {
            // The write succeeded, whether or not it can be read back.
            let Ok(found) = self.ensure.handle.get_if_configured().await else {
                return Ok(Ensured::new(done, Some(written)));
            };
            let undone = found.as_ref().map(|found| self.ensure.desired.changes_in(found));
            // A read may be served from a copy that does not have our write yet.
            let older = match &found {
                Some(found) => found.updated_at < written.updated_at,
                None => done == Outcome::Created,
            };
            match (found, undone) {
                (Some(found), Some(undone)) if undone.is_empty() => return Ok(Ensured::new(done, Some(found))),
                (found, undone) if older => match (pauses.next(), found, undone) {
                    (Some(pause), ..) => sleep(*pause).await,
                    (None, None, _) => return Err(overwritten(done, &written, None, Changes::default())),
                    (None, Some(_), _) => return Ok(Ensured::new(done, Some(written))),
                },
                (Some(found), Some(undone)) if found.updated_at == written.updated_at => {
                    return Err(EnsureError::Ignored { done, ignored: undone.into() });
                }
                (found, undone) => {
                    let undone = undone.map(|undone| undone.reversed()).unwrap_or_default();
                    return Err(overwritten(done, &written, found.map(|found| found.updated_at), undone));
                }
            }
        }
    }

    fn failed(&mut self, source: Error) -> EnsureError {
        EnsureError::Call { source, done: std::mem::take(&mut self.done) }
    }

    /// No more writes are tried: because of the last failure, or because another writer changes it each time.
    fn exhausted(&mut self, present: Option<&DirectoryProvisioning>, left: Option<Changes>) -> EnsureError {
        match (self.failure.take(), self.written_at) {
            (None, Some(written_at)) => EnsureError::Overwritten {
                done: std::mem::take(&mut self.done),
                written_at,
                found: present.map(|present| present.updated_at),
                undone: left.map(|left| left.reversed()).unwrap_or_default().into(),
            },
            (failure, _) => {
                let unreachable = || Error::unexpected_response("the configuration changes with every read");
                self.failed(failure.unwrap_or_else(unreachable))
            }
        }
    }
}

fn overwritten(
    done: Outcome,
    written: &DirectoryProvisioning,
    found: Option<DateTime<Utc>>,
    undone: Changes,
) -> EnsureError {
    EnsureError::Overwritten { done, written_at: written.updated_at, found, undone: undone.into() }
}
