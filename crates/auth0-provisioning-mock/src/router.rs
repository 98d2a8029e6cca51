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
    use crate::contract::contract;

    #[test]
    fn every_operation_of_the_contract_is_reached_by_its_method_and_path() {
        for operation in Operation::OF_CONTRACT {
            let told = contract().operation(operation).unwrap();
            let path = format!("/api/v2{}", told.path.replace("{id}", "con_1"));
            let Route::Operation { operation: reached, .. } = route(&told.method, &path) else {
                panic!("{} {path} leads nowhere", told.method);
            };
            assert_eq!(reached, operation);
        }
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
