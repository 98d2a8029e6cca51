//! `POST /oauth/token`: the client credentials grant.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue, RETRY_AFTER};
use http::uri::Authority;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::application::Application;
#[cfg(feature = "private-key-jwt")]
use crate::client_assertion;
use crate::gate::Received;
use crate::query::Query;
use crate::response::Response;
use crate::shared::Shared;
use crate::token_quota::QuotaReport;

/// Responds to a request for a token. With `expires_early`, the token expires sooner than the response states.
pub(crate) fn issue(shared: &Shared, received: &Received<'_>, expires_early: Option<Duration>) -> Response {
    let Received { parts, body, now, .. } = *received;
    let Some(form) = read(&parts.headers, body) else {
        let description = "The body is neither a form nor a flat JSON object";
        return OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", description).into();
    };
    // HTTP/1.1 names the host in a header, HTTP/2 in the URL.
    let authority = parts.uri.authority().map(Authority::as_str);
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).or(authority);
    let request = TokenRequest { shared, form, host, now };
    request.grant(expires_early).unwrap_or_else(Response::from)
}

struct TokenRequest<'a> {
    shared: &'a Shared,
    form: HashMap<String, String>,
    #[cfg_attr(not(feature = "private-key-jwt"), allow(dead_code))] // only assertions have an audience
    host: Option<&'a str>,
    now: DateTime<Utc>,
}

impl TokenRequest<'_> {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.form.get(name).map(String::as_str)
    }

    fn grant(&self, expires_early: Option<Duration>) -> Result<Response, OAuthError> {
        let grant_type = self.parameter("grant_type").unwrap_or_default();
        if grant_type != "client_credentials" {
            let description = format!("Unsupported grant type: {grant_type}");
            return Err(OAuthError::new(StatusCode::FORBIDDEN, "unsupported_grant_type", &description));
        }
        let application = self.authenticate()?;
        if !application.may_use_grant {
            let description = "Grant type 'client_credentials' not allowed for the client.";
            return Err(OAuthError::new(StatusCode::FORBIDDEN, "unauthorized_client", description));
        }
        let audience = self.parameter("audience").unwrap_or_default();
        if !audience.ends_with("/api/v2/") {
            let description = format!("Service not found: {audience}");
            return Err(OAuthError::new(StatusCode::FORBIDDEN, "access_denied", &description));
        }
        let quota = self.shared.take_token_quota(&application, self.now);
        if let Some(quota) = quota.filter(|quota| quota.wait.is_some()) {
            let error =
                OAuthError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "The token quota is used up");
            return Err(OAuthError { quota: Some(quota), ..error });
        }
        let scopes = self.scopes(&application);
        let lifetime = self.shared.token_lifetime;
        let ends_after = expires_early.unwrap_or(lifetime);
        let token = self.shared.issue_token(&application.client_id, audience, &scopes, self.now, ends_after);
        let response = json!({
            "access_token": token,
            "scope": scopes.join(" "),
            "expires_in": lifetime.as_secs(),
            "token_type": "Bearer",
        });
        Ok(with_quota(Response::json(StatusCode::OK, &response), quota))
    }

    /// Authenticates the application.
    fn authenticate(&self) -> Result<Application, OAuthError> {
        let denied = |description: &str| OAuthError::new(StatusCode::UNAUTHORIZED, "access_denied", description);
        let unauthorized = || denied("Unauthorized");
        if let Some(assertion) = self.parameter("client_assertion") {
            return self.authenticate_by_assertion(assertion).map_err(denied);
        }
        let client_id = self.parameter("client_id").ok_or_else(unauthorized)?;
        let application = self.shared.application(client_id).ok_or_else(unauthorized)?;
        let secret = self.parameter("client_secret").ok_or_else(unauthorized)?;
        (application.secret.as_deref() == Some(secret)).then_some(application).ok_or_else(unauthorized)
    }

    /// Authenticates the application of an assertion.
    #[cfg(feature = "private-key-jwt")]
    fn authenticate_by_assertion(&self, assertion: &str) -> Result<Application, &'static str> {
        const DENIED: &str = "Unauthorized";
        let of_type = self.parameter("client_assertion_type") == Some(client_assertion::TYPE);
        if !of_type || self.parameter("client_secret").is_some() {
            return Err(DENIED);
        }
        let named = client_assertion::client_id(assertion);
        let client_id = self.parameter("client_id").or(named.as_deref()).ok_or(DENIED)?;
        let application = self.shared.application(client_id).ok_or(DENIED)?;
        client_assertion::verify(assertion, &application, &self.issuers(), self.now)?;
        Ok(application)
    }

    #[cfg(not(feature = "private-key-jwt"))]
    #[allow(clippy::unused_self)] // the signature of the method with `private-key-jwt`
    fn authenticate_by_assertion(&self, _: &str) -> Result<Application, &'static str> {
        Err("This mock tenant was built without the feature private-key-jwt")
    }

    /// The accepted audiences of an assertion: the tenant's own URL, and the one of the request.
    #[cfg(feature = "private-key-jwt")]
    fn issuers(&self) -> Vec<String> {
        let scheme = self.shared.issuer.split("://").next().unwrap_or_default();
        let reached = self.host.map(|host| format!("{scheme}://{host}/"));
        std::iter::once(self.shared.issuer.clone()).chain(reached).collect()
    }

    /// The granted scopes of the application, or those of them that it requests.
    fn scopes(&self, application: &Application) -> Vec<String> {
        let asked: Option<Vec<_>> = self.parameter("scope").map(|scope| scope.split_whitespace().collect());
        let granted = application.scopes.iter();
        granted.filter(|scope| asked.as_ref().is_none_or(|asked| asked.contains(&scope.as_str()))).cloned().collect()
    }
}

/// An error response in the format of OAuth 2.
struct OAuthError {
    status: StatusCode,
    error: &'static str,
    description: String,
    quota: Option<QuotaReport>,
}

impl OAuthError {
    fn new(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        Self { status, error, description: description.into(), quota: None }
    }
}

impl From<OAuthError> for Response {
    fn from(error: OAuthError) -> Self {
        let body = json!({ "error": error.error, "error_description": error.description });
        with_quota(Self::json(error.status, &body), error.quota)
    }
}

fn with_quota(response: Response, quota: Option<QuotaReport>) -> Response {
    let Some(quota) = quota else { return response };
    let response = match quota.wait {
        Some(wait) => response.with(RETRY_AFTER, wait.into()),
        None => response,
    };
    match HeaderValue::try_from(quota.to_string()) {
        Ok(report) => response.with(HeaderName::from_static("auth0-client-quota-limit"), report),
        Err(error) => Response::fault_of_the_mock(&error.to_string()),
    }
}

/// Reads the parameters from a form or JSON.
fn read(headers: &HeaderMap, body: &Bytes) -> Option<HashMap<String, String>> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
    if content_type.starts_with("application/json") {
        return serde_json::from_slice(body).ok();
    }
    Some(Query::parse(std::str::from_utf8(body).ok()?).into_pairs()?.into_iter().collect())
}
