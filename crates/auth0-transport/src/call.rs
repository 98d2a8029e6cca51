//! Runs a call: gets a token and a permit, sends the request, and retries it if that is safe.

use std::{
    ops::ControlFlow,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::{StatusCode, header::AUTHORIZATION};
use reqwest::Request;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use crate::{
    Bytes, CallOptions, Error, ErrorKind, Failure, FailureCause, Operation, PermitRequest, Rejected, Response,
    admission::{Admission, SendPermit},
    attempt::{AttemptError, RawResponse, Sender},
    base_url::path_below_api,
    concurrency::now,
    error_body::ErrorBody,
    hook::{Attempt, Observed},
    outgoing::{Outgoing, OutgoingBody},
    pacing::Endpoint,
    retry::RetryLimits,
    telemetry,
    token::{Token, Tokens},
};

static CALLS: AtomicU64 = AtomicU64::new(1);

/// The rate limit and the token. A token request uses neither.
#[derive(Clone, Copy)]
pub(crate) struct Access<'a> {
    pub(crate) admission: &'a Admission,
    pub(crate) tokens: &'a Tokens,
}

/// The parts of a transport that a call uses.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) sender: &'a Sender,
    pub(crate) operation: &'a Operation,
    pub(crate) options: Option<&'a CallOptions>,
    pub(crate) access: Option<Access<'a>>,
}

/// The state of a call across its attempts.
struct CallState {
    call: u64,
    body: OutgoingBody,
    endpoint: Endpoint,
    limits: RetryLimits,
    /// The maximum number of requests, whatever the reason of a retry.
    max_attempts: u32,
    attempt_timeout: Duration,
    deadline: Instant,
    attempts: u32,
    failures: u32,
    rate_limited: u32,
    renewed_token: bool,
    /// Whether the server may have processed a request without a usable response.
    is_open: bool,
    /// When the wait for the next request began.
    waiting_since: Instant,
    /// The failure of the last request, if another request follows.
    retry: Option<Retry>,
}

/// The request that follows a failed one.
struct Retry {
    error: Error,
    wait: Duration,
    /// The shortest time until it is sent, including the wait of the limiter.
    least: Duration,
    /// Whether the retry budget pays for it.
    is_paid: bool,
}

/// The token and the permit for one request.
type Permitted<'t> = (Option<Arc<Token>>, Option<SendPermit<'t>>);

impl<'a> Call<'a> {
    fn start(&self, template: &Request, body: OutgoingBody) -> CallState {
        let timeouts = &self.sender.timeouts;
        let option = |pick: fn(&CallOptions) -> Option<Duration>| self.options.and_then(pick);
        let overall = option(|options| options.timeout).unwrap_or(timeouts.overall);
        let max_attempts = self.options.and_then(|options| options.attempts);
        let url = template.url();
        let path = self.operation.route.map_or_else(|| path_below_api(url), |route| route.path);
        CallState {
            call: CALLS.fetch_add(1, Ordering::Relaxed),
            body,
            endpoint: Endpoint::of(template.method(), path, url.query()),
            limits: max_attempts.map_or(self.sender.retry.limits, RetryLimits::attempts),
            max_attempts: max_attempts.unwrap_or(u32::MAX),
            attempt_timeout: option(|options| options.attempt_timeout).unwrap_or(timeouts.attempt),
            deadline: self.deadline(overall),
            attempts: 0,
            failures: 0,
            rate_limited: 0,
            renewed_token: false,
            is_open: false,
            waiting_since: Instant::now(),
            retry: None,
        }
    }

    fn deadline(&self, overall: Duration) -> Instant {
        let deadline = deadline_after(overall);
        self.options.and_then(|options| options.deadline).map_or(deadline, |earlier| earlier.min(deadline))
    }

    /// Sends the request until it succeeds or may not be retried.
    pub(crate) async fn run(&self, Outgoing { request: template, body }: Outgoing) -> Result<Response<Bytes>, Error> {
        let state = &mut self.start(&template, body);
        loop {
            let permitted = match self.wait(state, &template).await {
                Ok(permitted) => permitted,
                Err(error) => return Err(self.complete(error, state)),
            };
            if let ControlFlow::Break(result) = self.attempt(state, &template, permitted).await {
                return result;
            }
        }
    }

    /// Waits until the next request may be sent.
    async fn wait<'t>(&self, state: &mut CallState, template: &'t Request) -> Result<Permitted<'t>, Error>
    where
        'a: 't,
    {
        if let Some(Retry { wait, .. }) = &state.retry
            && !wait.is_zero()
        {
            sleep(*wait).await;
        }
        let permitted = self.permit(state, template).await?;
        if state.left().is_zero() {
            return Err(state.timed_out("waiting for the rate limit"));
        }
        // The request will be sent now, so the retry is paid.
        match &state.retry {
            Some(Retry { error, is_paid: true, .. }) if !self.sender.budget.spend() => Err(error.clone()),
            _ => Ok(permitted),
        }
    }

    /// Sends the request once.
    async fn attempt(
        &self,
        state: &mut CallState,
        template: &Request,
        (token, permit): Permitted<'_>,
    ) -> ControlFlow<Result<Response<Bytes>, Error>> {
        let token = token.as_deref();
        let Some(mut request) = state.body.next(template) else {
            let error = Error::invalid_request("the body of the request cannot be sent a second time");
            return ControlFlow::Break(Err(self.complete(state.with_last_error(error), state)));
        };
        state.attempts += 1;
        let mut observed = self.prepare(&mut request, token, state);
        let span = telemetry::request_span(&self.sender.base, &request, self.operation, state.attempts - 1);
        let limit = state.attempt_timeout.min(state.left());
        // Pinned here, because the future is large and would be copied into the instrumented one.
        let exchange = pin!(self.sender.attempt(request, template.url(), limit, permit));
        let result = exchange.instrument(span.clone()).await;
        telemetry::record(&span, &result);
        observed.set_end(&result);
        let retry = match result {
            Ok(response) if response.status.is_success() => {
                observed.report(None);
                return ControlFlow::Break(Ok(self.succeeded(response, state)));
            }
            Ok(response) => self.not_successful(response, token, state),
            Err(error) => self.without_response(error, state),
        };
        let retry = retry.and_then(|retry| {
            let may_retry = state.attempts < state.max_attempts && state.body.can_repeat();
            if may_retry { Ok(retry) } else { Err(retry.error) }
        });
        observed.report(retry.as_ref().ok().map(|retry| retry.least));
        match retry {
            Ok(retry) => {
                tracing::info!(
                    operation = self.operation.id,
                    attempts = state.attempts,
                    wait_ms = milliseconds(retry.least),
                    cause = %retry.error.kind(),
                    "retrying"
                );
                state.waiting_since = Instant::now();
                state.retry = Some(retry);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(Err(self.complete(error, state))),
        }
    }

    fn complete(&self, error: Error, state: &CallState) -> Error {
        error.after(state.attempts).open(state.is_open).during(self.operation)
    }

    /// Gets a valid token and a permit. A token that expires during the wait for the permit is replaced after the permit was
    /// given back. Calls that kept their permits during that time would send all requests at once.
    async fn permit<'t>(&self, state: &CallState, template: &'t Request) -> Result<Permitted<'t>, Error>
    where
        'a: 't,
    {
        let Some(Access { admission, tokens }) = self.access else { return Ok((None, None)) };
        let mut request = PermitRequest {
            method: template.method(),
            path: path_below_api(template.url()),
            query: template.url().query(),
            retry: state.attempts > 0,
            deadline: Some(state.deadline),
            longest_wait: self.sender.timeouts.longest_wait,
            endpoint: state.endpoint,
        };
        loop {
            let token = self.token(tokens, state).await?;
            let began = Instant::now();
            let permit = admission.enter(request).await.map_err(|rejected| state.rejected(rejected))?;
            let time = began.elapsed();
            let waited = time > Duration::from_millis(1);
            if waited {
                let waited_ms = milliseconds(time);
                tracing::debug!(operation = self.operation.id, waited_ms, "waited for the rate limit");
            }
            if request.retry || !waited || token.is_valid(now()) {
                return Ok((Some(token), Some(permit)));
            }
            request.retry = true;
        }
    }

    async fn token(&self, tokens: &Tokens, state: &CallState) -> Result<Arc<Token>, Error> {
        if let Some(token) = tokens.current() {
            return Ok(token);
        }
        let token = timeout_at(state.deadline, tokens.obtain()).await;
        token.unwrap_or_else(|_| Err(state.timed_out("waiting for a token")))
    }

    /// Adds headers and calls the hooks. The authorization is added last, so that no other header replaces it.
    fn prepare(&self, request: &mut Request, token: Option<&Token>, state: &CallState) -> Observed<'a> {
        let method = request.method().clone();
        let headers = request.headers_mut();
        self.sender.add_headers(headers);
        if let Some(options) = self.options {
            for (name, value) in &options.headers {
                headers.insert(name, value.clone());
            }
        }
        let waited = state.waiting_since.elapsed();
        let attempt =
            Attempt { call: state.call, operation: self.operation.id, method, number: state.attempts, waited };
        let observed = Observed::starting(&self.sender.hooks, attempt, headers);
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token.header().clone());
        }
        observed
    }

    fn succeeded(&self, response: RawResponse, state: &CallState) -> Response<Bytes> {
        if state.attempts == 1 {
            self.sender.budget.earn();
        }
        Response::new(response.status, response.headers, state.attempts, self.operation, response.body)
    }

    fn not_successful(
        &self,
        response: RawResponse,
        token: Option<&Token>,
        state: &mut CallState,
    ) -> Result<Retry, Error> {
        let RawResponse { status, headers, body, retry_after } = response;
        state.is_open |= status.is_server_error();
        let secret = token.map(Token::expose).or(state.body.secret());
        let error = Error::of_response(status, ErrorBody::read(&headers, body, secret)).with_request_id(&headers);
        if status == StatusCode::UNAUTHORIZED
            && let (Some(access), Some(token)) = (self.access, token)
        {
            let has_other = access.tokens.reject(token);
            if has_other && !state.renewed_token && state.attempts < state.max_attempts {
                state.renewed_token = true;
                return Ok(Retry { error, wait: Duration::ZERO, least: Duration::ZERO, is_paid: false });
            }
            return Err(error.detail(access.tokens.describe(token)));
        }
        let error = if status.is_redirection() { error.detail("redirects are not followed") } else { error };
        let error = match retry_after {
            Some(wait) => not_before(error, wait),
            None => error,
        };
        self.retry(FailureCause::Status(status), retry_after, error, state)
    }

    fn without_response(&self, failed: AttemptError, state: &mut CallState) -> Result<Retry, Error> {
        state.is_open |= failed.cause != Some(FailureCause::NotConnected);
        if state.left().is_zero() {
            return Err(state.timed_out("waiting for the response"));
        }
        match failed.cause {
            Some(cause) => self.retry(cause, None, failed.error, state),
            None => Err(failed.error),
        }
    }

    /// Returns when to send the request again, or the error if it is final.
    fn retry(
        &self,
        cause: FailureCause,
        retry_after: Option<Duration>,
        error: Error,
        state: &mut CallState,
    ) -> Result<Retry, Error> {
        let policy = &self.sender.retry;
        let failure = Failure { cause, operation: self.operation, attempts: state.attempts };
        if !policy.classifier.is_retryable(&failure) {
            return Err(error);
        }
        let rate_limited = cause == FailureCause::Status(StatusCode::TOO_MANY_REQUESTS);
        let count = if rate_limited { &mut state.rate_limited } else { &mut state.failures };
        *count += 1;
        let number = *count;
        let limits = state.limits;
        let most = if rate_limited { limits.rate_limited } else { limits.attempts.saturating_sub(1) };
        if number > most {
            return Err(error);
        }
        let named = retry_after.unwrap_or_default();
        // The backoff comes on top of the time that the server names, so that clients do not return all at once. The limiter
        // waits by itself, in the order of its queue.
        let wait = match self.access {
            Some(access) if rate_limited && access.admission.waits_after_429() => Duration::ZERO,
            _ => named.saturating_add(policy.timing.wait(number)),
        };
        if named > self.sender.timeouts.longest_wait || wait.max(named) >= state.left() {
            return Err(error);
        }
        if !rate_limited && !self.sender.budget.is_sufficient() {
            return Err(error);
        }
        Ok(Retry { error, wait, least: wait.max(named), is_paid: !rate_limited })
    }
}

impl CallState {
    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn rejected(&self, rejected: Rejected) -> Error {
        match rejected {
            Rejected::Deadline => self.timed_out("waiting for the rate limit"),
            Rejected::TooLong(wait) => not_before(self.with_last_error(Error::new(ErrorKind::RateLimited)), wait),
            Rejected::QueueFull => {
                self.with_last_error(Error::new(ErrorKind::RateLimited).detail("too many calls are waiting already"))
            }
        }
    }

    fn timed_out(&self, doing: &str) -> Error {
        let error = Error::new(ErrorKind::Deadline).detail(format!("the deadline of the call passed while {doing}"));
        self.with_last_error(error)
    }

    /// Keeps the failure of the last request, which explains more than a deadline.
    fn with_last_error(&self, error: Error) -> Error {
        match &self.retry {
            Some(retry) => error.caused_by(retry.error.clone()),
            None => error,
        }
    }
}

fn not_before(error: Error, wait: Duration) -> Error {
    let until = httpdate::fmt_http_date(SystemTime::now() + wait.min(Duration::from_secs(365 * 24 * 3600)));
    let what = if error.is_rate_limited() { "the rate limit" } else { "the server" };
    error.detail(format!("{what} accepts no request before {until}")).retry_in(wait)
}

/// Returns the end of a time, at most a century from now, because clocks cannot count much further.
fn deadline_after(time: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(time.min(CENTURY)).unwrap_or(now)
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
