//! One bucket for each limit of the tenant.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::{Duration, UNIX_EPOCH},
};

use super::{
    Completion, Pacing, Permit, PermitFuture, PermitRequest, Quota, RateLimiter, clock::Clock, endpoint::Endpoint,
    headers::RateHeaders, hold::LONGEST_HOLD, line::Line,
};

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
    of_endpoint: HashMap<Endpoint, usize>,
    /// The limit that the endpoints' answers named last.
    limits: HashMap<Endpoint, u32>,
    general_limit: Option<u32>,
}

impl Limiter {
    pub(crate) fn new(pacing: Pacing, share: f64) -> Self {
        Self::with_clock(Clock::starting_now(), pacing, share, fastrand::Rng::new())
    }

    pub(super) fn with_clock(clock: Clock, pacing: Pacing, share: f64, random: fastrand::Rng) -> Self {
        Self { clock, pacing, share, general: Line::new(pacing, share, random), others: RwLock::default() }
    }

    fn endpoint(request: &PermitRequest<'_>) -> Endpoint {
        Endpoint::of(request.method, request.path, request.query)
    }

    /// The line of an endpoint: 0 is the general one.
    fn line(&self, endpoint: Endpoint) -> (usize, Option<Arc<Line>>) {
        {
            let others = self.others();
            if let Some(index) = others.of_endpoint.get(&endpoint) {
                return (*index, Some(Arc::clone(&others.lines[*index - 1])));
            }
        }
        let known = matches!(endpoint, Endpoint::Class(_)) && !matches!(self.pacing, Pacing::Fixed { .. });
        if known { self.own_line(endpoint) } else { (0, None) }
    }

    fn own_line(&self, endpoint: Endpoint) -> (usize, Option<Arc<Line>>) {
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = others.of_endpoint.get(&endpoint) {
            return (*index, Some(Arc::clone(&others.lines[*index - 1])));
        }
        if others.lines.len() >= MOST_ENDPOINTS {
            return (0, None);
        }
        let line = Arc::new(Line::new(self.pacing, self.share, fastrand::Rng::new()));
        others.lines.push(Arc::clone(&line));
        let index = others.lines.len();
        others.of_endpoint.insert(endpoint, index);
        (index, Some(line))
    }

    /// Notes the limit that an answer named, and says whether the endpoint has one of its own.
    fn has_own_limit(&self, endpoint: Endpoint, limit: u32) -> bool {
        {
            let others = self.others();
            if others.general_limit == Some(limit) && others.limits.get(&endpoint) == Some(&limit) {
                return false;
            }
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
        if limit == general {
            others.of_endpoint.remove(&endpoint);
        }
        limit != general
    }

    /// Whether an answer is about a limit of the endpoint's own, if it tells.
    fn is_of_own_limit(&self, endpoint: Endpoint, completion: &Completion<'_>) -> Option<bool> {
        let (headers, is_refusal) = match completion {
            // The headers then describe some other limit; one that lasts so long is not that of all endpoints.
            Completion::Refused { retry_after: Some(wait), .. } => {
                return (wait.as_secs_f64() > LONGEST_HOLD).then_some(true);
            }
            Completion::Refused { headers, .. } => (headers, true),
            Completion::Answered { headers, .. } => (headers, false),
            Completion::NotSent | Completion::Lost => return None,
        };
        let limit = whole(RateHeaders::read(headers).limit?);
        // As long as nothing else was heard, what refuses one endpoint does not have to refuse the others.
        let is_first_word = is_refusal && self.others().general_limit.is_none();
        Some(is_first_word || self.has_own_limit(endpoint, limit))
    }

    fn others(&self) -> RwLockReadGuard<'_, Others> {
        self.others.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RateLimiter for Limiter {
    fn try_acquire(&self, request: &PermitRequest<'_>) -> Option<Permit> {
        let (index, line) = self.line(Self::endpoint(request));
        let number = line.as_deref().unwrap_or(&self.general).try_acquire(&self.clock)?;
        Some(permit(index, number))
    }

    fn acquire<'a>(&'a self, request: &'a PermitRequest<'a>) -> PermitFuture<'a> {
        Box::pin(async move {
            let (index, line) = self.line(Self::endpoint(request));
            let number = line.as_deref().unwrap_or(&self.general).acquire(&self.clock, request).await?;
            Ok(permit(index, number))
        })
    }

    fn complete(&self, request: &PermitRequest<'_>, permit: Permit, completion: &Completion<'_>) -> Option<Duration> {
        let (index, number) = ((permit.id() >> NUMBER_BITS) as usize, permit.id() & ((1 << NUMBER_BITS) - 1));
        let endpoint = Self::endpoint(request);
        let line = (index > 0).then(|| self.others().lines.get(index - 1).cloned()).flatten();
        let counted = line.as_deref().unwrap_or(&self.general);
        let is_own = match endpoint {
            Endpoint::Class(_) => None,
            Endpoint::Other(_) => self.is_of_own_limit(endpoint, completion),
        };
        let right = match is_own {
            Some(true) if index == 0 => self.own_line(endpoint).1,
            Some(false) if index > 0 => {
                counted.complete(number, &Completion::NotSent, &self.clock);
                return self.general.learn(completion, &self.clock);
            }
            _ => return counted.complete(number, completion, &self.clock),
        };
        let Some(right) = right else { return counted.complete(number, completion, &self.clock) };
        counted.complete(number, &Completion::NotSent, &self.clock);
        right.learn(completion, &self.clock)
    }

    fn quota(&self) -> Option<Quota> {
        let known = self.general.knowledge(&self.clock)?;
        let held_until = known.held_until.map(|until| UNIX_EPOCH + Duration::from_secs_f64(self.clock.unix(until)));
        let remaining = if held_until.is_some() { 0 } else { whole(known.level) };
        Some(Quota { limit: whole(known.limit), remaining, per_second: known.rate, held_until })
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
