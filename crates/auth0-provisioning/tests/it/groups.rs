//! Selecting groups: few calls, metadata kept or overwritten, and a failure half-way.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use crate::support::{CONNECTION, asked, connection, google, interference::interfered_with, tenant};
use auth0_provisioning::{
    ConnectionId, ErrorKind, GroupChange, GroupId, ReconcileError, SelectedGroup, SynchronizedGroupsHandle, VerbError,
};
use auth0_provisioning_mock::{Cut, Fault, MockTenant, Operation};
use futures_util::TryStreamExt;

fn ids(numbers: std::ops::Range<u32>) -> Vec<GroupId> {
    numbers.map(|number| format!("g{number:05}").parse().unwrap()).collect()
}

async fn with_groups(numbers: std::ops::Range<u32>) -> (MockTenant, SynchronizedGroupsHandle) {
    let present = ids(numbers);
    let tenant = tenant(connection().synchronizes_groups(present.iter().map(GroupId::as_str))).await;
    let groups = google(&tenant).groups();
    (tenant, groups)
}

async fn selected(groups: &SynchronizedGroupsHandle) -> BTreeSet<String> {
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
async fn reconciling_adds_and_removes_what_differs_100_groups_a_call() {
    // 1,300 stay, 1,200 are new, 1,200 go.
    let (tenant, groups) = with_groups(0..2500).await;
    let target = ids(1200..3700);
    let done = groups.reconcile(target.clone()).await.unwrap();
    let expected = [
        call("200 get_directory-provisioning", 1),
        // Before and after.
        call("200 get_synchronized-groups", 50),
        call("204 post_synchronized-groups", 12),
        call("204 delete_synchronized-groups", 12),
    ];
    assert_eq!(calls(&tenant), expected);
    assert_eq!((done.calls, done.kept, done.changes.len()), (24, 1300, 2400));
    assert_eq!(selected(&groups).await, wanted(&target));
}

#[tokio::test]
async fn on_request_2500_groups_are_replaced_in_one_write() {
    let (tenant, groups) = with_groups(0..2500).await;
    let target = ids(1200..3700);
    let done = groups.reconcile(target.clone()).allow_replace(true).await.unwrap();
    let expected = [
        call("200 get_directory-provisioning", 1),
        call("200 get_synchronized-groups", 50),
        call("204 put_synchronized-groups", 1),
    ];
    assert_eq!(calls(&tenant), expected);
    assert_eq!(done.to_string(), "1200 added, 0 updated, 1200 removed, 1300 kept");
    assert_eq!(selected(&groups).await, wanted(&target));
}

#[tokio::test]
async fn replacement_is_used_up_to_a_megabyte() {
    for (long_names, expected) in
        [(false, call("204 put_synchronized-groups", 1)), (true, call("204 post_synchronized-groups", 50))]
    {
        let (tenant, groups) = with_groups(0..0).await;
        let name = if long_names { "n".repeat(150) } else { "n".to_owned() };
        let target: Vec<_> =
            ids(0..5000).into_iter().map(|id| SelectedGroup::new(id).name(&name).email("g@acme.test")).collect();
        let target: Vec<_> = target
            .into_iter()
            .map(|group| if long_names { group.email(format!("{}@acme.test", "e".repeat(40))) } else { group })
            .collect();
        groups.reconcile(target).allow_replace(true).await.unwrap();
        assert_eq!(calls(&tenant).last(), Some(&expected));
        assert_eq!(selected(&groups).await.len(), 5000);
    }
}

#[tokio::test]
async fn a_replacement_of_more_than_a_megabyte_is_rejected_before_it_is_sent() {
    let (tenant, groups) = with_groups(0..0).await;
    let name = "n".repeat(150);
    let error =
        groups.replace(ids(0..6000).into_iter().map(|id| SelectedGroup::new(id).name(&name))).await.unwrap_err();
    assert!(error.to_string().contains("6000 groups take more than 1000000 bytes"), "{error}");
    assert!(tenant.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_that_another_writer_selects_meanwhile_stay_and_are_reported() {
    let present = ids(0..2);
    let tenant = Arc::new(tenant(connection().synchronizes_groups(present.iter().map(GroupId::as_str))).await);
    let id: ConnectionId = CONNECTION.parse().unwrap();
    let other = ids(9..10);
    let client = interfered_with(&tenant, "post_synchronized-groups", false, {
        let (id, other) = (id.clone(), other.clone());
        async move |client| client.directory_provisioning(&id).groups().add(other).await.unwrap()
    });
    // One group stays, one is new, one goes: two calls, and no replacement of all.
    let wanted = ids(1..3);
    let groups = client.directory_provisioning(&id).groups();
    let error = groups.reconcile(wanted.clone()).await.unwrap_err();
    let ReconcileError::Overwritten { done, differences, .. } = &error else { panic!("{error}") };
    assert_eq!(done.changes.len(), 2);
    assert!(matches!(&differences[..], [GroupChange::Remove(group)] if group.id == other[0]), "{error}");
    let expected: BTreeSet<_> = wanted.iter().chain(&other).map(ToString::to_string).collect();
    assert_eq!(selected(&groups).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn guard_holds_where_another_writer_fills_an_empty_selection() {
    for guarded in [true, false] {
        let tenant = Arc::new(tenant(connection().synchronizes_groups([""; 0])).await);
        let id: ConnectionId = CONNECTION.parse().unwrap();
        let client = interfered_with(&tenant, "post_synchronized-groups", false, {
            let id = id.clone();
            async move |client| client.directory_provisioning(&id).groups().add(ids(900..950)).await.unwrap()
        });
        let groups = client.directory_provisioning(&id).groups();
        let reconcile = groups.reconcile(ids(0..201));
        // A guard is worth more than the permission to replace.
        let reconcile = if guarded { reconcile.max_removals(0).allow_replace(true) } else { reconcile };
        let error = reconcile.await.unwrap_err();
        let ReconcileError::Overwritten { done, differences, .. } = &error else { panic!("{error}") };
        assert_eq!((done.changes.len(), differences.len()), (201, 50));
        assert_eq!(selected(&groups).await.len(), 251, "nothing was removed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_reconciles_at_once_one_reports_the_other() {
    let tenant = Arc::new(tenant(connection().synchronizes_groups(["g00001"])).await);
    let id: ConnectionId = CONNECTION.parse().unwrap();
    // The other one runs as a whole between our read and our first write.
    let client = interfered_with(&tenant, "post_synchronized-groups", false, {
        let id = id.clone();
        async move |client| {
            client.directory_provisioning(&id).groups().reconcile(ids(10..12)).await.unwrap();
        }
    });
    let groups = client.directory_provisioning(&id).groups();
    let error = groups.reconcile(ids(20..22)).await.unwrap_err();
    assert!(matches!(&error, ReconcileError::Overwritten { differences, .. } if differences.len() == 2), "{error}");
    assert!(error.to_string().contains("0 groups are missing, 2 are selected besides"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn reconcile_does_not_wait_longer_than_its_time() {
    for (wait, at_most) in [("3600", None), ("100", Some(Duration::from_secs(90)))] {
        let (tenant, groups) = with_groups(0..2).await;
        let unavailable = Fault::status(503).header("retry-after", wait);
        tenant.fault(unavailable.on(Operation::AddSynchronizedGroups).always());
        let reconcile = groups.reconcile(ids(0..3));
        let reconcile = at_most.map_or(reconcile.clone(), |time| reconcile.at_most(time));
        let began = tokio::time::Instant::now();
        let error = reconcile.await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!((error.retry_after().unwrap().as_secs().to_string(), error.not_done().len()), (wait.to_owned(), 1));
    }
}

#[tokio::test]
async fn write_that_the_tenant_ignores_is_reported() {
    let (tenant, groups) = with_groups(0..2).await;
    tenant.fault(Fault::status(204).on(Operation::AddSynchronizedGroups));
    let error = groups.reconcile(ids(0..3)).await.unwrap_err();
    assert!(matches!(error, ReconcileError::Overwritten { .. }), "{error}");
}

#[tokio::test]
async fn resolves_conflict_and_lost_response_by_a_read() {
    for fault in [
        Fault::error_response("conflicting_change").on(Operation::ReplaceSynchronizedGroups),
        Fault::cut(Cut::BeforeResponse).on(Operation::AddSynchronizedGroups),
        Fault::cut(Cut::BeforeRequest).on(Operation::AddSynchronizedGroups),
        Fault::status(503).on(Operation::AddSynchronizedGroups),
    ] {
        for replace in [true, false] {
            let (tenant, groups) = with_groups(0..150).await;
            tenant.fault(fault.clone());
            let target = ids(100..300);
            let done = groups.reconcile(target.clone()).allow_replace(replace).await.unwrap();
            assert_eq!(done.to_string(), "150 added, 0 updated, 100 removed, 50 kept", "{fault:?}");
            assert_eq!(selected(&groups).await, wanted(&target));
        }
    }
}

#[tokio::test]
async fn does_not_write_again_after_failed_retries() {
    let (tenant, groups) = with_groups(0..4).await;
    tenant.fault(Fault::status(503).on(Operation::RemoveSynchronizedGroups).always());
    let error = groups.reconcile(ids(2..6)).await.unwrap_err();
    assert!(error.to_string().ends_with("(after 4 attempts)"), "{error}");
    let operations: Vec<_> = tenant.requests().iter().filter_map(|request| request.operation).collect();
    assert_eq!(operations.iter().filter(|known| **known == Operation::RemoveSynchronizedGroups).count(), 4);
    let groups_of = |changes: &[GroupChange]| changes.iter().map(|change| change.group().id.to_string()).collect();
    let (added, left): (BTreeSet<_>, BTreeSet<_>) =
        (groups_of(&error.done().unwrap().changes), groups_of(error.not_done()));
    assert_eq!((added, left), (wanted(&ids(4..6)), wanted(&ids(0..2))));
}

#[tokio::test(flavor = "multi_thread")]
async fn guard_after_writes_reports_the_changes() {
    let tenant = Arc::new(tenant(connection().synchronizes_groups(["g00000"])).await);
    tenant.fault(Fault::status(409).on(Operation::RemoveSynchronizedGroups));
    let id: ConnectionId = CONNECTION.parse().unwrap();
    let client = interfered_with(&tenant, "delete_synchronized-groups", true, {
        let id = id.clone();
        async move |other| other.directory_provisioning(&id).groups().add(ids(8..10)).await.unwrap()
    });
    let error = client.directory_provisioning(&id).groups().reconcile(ids(1..2)).max_removals(1).await.unwrap_err();
    assert_eq!(error.done().unwrap().changes.len(), 1, "{error}");
    assert!(error.to_string().starts_with("made 1 changes, then another writer made others: 3 groups"), "{error}");
}

#[tokio::test]
async fn an_empty_list_has_to_be_allowed() {
    let (tenant, groups) = with_groups(0..3).await;
    for dry_run in [true, false] {
        let error = groups.reconcile(ids(0..0)).dry_run(dry_run).await.unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"no group is wanted, which would remove all 3 selected groups; `allow_empty` allows it");
        }
    }
    assert!(tenant.requests().iter().all(|request| request.method == "GET"));
    groups.reconcile(ids(0..0)).allow_empty(true).await.unwrap();
    assert!(selected(&groups).await.is_empty());
    groups.reconcile(ids(0..0)).await.unwrap();
}

#[tokio::test]
async fn no_more_groups_are_removed_than_allowed() {
    let (tenant, groups) = with_groups(0..5).await;
    let error = groups.reconcile(ids(3..9)).max_removals(2).await.unwrap_err();
    insta::assert_snapshot!(error, @"3 groups would be removed; at most 2 are allowed");
    assert!(tenant.requests().iter().all(|request| request.method == "GET"));
    groups.reconcile(ids(3..9)).max_removals(3).await.unwrap();
}

#[tokio::test]
async fn a_selected_group_with_an_odd_id_is_reported_and_left_alone() {
    let (tenant, groups) = with_groups(0..2).await;
    let listed = r#"{ "groups": [{ "id": "g00000" }, { "id": "odd-id", "name": "Odd" }] }"#;
    tenant.fault(Fault::body(listed).on(Operation::ListSynchronizedGroups));
    let done = groups.reconcile(ids(1..2)).await.unwrap();
    insta::assert_snapshot!(done, @"1 added, 0 updated, 1 removed, 0 kept, 1 with an unusable id left alone");
    assert_eq!(done.unusable[0].to_string(), "odd-id (Odd)");
}

#[tokio::test]
async fn a_selection_without_effect_is_pointed_out() {
    let (_tenant, groups) = with_groups(0..2).await;
    assert!(groups.reconcile(ids(0..2)).await.unwrap().is_in_effect());
    let tenant = tenant(connection().configured()).await;
    let done = google(&tenant).groups().reconcile(ids(0..1)).await.unwrap();
    insta::assert_snapshot!(done, @"1 added, 0 updated, 0 removed, 0 kept; without effect while synchronize_groups is off");
}

#[tokio::test]
async fn a_removal_keeps_the_name() {
    let (_tenant, groups) = with_groups(0..0).await;
    let [engineering, design] = <[GroupId; 2]>::try_from(ids(0..2)).unwrap();
    groups.add([SelectedGroup::new(engineering).name("Engineering")]).await.unwrap();
    let done = groups.reconcile([design]).await.unwrap();
    let changes: Vec<_> = done.changes.iter().map(ToString::to_string).collect();
    assert_eq!(changes, ["g00001 added", "g00000 (Engineering) removed"]);
}

#[tokio::test]
async fn metadata_that_is_too_long_is_rejected_before_it_is_sent_and_an_empty_email_by_the_tenant() {
    let (tenant, groups) = with_groups(0..0).await;
    let group = || SelectedGroup::new(ids(0..1).remove(0));
    for (long, expected) in [
        (group().name("n".repeat(151)), "the name of group g00000 is longer than 150 characters"),
        (group().email("e".repeat(255)), "the email of group g00000 is longer than 254 characters"),
        (group().direct_members_count(u32::MAX), "the direct_members_count of group g00000"),
    ] {
        let error = groups.add([long]).await.unwrap_err();
        assert!(error.kind() == ErrorKind::InvalidRequest && error.to_string().contains(expected), "{error}");
    }
    assert!(groups.search("n".repeat(516)).next().await.unwrap_err().to_string().contains("longer than 515"));
    assert!(tenant.requests().is_empty());
    let error = groups.add([group().email("")]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert_eq!(
        tenant.requests()[0].json().unwrap(),
        serde_json::json!({ "groups": [{ "id": "g00000", "email": "" }] })
    );
}

#[tokio::test]
async fn a_small_change_of_2500_groups_sends_only_the_change() {
    let (tenant, groups) = with_groups(0..2500).await;
    groups.reconcile(ids(0..2600)).await.unwrap();
    let requests = tenant.requests();
    let write = requests.iter().find(|request| request.method != "GET").unwrap();
    assert_eq!(write.operation, Some(Operation::AddSynchronizedGroups));
    assert_eq!(write.json().unwrap()["groups"].as_array().unwrap().len(), 100);
    asked(&tenant);

    groups.reconcile(ids(0..2600)).await.unwrap();
    let reads = [call("200 get_directory-provisioning", 1), call("200 get_synchronized-groups", 26)];
    assert_eq!(calls(&tenant), reads, "nothing differs, nothing is written");
}

#[tokio::test]
async fn dry_run_reports_the_same_and_writes_nothing() {
    let (tenant, groups) = with_groups(0..3).await;
    let plan = groups.reconcile(ids(1..4)).dry_run(true).await.unwrap();
    let [gone, new] = [ids(0..1).remove(0), ids(3..4).remove(0)];
    assert_eq!(plan.changes, [GroupChange::Add(new.into()), GroupChange::Remove(gone.into())]);
    assert!(tenant.requests().iter().all(|request| request.method == "GET"));
    assert_eq!(groups.reconcile(ids(1..4)).await.unwrap(), plan);
}

#[tokio::test]
async fn metadata_is_kept_unless_it_is_to_be_overwritten() {
    let (_tenant, groups) = with_groups(0..0).await;
    let [known, other, new] = <[GroupId; 3]>::try_from(ids(0..3)).unwrap();
    let named = |id: &GroupId, name: &str| SelectedGroup::new(id.clone()).name(name);
    groups.add([named(&known, "Old").email("old@example.com"), named(&other, "Other")]).await.unwrap();

    // Also where all are replaced the metadata of kept groups is sent as it was.
    let done = groups.reconcile([named(&known, "New"), named(&new, "New")]).allow_replace(true).await.unwrap();
    assert_eq!((done.calls, done.kept), (1, 1));
    let listed = async || {
        let groups: Vec<_> = groups.list().items().try_collect().await.unwrap();
        groups.into_iter().map(|group| (group.name, group.email)).collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(listed().await, [(text("Old"), text("old@example.com")), (text("New"), None)]);

    let wanted = [named(&known, "New"), named(&new, "New")];
    let done = groups.reconcile(wanted).overwrite_metadata(true).await.unwrap();
    assert!(matches!(&done.changes[..], [change @ GroupChange::Update { .. }] if change.group().id == known));
    assert_eq!(listed().await, [(text("New"), None), (text("New"), None)]);
}

#[tokio::test]
async fn failure_reports_changes_and_next_run_finishes() {
    let (tenant, groups) = with_groups(0..150).await;
    let target = ids(100..400);
    let add = || Fault::none().on(Operation::AddSynchronizedGroups);
    tenant.faults([add(), add(), Fault::status(400).on(Operation::AddSynchronizedGroups)]);
    let error = groups.reconcile(target.clone()).await.unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::BadRequest));
    assert_eq!(error.call_error().unwrap().operation(), Some("post_synchronized-groups"));
    let made = error.done().unwrap();
    assert_eq!((made.calls, made.changes.len(), error.not_done().len()), (2, 200, 150));
    assert!(error.to_string().starts_with("made 200 of 350 changes: "), "{error}");

    let done = groups.reconcile(target.clone()).await.unwrap();
    assert_eq!(done.changes, error.not_done());
    assert_eq!(selected(&groups).await, wanted(&target));
}

#[tokio::test]
async fn a_selection_that_cannot_be_read_is_not_touched() {
    let (tenant, groups) = with_groups(0..150).await;
    let list = Operation::ListSynchronizedGroups;
    tenant.faults([Fault::none().on(list), Fault::status(400).on(list)]);
    let error = groups.reconcile(ids(0..1)).await.unwrap_err();
    assert!(error.done().unwrap().changes.is_empty() && error.not_done().is_empty());
    assert!(tenant.requests().iter().all(|request| request.method == "GET"));
}

#[tokio::test]
async fn a_conflict_that_does_not_end_is_reported() {
    let (tenant, groups) = with_groups(0..150).await;
    tenant.fault(Fault::error_response("conflicting_change").on(Operation::ReplaceSynchronizedGroups).always());
    let error = groups.reconcile(ids(100..300)).allow_replace(true).await.unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::Conflict));
    assert_eq!(error.not_done().len(), 250);
    tenant.clear_faults();
    groups.reconcile(ids(100..300)).allow_replace(true).await.unwrap();
}

#[tokio::test]
async fn of_several_groups_with_one_id_the_last_counts() {
    let (_tenant, groups) = with_groups(0..0).await;
    let id = ids(0..1).remove(0);
    let twice = ["First", "Last"].map(|name| SelectedGroup::new(id.clone()).name(name));
    assert_eq!(groups.reconcile(twice).await.unwrap().changes, [GroupChange::Add(SelectedGroup::new(id).name("Last"))]);
    let page = groups.search("name:last*").next().await.unwrap().unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn more_than_100_groups_in_one_call_are_rejected_before_they_are_sent() {
    let (tenant, groups) = with_groups(0..0).await;
    for error in [groups.add(ids(0..101)).await.unwrap_err(), groups.remove(ids(0..101)).await.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(tenant.requests().is_empty());
    groups.replace(ids(0..101)).await.unwrap();
    assert_eq!(selected(&groups).await.len(), 101);
}
