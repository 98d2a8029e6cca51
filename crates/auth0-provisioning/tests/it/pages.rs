//! Lists page by page and as streams: ends, empty pages, circles, changes and failures on the way.

use std::collections::BTreeSet;

use crate::support::{asked, client, connection, google, standing, tenant, until};
use auth0_provisioning::{DirectoryProvisioning, Error, ErrorKind, Pages, Position};
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation};
use futures_util::{FutureExt, StreamExt, TryStreamExt};

async fn fleet(connections: usize) -> MockTenant {
    let connections = Connection::fleet(connections).map(|connection| connection.mapping(&[("email", "primaryEmail")]));
    standing().connections(connections).start().await.unwrap()
}

async fn ids(pages: Pages<DirectoryProvisioning>) -> Result<Vec<String>, Error> {
    pages.items().map_ok(|configuration| configuration.connection_id).try_collect().await
}

#[tokio::test]
async fn pages_come_one_by_one_and_end() {
    let tenant = fleet(5).await;
    let mut pages = client(&tenant).directory_provisionings().page_size(2);
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        sizes.push((page.items.len(), page.next.is_some()));
    }
    assert_eq!(sizes, [(2, true), (2, true), (1, false)]);
    assert!(pages.next().await.unwrap().is_none(), "the end stays the end");
    assert_eq!(asked(&tenant).len(), 3);
}

#[tokio::test]
async fn streams_hold_every_item_once() {
    let tenant = fleet(23).await;
    for pages in [client(&tenant).directory_provisionings(), client(&tenant).directory_provisionings().prefetch()] {
        assert_eq!(ids(pages.clone().page_size(5)).await.unwrap(), tenant.connection_ids());
        let sizes = pages.page_size(5).pages().map_ok(|page| page.items.len());
        assert_eq!(sizes.try_collect::<Vec<_>>().await.unwrap(), [5, 5, 5, 5, 3]);
    }
}

#[tokio::test]
async fn page_sizes_are_brought_into_range() {
    let tenant = fleet(1).await;
    for (asked_for, sent) in [(0, "take=1"), (1, "take=1"), (100, "take=100"), (255, "take=100")] {
        client(&tenant).directory_provisionings().page_size(asked_for).next().await.unwrap();
        assert_eq!(tenant.requests()[0].query, sent);
        tenant.clear_requests();
    }
}

#[tokio::test]
async fn an_empty_page_with_a_cursor_is_not_the_end() {
    let tenant = fleet(5).await;
    tenant.fault(Fault::none());
    tenant.fault(Fault::empty_page().times(2));
    assert_eq!(ids(client(&tenant).directory_provisionings().page_size(2)).await.unwrap(), tenant.connection_ids());
}

#[tokio::test]
async fn an_empty_cursor_is_the_end() {
    let tenant = fleet(5).await;
    tenant.fault(Fault::next_cursor(""));
    assert_eq!(ids(client(&tenant).directory_provisionings().page_size(2)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_after_the_page() {
    let tenant = fleet(5).await;
    let mut pages = client(&tenant).directory_provisionings().page_size(2);
    let second = pages.next().await.unwrap().unwrap().next.unwrap();
    tenant.fault(Fault::next_cursor(second.as_str()));
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    for _ in 0..2 {
        let error = pages.next().await.unwrap_err();
        let reason = format!("the cursor {:?} came again", second.as_str());
        assert!(error.to_string().contains(&reason), "{error}");
    }
    assert_eq!(asked(&tenant).len(), 2);
}

#[tokio::test]
async fn a_failed_page_is_read_again() {
    let tenant = fleet(5).await;
    tenant.faults([Fault::none(), Fault::status(400)]);
    let mut pages = client(&tenant).directory_provisionings().page_size(3);
    pages.next().await.unwrap();
    assert_eq!(pages.next().await.unwrap_err().kind(), ErrorKind::BadRequest);
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
}

#[tokio::test]
async fn a_stream_ends_with_an_error_and_is_resumed_where_it_stopped() {
    let tenant = fleet(7).await;
    tenant.faults([Fault::none(), Fault::none(), Fault::status(400)]);
    let mut items = client(&tenant).directory_provisionings().page_size(3).items();
    let mut seen = Vec::new();
    let error = loop {
        match items.next().await.unwrap() {
            Ok(configuration) => seen.push(configuration.connection_id),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), seen.len()), (ErrorKind::BadRequest, 6));
    assert!(items.next().await.is_none());

    let rest = client(&tenant).directory_provisionings().resume_from(items.position().clone());
    seen.extend(ids(rest).await.unwrap());
    assert_eq!(seen, tenant.connection_ids());
}

#[tokio::test]
async fn a_stream_of_items_that_is_left_within_a_page_resumes_at_that_page() {
    let tenant = fleet(7).await;
    for prefetched in [false, true] {
        let pages = client(&tenant).directory_provisionings().page_size(3);
        let mut items = if prefetched { pages.prefetch() } else { pages }.items();
        assert_eq!(items.position(), &Position::Beginning);
        for _ in 0..4 {
            items.next().await.unwrap().unwrap();
        }
        let resumed = client(&tenant).directory_provisionings().resume_from(items.position().clone());
        assert_eq!(ids(resumed).await.unwrap(), tenant.connection_ids()[3..]);

        // A job that is done does not begin again.
        assert_eq!(items.by_ref().count().await, 3);
        assert_eq!(items.position(), &Position::End);
        let stored = serde_json::to_string(items.position()).unwrap();
        tenant.clear_requests();
        let position: Position = serde_json::from_str(&stored).unwrap();
        assert!(ids(client(&tenant).directory_provisionings().resume_from(position)).await.unwrap().is_empty());
        assert!(tenant.requests().is_empty());
    }
}

#[tokio::test]
async fn prefetching_asks_for_the_next_page_while_this_one_is_used() {
    let tenant = fleet(200).await;
    let mut items = client(&tenant).directory_provisionings().page_size(100).prefetch().items();
    items.next().await.unwrap().unwrap();
    until(|| tenant.requests().len() == 2).await;

    let mut items = client(&tenant).directory_provisionings().page_size(100).items();
    tenant.clear_requests();
    for _ in 0..100 {
        items.next().await.unwrap().unwrap();
    }
    assert_eq!(tenant.requests().len(), 1);
}

#[tokio::test]
async fn a_list_that_changes_while_it_is_read_is_read_to_its_end() {
    let present: Vec<_> = (0..10).map(|number| format!("g{number}")).collect();
    let tenant = tenant(connection().synchronizes_groups(present.iter().map(String::as_str))).await;
    let groups = google(&tenant).groups();
    let mut pages = groups.list().page_size(4);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    while let Some(page) = pages.next().await.unwrap() {
        seen.extend(page.items.into_iter().map(|group| group.id));
        groups.remove(["g0", "g5"].map(|id| id.parse().unwrap())).await.unwrap();
        groups.add(["g3a", "g9a"].map(|id| id.parse::<auth0_provisioning::GroupId>().unwrap())).await.unwrap();
    }
    let expected = ["g0", "g1", "g2", "g3", "g3a", "g4", "g6", "g7", "g8", "g9", "g9a"];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_token_may_expire_in_mid_walk() {
    let tenant = fleet(5).await;
    let builder = crate::support::builder().base_url(tenant.base_url());
    let builder = builder.audience(tenant.audience());
    let client = builder.client_credentials(tenant.client_id(), tenant.client_secret()).build().unwrap();
    let mut pages = client.directory_provisionings().page_size(3);
    pages.next().await.unwrap();
    tenant.revoke_all_tokens();
    assert_eq!(pages.next().await.unwrap().unwrap().items.len(), 2);
    let tokens = tenant.requests().iter().filter(|request| request.operation == Some(Operation::IssueToken)).count();
    assert_eq!(tokens, 2);
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused_by_the_tenant() {
    let tenant = fleet(1).await;
    let error = client(&tenant).directory_provisionings().resume_from("nonsense").next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let mut from_the_beginning = client(&tenant).directory_provisionings().resume_from("");
    assert_eq!(from_the_beginning.next().await.unwrap().unwrap().items.len(), 1);
}

#[tokio::test]
async fn dropping_a_page_that_is_being_read_loses_nothing() {
    let tenant = fleet(5).await;
    let mut pages = client(&tenant).directory_provisionings().page_size(3);
    assert!(pages.next().now_or_never().is_none(), "the response cannot have arrived yet");
    assert_eq!(ids(pages).await.unwrap(), tenant.connection_ids());
}
