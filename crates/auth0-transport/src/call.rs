//! The flow of a call: token, permit, request, and again where that is safe.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{StatusCode, header::AUTHORIZATION};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use crate::{
    Bytes, CallOptions, Error, ErrorKind, Failure, FailureCause, Operation, PermitRequest, Rejected, Response,
    admission::{Admission, Admitted},
    attempt::{Answer, Failed, Sender},
    base_url::path_below_api,
    error_body::ErrorBody,
    hook::{Attempt, Ended, Observed},
    outgoing::{Outgoing, Target},
    retry::RetryLimits,
    telemetry,
    token::{Token, Tokens},
};

/// What a call of the API needs and a token request does not.
#[derive(Clone, Copy)]
pub(crate) struct Access<'a> {
    pub(crate) admission: &'a Admission,
    pub(crate) tokens: &'a Tokens,
}

/// A call in progress.
pub(crate) struct Call<'a> {
    sender: &'a Sender,
    operation: &'a Operation,
    options: Option<&'a CallOptions>,
    access: Option<Access<'a>>,
    limits: RetryLimits,
    /// Requests that may be sent at all.
    max_attempts: u32,
    attempt_timeout: Duration,
    deadline: Instant,
    attempts: u32,
    failures: u32,
    rate_limited: u32,
    renewed_token: bool,
    last_error: Option<Error>,
}

/// What follows a request that did not succeed.
struct Retry {
    error: Error,
    wait: Duration,
    /// Whether it comes out of the budget for retries.
    is_paid: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        sender: &'a Sender,
        operation: &'a Operation,
        options: Option<&'a CallOptions>,
        access: Option<Access<'a>>,
    ) -> Self {
        let timeouts = &sender.timeouts;
        let overall = options.and_then(|options| options.timeout).unwrap_or(timeouts.overall);
        let max_attempts = options.and_then(|options| options.attempts);
        Self {
            sender,
            operation,
            options,
            access,
            limits: max_attempts.map_or(sender.retry.limits, RetryLimits::attempts),
            max_attempts: max_attempts.unwrap_or(u32::MAX),
            attempt_timeout: options.and_then(|options| options.attempt_timeout).unwrap_or(timeouts.attempt),
            deadline: deadline_after(overall),
            attempts: 0,
            failures: 0,
            rate_limited: 0,
            renewed_token: false,
            last_error: None,
        }
    }

    /// Carries the request to its answer, as often as it takes and is allowed.
    pub(crate) async fn run(mut self, mut outgoing: Outgoing) -> Result<Response<Bytes>, Error> {
        let Some(target) = outgoing.target() else { return Err(Error::invalid_request("there is no request")) };
        let result = self.attempts(&mut outgoing, &target).await;
        result.map_err(|error| error.after(self.attempts).during(self.operation))
    }

    async fn attempts(&mut self, outgoing: &mut Outgoing, target: &Target) -> Result<Response<Bytes>, Error> {
        let mut began = Instant::now();
        loop {
            let (token, admitted) = self.leave_to_send(target).await?;
            if self.left().is_zero() {
                return Err(self.out_of_time("waiting for leave to send"));
            }
            let may_retry = self.may_retry();
            let Some(mut request) = outgoing.next(may_retry) else {
                return Err(self.with_last_error(Error::invalid_request("there is no request left to send")));
            };
            self.attempts += 1;
            let observed = self.prepare(&mut request, token.as_deref(), began.elapsed());
            let span = telemetry::request_span(&self.sender.base, &request, self.operation, self.attempts - 1);
            let limit = self.attempt_timeout.min(self.left());
            let ended = self.sender.attempt(request, limit, admitted).instrument(span.clone()).await;
            telemetry::record(&span, &ended);
            let outcome = Ended::of(&ended);
            let next = match ended {
                Ok(answer) if answer.status.is_success() => {
                    observed.ended(&outcome, None);
                    return Ok(self.succeeded(answer));
                }
                Ok(answer) => self.not_successful(answer, token.as_deref(), outgoing.secret()),
                Err(failed) => self.without_answer(failed),
            };
            let next = if outgoing.has_next(may_retry) { next } else { next.and_then(|retry| Err(retry.error)) };
            observed.ended(&outcome, next.as_ref().ok().map(|retry| retry.wait));
            let Retry { error, wait, is_paid } = next?;
            telemetry::retrying(self.operation, &error, self.attempts, wait);
            began = Instant::now();
            if !wait.is_zero() {
                sleep(wait).await;
            }
            if is_paid && !self.sender.budget.spend() {
                return Err(error);
            }
            self.last_error = Some(error);
        }
    }

    /// A valid token and a permit. A token that expires during the wait for the permit is replaced without holding on to
    /// the permit: permits that pile up would leave in one burst.
    async fn leave_to_send<'t>(&self, target: &'t Target) -> Result<(Option<Arc<Token>>, Option<Admitted<'t>>), Error>
    where
        'a: 't,
    {
        let Some(Access { admission, tokens }) = self.access else { return Ok((None, None)) };
        let mut retry = self.attempts > 0;
        let request = |retry| PermitRequest {
            method: &target.method,
            path: path_below_api(&target.url),
            query: target.url.query(),
            retry,
            deadline: Some(self.deadline),
            longest_wait: self.sender.timeouts.longest_wait,
        };
        loop {
            let token = self.token(tokens).await?;
            let began = Instant::now();
            let admitted = admission.enter(request(retry)).await.map_err(|rejected| self.rejected(rejected))?;
            let waited = began.elapsed() > Duration::from_millis(1);
            if waited {
                telemetry::waited(self.operation, began.elapsed());
            }
            if retry || !waited || token.is_valid() {
                return Ok((Some(token), Some(admitted)));
            }
            retry = true;
        }
    }

    async fn token(&self, tokens: &Tokens) -> Result<Arc<Token>, Error> {
        if let Some(token) = tokens.current() {
            return Ok(token);
        }
        let token = timeout_at(self.deadline, tokens.obtain()).await;
        token.unwrap_or_else(|_| Err(self.out_of_time("waiting for a token")))
    }

    /// Puts in everything that is ours; the authorization last, so that nothing can take its place.
    fn prepare(&self, request: &mut reqwest::Request, token: Option<&Token>, waited: Duration) -> Observed<'a> {
        let method = request.method().clone();
        let headers = request.headers_mut();
        self.sender.introduce(headers);
        if let Some(options) = self.options {
            for (name, value) in &options.headers {
                headers.insert(name, value.clone());
            }
        }
        let attempt = Attempt { operation: self.operation.id, method, number: self.attempts, waited };
        let observed = Observed::starting(&self.sender.hooks, attempt, headers);
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token.header().clone());
        }
        observed
    }

    fn succeeded(&self, answer: Answer) -> Response<Bytes> {
        if self.attempts == 1 {
            self.sender.budget.earn();
        }
        Response::new(answer.status, answer.headers, self.attempts, self.operation, answer.body)
    }

    fn not_successful(&mut self, answer: Answer, token: Option<&Token>, secret: Option<&str>) -> Result<Retry, Error> {
        let Answer { status, headers, body, retry_after } = answer;
        let secret = token.map(Token::expose).or(secret);
        let error = Error::of_answer(status, ErrorBody::read(&headers, body, secret)).with_request_id(&headers);
        if status == StatusCode::UNAUTHORIZED
            && let (Some(access), Some(token)) = (self.access, token)
        {
            if !self.renewed_token && self.attempts < self.max_attempts && access.tokens.reject(token) {
                self.renewed_token = true;
                return Ok(Retry { error, wait: Duration::ZERO, is_paid: false });
            }
            return Err(error.detail(access.tokens.describe(token)));
        }
        let error = if status.is_redirection() { error.detail("redirects are not followed") } else { error };
        let error = match retry_after {
            Some(wait) => not_before(error, wait),
            None => error,
        };
        self.retry(FailureCause::Status(status), retry_after, error)
    }

    fn without_answer(&mut self, failed: Failed) -> Result<Retry, Error> {
        if self.left().is_zero() {
            return Err(self.out_of_time("waiting for the answer"));
        }
        match failed.cause {
            Some(cause) => self.retry(cause, None, failed.error),
            None => Err(failed.error),
        }
    }

    /// Whether and when to send the request again; or the error, if it is final.
    fn retry(&mut self, cause: FailureCause, retry_after: Option<Duration>, error: Error) -> Result<Retry, Error> {
        let policy = &self.sender.retry;
        let failure = Failure { cause, operation: self.operation, attempts: self.attempts };
        if !policy.classifier.is_retryable(&failure) {
            return Err(error);
        }
        let rate_limited = cause == FailureCause::Status(StatusCode::TOO_MANY_REQUESTS);
        let count = if rate_limited { &mut self.rate_limited } else { &mut self.failures };
        *count += 1;
        let number = *count;
        let most = if rate_limited { self.limits.rate_limited } else { self.limits.attempts - 1 };
        if number > most {
            return Err(error);
        }
        let named = retry_after.unwrap_or_default();
        // What the server names is the least: on top comes what keeps clients from coming back all at once. The limiter
        // waits itself, and knows who comes first then.
        let wait = match self.access {
            Some(access) if rate_limited && access.admission.waits_after_refusals() => Duration::ZERO,
            _ => named.saturating_add(policy.timing.wait(number)),
        };
        if named > self.sender.timeouts.longest_wait || wait.max(named) >= self.left() {
            return Err(error);
        }
        if !rate_limited && !self.sender.budget.is_sufficient() {
            return Err(error);
        }
        Ok(Retry { error, wait, is_paid: !rate_limited })
    }

    fn may_retry(&self) -> bool {
        self.attempts + 1 < self.max_attempts
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn rejected(&self, rejected: Rejected) -> Error {
        match rejected {
            Rejected::Deadline => self.out_of_time("waiting for the rate limit"),
            Rejected::TooLong(wait) => not_before(self.with_last_error(Error::new(ErrorKind::RateLimited)), wait),
            Rejected::QueueFull => {
                self.with_last_error(Error::new(ErrorKind::RateLimited).detail("too many calls are waiting already"))
            }
        }
    }

    fn out_of_time(&self, doing: &str) -> Error {
        let error = Error::new(ErrorKind::Deadline).detail(format!("the time for the whole call passed while {doing}"));
        self.with_last_error(error)
    }

    /// What the last request came to is worth more than that time ran out afterwards.
    fn with_last_error(&self, error: Error) -> Error {
        match &self.last_error {
            Some(last) => error.caused_by(last.clone().after(0)),
            None => error,
        }
    }
}

fn not_before(error: Error, wait: Duration) -> Error {
    let until = httpdate::fmt_http_date(SystemTime::now() + wait.min(Duration::from_secs(365 * 24 * 3600)));
    error.detail(format!("nothing is accepted before {until}")).retry_in(wait)
}

/// Times beyond what the clock can count are as good as a century.
fn deadline_after(time: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(time.min(CENTURY)).unwrap_or(now)
}
