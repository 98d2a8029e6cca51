//! Spans and events, with OpenTelemetry's names for HTTP clients. They contain no headers, bodies or queries.

use std::time::Duration;

use tracing::{Span, field::Empty};

use crate::{
    Error, Operation,
    attempt::{AttemptError, RawResponse},
    base_url::BaseUrl,
};

/// Creates the span of one request. Without a subscriber, it costs one read of a flag.
pub(crate) fn request_span(
    base: &BaseUrl,
    request: &reqwest::Request,
    operation: &Operation,
    resend_count: u32,
) -> Span {
    tracing::info_span!(
        "http_request",
        "otel.kind" = "client",
        "otel.name" = operation.id,
        "http.request.method" = request.method().as_str(),
        "server.address" = base.host(),
        "server.port" = base.port(),
        "url.full" = without_query(request.url()),
        "url.template" = operation.route.map(|route| route.path),
        "http.request.resend_count" = resend_count,
        "http.response.status_code" = Empty,
        "error.type" = Empty,
    )
}

pub(crate) fn record(span: &Span, result: &Result<RawResponse, AttemptError>) {
    match result {
        Ok(RawResponse { status, .. }) => {
            span.record("http.response.status_code", status.as_u16());
            if !status.is_success() {
                span.record("error.type", status.as_str());
            }
        }
        Err(AttemptError { error, .. }) => {
            span.record("error.type", tracing::field::display(error.kind()));
        }
    }
}

pub(crate) fn retrying(operation: &Operation, error: &Error, attempts: u32, wait: Duration) {
    tracing::info!(
        operation = operation.id,
        attempts,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        cause = %error.kind(),
        "retrying"
    );
}

pub(crate) fn waited(operation: &Operation, waited: Duration) {
    tracing::debug!(
        operation = operation.id,
        waited_ms = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
        "waited for the rate limit"
    );
}

pub(crate) fn token_obtained(lifetime: Option<Duration>) {
    tracing::debug!(lifetime_s = lifetime.map(|lifetime| lifetime.as_secs()), "obtained a token");
}

pub(crate) fn token_not_obtained(error: &Error) {
    tracing::warn!(%error, "cannot obtain a token");
}

pub(crate) fn token_rejected() {
    tracing::info!("the tenant rejected the token; obtaining another one");
}

pub(crate) fn token_store_failed(access: &str, error: &dyn std::fmt::Display) {
    tracing::warn!(access, %error, "the token store failed");
}

fn without_query(url: &url::Url) -> &str {
    let end = url.as_str().find('?').unwrap_or(url.as_str().len());
    &url.as_str()[..end]
}
