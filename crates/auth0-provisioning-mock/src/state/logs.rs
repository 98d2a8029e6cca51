//! The log of the tenant.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::configuration::ApiTime;

/// The largest number of events.
const LIMIT: usize = 10_000;

/// Events by id. Ids start with the time, and therefore sort by time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Logs {
    events: BTreeMap<String, Value>,
    written: u64,
}

impl Logs {
    /// Writes an event, an object, and adds `log_id` and `date`.
    pub(crate) fn write(&mut self, at: DateTime<Utc>, mut event: Value) {
        self.written += 1;
        let id = format!("900{}{:020}", at.format("%Y%m%d%H%M%S%3f"), self.written);
        event["log_id"] = id.as_str().into();
        event["date"] = json!(ApiTime(at));
        self.events.insert(id, event);
        while self.events.len() > LIMIT {
            self.events.pop_first();
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Value> {
        self.events.get(id)
    }

    /// Returns the events in ascending order.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = (&str, &Value)> {
        self.events.iter().map(|(id, event)| (id.as_str(), event))
    }
}
