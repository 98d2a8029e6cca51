//! Many connections at once: in order or as they come, and what one failure does to the others: nothing.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use auth0_provisioning::{ConnectionId, Desired, Outcome};
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation, Synchronization};
use futures_util::{StreamExt, TryStreamExt};
use support::{asked, client, standing};

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

#[tokio::test]
async fn no_more_than_told_are_under_way() {
    let tenant = tenant(40).await;
    for most in [1, 7] {
        let (now, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let fleet = client(&tenant).fleet(ids(&tenant)).concurrency(most);
        let results = fleet.run(|connection| {
            let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
            async move {
                peak.fetch_max(now.fetch_add(1, Relaxed) + 1, Relaxed);
                let configuration = connection.get().await;
                now.fetch_sub(1, Relaxed);
                configuration
            }
        });
        assert_eq!(results.count().await, 40);
        assert_eq!(peak.load(Relaxed), most);
    }
}

#[tokio::test]
async fn the_whole_tenant_is_made_what_it_should_be() {
    let tenant = tenant(250).await;
    let fleet = client(&tenant).whole_fleet().await.unwrap();
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
async fn health_tells_of_each_connection_how_its_last_run_ended() {
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
    assert!(client(&tenant).whole_fleet().await.is_err());
}
