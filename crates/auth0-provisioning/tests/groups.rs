//! Selecting groups: few calls, metadata kept or overwritten, and a failure half-way.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

mod support;

use std::collections::BTreeSet;

use auth0_provisioning::{ErrorKind, GroupChange, GroupId, GroupsHandle, Metadata, SelectedGroup};
use auth0_provisioning_mock::{Fault, MockTenant, Operation};
use futures_util::TryStreamExt;
use support::{asked, connection, google, tenant};

fn ids(numbers: std::ops::Range<u32>) -> Vec<GroupId> {
    numbers.map(|number| format!("g{number:05}").parse().unwrap()).collect()
}

async fn with_groups(numbers: std::ops::Range<u32>) -> (MockTenant, GroupsHandle) {
    let present = ids(numbers);
    let tenant = tenant(connection().synchronizes_groups(present.iter().map(GroupId::as_str))).await;
    let groups = google(&tenant).groups();
    (tenant, groups)
}

async fn selected(groups: &GroupsHandle) -> BTreeSet<String> {
    groups.list().items().map_ok(|group| group.id).try_collect().await.unwrap()
}

fn wanted(ids: &[GroupId]) -> BTreeSet<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// How often the tenant was asked for each operation, in the order of the first time.
fn calls(tenant: &MockTenant) -> Vec<(String, usize)> {
    let mut calls: Vec<(String, usize)> = Vec::new();
    for operation in asked(tenant) {
        match calls.iter_mut().find(|(known, _)| *known == operation) {
            Some((_, count)) => *count += 1,
            None => calls.push((operation, 1)),
        }
    }
    calls
}

fn call(operation: &str, times: usize) -> (String, usize) {
    (operation.to_owned(), times)
}

#[tokio::test]
async fn reconciling_2500_groups_takes_one_write() {
    // 1,300 stay, 1,200 are new, 1,200 go: 12 + 12 calls piece by piece, or one replacement.
    let (tenant, groups) = with_groups(0..2500).await;
    let target = ids(1200..3700);
    let done = groups.reconcile(&target).await.unwrap();
    assert_eq!(calls(&tenant), [call("200 get_synchronized-groups", 25), call("204 put_synchronized-groups", 1)]);
    assert_eq!(done.to_string(), "1200 added, 0 updated, 1200 removed, 1300 kept");
    assert_eq!(selected(&groups).await, wanted(&target));
}

#[tokio::test]
async fn reconciling_2500_groups_without_a_replacement_takes_one_write_for_each_100() {
    let (tenant, groups) = with_groups(0..2500).await;
    let target = ids(1200..3700);
    let done = groups.reconcile(&target).allow_replace(false).await.unwrap();
    let expected = [
        call("200 get_synchronized-groups", 25),
        call("204 post_synchronized-groups", 12),
        call("204 delete_synchronized-groups", 12),
    ];
    assert_eq!(calls(&tenant), expected);
    assert_eq!((done.calls, done.kept, done.changes.len()), (24, 1300, 2400));
    assert_eq!(selected(&groups).await, wanted(&target));
}

#[tokio::test]
async fn a_small_change_of_2500_groups_sends_only_the_change() {
    let (tenant, groups) = with_groups(0..2500).await;
    groups.reconcile(ids(0..2600)).await.unwrap();
    let requests = tenant.requests();
    let write = requests.last().unwrap();
    assert_eq!(write.operation, Some(Operation::AddSynchronizedGroups));
    assert_eq!(write.json().unwrap()["groups"].as_array().unwrap().len(), 100);
    asked(&tenant);

    groups.reconcile(ids(0..2600)).await.unwrap();
    assert_eq!(calls(&tenant), [call("200 get_synchronized-groups", 26)], "nothing differs, nothing is written");
}

#[tokio::test]
async fn a_dry_run_tells_the_same_and_writes_nothing() {
    let (tenant, groups) = with_groups(0..3).await;
    let plan = groups.reconcile(ids(1..4)).dry_run(true).await.unwrap();
    let [gone, new] = [ids(0..1).remove(0), ids(3..4).remove(0)];
    assert_eq!(plan.changes, [GroupChange::Add(new), GroupChange::Remove(gone)]);
    assert!(tenant.requests().iter().all(|request| request.method == "GET"));
    assert_eq!(groups.reconcile(ids(1..4)).await.unwrap(), plan);
}

#[tokio::test]
async fn metadata_is_kept_unless_it_is_to_be_overwritten() {
    let (_tenant, groups) = with_groups(0..0).await;
    let [known, other, new] = <[GroupId; 3]>::try_from(ids(0..3)).unwrap();
    let told = |id: &GroupId, name: &str| SelectedGroup::new(id.clone()).name(name);
    groups.add([told(&known, "Old").email("old@example.com"), told(&other, "Other")]).await.unwrap();

    // One group is added and one removed, so that all are replaced: the metadata goes along.
    let done = groups.reconcile([told(&known, "New"), told(&new, "New")]).await.unwrap();
    assert_eq!((done.calls, done.kept), (1, 1));
    let names = async || {
        let groups: Vec<_> = groups.list().items().try_collect().await.unwrap();
        groups.into_iter().map(|group| (group.name, group.email)).collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(names().await, [(text("Old"), text("old@example.com")), (text("New"), None)]);

    let wanted = [told(&known, "New"), told(&new, "New")];
    let done = groups.reconcile(wanted).metadata(Metadata::Overwrite).await.unwrap();
    assert_eq!(done.changes, [GroupChange::Update(known)]);
    assert_eq!(names().await, [(text("New"), None), (text("New"), None)]);
}

#[tokio::test]
async fn a_failure_on_the_way_tells_what_was_done_and_the_next_run_finishes() {
    let (tenant, groups) = with_groups(0..150).await;
    let target = ids(100..400);
    tenant.faults([Fault::none(), Fault::none(), Fault::none(), Fault::none(), Fault::status(400)]);
    let error = groups.reconcile(&target).allow_replace(false).await.unwrap_err();
    assert_eq!(error.source.kind(), ErrorKind::BadRequest);
    assert_eq!(error.source.operation(), Some("post_synchronized-groups"));
    assert_eq!((error.done.calls, error.done.changes.len(), error.not_done.len()), (2, 200, 150));
    assert!(error.to_string().starts_with("200 changes made, 150 not: "), "{error}");

    let done = groups.reconcile(&target).allow_replace(false).await.unwrap();
    assert_eq!(done.changes, error.not_done);
    assert_eq!(selected(&groups).await, wanted(&target));
}

#[tokio::test]
async fn a_selection_that_cannot_be_read_is_not_touched() {
    let (tenant, groups) = with_groups(0..150).await;
    tenant.faults([Fault::none(), Fault::status(400)]);
    let error = groups.reconcile(ids(0..1)).await.unwrap_err();
    assert!(error.done.changes.is_empty() && error.not_done.is_empty());
    assert!(tenant.requests().iter().all(|request| request.method == "GET"));
}

#[tokio::test]
async fn a_conflicting_change_is_reported() {
    let (tenant, groups) = with_groups(0..150).await;
    tenant.fault(Fault::refusal("conflicting_change").on(Operation::ReplaceSynchronizedGroups));
    let error = groups.reconcile(ids(100..300)).await.unwrap_err();
    assert!(error.source.is_conflict());
    assert_eq!(error.not_done.len(), 250);
    groups.reconcile(ids(100..300)).await.unwrap();
}

#[tokio::test]
async fn of_several_groups_with_one_id_the_last_counts() {
    let (_tenant, groups) = with_groups(0..0).await;
    let id = ids(0..1).remove(0);
    let twice = ["First", "Last"].map(|name| SelectedGroup::new(id.clone()).name(name));
    assert_eq!(groups.reconcile(twice).await.unwrap().changes, [GroupChange::Add(id)]);
    let page = groups.search("name:last*").next().await.unwrap().unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn more_than_100_groups_in_one_call_are_refused_before_they_are_sent() {
    let (tenant, groups) = with_groups(0..0).await;
    for error in [groups.add(ids(0..101)).await.unwrap_err(), groups.remove(ids(0..101)).await.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(tenant.requests().is_empty());
    groups.replace(ids(0..101)).await.unwrap();
    assert_eq!(selected(&groups).await.len(), 101);
}
