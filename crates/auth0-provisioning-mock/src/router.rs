//! Which operation a request line names.

use percent_encoding::percent_decode_str;

use crate::operation::Operation;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Operation {
        operation: Operation,
        /// The connection id, decoded; empty for operations that have none. `None`: it is not UTF-8.
        connection: Option<String>,
    },
    /// The path is known, the method is not; the methods that are.
    OtherMethods(&'static str),
    Unknown,
}

pub(crate) fn route(method: &str, path: &str) -> Route {
    use Operation as Op;

    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let (connection, known): (&str, &[(&str, Op)]) = match segments[..] {
        ["oauth", "token"] => ("", &[("POST", Op::IssueToken)]),
        ["api", "v2", ref rest @ ..] => match *rest {
            ["connections"] => ("", &[("GET", Op::ListConnections)]),
            ["connections-directory-provisionings"] => ("", &[("GET", Op::ListConfigurations)]),
            ["connections", id] => (id, &[("GET", Op::GetConnection)]),
            ["connections", id, "directory-provisioning"] => (
                id,
                &[
                    ("GET", Op::GetConfiguration),
                    ("POST", Op::CreateConfiguration),
                    ("PATCH", Op::UpdateConfiguration),
                    ("DELETE", Op::DeleteConfiguration),
                ],
            ),
            ["connections", id, "directory-provisioning", "default-mapping"] => (id, &[("GET", Op::GetDefaultMapping)]),
            ["connections", id, "directory-provisioning", "synchronizations"] => (id, &[("POST", Op::Synchronize)]),
            ["connections", id, "directory-provisioning", "synchronized-groups"] => (
                id,
                &[
                    ("GET", Op::ListSynchronizedGroups),
                    ("PUT", Op::ReplaceSynchronizedGroups),
                    ("POST", Op::AddSynchronizedGroups),
                    ("DELETE", Op::RemoveSynchronizedGroups),
                ],
            ),
            _ => return Route::Unknown,
        },
        _ => return Route::Unknown,
    };
    match known.iter().find(|(name, _)| *name == method) {
        Some(&(_, operation)) => {
            let connection = percent_decode_str(connection).decode_utf8().ok().map(Into::into);
            Route::Operation { operation, connection }
        }
        None => Route::OtherMethods(match known.len() {
            1 => known[0].0,
            _ if known[1].1 == Op::CreateConfiguration => "GET, POST, PATCH, DELETE",
            _ => "GET, PUT, POST, DELETE",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_contract_is_reached_by_its_method_and_path() {
        let document = include_str!("../../../openapi/auth0-provisioning.json");
        let document: serde_json::Value = serde_json::from_str(document).unwrap();
        let mut reached = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = format!("/api/v2{}", path.replace("{id}", "con_1"));
            for (method, description) in item.as_object().unwrap() {
                let Some(id) = description["operationId"].as_str() else { continue };
                let Route::Operation { operation, .. } = route(&method.to_uppercase(), &path) else {
                    panic!("{method} {path} leads nowhere");
                };
                assert_eq!(operation.id(), id);
                reached.push(operation);
            }
        }
        assert_eq!(reached.len(), Operation::OF_CONTRACT.len());
    }

    #[test]
    fn ids_are_decoded_and_bytes_that_are_no_text_are_told_apart() {
        let reached = |path| match route("GET", path) {
            Route::Operation { connection, .. } => connection,
            other => panic!("{other:?}"),
        };
        assert_eq!(reached("/api/v2/connections/con%5F1/directory-provisioning"), Some("con_1".to_owned()));
        assert_eq!(reached("/api/v2/connections/%FF/directory-provisioning"), None);
    }

    #[test]
    fn unknown_paths_and_methods_are_told_apart() {
        assert_eq!(route("GET", "/api/v2/users"), Route::Unknown);
        assert_eq!(route("GET", "/"), Route::Unknown);
        assert_eq!(route("PUT", "/oauth/token"), Route::OtherMethods("POST"));
    }
}
