//! Many connections at once: in order or as they come, and what one failure does to the others: nothing.

mod loops;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use crate::support::{asked, client, standing};
use auth0_provisioning::{
    ConnectionId, Desired, EnsureAll, Outcome, Wait,
    transport::{Attempt, AttemptOutcome, HeaderMap, Hook},
};
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation, Synchronization};
use futures_util::{StreamExt, TryStreamExt};

async fn tenant(connections: usize) -> MockTenant {
    standing().connections(Connection::fleet(connections)).start().await.unwrap()
}

fn ids(tenant: &MockTenant) -> Vec<ConnectionId> {
    tenant.connection_ids().iter().map(|id| id.parse().unwrap()).collect()
}

#[tokio::test]
async fn one_failure_does_not_touch_the_others() {
    let tenant = tenant(9).await;
    let mut connections = ids(&tenant);
    connections.insert(4, "con_nowhere".parse().unwrap());
    let fleet = client(&tenant).fleet(connections.clone());
    let results: Vec<_> = fleet.run_in_order(|connection| async move { connection.get().await }).collect().await;
    let order: Vec<_> = results.iter().map(|of| of.connection.clone()).collect();
    assert_eq!(order, connections);
    for (place, of) in results.iter().enumerate() {
        assert_eq!(of.result.is_err(), place == 4);
    }
}

#[tokio::test]
async fn results_come_as_they_are_ready() {
    let tenant = tenant(5).await;
    let slow = ids(&tenant)[0].clone();
    let fleet = client(&tenant).fleet(ids(&tenant)).concurrency(5);
    let (let_go, held) = tokio::sync::watch::channel(false);
    let mut results = Box::pin(fleet.run(|connection| {
        let (slow, mut held) = (slow.clone(), held.clone());
        async move {
            if *connection.connection_id() == slow {
                held.wait_for(|held| *held).await.unwrap();
            }
            connection.get().await
        }
    }));
    for _ in 0..4 {
        assert_ne!(results.next().await.unwrap().connection, slow);
    }
    let_go.send_replace(true);
    assert_eq!(results.next().await.unwrap().connection, slow);
    assert!(results.next().await.is_none());
}

/// Counts the calls in flight.
#[derive(Default)]
struct InFlight {
    now: AtomicUsize,
    peak: AtomicUsize,
}

impl Hook for InFlight {
    fn before(&self, _: &Attempt<'_>, _: &mut HeaderMap) {
        self.peak.fetch_max(self.now.fetch_add(1, Relaxed) + 1, Relaxed);
    }

    fn after(&self, _: &Attempt<'_>, _: &AttemptOutcome<'_>) {
        self.now.fetch_sub(1, Relaxed);
    }
}

#[tokio::test]
async fn as_many_calls_are_in_flight_as_connections() {
    let tenant = tenant(40).await;
    for most in [1, 7] {
        let calls = Arc::new(InFlight::default());
        let builder = crate::support::builder().hook(Arc::clone(&calls));
        let client = builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()).build().unwrap();
        // Calls are sent one at a time until the first response, which has no rate limit.
        client.directory_provisionings().next().await.unwrap();
        let results = client.fleet(ids(&tenant)).concurrency(most).run(|connection| connection.get());
        assert_eq!(results.count().await, 40);
        assert_eq!(calls.peak.load(Relaxed), most);
    }
}

#[tokio::test]
async fn work_that_is_spawned_elsewhere_goes_on_too() {
    let tenant = tenant(40).await;
    let fleet = client(&tenant).fleet(ids(&tenant)).concurrency(4);
    let results = fleet.run(|connection| async move { tokio::spawn(connection.get()).await.unwrap() });
    assert_eq!(results.filter(|done| std::future::ready(done.result.is_ok())).count().await, 40);
}

#[tokio::test]
async fn three_hundred_runs_are_waited_for_at_once() {
    let a_minute = Duration::from_secs(60);
    let run = Synchronization::completes_after(a_minute);
    let connections = Connection::fleet(300).map(|connection| connection.synchronization(run.clone()));
    let tenant = standing().connections(connections).request_log(1_000_000).start().await.unwrap();
    let often = Duration::from_millis(10)..=Duration::from_millis(10);
    let wait = Wait::at_most(a_minute).interval_between(often);
    let fleet = client(&tenant).fleet(ids(&tenant)).concurrency(300);
    let runs =
        tokio::spawn(fleet.run(move |connection| connection.synchronize_and_wait(wait.clone())).collect::<Vec<_>>());

    // No run ends before the clock moves: if only 16 were waited for, the others would never be requested.
    let requested = || tenant.requests().iter().filter(|request| request.method == "POST").count();
    crate::support::until(|| requested() == 300).await;
    tenant.clock().advance(a_minute);
    let results = runs.await.unwrap();
    assert_eq!(results.iter().filter(|run| run.result.is_ok()).count(), 300);
}

#[tokio::test]
async fn ensuring_many_lists_first_and_writes_differences_only() {
    let tenant = tenant(400).await;
    let client = client(&tenant);
    let desired = Desired::default().synchronize_automatically(true);
    let count = async |ensure: EnsureAll| {
        tenant.clear_requests();
        let results: Vec<_> = ensure.run().try_collect().await.unwrap();
        let outcomes = results.into_iter().map(|done| done.result.unwrap().outcome);
        (outcomes.filter(|outcome| !outcome.is_unchanged()).count(), tenant.requests().len())
    };
    assert_eq!(count(client.ensure_all(desired.clone()).dry_run(true)).await, (400, 4));
    assert_eq!(count(client.ensure_all(desired.clone())).await, (400, 404));
    assert_eq!(count(client.ensure_all(desired.clone())).await, (0, 4));
    let each = ids(&tenant).into_iter().map(|id| (id, desired.clone()));
    assert_eq!(count(client.ensure_each(each)).await, (0, 4));
}

#[tokio::test]
async fn each_connection_can_have_a_state_of_its_own_and_failures_stay_with_theirs() {
    let connections = Connection::fleet(250).chain([Connection::google_apps("con_new")]);
    let tenant = standing().connections(connections).start().await.unwrap();
    let [on, off] = [true, false].map(|on| Desired::default().synchronize_automatically(on));
    let wanted = [
        ("con_0000000000000007", on.clone()),
        ("con_0000000000000008", off),
        ("con_new", on.clone()),
        ("con_nowhere", on),
    ];
    let wanted = wanted.map(|(id, desired)| (id.parse::<ConnectionId>().unwrap(), desired));
    for dry_run in [true, false] {
        let results = client(&tenant).ensure_each(wanted.clone()).dry_run(dry_run).run();
        let mut lines: Vec<_> = results
            .map_ok(|done| match done.result {
                Ok(ensured) => format!("{}: {}", done.connection, ensured.outcome.to_string().replace('\n', ", ")),
                Err(error) => error.to_string(),
            })
            .try_collect()
            .await
            .unwrap();
        lines.sort();
        let failed = lines.pop().unwrap();
        assert!(failed.contains("_directory-provisioning of con_nowhere: 404"), "{failed}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(lines.join("\n"), @r"
            con_0000000000000007: updated, synchronize_automatically: true instead of false
            con_0000000000000008: unchanged
            con_new: created
            ");
        }
    }
    // Three pages of the list; a read for each of the two that are not on it; then one update, and two creations.
    let operations = asked(&tenant);
    assert_eq!(operations.len(), 5 + 6, "{operations:?}");
}

#[tokio::test]
async fn a_few_connections_of_a_large_tenant_are_not_looked_for_in_the_whole_list() {
    let tenant = tenant(1000).await;
    let last = ids(&tenant).pop().unwrap();
    let results = client(&tenant).ensure_each([(last, Desired::default())]).run();
    let results: Vec<_> = results.try_collect().await.unwrap();
    assert!(results[0].result.as_ref().unwrap().outcome.is_unchanged());
    assert_eq!(asked(&tenant).len(), 2, "one page, and one read");
}

#[tokio::test]
async fn handles_give_futures_to_spawn_and_to_return() {
    let tenant = tenant(3).await;
    let client = client(&tenant);
    let spawned = tokio::spawn(client.directory_provisioning(&ids(&tenant)[0]).get());
    spawned.await.unwrap().unwrap();
    let results = client.fleet(ids(&tenant)).run(|connection| connection.get());
    assert_eq!(results.filter(|done| std::future::ready(done.result.is_ok())).count().await, 3);
}

#[tokio::test]
async fn the_whole_tenant_is_made_what_it_should_be() {
    let tenant = tenant(250).await;
    let fleet = client(&tenant).fleet_of_all().await.unwrap();
    assert_eq!(asked(&tenant).len(), 3, "a call for each 100");
    assert_eq!(fleet.connections(), ids(&tenant));

    let desired = Desired::default().synchronize_automatically(true);
    let outcomes = fleet.clone().concurrency(32).run(|connection| connection.ensure(desired.clone()));
    let updated = outcomes.filter(|of| {
        let updated = matches!(&of.result, Ok(ensured) if matches!(ensured.outcome, Outcome::Updated(_)));
        std::future::ready(updated)
    });
    assert_eq!(updated.count().await, 250);
}

#[tokio::test]
async fn health_reports_the_last_run_of_each_connection() {
    let fails = Synchronization::fails_after(Duration::ZERO, "quota exceeded at Google");
    let at_once = Synchronization::completes_after(Duration::ZERO);
    let of = |id: &str, run| Connection::google_apps(id).name(id.replace("con_", "")).configured().synchronization(run);
    let tenant = standing()
        .connections([of("con_a", at_once.clone()), of("con_b", fails), of("con_c", at_once)])
        .connection(Connection::google_apps("con_d"))
        .start()
        .await
        .unwrap();
    let client = client(&tenant);
    let synchronized = client.fleet(ids(&tenant).into_iter().take(2));
    let started = synchronized.run(|connection| async move { connection.synchronize().await });
    assert!(started.all(|of| std::future::ready(of.result.is_ok())).await);

    let lines: Vec<_> = client.health().map_ok(|health| health.to_string()).try_collect().await.unwrap();
    insta::assert_snapshot!(lines.join("\n"), @r"
    a (con_a): completed at 2026-05-05 12:00:00 UTC
    b (con_b): failed at 2026-05-05 12:00:00 UTC: quota exceeded at Google
    c (con_c): never ran
    ");

    tenant.clock().advance(Duration::from_secs(3600));
    let all: Vec<_> = client.fleet(ids(&tenant)).health().collect().await;
    let [completed, failed, never, unconfigured] = &all[..] else { panic!("{all:?}") };
    let completed = completed.result.as_ref().unwrap().as_ref().unwrap();
    assert_eq!(completed.age(tenant.clock().now()), Some(Duration::from_secs(3600)));
    assert!(!completed.is_failing() && failed.result.as_ref().unwrap().as_ref().unwrap().is_failing());
    assert_eq!(never.result.as_ref().unwrap().as_ref().unwrap().age(tenant.clock().now()), None);
    assert_eq!(unconfigured.result.as_ref().unwrap(), &None);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_to_its_end_is_an_error_not_a_smaller_fleet() {
    let tenant = tenant(150).await;
    tenant.faults([Fault::none(), Fault::status(400).on(Operation::ListConfigurations)]);
    assert!(client(&tenant).fleet_of_all().await.is_err());
}
