//! The exact request of each operation, as it crosses the wire: method, path, query, headers and body.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::num::NonZeroU64;

use auth0_provisioning_api::{
    Client,
    types::{
        AddSynchronizedGroupsRequest, CreateDirectoryProvisioningRequest, DirectoryProvisioningMappingItem,
        RemoveSynchronizedGroupsRequest, SynchronizeGroups, SynchronizedGroupList, SynchronizedGroupQuery,
        SynchronizedGroupReference, SynchronizedGroupSelection, UpdateDirectoryProvisioningRequest,
    },
};
use auth0_transport::Transport;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const ID: &str = "con_0123456789abcdef";

/// Makes one call against a server that answers 404, and gives the request as it arrived.
async fn request_of<T>(call: impl AsyncFnOnce(Client) -> Result<T, auth0_transport::Error>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let transport = Transport::builder("tenant.example.com".parse().unwrap())
        .base_url(format!("http://{address}"))
        .bearer_token("secret-token")
        .build()
        .unwrap();
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.unwrap();
        request
    };
    let (request, result) = tokio::join!(server, call(Client::new(transport)));
    assert!(result.is_err());
    request.replace(&address.to_string(), "HOST").replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return format!("{}\n\n{body}", sorted(head)).trim_end().to_owned();
            }
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request ends too early: {text}");
    }
}

/// Headers have no order. The token is there, but shows in no snapshot; the description of the client holds its version,
/// so only its presence is told.
fn sorted(head: &str) -> String {
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let mut headers: Vec<String> = lines
        .map(|line| match line.split_once(": ") {
            Some(("auth0-client", _)) => "auth0-client: …".to_owned(),
            Some(("authorization", "Bearer secret-token")) => "authorization: Bearer …".to_owned(),
            _ => line.to_owned(),
        })
        .collect();
    headers.sort();
    format!("{first}\n{}", headers.join("\n"))
}

fn rows() -> Vec<DirectoryProvisioningMappingItem> {
    vec![DirectoryProvisioningMappingItem::new("email", "primaryEmail")]
}

fn group() -> SynchronizedGroupSelection {
    let mut group = SynchronizedGroupSelection::new("03x8tuzt3hqnmgf".parse().unwrap());
    group.name = Some("Engineering".parse().unwrap());
    group
}

#[tokio::test]
async fn get() {
    insta::assert_snapshot!(request_of(async |client| client.get_directory_provisioning(ID).await).await);
}

#[tokio::test]
async fn create() {
    let body = CreateDirectoryProvisioningRequest::default();
    insta::assert_snapshot!(request_of(async |client| client.post_directory_provisioning(ID, &body).await).await);
}

#[tokio::test]
async fn update() {
    let mut body = UpdateDirectoryProvisioningRequest::default();
    body.mapping = Some(rows());
    body.synchronize_groups = Some(SynchronizeGroups::Selected);
    insta::assert_snapshot!(request_of(async |client| client.patch_directory_provisioning(ID, &body).await).await);
}

#[tokio::test]
async fn delete() {
    insta::assert_snapshot!(request_of(async |client| client.delete_directory_provisioning(ID).await).await);
}

#[tokio::test]
async fn default_mapping() {
    insta::assert_snapshot!(
        request_of(async |client| client.get_directory_provisioning_default_mapping(ID).await).await
    );
}

#[tokio::test]
async fn synchronize() {
    insta::assert_snapshot!(request_of(async |client| client.post_synchronizations(ID).await).await);
}

#[tokio::test]
async fn list_groups() {
    insta::assert_snapshot!(
        request_of(async |client| {
            let query: SynchronizedGroupQuery = "name:eng*".parse().unwrap();
            client.get_synchronized_groups(ID, Some("a cursor="), Some(&query), NonZeroU64::new(100)).await
        })
        .await
    );
}

#[tokio::test]
async fn replace_groups() {
    let body = SynchronizedGroupList::new(Vec::new());
    insta::assert_snapshot!(request_of(async |client| client.put_synchronized_groups(ID, &body).await).await);
}

#[tokio::test]
async fn add_groups() {
    let body = AddSynchronizedGroupsRequest::new(vec![group()]);
    insta::assert_snapshot!(request_of(async |client| client.post_synchronized_groups(ID, &body).await).await);
}

#[tokio::test]
async fn remove_groups() {
    let body = RemoveSynchronizedGroupsRequest::new(vec![SynchronizedGroupReference::new(group().id)]);
    insta::assert_snapshot!(request_of(async |client| client.delete_synchronized_groups(ID, &body).await).await);
}

#[tokio::test]
async fn list() {
    insta::assert_snapshot!(
        request_of(async |client| client.get_connections_directory_provisionings(None, NonZeroU64::new(50)).await)
            .await
    );
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
