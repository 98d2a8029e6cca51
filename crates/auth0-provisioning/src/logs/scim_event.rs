//! Events of SCIM requests.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ConnectionId, types::LogEvent};

/// A request that an identity provider sent by SCIM, as a log event reports it. `Display` has one line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScimEvent {
    /// The id of the event.
    pub log_id: Option<String>,
    /// When it happened.
    pub date: Option<DateTime<Utc>>,
    /// The connection, where the event names it: in a field, or in the path of the request.
    pub connection_id: Option<ConnectionId>,
    /// Whether the request succeeded.
    pub succeeded: bool,
    /// What happened in words, such as the reason of a failure.
    pub description: Option<String>,
    /// The method of the request, such as `PATCH`.
    pub method: Option<String>,
    /// The path of the request below the connection's endpoint, such as `Users` or `Groups/grp_1a2b3c4d5e6f7g`.
    pub path: Option<String>,
    /// The status of the response.
    pub status: Option<u16>,
    /// The `userName` or `displayName` that the request sent.
    pub subject: Option<String>,
    /// The address that the request came from.
    pub ip: Option<String>,
}

/// What comes before the id of the connection in the path of a request.
const ENDPOINT: &str = "/scim/v2/connections/";

impl ScimEvent {
    /// Reads an event; `None` for one of another type. Fields that are missing or of another form are left out.
    #[must_use]
    pub fn of(event: &LogEvent) -> Option<Self> {
        let succeeded = match event.type_.as_deref()? {
            "sscim" => true,
            "fscim" => false,
            _ => return None,
        };
        let nothing = Value::Null;
        let part = |name: &str| event.details.as_ref().and_then(|details| details.get(name)).unwrap_or(&nothing);
        let (request, response) = (part("request"), part("response"));
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let sent = text(&request["path"]).or_else(|| text(&request["url"]));
        let (named, path) = sent.map_or((None, None), |sent| below_endpoint(&sent));
        let connection = event.connection_id.clone().filter(|id| !id.is_empty());
        let body = &request["body"];
        Some(Self {
            log_id: event.log_id.clone(),
            date: event.date,
            connection_id: connection.or(named).map(|id| ConnectionId::from_response(&id)),
            succeeded,
            description: event.description.clone().filter(|text| !text.is_empty()),
            method: text(&request["method"]).map(|method| method.to_uppercase()),
            path,
            status: response["statusCode"].as_u64().and_then(|status| status.try_into().ok()),
            subject: text(&body["userName"]).or_else(|| text(&body["displayName"])),
            ip: event.ip.clone().filter(|ip| !ip.is_empty()),
        })
    }
}

/// The connection that a path names, and what comes below its endpoint; the whole path where it names none.
fn below_endpoint(sent: &str) -> (Option<String>, Option<String>) {
    let Some((_, rest)) = sent.split_once(ENDPOINT) else { return (None, Some(sent.to_owned())) };
    let (id, below) = rest.split_once('/').unwrap_or((rest, ""));
    let id = id.split('?').next().unwrap_or_default();
    (Some(id.to_owned()).filter(|id| !id.is_empty()), Some(below.to_owned()).filter(|below| !below.is_empty()))
}

impl fmt::Display for ScimEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(date) = self.date {
            write!(formatter, "{} ", date.format("%Y-%m-%d %H:%M:%S UTC"))?;
        }
        for part in [&self.method, &self.path, &self.subject].into_iter().flatten() {
            write!(formatter, "{part} ")?;
        }
        formatter.write_str(if self.succeeded { "succeeded" } else { "failed" })?;
        if let Some(status) = self.status {
            write!(formatter, " with {status}")?;
        }
        self.description.as_ref().map_or(Ok(()), |description| write!(formatter, ": {description}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Option<ScimEvent> {
        ScimEvent::of(&serde_json::from_value(value).unwrap())
    }

    #[test]
    fn a_failure_names_request_subject_and_reason() {
        let scim = read(json!({
            "type": "fscim", "log_id": "9001", "date": "2026-05-05T12:00:02.000Z", "ip": "203.0.113.7",
            "description": "The email is taken",
            "details": {
                "request": {
                    "method": "post", "path": "/scim/v2/connections/con_1/Users", "body": { "userName": "kim@acme.test" },
                },
                "response": { "statusCode": 409 },
            },
        }))
        .unwrap();
        assert_eq!(scim.connection_id.as_ref().map(ConnectionId::as_str), Some("con_1"));
        let line = "2026-05-05 12:00:02 UTC POST Users kim@acme.test failed with 409: The email is taken";
        assert_eq!(scim.to_string(), line);
    }

    #[test]
    fn what_is_missing_or_of_another_form_is_left_out() {
        for details in [json!(null), json!({}), json!({ "request": 7, "response": { "statusCode": "x" } })] {
            let scim = read(json!({ "type": "sscim", "details": details })).unwrap();
            assert_eq!((scim.to_string().as_str(), scim.connection_id), ("succeeded", None));
        }
        assert_eq!(read(json!({ "type": "s", "details": {} })), None);
    }

    #[test]
    fn the_field_of_the_event_comes_before_the_path() {
        let url = "https://acme.example/scim/v2/connections/con_2?aadOptscim062020";
        let of = |field: Value| {
            let details = json!({ "request": { "url": url } });
            let scim = read(json!({ "type": "sscim", "connection_id": field, "details": details })).unwrap();
            scim.connection_id.unwrap().to_string()
        };
        assert_eq!((of(json!("con_1")), of(json!(""))), ("con_1".to_owned(), "con_2".to_owned()));
    }
}
