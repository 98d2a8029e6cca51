//! The exact request of each operation: method, path, query, headers and body.

mod connections;
mod directory_provisioning;
mod groups;
mod logs;
mod scim;

use auth0_provisioning_api::Client;
use auth0_transport::Error;

const ID: &str = "con_0123456789abcdef";

/// Makes one call against a server that responds with 404, and returns the received request.
async fn request_of<T>(call: impl AsyncFnOnce(Client) -> Result<T, Error>) -> String {
    let (request, result) = crate::wire::exchange(404, "", call).await;
    assert!(result.is_err());
    request
}

#[tokio::test]
async fn an_id_never_changes_the_path() {
    for id in ["a/b", "a\\..\\..\\clients", "..%2f", "a?b#c", "\u{e9}\n"] {
        let request = request_of(async |client| client.get_directory_provisioning(id).await).await;
        let path = request.split(' ').nth(1).unwrap();
        let segments: Vec<_> = path.split('/').collect();
        assert_eq!((segments.len(), segments[3], segments[5]), (6, "connections", "directory-provisioning"), "{path}");
        assert!(!path.contains(['?', '#', '\\']), "{path}");
    }
}
