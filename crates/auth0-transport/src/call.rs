//! The flow of a call: token, permit, request, and again where that is safe.

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
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use crate::{
    Bytes, CallOptions, Error, ErrorKind, Failure, FailureCause, Operation, PermitRequest, Rejected, Response,
    admission::{Admission, Admitted},
    attempt::{Answer, Failed, Sender},
    base_url::path_below_api,
    error_body::ErrorBody,
    hook::{Attempt, Observed},
    outgoing::{Outgoing, Target},
    retry::RetryLimits,
    telemetry,
    token::{Token, Tokens},
};

static CALLS: AtomicU64 = AtomicU64::new(1);

/// What a call of the API needs and a token request does not.
#[derive(Clone, Copy)]
pub(crate) struct Access<'a> {
    pub(crate) admission: &'a Admission,
    pub(crate) tokens: &'a Tokens,
}

/// What a call is made with.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) sender: &'a Sender,
    pub(crate) operation: &'a Operation,
    pub(crate) options: Option<&'a CallOptions>,
    pub(crate) access: Option<Access<'a>>,
}

/// How far a call has come.
struct Progress {
    call: u64,
    outgoing: Outgoing,
    target: Arc<Target>,
    limits: RetryLimits,
    /// Requests that may be sent at all.
    max_attempts: u32,
    attempt_timeout: Duration,
    deadline: Instant,
    attempts: u32,
    failures: u32,
    rate_limited: u32,
    renewed_token: bool,
    /// The server may have processed one of the requests, and did not say so.
    is_open: bool,
    /// Since when the next request is waited for.
    waiting_since: Instant,
    /// What the last request came to, if another one follows.
    retry: Option<Retry>,
}

/// What follows a request that did not succeed.
struct Retry {
    error: Error,
    wait: Duration,
    /// How long until it is sent, at the least: the limiter waits, too.
    least: Duration,
    /// Whether it comes out of the budget for retries.
    is_paid: bool,
}

/// What a request may be sent with.
type Permitted<'t> = (Option<Arc<Token>>, Option<Admitted<'t>>);

impl<'a> Call<'a> {
    fn start(&self, outgoing: Outgoing) -> Result<Progress, Error> {
        let timeouts = &self.sender.timeouts;
        let option = |pick: fn(&CallOptions) -> Option<Duration>| self.options.and_then(pick);
        let overall = option(|options| options.timeout).unwrap_or(timeouts.overall);
        let max_attempts = self.options.and_then(|options| options.attempts);
        let target = outgoing.target(self.operation).ok_or_else(|| Error::invalid_request("there is no request"))?;
        Ok(Progress {
            call: CALLS.fetch_add(1, Ordering::Relaxed),
            outgoing,
            target: Arc::new(target),
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
        })
    }

    /// The end of the time for the whole call.
    fn deadline(&self, overall: Duration) -> Instant {
        let deadline = deadline_after(overall);
        self.options.and_then(|options| options.deadline).map_or(deadline, |earlier| earlier.min(deadline))
    }

    /// Sends the request, as often as it takes and is allowed.
    pub(crate) async fn run(&self, outgoing: Outgoing) -> Result<Response<Bytes>, Error> {
        let progress = &mut self.start(outgoing).map_err(|error| error.during(self.operation))?;
        let target = Arc::clone(&progress.target);
        loop {
            let permitted = match self.wait(progress, &target).await {
                Ok(permitted) => permitted,
                Err(error) => return Err(self.complete(error, progress)),
            };
            if let ControlFlow::Break(result) = self.attempt(progress, &target, permitted).await {
                return result;
            }
        }
    }

    /// Waits for what has to come before the next request.
    async fn wait<'t>(&self, progress: &mut Progress, target: &'t Target) -> Result<Permitted<'t>, Error>
    where
        'a: 't,
    {
        if let Some(Retry { wait, .. }) = &progress.retry
            && !wait.is_zero()
        {
            sleep(*wait).await;
        }
        let permitted = self.permit(progress, target).await?;
        if progress.left().is_zero() {
            return Err(progress.out_of_time("waiting for the rate limit"));
        }
        // Only now is it sure to be sent.
        match &progress.retry {
            Some(Retry { error, is_paid: true, .. }) if !self.sender.budget.spend() => Err(error.clone()),
            _ => Ok(permitted),
        }
    }

    /// Sends a request once.
    async fn attempt(
        &self,
        progress: &mut Progress,
        target: &Target,
        (token, admitted): Permitted<'_>,
    ) -> ControlFlow<Result<Response<Bytes>, Error>> {
        let token = token.as_deref();
        let may_retry = progress.attempts + 1 < progress.max_attempts;
        let Some(mut request) = progress.outgoing.next(may_retry, target) else {
            let error = Error::invalid_request("the body of the request cannot be sent a second time");
            return ControlFlow::Break(Err(self.complete(progress.with_last_error(error), progress)));
        };
        progress.attempts += 1;
        let observed = self.prepare(&mut request, token, progress);
        let span = telemetry::request_span(&self.sender.base, &request, self.operation, progress.attempts - 1);
        let limit = progress.attempt_timeout.min(progress.left());
        let ended = pin!(self.sender.attempt(request, &target.url, limit, admitted));
        let ended = ended.instrument(span.clone()).await;
        telemetry::record(&span, &ended);
        let seen = observed.seen(&ended);
        let retry = match ended {
            Ok(answer) if answer.status.is_success() => {
                observed.ended(seen.as_ref(), None);
                return ControlFlow::Break(Ok(self.succeeded(answer, progress)));
            }
            Ok(answer) => self.not_successful(answer, token, progress),
            Err(failed) => self.without_answer(failed, progress),
        };
        let retry =
            retry.and_then(|retry| if progress.outgoing.has_next(may_retry) { Ok(retry) } else { Err(retry.error) });
        observed.ended(seen.as_ref(), retry.as_ref().ok().map(|retry| retry.least));
        match retry {
            Ok(retry) => {
                telemetry::retrying(self.operation, &retry.error, progress.attempts, retry.least);
                progress.waiting_since = Instant::now();
                progress.retry = Some(retry);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(Err(self.complete(error, progress))),
        }
    }

    fn complete(&self, error: Error, progress: &Progress) -> Error {
        error.after(progress.attempts).open(progress.is_open).during(self.operation)
    }

    fn permit_request<'t>(&self, progress: &Progress, target: &'t Target, retry: bool) -> PermitRequest<'t> {
        PermitRequest {
            method: &target.method,
            path: path_below_api(&target.url),
            query: target.url.query(),
            retry,
            deadline: Some(progress.deadline),
            longest_wait: self.sender.timeouts.longest_wait,
            endpoint: target.endpoint,
        }
    }

    /// A valid token and a permit. A token that expires during the wait for the permit is replaced without holding on to
    /// the permit: permits that pile up would leave in one burst.
    async fn permit<'t>(&self, progress: &Progress, target: &'t Target) -> Result<Permitted<'t>, Error>
    where
        'a: 't,
    {
        let Some(Access { admission, tokens }) = self.access else { return Ok((None, None)) };
        let mut retry = progress.attempts > 0;
        loop {
            let token = self.token(tokens, progress).await?;
            let began = Instant::now();
            let entering = admission.enter(self.permit_request(progress, target, retry));
            let admitted = entering.await.map_err(|rejected| progress.rejected(rejected))?;
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

    async fn token(&self, tokens: &Tokens, progress: &Progress) -> Result<Arc<Token>, Error> {
        if let Some(token) = tokens.current() {
            return Ok(token);
        }
        let token = timeout_at(progress.deadline, tokens.obtain()).await;
        token.unwrap_or_else(|_| Err(progress.out_of_time("waiting for a token")))
    }

    /// Puts in everything that is ours; the authorization last, so that nothing can take its place.
    fn prepare(&self, request: &mut reqwest::Request, token: Option<&Token>, progress: &Progress) -> Observed<'a> {
        let method = request.method().clone();
        let headers = request.headers_mut();
        self.sender.introduce(headers);
        if let Some(options) = self.options {
            for (name, value) in &options.headers {
                headers.insert(name, value.clone());
            }
        }
        let waited = progress.waiting_since.elapsed();
        let attempt =
            Attempt { call: progress.call, operation: self.operation.id, method, number: progress.attempts, waited };
        let observed = Observed::starting(&self.sender.hooks, attempt, headers);
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token.header().clone());
        }
        observed
    }

    fn succeeded(&self, answer: Answer, progress: &Progress) -> Response<Bytes> {
        if progress.attempts == 1 {
            self.sender.budget.earn();
        }
        Response::new(answer.status, answer.headers, progress.attempts, self.operation, answer.body)
    }

    fn not_successful(&self, answer: Answer, token: Option<&Token>, progress: &mut Progress) -> Result<Retry, Error> {
        let Answer { status, headers, body, retry_after } = answer;
        progress.is_open |= status.is_server_error();
        let secret = token.map(Token::expose).or(progress.outgoing.secret());
        let error = Error::of_answer(status, ErrorBody::read(&headers, body, secret)).with_request_id(&headers);
        if status == StatusCode::UNAUTHORIZED
            && let (Some(access), Some(token)) = (self.access, token)
        {
            let has_other = access.tokens.reject(token);
            if has_other && !progress.renewed_token && progress.attempts < progress.max_attempts {
                progress.renewed_token = true;
                return Ok(Retry { error, wait: Duration::ZERO, least: Duration::ZERO, is_paid: false });
            }
            return Err(error.detail(access.tokens.describe(token)));
        }
        let error = if status.is_redirection() { error.detail("redirects are not followed") } else { error };
        let error = match retry_after {
            Some(wait) => not_before(error, wait),
            None => error,
        };
        self.retry(FailureCause::Status(status), retry_after, error, progress)
    }

    fn without_answer(&self, failed: Failed, progress: &mut Progress) -> Result<Retry, Error> {
        progress.is_open |= failed.cause != Some(FailureCause::NotConnected);
        if progress.left().is_zero() {
            return Err(progress.out_of_time("waiting for the answer"));
        }
        match failed.cause {
            Some(cause) => self.retry(cause, None, failed.error, progress),
            None => Err(failed.error),
        }
    }

    /// Whether and when to send the request again; or the error, if it is final.
    fn retry(
        &self,
        cause: FailureCause,
        retry_after: Option<Duration>,
        error: Error,
        progress: &mut Progress,
    ) -> Result<Retry, Error> {
        let policy = &self.sender.retry;
        let failure = Failure { cause, operation: self.operation, attempts: progress.attempts };
        if !policy.classifier.is_retryable(&failure) {
            return Err(error);
        }
        let rate_limited = cause == FailureCause::Status(StatusCode::TOO_MANY_REQUESTS);
        let count = if rate_limited { &mut progress.rate_limited } else { &mut progress.failures };
        *count += 1;
        let number = *count;
        let limits = progress.limits;
        let most = if rate_limited { limits.rate_limited } else { limits.attempts.saturating_sub(1) };
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
        if named > self.sender.timeouts.longest_wait || wait.max(named) >= progress.left() {
            return Err(error);
        }
        if !rate_limited && !self.sender.budget.is_sufficient() {
            return Err(error);
        }
        Ok(Retry { error, wait, least: wait.max(named), is_paid: !rate_limited })
    }
}

impl Progress {
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
        let error = Error::new(ErrorKind::Deadline).detail(format!("the time for the call passed while {doing}"));
        self.with_last_error(error)
    }

    /// What the last request came to is worth more than that time ran out afterwards.
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

/// Times beyond what the clock can count are as good as a century.
fn deadline_after(time: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(time.min(CENTURY)).unwrap_or(now)
}
