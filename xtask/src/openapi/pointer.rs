//! JSON pointers (RFC 6901): how a place in a document is named.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::Serialize;

/// A place in a JSON document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The document itself.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The member or element `key` of this place.
    #[must_use]
    pub fn child(&self, key: impl fmt::Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{key}", self.0))
    }

    /// The pointer that a `$ref` within the document names, or nothing where it leads elsewhere.
    #[must_use]
    pub fn of_reference(reference: &str) -> Option<Self> {
        let fragment = reference.strip_prefix('#')?;
        // What is not UTF-8 names nothing that a JSON document could hold.
        let decoded = || percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        (fragment.is_empty() || fragment.starts_with('/')).then(|| Self(decoded()))
    }

    /// The place that another pointer names, counted from here.
    #[must_use]
    pub(crate) fn joined(&self, inner: &Self) -> Self {
        Self(format!("{}{}", self.0, inner.0))
    }

    /// Whether this place is the other one or inside of it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The pointer as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_slashes_and_tildes() {
        assert_eq!(Pointer::root().child("a/b").child("c~d").to_string(), "/a~1b/c~0d");
    }

    #[test]
    fn a_place_is_within_what_holds_it() {
        let place = Pointer::root().child("a").child("b");
        assert!(place.is_within(&place) && place.is_within(&Pointer::root().child("a")));
        assert!(!Pointer::root().child("ab").is_within(&Pointer::root().child("a")));
    }

    #[test]
    fn reads_references_within_the_document_only() {
        assert_eq!(
            Pointer::of_reference("#/components/schemas/A"),
            Some(Pointer::root().child("components").child("schemas").child("A"))
        );
        assert_eq!(Pointer::of_reference("#/paths/~1%7Bid%7D"), Some(Pointer::root().child("paths").child("/{id}")));
        assert_eq!(Pointer::of_reference("other.json#/A"), None);
    }
}
