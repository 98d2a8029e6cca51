//! The tenant's log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::configuration::ApiTime;

/// How many events are kept, the latest.
const KEPT: usize = 10_000;

/// The events by id. Ids start with the time, so that their order is that of the events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Logs {
    events: BTreeMap<String, Value>,
    written: u64,
}

impl Logs {
    /// Writes an event, whose fields are an object; `log_id` and `date` are added.
    pub(crate) fn write(&mut self, at: DateTime<Utc>, mut event: Value) {
        self.written += 1;
        let id = format!("900{}{:020}", at.format("%Y%m%d%H%M%S%3f"), self.written);
        event["log_id"] = id.as_str().into();
        event["date"] = json!(ApiTime(at));
        self.events.insert(id, event);
        while self.events.len() > KEPT {
            self.events.pop_first();
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Value> {
        self.events.get(id)
    }

    /// The events, the oldest first.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = (&str, &Value)> {
        self.events.iter().map(|(id, event)| (id.as_str(), event))
    }
}
