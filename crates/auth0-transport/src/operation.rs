//! An operation of the API, as static data.

use http::Method;

use crate::base_url::API_PATH;

/// Whether a request may be sent again if the first one may have been processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// Two requests have the same effect as one: `GET`, `PUT`, `PATCH`, `DELETE`.
    Idempotent,
    /// Two requests may have two effects: `POST`. It is retried only if the server cannot have processed it.
    NotIdempotent,
}

impl Idempotency {
    /// Returns the idempotency of a method. `PATCH` counts as idempotent, because this API replaces the named properties.
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
#[must_use]
pub struct Operation {
    /// The name of the operation in errors and traces.
    pub id: &'static str,
    /// Whether requests may be retried.
    pub idempotency: Idempotency,
    /// The scopes that a token needs for it.
    pub scopes: &'static [&'static str],
    /// The path of its API, without a slash at the end. Defaults to `/api/v2`.
    pub base_path: &'static str,
    /// The method and path. Without them, pacing guesses the ids in the path of a request.
    pub route: Option<Route>,
    /// The statuses of a success. If it is empty, every 2xx status is a success.
    pub success: &'static [u16],
}

/// The method and path of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Route {
    /// The method.
    pub method: &'static Method,
    /// The path below that of the API, with ids as names in braces: `/clients/{id}`.
    pub path: &'static str,
}

impl Operation {
    /// Creates an operation.
    pub const fn new(id: &'static str, idempotency: Idempotency, scopes: &'static [&'static str]) -> Self {
        Self { id, idempotency, scopes, base_path: API_PATH, route: None, success: &[] }
    }

    /// Sets the path of the API, if it is not the Management API. Requests can only be sent to URLs below it.
    pub const fn below(self, base_path: &'static str) -> Self {
        Self { base_path, ..self }
    }

    /// Sets the method and the template of the path.
    pub const fn at(mut self, method: &'static Method, path: &'static str) -> Self {
        self.route = Some(Route { method, path });
        self
    }

    /// Sets the statuses of a success. Another 2xx status is then an error.
    pub const fn succeeds_with(mut self, statuses: &'static [u16]) -> Self {
        self.success = statuses;
        self
    }
}
