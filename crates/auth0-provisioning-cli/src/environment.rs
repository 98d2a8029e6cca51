//! Variables, folders and keyring of the system that the program runs on.

use std::{path::PathBuf, sync::Arc};

use crate::keyring::Keyring;

/// Looks up an environment variable.
pub(crate) type Lookup = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Where settings, credentials and tokens are read and stored.
pub(crate) struct Environment {
    pub(crate) lookup: Lookup,
    pub(crate) config_dir: Option<PathBuf>,
    pub(crate) cache_dir: Option<PathBuf>,
    pub(crate) keyring: Option<Arc<dyn Keyring>>,
}

impl Environment {
    /// Returns a variable. An empty one counts as not set.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }
}
