//! The error of every call.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode};

use crate::{ErrorCode, ErrorKind, Operation, error_body::ErrorBody, hook::request_id};

type Source = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// Decide by [`kind`](Self::kind). `Display` prints one complete line, including failures below HTTP, without secrets, bodies
/// or headers. [`source`](StdError::source) is therefore empty, so that programs that print the whole chain repeat nothing.
/// [`cause`](Self::cause) returns the failure below HTTP. An error is one pointer.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    /// The explanation of the client.
    detail: Option<String>,
    operation: Option<&'static str>,
    scopes: &'static [&'static str],
    connection_id: Option<Box<str>>,
    status: Option<StatusCode>,
    body: Option<ErrorBody>,
    json_path: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    request_id: Option<Box<str>>,
    /// Whether a failure of kind [`ErrorKind::Credentials`] may pass.
    transient: bool,
    /// Whether the server may have processed a request without a usable response.
    is_open: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Creates an error about the arguments of a call. No request was sent.
    pub fn invalid_request(reason: impl Into<Source>) -> Self {
        Self::new(ErrorKind::InvalidRequest).caused_by(reason)
    }

    /// Creates an error for an undeclared response, such as a list with a circle of cursors.
    pub fn unexpected_response(reason: impl Into<Source>) -> Self {
        Self::new(ErrorKind::UnexpectedResponse).caused_by(reason)
    }

    /// Sets the connection of the call.
    pub fn with_connection_id(mut self, id: impl Into<Box<str>>) -> Self {
        self.0.connection_id = Some(id.into());
        self
    }

    /// Returns the kind of the error, by which a program can decide.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status, if a response arrived.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the API's `errorCode`, if the response has one.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.body.as_ref()?.code()
    }

    /// Returns the API's own message, if the response has one, as one line of at most 500 characters. Its wording changes, so
    /// decide by [`kind`](Self::kind) and [`code`](Self::code).
    pub fn message(&self) -> Option<&str> {
        self.0.body.as_ref()?.message()
    }

    /// Returns the time until a retry can succeed, counted from the creation of the error, if it is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the number of requests that were sent for the call.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the id of the request, which Auth0's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the name of the operation.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the connection of the call.
    pub fn connection_id(&self) -> Option<&str> {
        self.0.connection_id.as_deref()
    }

    /// Returns the place in the body where decoding stopped, such as `mapping[3].idp`, or `.` for the whole body.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// Returns the response's body unchanged. It may contain personal data and parts of the request.
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.body.as_ref().map(|body| &*body.bytes)
    }

    /// Returns whether the resource does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns whether the resource exists already, or the job runs already.
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// Returns whether the token is valid but lacks a right.
    pub fn is_forbidden(&self) -> bool {
        self.kind() == ErrorKind::Forbidden
    }

    /// Returns whether the tenant rejected the token, or the credentials for it.
    pub fn is_unauthorized(&self) -> bool {
        match self.kind() {
            ErrorKind::Unauthorized => true,
            ErrorKind::Credentials => {
                matches!(self.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
            }
            _ => false,
        }
    }

    /// Returns whether a rate limit or a quota caused the error.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited || self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns whether one attempt or the whole call timed out.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout | ErrorKind::Deadline)
    }

    /// Returns whether the same call may succeed later. Before you repeat a `POST`, check whether it was processed.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Network
            | ErrorKind::Timeout
            | ErrorKind::Deadline
            | ErrorKind::RateLimited
            | ErrorKind::Server => true,
            ErrorKind::Rejected => self.status() == Some(StatusCode::REQUEST_TIMEOUT),
            ErrorKind::Credentials => self.0.transient,
            _ => false,
        }
    }

    /// Returns whether the server may have processed a request without a usable response. After a call that changes
    /// something, read the present state to find out.
    pub fn may_have_been_processed(&self) -> bool {
        self.0.is_open
    }

    /// Returns the failure below HTTP, such as an error of the HTTP client.
    pub fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }

    /// Returns the scopes that the token lacks, if that is why the API rejected the call. They are the scopes that the response
    /// names, because some fields of an operation need further scopes, or else the scopes of the operation.
    pub fn missing_scopes(&self) -> Vec<&str> {
        if self.code() != Some(&ErrorCode::InsufficientScope) || !self.is_forbidden() {
            return Vec::new();
        }
        let named: Vec<&str> = self.message().map(scopes_in).unwrap_or_default();
        if named.is_empty() { self.0.scopes.to_vec() } else { named }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            detail: None,
            operation: None,
            scopes: &[],
            connection_id: None,
            status: None,
            body: None,
            json_path: None,
            retry_after: None,
            attempts: 0,
            request_id: None,
            transient: false,
            is_open: false,
            source: None,
        }))
    }

    /// Creates an error about the configuration of a client.
    pub fn invalid_configuration(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidConfiguration).detail(detail)
    }

    pub(crate) fn of_response(status: StatusCode, body: ErrorBody) -> Self {
        Self::new(ErrorKind::of_status(status)).with_status(status).body(body)
    }

    /// Converts a failure to obtain a token. Network failures and timeouts keep their kind.
    pub(crate) fn into_credentials(mut self) -> Self {
        if matches!(self.0.kind, ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Deadline) {
            let doing = "while obtaining a token";
            self.0.detail = Some(self.0.detail.map_or_else(|| doing.to_owned(), |detail| format!("{detail} {doing}")));
            return self;
        }
        self.0.transient = self.is_retryable();
        self.0.kind = ErrorKind::Credentials;
        self
    }

    pub(crate) fn transient(mut self) -> Self {
        self.0.transient = true;
        self
    }

    /// Converts the failure of the last token request for a call that sends none.
    pub(crate) fn repeated(mut self, wait: Duration) -> Self {
        let repeated = "the last token request failed, and no other was sent yet";
        self.0.detail =
            Some(self.0.detail.map_or_else(|| repeated.to_owned(), |detail| format!("{detail}; {repeated}")));
        self.transient().retry_in(wait)
    }

    pub(crate) fn with_request_id(mut self, headers: &HeaderMap) -> Self {
        self.0.request_id = request_id(headers).map(String::into_boxed_str);
        self
    }

    /// Creates an error for a request that cannot be built, without its URL.
    pub(crate) fn unsendable(error: reqwest::Error) -> Self {
        Self::of_reqwest(ErrorKind::InvalidRequest, error)
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn body(mut self, body: ErrorBody) -> Self {
        self.0.body = Some(body);
        self
    }

    pub(crate) fn at(mut self, json_path: String) -> Self {
        self.0.json_path = Some(json_path);
        self
    }

    pub(crate) fn retry_in(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    pub(crate) fn open(mut self, is_open: bool) -> Self {
        self.0.is_open = is_open;
        self
    }

    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn during(mut self, operation: &Operation) -> Self {
        self.0.operation = Some(operation.id);
        self.0.scopes = operation.scopes;
        self
    }

    pub(crate) fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Creates an error for a failure below HTTP, without the URL, whose query may contain personal data.
    pub(crate) fn of_reqwest(kind: ErrorKind, error: reqwest::Error) -> Self {
        Self::new(kind).caused_by(error.without_url())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            f.write_str(operation)?;
            if let Some(id) = &inner.connection_id {
                write!(f, " of {}", id.escape_debug())?;
            }
            f.write_str(": ")?;
        }
        match inner.status {
            Some(status) => {
                write!(f, "{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default())?;
                if matches!(
                    inner.kind,
                    ErrorKind::Credentials
                        | ErrorKind::UnexpectedResponse
                        | ErrorKind::Decode
                        | ErrorKind::BodyTooLarge
                ) {
                    write!(f, ", {}", inner.kind)?;
                }
            }
            None => write!(f, "{}", inner.kind)?,
        }
        let reason = inner.status.and_then(|status| status.canonical_reason()).unwrap_or_default();
        if let Some(code) = self.code().filter(|code| !is_same(code.as_str(), reason)) {
            write!(f, ", {}", code.as_str().escape_debug())?;
        }
        if let Some(message) = self.message().filter(|message| !is_same(message, reason)) {
            write!(f, ": {message}")?;
        }
        if let Some(detail) = &inner.detail {
            write!(f, ": {detail}")?;
        }
        // The place of the whole body is not helpful.
        if let Some(path) = inner.json_path.as_ref().filter(|path| *path != ".") {
            write!(f, " at {path}")?;
        }
        if let Some(body) = inner.body.as_ref().filter(|body| body.is_foreign() && inner.kind != ErrorKind::Decode) {
            write!(f, " {}", body.describe())?;
        }
        if let Some(root) = root_cause(inner.source.as_deref()) {
            write!(f, ": {root}")?;
        }
        if !self.missing_scopes().is_empty() {
            write!(f, "; the token needs {}", self.missing_scopes().join(" "))?;
        }
        if let Some(wait) = inner.retry_after {
            write!(f, "; try again in {} s", wait.as_millis().div_ceil(1000))?;
        }
        if inner.attempts > 1 {
            write!(f, " (after {} attempts)", inner.attempts)?;
        }
        Ok(())
    }
}

/// Returns the scopes in a message such as `Insufficient scope, expected any of: read:users,update:users`.
fn scopes_in(message: &str) -> Vec<&str> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let words =
        message.split(|c: char| c.is_whitespace() || c == ',').map(|word| word.trim_matches(['.', ';', '"', '\'']));
    words.filter(|word| word.split_once(':').is_some_and(|(verb, noun)| is_name(verb) && is_name(noun))).collect()
}

/// Returns whether two texts have the same words. Code and message often repeat the reason of the status.
fn is_same(text: &str, reason: &str) -> bool {
    let words =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    words(text) == words(reason)
}

/// Returns the innermost cause. The causes around it add nothing.
fn root_cause<'a>(source: Option<&'a (dyn StdError + Send + Sync + 'static)>) -> Option<&'a (dyn StdError + 'static)> {
    let mut cause: &(dyn StdError + 'static) = source?;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Some(cause)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Without a source, because the text contains it.
impl StdError for Error {}
