//! One bucket for each limit of the tenant.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use super::{
    Completion, Pacing, Permit, PermitFuture, PermitRequest, Quota, RateLimiter,
    clock::Clock,
    endpoint::Endpoint,
    hold::LONGEST_HOLD,
    line::{Ended, Line},
};
use crate::concurrency::{RwLock, RwLockReadGuard};

/// Endpoints of which the limit is remembered. All others count against the general limit.
const MOST_ENDPOINTS: usize = 1024;
/// A permit's id holds the line in its upper bits and the request's number in the others.
const NUMBER_BITS: u32 = 48;

/// Learns the tenant's limits from its answers, within this process.
///
/// Every endpoint counts against the general limit, but those that are known to have one of their own, and those whose
/// answers name another limit than most do.
pub(crate) struct Limiter {
    clock: Clock,
    pacing: Pacing,
    share: f64,
    general: Line,
    others: RwLock<Others>,
}

#[derive(Default)]
struct Others {
    lines: Vec<Arc<Line>>,
    of_endpoint: HashMap<Endpoint, OwnLine>,
    /// The limit that the endpoints' answers named last.
    limits: HashMap<Endpoint, u32>,
    general_limit: Option<u32>,
}

/// The line of an endpoint with a limit of its own, which starts at 1; not used as long as its answers name the general
/// limit.
#[derive(Clone, Copy)]
struct OwnLine {
    index: usize,
    is_used: bool,
}

impl Limiter {
    pub(crate) fn new(pacing: Pacing, share: f64) -> Self {
        Self::with_clock(Clock::starting_now(), pacing, share, fastrand::Rng::new())
    }

    pub(super) fn with_clock(clock: Clock, pacing: Pacing, share: f64, random: fastrand::Rng) -> Self {
        Self { clock, pacing, share, general: Line::new(pacing, share, random), others: RwLock::new(Others::default()) }
    }

    /// The line of an endpoint: 0 is the general one.
    fn line(&self, endpoint: Endpoint) -> (usize, Option<Arc<Line>>) {
        let known = self.others().of_endpoint.get(&endpoint).copied();
        match known {
            Some(OwnLine { is_used: false, .. }) => (0, None),
            Some(OwnLine { index, .. }) => (index, self.others().lines.get(index - 1).cloned()),
            None if matches!(endpoint, Endpoint::Class(_)) && !self.is_fixed() => self.own_line(endpoint),
            None => (0, None),
        }
    }

    fn own_line(&self, endpoint: Endpoint) -> (usize, Option<Arc<Line>>) {
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        let Others { lines, of_endpoint, .. } = &mut *others;
        if let Some(own) = of_endpoint.get_mut(&endpoint) {
            own.is_used = true;
            return (own.index, lines.get(own.index - 1).cloned());
        }
        if lines.len() >= MOST_ENDPOINTS {
            return (0, None);
        }
        let line = Arc::new(Line::new(self.pacing, self.share, fastrand::Rng::new()));
        lines.push(Arc::clone(&line));
        let index = lines.len();
        of_endpoint.insert(endpoint, OwnLine { index, is_used: true });
        (index, Some(line))
    }

    fn is_fixed(&self) -> bool {
        matches!(self.pacing, Pacing::Fixed { .. })
    }

    /// Notes the limit that an answer named, and says whether the endpoint has one of its own.
    fn has_own_limit(&self, endpoint: Endpoint, limit: u32) -> bool {
        {
            let others = self.others();
            if others.general_limit == Some(limit) && others.limits.get(&endpoint) == Some(&limit) {
                return false;
            }
        }
        if let Endpoint::Class(_) = endpoint {
            return self.others().general_limit != Some(limit);
        }
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if others.limits.len() < MOST_ENDPOINTS || others.limits.contains_key(&endpoint) {
            others.limits.insert(endpoint, limit);
        }
        let endpoints = |limit: u32| others.limits.values().filter(|known| **known == limit).count();
        let general = match others.general_limit {
            Some(general) if endpoints(general) >= endpoints(limit) => general,
            _ => limit,
        };
        others.general_limit = Some(general);
        limit != general
    }

    /// Whether an answer is about a limit of the endpoint's own, if it tells.
    fn is_of_own_limit(&self, endpoint: Endpoint, ended: &Ended) -> Option<bool> {
        let (headers, refusal) = match ended {
            Ended::Refused { headers, retry_after } => (headers, Some(retry_after.unwrap_or_default())),
            Ended::Answered { headers, .. } => (headers, None),
            Ended::NotSent | Ended::Lost => return None,
        };
        // A refusal that lasts so long is not that of all endpoints.
        let named = refusal.map(|wait| wait.as_secs_f64().max(headers.seconds_to_reset().unwrap_or_default()));
        if named.is_some_and(|named| named > LONGEST_HOLD) {
            return Some(true);
        }
        if self.is_fixed() {
            return None;
        }
        if refusal.is_some() {
            // The general limit refuses when it is used up. With `Retry-After`, the headers describe another limit.
            let general = self.general.knowledge(&self.clock);
            let has_tokens = headers.remaining.is_some_and(|remaining| remaining >= 1.0)
                || (refusal > Some(Duration::ZERO) && general.as_ref().is_some_and(|known| known.level >= 2.0));
            // As long as nothing else was heard, what refuses one endpoint does not have to refuse the others.
            if has_tokens || (headers.limit.is_some() && self.others().general_limit.is_none()) {
                return Some(true);
            }
            if refusal > Some(Duration::ZERO) {
                return None;
            }
        }
        Some(self.has_own_limit(endpoint, whole(headers.limit?)))
    }

    fn others(&self) -> RwLockReadGuard<'_, Others> {
        self.others.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RateLimiter for Limiter {
    fn try_acquire(&self, request: &PermitRequest<'_>) -> Option<Permit> {
        let (index, line) = self.line(request.endpoint);
        let number = line.as_deref().unwrap_or(&self.general).try_acquire(&self.clock)?;
        Some(permit(index, number))
    }

    fn acquire<'a>(&'a self, request: &'a PermitRequest<'a>) -> PermitFuture<'a> {
        Box::pin(async move {
            let endpoint = request.endpoint;
            loop {
                let (index, line) = self.line(endpoint);
                let line = line.as_deref().unwrap_or(&self.general);
                let number = line.acquire(&self.clock, request).await?;
                // While it waited, an answer may have told that the endpoint counts against another limit.
                if self.line(endpoint).0 == index {
                    return Ok(permit(index, number));
                }
                line.complete(number, &Ended::NotSent, &self.clock);
            }
        })
    }

    fn complete(&self, request: &PermitRequest<'_>, permit: Permit, completion: &Completion<'_>) -> Option<Duration> {
        let (index, number) = ((permit.id() >> NUMBER_BITS) as usize, permit.id() & ((1 << NUMBER_BITS) - 1));
        let endpoint = request.endpoint;
        let ended = Ended::of(completion);
        let line = (index > 0).then(|| self.others().lines.get(index - 1).cloned()).flatten();
        let counted = line.as_deref().unwrap_or(&self.general);
        let right = match self.is_of_own_limit(endpoint, &ended) {
            Some(true) if index == 0 => self.own_line(endpoint).1,
            Some(false) if index > 0 => {
                if let Some(own) =
                    self.others.write().unwrap_or_else(PoisonError::into_inner).of_endpoint.get_mut(&endpoint)
                {
                    own.is_used = false;
                }
                counted.complete(number, &Ended::NotSent, &self.clock);
                return self.general.learn(&ended, &self.clock);
            }
            _ => return counted.complete(number, &ended, &self.clock),
        };
        let Some(right) = right else { return counted.complete(number, &ended, &self.clock) };
        counted.complete(number, &Ended::NotSent, &self.clock);
        right.learn(&ended, &self.clock)
    }

    fn quota(&self) -> Option<Quota> {
        let known = self.general.knowledge(&self.clock)?;
        let held_until = known.held_until.map(|until| UNIX_EPOCH + Duration::from_secs_f64(self.clock.unix(until)));
        let remaining = if held_until.is_some() { 0 } else { whole(known.level) };
        Some(Quota { limit: whole(known.limit), remaining, per_second: known.rate, held_until, alone: false })
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("quota", &self.quota()).finish_non_exhaustive()
    }
}

fn permit(line: usize, number: u64) -> Permit {
    Permit::new(((line as u64) << NUMBER_BITS) | number)
}

/// Rounded down, and never below zero.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates, which is what is wanted
fn whole(tokens: f64) -> u32 {
    tokens.max(0.0) as u32
}
