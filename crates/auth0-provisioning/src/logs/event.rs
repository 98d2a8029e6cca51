//! An event as it comes, whatever it is made of.

use serde_json::{Map, Value};

use crate::types::LogEvent;

/// Name under which an event is kept that is no object.
const EVENT: &str = "event";

/// Reads the events of a page that its type does not describe; `None` where it is neither a page nor a list.
pub(super) fn read_all(page: Value) -> Option<Vec<LogEvent>> {
    let events = match page {
        Value::Array(events) => events,
        Value::Object(mut page) => match page.remove("logs")? {
            Value::Array(events) => events,
            _ => return None,
        },
        _ => return None,
    };
    Some(events.into_iter().map(read).collect())
}

/// Reads an event. Members of another form than the type has are kept among its unknown ones.
fn read(event: Value) -> LogEvent {
    let members = match event {
        Value::Object(members) => members,
        other => Map::from_iter([(EVENT.to_owned(), other)]),
    };
    let (fitting, odd): (Map<_, _>, Map<_, _>) = members.into_iter().partition(|(name, value)| fits(name, value));
    // Each member fits alone, and none is required.
    let mut event: LogEvent = serde_json::from_value(fitting.into()).unwrap_or_default();
    event.unknown.extend(odd);
    event
}

fn fits(name: &str, value: &Value) -> bool {
    let alone = Map::from_iter([(name.to_owned(), value.clone())]);
    serde_json::from_value::<LogEvent>(alone.into()).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_odd_event_keeps_what_it_came_with_and_spoils_no_other() {
        let odd = json!({ "log_id": "9002", "type": "s", "date": { "$date": 1 }, "details": "none" });
        let good = json!({ "log_id": "9001", "type": "s", "date": "2026-05-05T12:00:02Z" });
        for page in [json!([odd, good, 7]), json!({ "logs": [odd, good, 7], "total": 3 })] {
            let events = read_all(page).unwrap();
            assert_eq!((events[0].log_id.as_deref(), events[0].date), (Some("9002"), None));
            assert_eq!(events[1].date.unwrap().to_rfc3339(), "2026-05-05T12:00:02+00:00");
            assert_eq!(serde_json::to_value(&events[0]).unwrap(), odd);
            assert_eq!(serde_json::to_value(&events[2]).unwrap(), json!({ "event": 7 }));
        }
    }

    #[test]
    fn what_holds_no_events_is_no_page() {
        for page in [json!(null), json!("x"), json!({}), json!({ "logs": 1 })] {
            assert_eq!(read_all(page), None);
        }
    }
}
