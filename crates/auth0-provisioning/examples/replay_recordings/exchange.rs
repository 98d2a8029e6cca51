//! A recorded exchange.

use reqwest::Url;
use serde_json::Value;

use super::Failure;

pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) response: String,
}

/// The request that arrived.
pub(crate) struct Arrived {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) body: String,
}

impl Exchange {
    pub(crate) fn read(line: &str) -> Result<Self, Failure> {
        let line: Value = serde_json::from_str(line)?;
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            method: text("method"),
            path: text("path"),
            request: text("request"),
            status: line["status"].as_u64().and_then(|status| status.try_into().ok()).ok_or("no status")?,
            response: text("response"),
        })
    }

    /// Path and query, apart.
    pub(crate) fn target(&self) -> (&str, &str) {
        self.path.split_once('?').unwrap_or((&self.path, ""))
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = pairs(self.target().1).into_iter();
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Every value of a parameter.
    pub(crate) fn parameters(&self, name: &str) -> Vec<String> {
        pairs(self.target().1).into_iter().filter(|(known, _)| *known == name).map(|(_, value)| value).collect()
    }

    /// Whether it asks for the status of a connection, whose 404 is a valid outcome.
    pub(crate) fn asks_for_status(&self) -> bool {
        self.target().0.ends_with("/status")
    }

    /// The names of the parameters.
    pub(crate) fn names_of_parameters(&self) -> Vec<String> {
        pairs(self.target().1).into_iter().map(|(name, _)| name).collect()
    }

    /// Compares what arrived with what was recorded.
    pub(crate) fn compare(&self, arrived: &Arrived) -> Result<(), Failure> {
        let target = arrived.target.split_once('?').unwrap_or((&arrived.target, ""));
        if arrived.method != self.method || target.0 != self.target().0 {
            return Err(format!("{} {} arrived", arrived.method, arrived.target).into());
        }
        if pairs(target.1) != pairs(self.target().1) {
            return Err(format!("the query {:?} arrived", target.1).into());
        }
        let json = |body: &str| if body.is_empty() { Ok(None) } else { serde_json::from_str::<Value>(body).map(Some) };
        if json(&arrived.body)? != json(&self.request)? {
            return Err(format!("the body {:?} arrived instead of {:?}", arrived.body, self.request).into());
        }
        Ok(())
    }
}

/// The parameters of a query, decoded and sorted: their order and the way they are encoded have no meaning.
fn pairs(query: &str) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://tenant.example.com/?{query}"));
    let mut pairs: Vec<_> =
        url.iter().flat_map(Url::query_pairs).map(|(name, value)| (name.into(), value.into())).collect();
    pairs.sort();
    pairs
}
