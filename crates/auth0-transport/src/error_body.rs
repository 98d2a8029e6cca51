//! The body of an error response.

use std::fmt;

use bytes::Bytes;
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use serde_json::Value;

use crate::ErrorCode;

/// The number of characters that are kept of a message and of a code.
const LONGEST_MESSAGE: usize = 500;
const LONGEST_CODE: usize = 100;

/// The body of an error response. Its description does not quote it.
#[derive(Clone)]
pub(crate) struct ErrorBody {
    pub(crate) bytes: Bytes,
    content_type: Option<String>,
    fields: Option<Fields>,
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBody")
            .field("length", &self.bytes.len())
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

/// The fields of the API's `{statusCode, error, message, errorCode}` or OAuth's `{error, error_description}`.
#[derive(Clone, Debug)]
struct Fields {
    code: Option<ErrorCode>,
    message: Option<String>,
}

impl ErrorBody {
    /// Reads a body. Removes `secret` from its texts, because a server may repeat it.
    pub(crate) fn read(headers: &HeaderMap, bytes: Bytes, secret: Option<&str>) -> Self {
        let fields = serde_json::from_slice(&bytes).ok().and_then(|body| Fields::of(&body, secret));
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.chars().take(80).collect());
        Self { bytes, content_type, fields }
    }

    pub(crate) fn code(&self) -> Option<&ErrorCode> {
        self.fields.as_ref()?.code.as_ref()
    }

    pub(crate) fn message(&self) -> Option<&str> {
        self.fields.as_ref()?.message.as_deref()
    }

    /// Returns the type and the length, but no excerpt, because another server may have written the page.
    pub(crate) fn describe(&self) -> String {
        let length = self.bytes.len();
        match (&self.content_type, length) {
            (_, 0) => "with an empty body".to_owned(),
            (Some(content_type), _) => {
                format!("with a body that is not the API's JSON ({content_type:?}, {length} bytes)")
            }
            (None, _) => format!("with a body that is not the API's JSON (no content type, {length} bytes)"),
        }
    }

    /// Returns what a body that is not JSON probably is, and what to check, without an excerpt.
    pub(crate) fn explain(headers: &HeaderMap, bytes: &[u8]) -> String {
        let is_gzip = bytes.starts_with(&[0x1f, 0x8b]);
        let encoding = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let length = bytes.len();
        if let Some(encoding) = encoding.or(is_gzip.then_some("gzip")) {
            let encoding: String = encoding.chars().take(20).collect();
            return format!(
                "the body is compressed ({encoding:?}), which was not requested; check the proxy between here and the tenant"
            );
        }
        if first == Some(&b'<') {
            return format!("the body is a page of {length} bytes; check the base URL, and the proxy if there is one");
        }
        format!("the body has {length} bytes of another format; check the base URL, and the proxy if there is one")
    }

    /// Returns whether the body has none of the API's fields.
    pub(crate) fn is_foreign(&self) -> bool {
        self.fields.is_none()
    }
}

impl Fields {
    fn of(body: &Value, secret: Option<&str>) -> Option<Self> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let description = text("error_description");
        let code = text("errorCode").or_else(|| description.and(text("error")));
        let message = text("message").or(description).or_else(|| text("error"));
        if code.is_none() && message.is_none() {
            return None;
        }
        Some(Self {
            code: code.map(|code| one_line(code, LONGEST_CODE, secret).as_str().into()),
            message: message.map(|message| one_line(message, LONGEST_MESSAGE, secret)),
        })
    }
}

/// Returns one line of limited length without `secret`, because messages are shown and logged.
fn one_line(text: &str, longest: usize, secret: Option<&str>) -> String {
    let text = match secret {
        Some(secret) if !secret.is_empty() => text.replace(secret, "[redacted]"),
        _ => text.to_owned(),
    };
    let mut line: String = text.chars().take(longest).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(longest).is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> ErrorBody {
        ErrorBody::read(&HeaderMap::new(), Bytes::copy_from_slice(body.as_bytes()), Some("s3cret"))
    }

    #[test]
    fn reason_phrase_is_not_a_code() {
        let body = read(r#"{"statusCode":400,"error":"Bad Request","message":"synchronized too recently"}"#);
        assert_eq!((body.code(), body.message()), (None, Some("synchronized too recently")));
    }

    #[test]
    fn foreign_body_is_described_but_not_quoted() {
        for body in ["<html>teapot</html>", "[1]", "\"text\"", "{}", r#"{"message":7}"#, "{\"message\""] {
            let read = read(body);
            assert!(read.is_foreign());
            assert_eq!(read.bytes, body.as_bytes());
            assert!(read.describe().contains(&format!("{} bytes", body.len())));
            assert!(!read.describe().contains("teapot"));
        }
        assert_eq!(read("").describe(), "with an empty body");
    }

    #[test]
    fn message_is_one_line_without_the_secret() {
        let body = read("{\"message\":\"bad token s3cret\\r\\nX-Evil: 1\"}");
        assert_eq!(body.message(), Some("bad token [redacted]  X-Evil: 1"));
        let long = read(&format!("{{\"message\":\"{}\"}}", "é".repeat(900)));
        assert_eq!(long.message().unwrap().chars().count(), 501);
    }

    #[test]
    fn code_is_one_line_without_the_secret() {
        let body = read("{\"message\":\"no\",\"errorCode\":\"bad_s3cret\\n\"}");
        assert_eq!(body.code().unwrap().as_str(), "bad_[redacted] ");
        let oauth = read(&format!(r#"{{"error":"{}","error_description":"no"}}"#, "é".repeat(900)));
        assert_eq!(oauth.code().unwrap().as_str().chars().count(), 101);
    }
}
