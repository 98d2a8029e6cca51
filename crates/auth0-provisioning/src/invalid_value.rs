//! The error for a value that the API would reject.

use std::{collections::BTreeSet, fmt};

/// The error for a value that the API would reject, such as an id or a desired state. Its `Display` says where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue(String);

impl InvalidValue {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// Checks the rows of a mapping, each a user field and what fills it: no name is empty, no user field is mapped twice.
    pub(crate) fn check_rows<'a>(
        rows: impl Iterator<Item = (&'a String, &'a String)>,
        source: &str,
    ) -> Result<(), Self> {
        let mut fields = BTreeSet::new();
        for (index, (auth0, from)) in rows.enumerate() {
            if auth0.is_empty() || from.is_empty() {
                let name = if auth0.is_empty() { "auth0" } else { source };
                return Err(Self(format!("mapping[{index}].{name} is empty")));
            }
            if !fields.insert(auth0) {
                return Err(Self(format!("mapping[{index}] maps the user field {auth0:?} a second time")));
            }
        }
        Ok(())
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for InvalidValue {}
