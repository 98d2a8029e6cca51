//! Selects the operation of a method and a path.

use std::sync::LazyLock;

use http::HeaderValue;
use percent_encoding::percent_decode_str;

use crate::contract::contract;
use crate::operations::Operation;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Operation {
        operation: Operation,
        /// The ids in the path, decoded, or `None` if one is not UTF-8.
        ids: Option<Vec<String>>,
    },
    /// The path has only these methods.
    OtherMethods(HeaderValue),
    Unknown,
}

impl Route {
    pub(crate) fn operation(&self) -> Option<Operation> {
        match self {
            Self::Operation { operation, .. } => Some(*operation),
            _ => None,
        }
    }
}

/// A path, and the operations of its methods.
struct Entry {
    /// `None` for an id.
    segments: Vec<Option<String>>,
    methods: Vec<(String, Operation)>,
}

/// The paths of the contract, and the path of the token endpoint.
static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut table: Vec<Entry> = Vec::new();
    let mut add = |method: &str, path: &str, operation| {
        let segments: Vec<_> =
            segments(path).map(|segment| (!segment.starts_with('{')).then(|| segment.to_owned())).collect();
        let known = table.iter().position(|entry| entry.segments == segments);
        let index = known.unwrap_or_else(|| {
            table.push(Entry { segments, methods: Vec::new() });
            table.len() - 1
        });
        table[index].methods.push((method.to_owned(), operation));
    };
    add("POST", "/oauth/token", Operation::IssueToken);
    for &operation in Operation::OF_CONTRACT {
        if let Some(described) = contract().operation(operation.id()) {
            add(&described.method, &format!("/api/v2{}", described.path), operation);
        }
    }
    table
});

pub(crate) fn route(method: &str, path: &str) -> Route {
    let path: Vec<&str> = segments(path).collect();
    let Some(entry) = TABLE.iter().find(|entry| entry.matches(&path)) else { return Route::Unknown };
    match entry.methods.iter().find(|(known, _)| known == method) {
        Some(&(_, operation)) => Route::Operation { operation, ids: entry.ids(&path) },
        None => Route::OtherMethods(entry.allowed()),
    }
}

impl Entry {
    fn matches(&self, path: &[&str]) -> bool {
        self.segments.len() == path.len()
            && self.segments.iter().zip(path).all(|(own, other)| own.as_ref().is_none_or(|own| own == other))
    }

    fn ids(&self, path: &[&str]) -> Option<Vec<String>> {
        let ids = self.segments.iter().zip(path).filter(|(own, _)| own.is_none());
        ids.map(|(_, id)| percent_decode_str(id).decode_utf8().ok().map(Into::into)).collect()
    }

    fn allowed(&self) -> HeaderValue {
        let methods: Vec<_> = self.methods.iter().map(|(method, _)| method.as_str()).collect();
        // Methods are letters, which every header may hold.
        HeaderValue::try_from(methods.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_contract_is_routed() {
        let mut reached = Vec::new();
        for (id, described) in contract().operations() {
            let path = format!("/api/v2{}", described.path.replace("{id}", "con_1").replace("{tokenId}", "tok_1"));
            let Route::Operation { operation, .. } = route(&described.method, &path) else {
                panic!("operations/mod.rs has no row for {id}");
            };
            assert_eq!(operation.id(), id);
            reached.push(operation);
        }
        assert_eq!(reached.len(), Operation::OF_CONTRACT.len());
    }

    #[test]
    fn ids_are_decoded_if_they_are_utf8() {
        let reached = |path| match route("GET", path) {
            Route::Operation { ids, .. } => ids,
            other => panic!("{other:?}"),
        };
        assert_eq!(reached("/api/v2/connections/con%5F1/directory-provisioning"), Some(vec!["con_1".to_owned()]));
        assert_eq!(reached("/api/v2/connections/%FF/directory-provisioning"), None);
        assert_eq!(reached("/api/v2/connections"), Some(Vec::new()));
    }

    #[test]
    fn unknown_paths_differ_from_unknown_methods() {
        assert_eq!(route("GET", "/api/v2/users"), Route::Unknown);
        assert_eq!(route("GET", "/"), Route::Unknown);
        assert_eq!(route("PUT", "/oauth/token"), Route::OtherMethods(HeaderValue::from_static("POST")));
    }
}
