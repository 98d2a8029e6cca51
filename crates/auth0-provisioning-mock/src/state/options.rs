//! The options of a connection.

use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::strategy::{self, GOOGLE_APPS};

/// Options. Cheap to clone, because a tenant can have 100,000 connections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options(Arc<Map<String, Value>>);

impl Options {
    /// Returns the options of a Google Workspace connection that is ready for directory provisioning.
    pub(crate) fn of_google_apps() -> Self {
        static OPTIONS: LazyLock<Options> = LazyLock::new(|| {
            let switches = ["api_enable_users", "api_enable_groups"];
            let mut options = switches.into_iter().map(|name| (name.to_owned(), true.into())).collect();
            strategy::add_defaults(GOOGLE_APPS, &mut options);
            options.into()
        });
        OPTIONS.clone()
    }

    pub(crate) fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl From<Map<String, Value>> for Options {
    fn from(options: Map<String, Value>) -> Self {
        Self(Arc::new(options))
    }
}

impl Serialize for Options {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self::from)
    }
}
