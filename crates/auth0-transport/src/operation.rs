//! An operation of the API, as static data.

use http::Method;

use crate::base_url::API_PATH;

/// Whether a request may be sent again when it is unknown whether the first one was processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// Sending it twice has the effect of sending it once: `GET`, `PUT`, `PATCH`, `DELETE`.
    Idempotent,
    /// Sending it twice may do something twice: `POST`. It is repeated only when the server surely did not process it.
    NotIdempotent,
}

impl Idempotency {
    /// What HTTP says about a method; this API's `PATCH` replaces what it names, so it counts as idempotent too.
    #[must_use]
    pub fn of(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::PATCH | Method::DELETE => {
                Self::Idempotent
            }
            _ => Self::NotIdempotent,
        }
    }
}

/// An operation of the API, as static data.
///
/// ```
/// use auth0_transport::{Idempotency, Method, Operation};
///
/// static GET_CLIENT: Operation = Operation::new("get_client", Idempotency::Idempotent, &["read:clients"])
///     .at(&Method::GET, "/clients/{id}")
///     .succeeds_with(&[200]);
/// assert_eq!(GET_CLIENT.id, "get_client");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// The operation's name, as errors and traces show it.
    pub id: &'static str,
    /// Whether the operation may be repeated.
    pub idempotency: Idempotency,
    /// The scopes that a token needs for it.
    pub scopes: &'static [&'static str],
    /// The path of the API that it belongs to, without a slash at the end: `/api/v2` unless [`below`](Self::below) says
    /// otherwise.
    pub base_path: &'static str,
    /// Where requests go. Without a route, ids are guessed from the path of each request.
    pub route: Option<Route>,
    /// The statuses of a success; every 2xx status where there are none.
    pub success: &'static [u16],
}

/// The method and path of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Route {
    /// The method.
    pub method: &'static Method,
    /// The path below the API's own, with names in braces for ids: `/clients/{id}`.
    pub path: &'static str,
}

impl Operation {
    /// Describes an operation.
    #[must_use]
    pub const fn new(id: &'static str, idempotency: Idempotency, scopes: &'static [&'static str]) -> Self {
        Self { id, idempotency, scopes, base_path: API_PATH, route: None, success: &[] }
    }

    /// Describes the operation of another API than the Management API: its requests go below this path of the tenant's
    /// origin, and nowhere else.
    ///
    /// ```
    /// use auth0_transport::{Idempotency, Operation};
    ///
    /// const GET_FACTORS: Operation = Operation::new("get_factors", Idempotency::Idempotent, &[]).below("/me/v1");
    /// assert_eq!(GET_FACTORS.base_path, "/me/v1");
    /// ```
    #[must_use]
    pub const fn below(self, base_path: &'static str) -> Self {
        Self { base_path, ..self }
    }

    /// Sets the method and the template of the path.
    #[must_use]
    pub const fn at(mut self, method: &'static Method, path: &'static str) -> Self {
        self.route = Some(Route { method, path });
        self
    }

    /// Sets the statuses of a success. Another 2xx status is then an error.
    #[must_use]
    pub const fn succeeds_with(mut self, statuses: &'static [u16]) -> Self {
        self.success = statuses;
        self
    }
}
