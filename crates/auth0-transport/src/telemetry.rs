//! The span of a request, with OpenTelemetry's names for HTTP clients. It contains no headers, body or query.

use tracing::{Span, field::Empty};

use crate::{
    Operation,
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

fn without_query(url: &url::Url) -> &str {
    let end = url.as_str().find('?').unwrap_or(url.as_str().len());
    &url.as_str()[..end]
}
