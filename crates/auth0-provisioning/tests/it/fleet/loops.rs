//! Loops over results: connections make progress whatever the loop does, and end when it is left.

use std::{
    future::pending,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use auth0_provisioning::{
    CallOptions, Client, ConnectionResult, Desired, DirectoryProvisioningHandle, Error, Progress, Wait,
    transport::{Attempt, AttemptOutcome, HeaderMap, Hook},
};
use auth0_provisioning_mock::{Connection, MockTenant, RateLimit, Synchronization};
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt};
use tokio::{
    sync::Barrier,
    time::{Instant, interval, sleep},
};

use super::ids;

/// Keeps paused time from running while a request is on its way.
#[derive(Clone, Default)]
struct OnTheWay(Arc<(Mutex<usize>, Condvar)>);

impl Hook for OnTheWay {
    fn before(&self, _: &Attempt<'_>, _: &mut HeaderMap) {
        let mut open = self.0.0.lock().unwrap();
        *open += 1;
        if *open == 1 {
            let this = self.clone();
            // Tokio's paused time does not move on while a blocking task runs.
            tokio::task::spawn_blocking(move || {
                let open = this.0.0.lock().unwrap();
                drop(this.0.1.wait_timeout_while(open, Duration::from_secs(1), |open| *open > 0).unwrap());
            });
        }
    }

    fn after(&self, _: &Attempt<'_>, _: &AttemptOutcome<'_>) {
        *self.0.0.lock().unwrap() -= 1;
        self.0.1.notify_all();
    }
}

const BURST: u32 = 10;
const RATE: u32 = 10;

/// A tenant whose clock follows Tokio's, with a limit of 10 calls at once and 10 a second. Its clock is months away from the
/// client's: real time that passes while Tokio's is paused would look like a clock that is a little slow.
async fn limited(connections: usize) -> (MockTenant, Client) {
    let connections = Connection::fleet(connections);
    let tenant = super::standing().connections(connections).rate_limit(RateLimit::new(BURST, RATE));
    let tenant = tenant.start().await.unwrap();
    tenant.clock().resume();
    let builder = crate::support::builder().hook(OnTheWay::default());
    let client = builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()).build().unwrap();
    (tenant, client)
}

/// Fails unless this many calls were sent in the shortest time in which the limit lets them through, and no other.
fn assert_paced(what: &str, tenant: &MockTenant, began: Instant, calls: u32) {
    let least = f64::from(calls - BURST) / f64::from(RATE);
    let ratio = began.elapsed().as_secs_f64() / least;
    assert!(ratio <= 1.05, "{what}: {ratio} of the least time");
    let limited = tenant.requests().iter().filter(|request| request.status == 429).count();
    assert_eq!((limited, tenant.requests().len()), (0, calls as usize), "{what}");
}

async fn groups_of(handle: &DirectoryProvisioningHandle) -> usize {
    handle.groups().list().next().await.unwrap().unwrap().items.len()
}

#[tokio::test(start_paused = true)]
async fn loop_makes_calls_of_its_own() {
    for concurrency in [1, 2, 16, 256] {
        let (tenant, client) = limited(40).await;
        let client = client.with_options(CallOptions::new().timeout(Duration::from_secs(10)));
        let fleet = client.fleet(ids(&tenant)).concurrency(concurrency);
        let mut results = fleet.run(|handle| async move {
            let ensured = handle.ensure(Desired::default().synchronize_automatically(true)).await;
            ensured.map(|ensured| (handle, ensured))
        });
        let mut done = 0;
        while let Some(ConnectionResult { result, .. }) = results.next().await {
            let (handle, ensured) = result.unwrap();
            assert!(!ensured.outcome.is_unchanged());
            groups_of(&handle).await;
            done += 1;
        }
        assert_eq!(done, 40, "{concurrency} at once");
    }
}

#[tokio::test]
async fn work_without_calls_gives_every_item() {
    let tenant = super::tenant(40).await;
    for concurrency in [1, 2, 16, 256] {
        let fleet = super::client(&tenant).fleet(ids(&tenant)).concurrency(concurrency);
        let all: Vec<_> = fleet.clone().run(|handle| async move { Ok::<_, Error>(handle) }).collect().await;
        assert_eq!(all.len(), 40, "{concurrency} at once");
        let in_order: Vec<_> = fleet.run_in_order(|handle| async move { Ok::<_, Error>(handle) }).collect().await;
        assert_eq!(in_order.into_iter().map(|done| done.connection).collect::<Vec<_>>(), ids(&tenant));
    }
}

#[tokio::test(start_paused = true)]
async fn connections_go_on_while_no_result_is_taken() {
    let (tenant, client) = limited(40).await;
    let requests_after_a_minute = async |calls: &mut (dyn Stream<Item = bool> + Unpin + Send)| {
        tenant.clear_requests();
        assert!(calls.next().await.unwrap());
        sleep(Duration::from_secs(60)).await;
        let requests = tenant.requests().len();
        assert!(calls.all(|is_ok| async move { is_ok }).await);
        assert_eq!(tenant.requests().len(), requests, "all was done before");
        requests
    };
    let fleet = client.fleet(ids(&tenant));
    let twice = fleet.clone().run(|handle| async move { handle.get().await.and(handle.synchronize().await) });
    assert_eq!(requests_after_a_minute(&mut twice.map(|done| done.result.is_ok())).await, 80);
    assert_eq!(requests_after_a_minute(&mut fleet.health().map(|done| done.result.is_ok())).await, 40);
    let automatic = Desired::default().synchronize_automatically(true);
    let written = client.ensure_all(automatic).concurrency(40).run();
    assert_eq!(requests_after_a_minute(&mut written.map(|done| done.unwrap().result.is_ok())).await, 41);
}

/// 60 connections, and 60 calls in a loop of each kind.
#[tokio::test(start_paused = true)]
async fn every_kind_of_loop_is_paced() {
    type Results<'a> = &'a mut (dyn Stream<Item = ConnectionResult<DirectoryProvisioningHandle>> + Unpin);
    async fn while_let(results: Results<'_>) {
        while let Some(done) = results.next().await {
            groups_of(&done.result.unwrap()).await;
        }
    }
    async fn sleeps(results: Results<'_>) {
        while let Some(done) = results.next().await {
            sleep(Duration::from_millis(20)).await;
            groups_of(&done.result.unwrap()).await;
        }
    }
    async fn for_each(results: Results<'_>) {
        results.for_each(|done| async move { assert_eq!(groups_of(&done.result.unwrap()).await, 0) }).await;
    }
    async fn buffered(results: Results<'_>) {
        let groups = results.map(|done| async move { groups_of(&done.result.unwrap()).await });
        assert_eq!(groups.buffered(4).count().await, 60);
    }
    async fn select(results: Results<'_>) {
        let mut ticks = interval(Duration::from_millis(10));
        loop {
            tokio::select! {
                done = results.next() => match done {
                    Some(done) => assert_eq!(groups_of(&done.result.unwrap()).await, 0),
                    None => break,
                },
                _ = ticks.tick() => sleep(Duration::from_millis(5)).await,
            }
        }
    }
    macro_rules! assert_each {
        ($($kind:ident)*) => {$(
            let (tenant, client) = limited(60).await;
            let began = Instant::now();
            let fleet = client.fleet(ids(&tenant));
            $kind(&mut fleet.run(|handle| async move { handle.get().await.map(|_| handle) })).await;
            assert_paced(stringify!($kind), &tenant, began, 120);
        )*};
    }
    assert_each!(while_let sleeps for_each buffered select);
}

#[tokio::test(start_paused = true)]
async fn ensure_each_goes_on_beside_a_loop() {
    let (tenant, client) = limited(60).await;
    let began = Instant::now();
    let desired = Desired::default().synchronize_automatically(true);
    let mut results = client.ensure_each(ids(&tenant).into_iter().map(|id| (id, desired.clone()))).run();
    while let Some(done) = results.try_next().await.unwrap() {
        assert!(!done.result.unwrap().outcome.is_unchanged());
        groups_of(&client.directory_provisioning(&done.connection)).await;
    }
    assert_paced("ensure_each", &tenant, began, 121);
}

#[tokio::test(start_paused = true)]
async fn health_goes_on_beside_a_loop() {
    let (tenant, client) = limited(60).await;
    let began = Instant::now();
    let mut all = client.fleet(ids(&tenant)).health();
    while let Some(done) = all.next().await {
        done.result.unwrap().unwrap();
        groups_of(&client.directory_provisioning(&done.connection)).await;
    }
    assert_paced("health", &tenant, began, 120);
}

#[tokio::test(start_paused = true)]
async fn page_is_read_ahead_while_no_item_is_taken() {
    let (tenant, client) = limited(250).await;
    let mut items = client.directory_provisionings().prefetch().items();
    items.next().await.unwrap().unwrap();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(tenant.requests().len(), 2);
    assert_eq!(items.try_collect::<Vec<_>>().await.unwrap().len(), 249);
}

#[tokio::test(start_paused = true)]
async fn run_that_ended_meanwhile_is_not_timed_out() {
    let run = Synchronization::completes_after(Duration::from_secs(60));
    let connection = Connection::fleet(1).map(|connection| connection.synchronization(run.clone()));
    let tenant = MockTenant::builder().connections(connection).start().await.unwrap();
    let handle = super::client(&tenant).directory_provisioning(&ids(&tenant)[0]);
    let mut states = handle.synchronize_and_watch(Wait::at_most(Duration::from_secs(900)));
    assert!(matches!(states.next().await, Some(Ok(Progress::Started(_)))));
    sleep(Duration::from_secs(3600)).await;
    let last = states.try_fold(None, |_, state| async move { Ok(Some(state)) }).await.unwrap();
    assert!(matches!(last, Some(Progress::Ended(_))), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn fleet_that_is_dropped_sends_nothing_more() {
    let (tenant, client) = limited(60).await;
    for run in [false, true] {
        tenant.clear_requests();
        if run {
            let mut results = client.fleet(ids(&tenant)).run(|handle| handle.get());
            results.next().await.unwrap().result.unwrap();
        } else {
            let desired = Desired::default().synchronize_automatically(true);
            let mut results = client.ensure_all(desired).run();
            results.next().await.unwrap().unwrap().result.unwrap();
        }
        let sent = tenant.requests().len();
        assert!(sent < 30, "{sent} were sent before");
        sleep(Duration::from_secs(60)).await;
        // Those that were being written when it was dropped may have arrived.
        assert!(tenant.requests().len() <= sent + BURST as usize, "{} after {sent}", tenant.requests().len());
        let settled = tenant.requests().len();
        sleep(Duration::from_secs(60)).await;
        assert_eq!(tenant.requests().len(), settled);
    }
}

#[tokio::test]
async fn panic_of_one_reaches_the_loop_and_stops_no_other() {
    async fn outcomes<T>(mut results: impl Stream<Item = ConnectionResult<T>> + Unpin) -> (usize, usize) {
        let (mut done, mut panics) = (0, 0);
        loop {
            match AssertUnwindSafe(results.next()).catch_unwind().await {
                Ok(Some(result)) => done += usize::from(result.result.is_ok()),
                Ok(None) => return (done, panics),
                Err(_) => panics += 1,
            }
        }
    }
    let tenant = super::tenant(5).await;
    let bad = ids(&tenant)[2].clone();
    let fleet = super::client(&tenant).fleet(ids(&tenant));
    let work = |handle: DirectoryProvisioningHandle| {
        let bad = bad.clone();
        async move {
            assert_ne!(*handle.connection_id(), bad, "on purpose");
            handle.get().await
        }
    };
    assert_eq!(outcomes(fleet.clone().run(work)).await, (4, 1));
    assert_eq!(outcomes(fleet.run_in_order(work)).await, (4, 1));
}

#[tokio::test]
async fn five_thousand_connections_wait_at_once() {
    let client = super::client(&super::tenant(0).await);
    let connections: Vec<_> = (0..5000).map(|number| format!("con_{number}").parse().unwrap()).collect();
    let all_wait = Arc::new(Barrier::new(5000));
    let fleet = client.fleet(connections).concurrency(5000);
    let results = fleet.run(|_| {
        let all_wait = Arc::clone(&all_wait);
        async move { Ok::<_, Error>(all_wait.wait().await.is_leader()) }
    });
    assert_eq!(results.count().await, 5000);
}

#[tokio::test]
async fn no_more_connections_than_wanted_are_worked_on() {
    let client = super::client(&super::tenant(0).await);
    let connections: Vec<_> = (0..1000).map(|number| format!("con_{number}").parse().unwrap()).collect();
    let started = AtomicUsize::new(0);
    for (fleet, most) in [(client.fleet(connections.clone()), 256), (client.fleet(connections).concurrency(7), 7)] {
        started.store(0, Relaxed);
        let mut results = fleet.run(|_| {
            started.fetch_add(1, Relaxed);
            pending::<Result<(), Error>>()
        });
        assert!(results.next().now_or_never().is_none());
        assert_eq!(started.load(Relaxed), most);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn loop_makes_calls_of_its_own_on_several_threads() {
    let tenant = super::tenant(40).await;
    let client = super::client(&tenant);
    let mut results = client.fleet(ids(&tenant)).run(|handle| async move { handle.get().await.map(|_| handle) });
    let mut done = 0;
    while let Some(ConnectionResult { result, .. }) = results.next().await {
        groups_of(&result.unwrap()).await;
        done += 1;
    }
    assert_eq!(done, 40);
}
