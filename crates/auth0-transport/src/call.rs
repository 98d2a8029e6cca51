//! A call: turn, token, request, and again where that is safe.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{Method, StatusCode, header::AUTHORIZATION};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use crate::{
    Bytes, CallOptions, Error, ErrorKind, Failure, FailureCause, Operation, Response,
    attempt::{Answer, Failed, Sender},
    error_body::ErrorBody,
    hook::Attempt,
    pacing::{Held, Lane, Limiter, Patience, Permit},
    retry::RetryLimits,
    telemetry,
    token::{Token, Tokens},
};

/// What a call needs on its way; a token request needs neither turn nor token.
#[derive(Clone, Copy, Default)]
pub(crate) struct Way<'a> {
    pub(crate) limiter: Option<&'a Limiter>,
    pub(crate) tokens: Option<&'a Tokens>,
    /// What the request says about itself that no message may repeat.
    pub(crate) secret: Option<&'a str>,
}

/// A call under way.
struct Call<'a> {
    sender: &'a Sender,
    operation: &'a Operation,
    options: Option<&'a CallOptions>,
    way: Way<'a>,
    limits: RetryLimits,
    /// Requests that may be sent at all.
    most: u32,
    attempt_timeout: Duration,
    deadline: Instant,
    attempts: u32,
    failures: u32,
    refusals: u32,
    renewed_token: bool,
}

impl Sender {
    /// Carries a request to its answer, as often as it takes and is allowed.
    pub(crate) async fn call(
        &self,
        request: reqwest::Request,
        operation: &Operation,
        options: Option<&CallOptions>,
        way: Way<'_>,
    ) -> Result<Response<Bytes>, Error> {
        let given = |pick: fn(&CallOptions) -> Option<Duration>| options.and_then(pick);
        let overall = given(|options| options.timeout).unwrap_or(self.timeouts.overall);
        let most = options.and_then(|options| options.attempts);
        let mut call = Call {
            sender: self,
            operation,
            options,
            way,
            limits: most.map_or(self.retry.limits, RetryLimits::attempts),
            most: most.unwrap_or(u32::MAX),
            attempt_timeout: given(|options| options.attempt_timeout).unwrap_or(self.timeouts.attempt),
            deadline: deadline_after(overall),
            attempts: 0,
            failures: 0,
            refusals: 0,
            renewed_token: false,
        };
        call.run(request).await.map_err(|error| error.after(call.attempts).during(operation))
    }
}

impl<'a> Call<'a> {
    async fn run(&mut self, mut request: reqwest::Request) -> Result<Response<Bytes>, Error> {
        loop {
            let token = self.token().await?;
            let (permit, waited) = self.turn().await?;
            // The wait may have outlived the token.
            let token = if waited { self.token().await? } else { token };
            // Cloned only if it may be needed; what is cloned has neither token nor other headers of ours yet.
            let spare = if self.may_go_on() { request.try_clone() } else { None };
            self.attempts += 1;
            self.prepare(&mut request, token.as_deref());
            let method = request.method().clone();
            let span = telemetry::request_span(&self.sender.base, &request, self.operation, self.attempts - 1);
            let limit = self.attempt_timeout.min(self.left());
            let ended = self.sender.attempt(request, limit, permit).instrument(span.clone()).await;
            self.tell_hooks(&method, &ended);
            let (error, wait) = match ended {
                Ok(answer) if answer.status.is_success() => {
                    telemetry::record_status(&span, answer.status);
                    return Ok(self.succeeded(answer));
                }
                Ok(answer) => {
                    telemetry::record_status(&span, answer.status);
                    self.refused(answer, token.as_deref())?
                }
                Err(failed) => {
                    telemetry::record_failure(&span, failed.error.kind());
                    self.failed(failed)?
                }
            };
            let Some(spare) = spare else { return Err(error) };
            telemetry::sending_again(self.operation, &error, self.attempts, wait);
            if !wait.is_zero() {
                sleep(wait).await;
            }
            request = spare;
        }
    }

    async fn token(&self) -> Result<Option<Arc<Token>>, Error> {
        let Some(tokens) = self.way.tokens else { return Ok(None) };
        if let Some(token) = tokens.at_hand() {
            return Ok(Some(token));
        }
        let token = timeout_at(self.deadline, tokens.obtain()).await;
        token.unwrap_or_else(|_| Err(out_of_time("waiting for a token"))).map(Some)
    }

    /// Leave to send, and whether it had to be waited for.
    async fn turn(&self) -> Result<(Option<Permit<'a>>, bool), Error> {
        let Some(limiter) = self.way.limiter else { return Ok((None, false)) };
        let lane = if self.attempts == 0 { Lane::First } else { Lane::Again };
        let patience = Patience { longest_wait: self.sender.timeouts.longest_wait, deadline: Some(self.deadline) };
        let began = Instant::now();
        let permit = limiter.acquire(lane, patience).await.map_err(|held| match held {
            Held::Refused(wait) => held_back(Error::new(ErrorKind::RateLimited), wait),
            Held::Deadline => out_of_time("waiting for its turn under the rate limit"),
        })?;
        let time = began.elapsed();
        let waited = time > Duration::from_millis(1);
        if waited {
            telemetry::waited_for_turn(self.operation, time);
        }
        Ok((Some(permit), waited))
    }

    /// Puts in everything that is ours; the authorization last, so that nothing can take its place.
    fn prepare(&self, request: &mut reqwest::Request, token: Option<&Token>) {
        let method = request.method().clone();
        let headers = request.headers_mut();
        self.sender.introduce(headers);
        if let Some(options) = self.options {
            headers.extend(options.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        let attempt = Attempt::new(self.operation.id, &method, self.attempts);
        for hook in &self.sender.hooks {
            hook.before(&attempt, headers);
        }
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token.header().clone());
        }
    }

    fn tell_hooks(&self, method: &Method, ended: &Result<Answer, Failed>) {
        let attempt = Attempt::new(self.operation.id, method, self.attempts);
        for hook in &self.sender.hooks {
            hook.after(&attempt, ended.as_ref().map(|answer| answer.status).map_err(|failed| failed.error.kind()));
        }
    }

    fn succeeded(&self, answer: Answer) -> Response<Bytes> {
        if self.attempts == 1 {
            self.sender.retry.budget.earn();
        }
        Response::new(answer.status, answer.headers, self.attempts, self.operation, answer.body)
    }

    /// The error for an answer that is no success, and how long to wait before sending again; or the error for good.
    fn refused(&mut self, answer: Answer, token: Option<&Token>) -> Result<(Error, Duration), Error> {
        let secret = token.map(Token::expose).or(self.way.secret);
        let error = Error::of_answer(answer.status, ErrorBody::read(&answer.headers, answer.body, secret));
        if answer.status == StatusCode::UNAUTHORIZED
            && !self.renewed_token
            && let (Some(tokens), Some(token)) = (self.way.tokens, token)
        {
            self.renewed_token = true;
            return if tokens.reject(token) { Ok((error, Duration::ZERO)) } else { Err(error) };
        }
        let error = if answer.status.is_redirection() { error.detail("redirects are not followed") } else { error };
        self.judge(FailureCause::Status(answer.status), answer.held, error)
    }

    fn failed(&mut self, failed: Failed) -> Result<(Error, Duration), Error> {
        if self.left().is_zero() {
            return Err(out_of_time("waiting for the answer"));
        }
        match failed.cause {
            Some(cause) => self.judge(cause, None, failed.error),
            None => Err(failed.error),
        }
    }

    fn judge(&mut self, cause: FailureCause, held: Option<Duration>, error: Error) -> Result<(Error, Duration), Error> {
        let retry = &self.sender.retry;
        let error = match held {
            Some(wait) => held_back(error, wait),
            None => error,
        };
        if !retry.judge.may_retry(&Failure::new(cause, self.operation.idempotency)) {
            return Err(error);
        }
        let rate_limited = cause == FailureCause::Status(StatusCode::TOO_MANY_REQUESTS);
        let allowed = if rate_limited {
            self.refusals += 1;
            self.refusals <= self.limits.refusals
        } else {
            self.failures += 1;
            self.failures < self.limits.attempts && retry.budget.pay()
        };
        if !allowed {
            return Err(error);
        }
        let wait = match held {
            Some(wait) => wait,
            None => retry.timing.wait(if rate_limited { self.refusals } else { self.failures }),
        };
        if wait > self.sender.timeouts.longest_wait || wait >= self.left() {
            return Err(error);
        }
        // The limiter waits itself, and knows who comes first then.
        let waits_elsewhere = rate_limited && self.way.limiter.is_some_and(Limiter::holds_back);
        Ok((error, if waits_elsewhere { Duration::ZERO } else { wait }))
    }

    fn may_go_on(&self) -> bool {
        self.attempts + 1 < self.most
            && (self.failures + 1 < self.limits.attempts || self.refusals < self.limits.refusals)
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

fn out_of_time(doing: &str) -> Error {
    Error::new(ErrorKind::Deadline).detail(format!("the time for the whole call passed while {doing}"))
}

fn held_back(error: Error, wait: Duration) -> Error {
    let until = httpdate::fmt_http_date(SystemTime::now() + wait);
    error.detail(format!("nothing is accepted before {until}")).waiting(Some(wait))
}

/// Times beyond what the clock can count are as good as a century.
fn deadline_after(time: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(time.min(CENTURY)).unwrap_or(now)
}
