//! Every verb × every fault of the mock tenant × every request that the verb sends; and every verb dropped after each of its
//! polls. In paused time. A change is tested with a sample, the same each time; `FULL=1` tests all combinations.
//!
//! Whatever happens, a call ends within bounded time with the right response or a typed error, nothing that was reported as
//! done is missing in the tenant, no `POST` was carried out twice, no text holds a secret, and the client goes on working.

mod list;
mod soak;
mod table;
mod verbs;

use std::{future::poll_fn, panic::AssertUnwindSafe, pin::pin, task::Poll, time::Duration};

use crate::support::{is_full, operations};
use auth0_provisioning::{Client, transport::Idempotency};
use auth0_provisioning_mock::{Cut, Fault, MockTenant};
use futures_util::FutureExt;
use table::Table;
use verbs::{Ended, VERBS, Verb};

/// Longer than the deadlines of all calls of a verb together, and shorter than a hang.
const BOUND: Duration = Duration::from_secs(4 * 3600);
/// The time of a workflow, whatever it waits for, and those that have it.
const WORKFLOW: Duration = Duration::from_secs(900);
const WORKFLOWS: [&str; 6] = [
    "ensure, created",
    "ensure, updated",
    "synchronize_and_wait",
    "groups().reconcile",
    "change_options",
    "scim().ensure",
];
/// After this time a client forgets a failed token request, and a permit whose request got no response.
const SETTLED: Duration = Duration::from_secs(180);

const SECRET: &str = "the-secret-of-the-client";
/// How every token begins.
const TOKEN: &str = "eyJhbGci";

fn client(tenant: &MockTenant) -> Client {
    let builder = crate::support::builder().base_url(tenant.base_url());
    builder.client_credentials("matrix", SECRET).build().unwrap()
}

/// Fails with what happened unless it ends in bounded time without a panic.
async fn bounded<T>(what: &str, future: impl Future<Output = T>) -> T {
    let guarded = AssertUnwindSafe(tokio::time::timeout(BOUND, future)).catch_unwind().await;
    let Ok(in_time) = guarded else { panic!("{what}: panicked") };
    in_time.unwrap_or_else(|_| panic!("{what}: did not end within {BOUND:?}"))
}

/// What has to hold after everything, whatever was reported.
async fn check_after(what: &str, verb: &Verb, tenant: &MockTenant, client: &Client) {
    tenant.clear_faults();
    tokio::time::sleep(SETTLED).await;
    let carried_out = tenant.requests();
    // A workflow reads whether a request was carried out; a single call cannot.
    let reads_back = WORKFLOWS.contains(&verb.name) || verb.name == "ensure_each";
    let not_idempotent = operations().filter(|operation| operation.idempotency == Idempotency::NotIdempotent);
    for operation in not_idempotent.filter(|_| !reads_back).map(|operation| operation.id) {
        let times = carried_out
            .iter()
            .filter(|request| request.operation_id() == Some(operation))
            // These were refused before they had an effect.
            .filter(|request| !matches!(request.status, 401 | 429))
            .count();
        assert!(times <= 1, "{what}: {operation} was sent {times} times");
    }
    let after = bounded(&format!("{what}, the next call"), verbs::another_call(client, verb)).await;
    assert!(after.is_ok(), "{what}: the client does not go on working: {after:?}");
}

async fn run(verb: &Verb, fault: Option<Fault>, position: usize) -> (Ended, usize) {
    let tenant = verbs::tenant().await;
    if let Some(fault) = fault {
        tenant.faults((0..position).map(|_| Fault::none()).chain([fault]));
    }
    let client = client(&tenant);
    let what = format!("{} with a fault at request {position}", verb.name);
    let began = tokio::time::Instant::now();
    let ended = bounded(&what, (verb.run)(client.clone())).await;
    if WORKFLOWS.contains(&verb.name) {
        assert!(began.elapsed() <= WORKFLOW, "{what}: took {:?}", began.elapsed());
    }
    let requests = tenant.requests().len();
    if let Err(failure) = &ended {
        assert!(!failure.text.contains(SECRET) && !failure.text.contains(TOKEN), "{what}: {}", failure.text);
    }
    let is_done = ended.is_ok();
    check_after(&what, verb, &tenant, &client).await;
    if is_done {
        let fresh = self::client(&tenant);
        assert!(bounded(&what, (verb.is_done)(fresh)).await, "{what}: reported as done, and is not");
    }
    (ended, requests)
}

/// A sample has one of this number of combinations. It has no factor in common with the number of faults.
const SAMPLED: usize = 17;

#[tokio::test(start_paused = true)]
async fn every_verb_meets_every_fault_at_every_request() {
    let (mut table, mut combination) = (Table::default(), 0);
    let mut is_chosen = || {
        combination += 1;
        is_full() || combination % SAMPLED == 0
    };
    for verb in VERBS {
        let (ended, requests) = run(verb, None, 0).await;
        assert!(ended.is_ok(), "{} without a fault: {ended:?}", verb.name);
        for (name, fault) in list::FAULTS {
            for position in 0..requests {
                if is_chosen() {
                    let (ended, _) = run(verb, Some(fault()), position).await;
                    table.add(name, "once", &ended);
                }
            }
            if is_chosen() {
                // From the first request after the one for the token.
                let (ended, _) = run(verb, Some(fault().always()), 1).await;
                table.add(name, "always", &ended);
            }
        }
    }
    assert!(combination >= 2_000, "only {combination} combinations");
    if is_full() { table.compare() } else { table.check_sample() }
}

/// The state in which a verb is dropped: it waits for responses, limits and retries.
const MEANWHILE: [fn() -> Fault; 4] = [
    Fault::none,
    || Fault::latency(Duration::from_secs(5)).always(),
    || Fault::rate_limited().times(3),
    || Fault::cut(Cut::BeforeResponse).times(2),
];

/// The number of polls between two drops in a sample.
const STEP: usize = 7;

/// Polls a verb so often and drops it. Returns whether it had ended before that.
async fn dropped_after(polls: usize, verb: &Verb, fault: Fault) -> bool {
    let tenant = verbs::tenant().await;
    tenant.fault(fault);
    let client = client(&tenant);
    let what = format!("{} dropped after {polls} polls", verb.name);
    let is_over = {
        let mut future = pin!((verb.run)(client.clone()));
        let mut left = polls;
        let polled = poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(false);
            }
            left -= 1;
            future.as_mut().poll(context).map(|_| true)
        });
        bounded(&what, polled).await
    };
    check_after(&what, verb, &tenant, &client).await;
    is_over
}

#[tokio::test(start_paused = true)]
async fn every_verb_can_be_dropped_after_each_poll() {
    let (mut drops, mut number) = (0, 0);
    for verb in VERBS {
        for meanwhile in MEANWHILE {
            number += 1;
            let (mut polls, step) = if is_full() { (0, 1) } else { (number % STEP, STEP) };
            while !dropped_after(polls, verb, meanwhile()).await {
                polls += step;
                drops += 1;
            }
        }
    }
    assert!(drops >= if is_full() { 300 } else { 30 }, "only {drops} drops");
}
