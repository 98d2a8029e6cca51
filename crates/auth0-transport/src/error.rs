//! The one error of every call.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode};

use crate::{ErrorCode, ErrorKind, Operation, error_body::ErrorBody, hook::request_id};

type Source = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// [`kind`](Self::kind) is for decisions, `Display` is one line for people: complete, what happened below HTTP included,
/// and without secrets, bodies or headers. [`source`](StdError::source) is therefore empty, so that programs that print the
/// whole chain print nothing twice; [`cause`](Self::cause) is the failure below. Cheap to pass around (one pointer) and to
/// clone.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    /// What we say about it ourselves, where the server says nothing or not enough.
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
    /// For [`ErrorKind::Credentials`]: whether the failure may pass.
    transient: bool,
    /// The server may have processed a request, and did not say so.
    is_open: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error about a call's arguments: nothing was sent.
    pub fn invalid_request(reason: impl Into<Source>) -> Self {
        Self::new(ErrorKind::InvalidRequest).caused_by(reason)
    }

    /// Creates an error for an undeclared response, such as a list with a circle of cursors.
    pub fn unexpected_response(reason: impl Into<Source>) -> Self {
        Self::new(ErrorKind::UnexpectedResponse).caused_by(reason)
    }

    /// Says which connection the call was about.
    #[must_use]
    pub fn with_connection_id(mut self, id: impl Into<Box<str>>) -> Self {
        self.0.connection_id = Some(id.into());
        self
    }

    /// What went wrong, as far as a program can act on it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status, if a response arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the API's `errorCode`, if the response has one.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.body.as_ref()?.code()
    }

    /// The API's own message, if the response has one: one line, at most 500 characters. Its wording changes; decide by
    /// [`kind`](Self::kind) and [`code`](Self::code).
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.body.as_ref()?.message()
    }

    /// How long to wait before trying again, if that is known. Counted from when the error was made.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many requests were sent for the call; 0 if none was.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The id that Auth0 gave to the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The operation's name.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The connection that the call was about.
    #[must_use]
    pub fn connection_id(&self) -> Option<&str> {
        self.0.connection_id.as_deref()
    }

    /// Where in the body decoding stopped, such as `mapping[3].idp`; `.` is the body itself.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// Returns the response's body unchanged. It may contain personal data and parts of the request.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.body.as_ref().map(|body| &*body.bytes)
    }

    /// Whether what the request names does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether it is there already, or running already.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == ErrorKind::Conflict
    }

    /// Whether the token, though valid, does not suffice.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.kind() == ErrorKind::Forbidden
    }

    /// Whether the token was not accepted, or could not be obtained for wrong credentials.
    #[must_use]
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
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited || self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether time ran out, for an attempt or for the whole call.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout | ErrorKind::Deadline)
    }

    /// Whether the same call may succeed later. For a `POST` that was sent, look first: it may have been processed.
    #[must_use]
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

    /// Whether the server may have processed a request although no usable response arrived. After a call
    /// that changes something, read the present state to find out.
    #[must_use]
    pub fn may_have_been_processed(&self) -> bool {
        self.0.is_open
    }

    /// The failure below, such as that of the HTTP client, to be downcast.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }

    /// The scopes of which the token lacks all, if the API refused the call for that; empty otherwise. They are the ones
    /// that the API names, since one operation can need further scopes for some of its fields; where it names none, those
    /// of the operation.
    #[must_use]
    pub fn missing_scopes(&self) -> Vec<&str> {
        if self.code() != Some(&ErrorCode::InsufficientScope) || !self.is_forbidden() {
            return Vec::new();
        }
        let named: Vec<&str> = self.message().map(scopes_in).unwrap_or_default();
        if named.is_empty() { self.0.scopes.to_vec() } else { named }
    }
}

/// Making one, inside the transport.
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

    /// An error about how a client was set up: it names what is wrong, and what is expected instead.
    #[must_use]
    pub fn invalid_configuration(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidConfiguration).detail(detail)
    }

    pub(crate) fn of_answer(status: StatusCode, body: ErrorBody) -> Self {
        Self::new(ErrorKind::of_status(status)).answered(status).body(body)
    }

    /// The same failure, of obtaining a token for a call. That the network failed or time ran out stays what it is.
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

    /// The same failure where no request was sent, because the last one failed a moment ago.
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

    /// A request that cannot be built. The URL is taken out, as in [`of_reqwest`](Self::of_reqwest).
    pub(crate) fn unsendable(error: reqwest::Error) -> Self {
        Self::of_reqwest(ErrorKind::InvalidRequest, error)
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    pub(crate) fn answered(mut self, status: StatusCode) -> Self {
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

    /// A failure below HTTP. The URL is taken out: its query may hold personal data.
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
        // The place of the whole body says nothing.
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

/// The scopes in a message such as `Insufficient scope, expected any of: read:users,update:users`.
fn scopes_in(message: &str) -> Vec<&str> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let words =
        message.split(|c: char| c.is_whitespace() || c == ',').map(|word| word.trim_matches(['.', ';', '"', '\'']));
    words.filter(|word| word.split_once(':').is_some_and(|(verb, noun)| is_name(verb) && is_name(noun))).collect()
}

/// Whether both have the same words, as code and message of a response often have those of its status.
fn is_same(text: &str, reason: &str) -> bool {
    let words =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    words(text) == words(reason)
}

/// The innermost cause says what happened; the ones around it repeat that something did.
fn root_cause<'a>(source: Option<&'a (dyn StdError + Send + Sync + 'static)>) -> Option<&'a (dyn StdError + 'static)> {
    let mut cause: &(dyn StdError + 'static) = source?;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Some(cause)
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut shown = f.debug_struct("Error");
        shown
            .field("kind", &inner.kind)
            .field("operation", &inner.operation)
            .field("connection_id", &inner.connection_id)
            .field("status", &inner.status)
            .field("code", &self.code())
            .field("message", &self.message())
            .field("detail", &inner.detail)
            .field("json_path", &inner.json_path)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &inner.attempts)
            .field("request_id", &inner.request_id)
            .field("body_length", &inner.body.as_ref().map(|body| body.bytes.len()));
        shown.field("source", &inner.source.as_ref().map(ToString::to_string)).finish()
    }
}

/// Without a source: the text holds all of it.
impl StdError for Error {}
