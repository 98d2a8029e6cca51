//! Recorded calls as JSON lines.

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// A recorded call: a request and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recording {
    /// The method, such as `GET`.
    pub method: String,
    /// The path with its query, from `/api/v2` on.
    pub path: String,
    /// The body of the request, if it had one.
    pub request: Option<String>,
    /// The status of the response.
    pub status: u16,
    /// The body of the response; empty if there was none.
    pub response: String,
}

/// A line is not a recorded call.
#[derive(Debug, Error)]
#[error("line {line} is not a recorded call")]
pub struct RecordingError {
    line: usize,
    source: serde_json::Error,
}

#[derive(Deserialize)]
struct Line {
    method: String,
    #[serde(alias = "url")]
    path: String,
    #[serde(default)]
    request: Value,
    status: u16,
    #[serde(default)]
    response: Value,
}

impl Recording {
    /// Reads recordings: one JSON object a line. Empty lines and unknown fields are ignored. Bodies are strings or JSON
    /// values, and a path can be a URL.
    ///
    /// # Errors
    ///
    /// A line is not such an object.
    pub fn read(text: &str) -> Result<Vec<Self>, RecordingError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(index, line)| {
                let line: Line =
                    serde_json::from_str(line).map_err(|source| RecordingError { line: index + 1, source })?;
                Ok(Self {
                    method: line.method.to_uppercase(),
                    path: without_origin(&line.path).to_owned(),
                    request: body(line.request),
                    status: line.status,
                    response: body(line.response).unwrap_or_default(),
                })
            })
            .collect()
    }

    pub(super) fn path_alone(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

fn without_origin(url: &str) -> &str {
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => url,
    }
}

fn body(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_strings_or_values_and_paths_can_be_urls() {
        let lines = concat!(
            r#"{"method":"get","path":"/api/v2/connections?take=1","request":null,"status":200,"response":"[]"}"#,
            "\n\n",
            r#"{"method":"POST","url":"https://a.test/api/v2/x","request":{"a":1},"status":204,"extra":true}"#,
        );
        let read = Recording::read(lines).unwrap();
        assert_eq!((read[0].method.as_str(), read[0].path_alone()), ("GET", "/api/v2/connections"));
        assert_eq!((read[0].request.as_deref(), read[0].response.as_str()), (None, "[]"));
        assert_eq!((read[1].path.as_str(), read[1].request.as_deref()), ("/api/v2/x", Some(r#"{"a":1}"#)));
        assert_eq!(read[1].response, "");
    }

    #[test]
    fn wrong_line_is_named_by_its_number() {
        let error = Recording::read("\n{\"method\":\"GET\"}").unwrap_err();
        assert_eq!(error.to_string(), "line 2 is not a recorded call");
    }
}
