//! Five minutes of the tenant's time, 64 tasks, faults without end: what was reported as done is done, what was reported as
//! not done is not, and nothing is done twice.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};

use auth0_provisioning::{
    Client, ConnectionId, Desired, DirectoryProvisioningHandle, Error, types::ConnectionStrategy,
    types::CreateConnectionRequest,
};
use auth0_provisioning_mock::{
    Application, Connection, MockTenant, Operation, RateLimit, RequestPattern, Synchronization,
};
use futures_util::TryStreamExt;
use tokio::{
    task::LocalSet,
    time::{Instant, sleep, timeout},
};

use super::{BOUND, SECRET, bounded, list::FAULTS};
use crate::support::is_full;

const TASKS: usize = 64;

/// Five minutes with `FULL=1`, else a quarter of it.
fn lasts() -> Duration {
    Duration::from_secs(if is_full() { 300 } else { 75 })
}

/// It puts one endpoint out of use for longer than all of this lasts.
const TOO_LONG: &str = "429, a day";

/// What is known of something that can be changed.
#[derive(Debug, Clone)]
struct Known<T>(Vec<T>);

impl<T: PartialEq> Known<T> {
    /// After a change to `value`, by what was reported.
    fn changed<R>(&mut self, value: T, reported: &Reported<R>) {
        match reported {
            Reported::Done(_) => self.0 = vec![value],
            Reported::NotDone => {}
            Reported::Unknown => self.0.push(value),
        }
    }
}

/// What a call said of its effect.
enum Reported<T> {
    Done(T),
    NotDone,
    /// It may have had an effect, or it was dropped.
    Unknown,
}

impl<T> Reported<T> {
    fn of(result: Option<Result<T, Error>>) -> Self {
        match result {
            Some(Ok(value)) => Self::Done(value),
            Some(Err(error)) if !error.may_have_been_processed() => Self::NotDone,
            _ => Self::Unknown,
        }
    }
}

/// What one task did to its connection.
struct Account {
    id: ConnectionId,
    automatic: Known<bool>,
    groups: BTreeMap<String, Known<bool>>,
    /// At least, and at most.
    runs: (usize, usize),
    connections: BTreeMap<String, Known<bool>>,
}

#[derive(Default)]
struct Tally(BTreeMap<(&'static str, &'static str), usize>);

impl Tally {
    fn add<T>(&mut self, operation: &'static str, reported: &Reported<T>) {
        let how = match reported {
            Reported::Done(_) => "done",
            Reported::NotDone => "not done",
            Reported::Unknown => "unknown",
        };
        *self.0.entry((operation, how)).or_default() += 1;
    }

    fn of(&self, how: &str) -> usize {
        self.0.iter().filter(|((_, known), _)| *known == how).map(|(_, times)| times).sum()
    }
}

fn connection_id(task: usize) -> String {
    format!("con_soak{task:012}")
}

async fn tenant() -> MockTenant {
    let connections = (0..TASKS).map(|task| {
        // A run that completes would keep the next one off for half an hour.
        let run = Synchronization::fails_after(Duration::ZERO, "of the test");
        Connection::google_apps(connection_id(task)).name(format!("soak-{task}")).configured().synchronization(run)
    });
    let application = Application::new("matrix").secret(SECRET);
    let builder = MockTenant::builder().connections(connections).application(application);
    builder.rate_limit(RateLimit::new(50, 16)).start().await.unwrap()
}

/// A call, dropped now and then before its end.
async fn maybe_dropped<T>(
    random: &mut fastrand::Rng,
    call: impl Future<Output = Result<T, Error>>,
) -> Option<Result<T, Error>> {
    let patience = if random.u8(..8) == 0 { Duration::from_millis(random.u64(..3_000)) } else { BOUND };
    timeout(patience, call).await.ok()
}

async fn work(client: Client, task: usize, until: Instant, tally: Rc<RefCell<Tally>>) -> Account {
    let mut random = fastrand::Rng::with_seed(task as u64);
    let id: ConnectionId = connection_id(task).parse().unwrap();
    let directory = client.directory_provisioning(&id);
    let mut account = Account {
        id,
        automatic: Known(vec![false]),
        groups: BTreeMap::new(),
        runs: (0, 0),
        connections: BTreeMap::new(),
    };
    while Instant::now() < until {
        step(&client, &directory, &mut account, &mut random, &tally).await;
        // A call can fail without waiting, for example while the token endpoint is known to fail.
        sleep(Duration::from_millis(random.u64(1..500))).await;
    }
    account
}

async fn step(
    client: &Client,
    directory: &DirectoryProvisioningHandle,
    account: &mut Account,
    random: &mut fastrand::Rng,
    tally: &RefCell<Tally>,
) {
    match random.u8(..5) {
        0 => {
            let value = random.bool();
            let call = directory.update(Desired::default().synchronize_automatically(value));
            let reported = Reported::of(maybe_dropped(random, call).await);
            account.automatic.changed(value, &reported);
            tally.borrow_mut().add("update", &reported);
        }
        1 => {
            let name = format!("group{}", random.u8(..6));
            let call = directory.groups().add([name.parse::<auth0_provisioning::GroupId>().unwrap()]);
            let reported = Reported::of(maybe_dropped(random, call).await);
            account.groups.entry(name).or_insert(Known(vec![false])).changed(true, &reported);
            tally.borrow_mut().add("groups().add", &reported);
        }
        2 => {
            let name = format!("group{}", random.u8(..6));
            let call = directory.groups().remove([name.parse().unwrap()]);
            let reported = Reported::of(maybe_dropped(random, call).await);
            account.groups.entry(name).or_insert(Known(vec![false])).changed(false, &reported);
            tally.borrow_mut().add("groups().remove", &reported);
        }
        3 => {
            let reported = Reported::of(maybe_dropped(random, directory.synchronize()).await);
            account.runs.0 += usize::from(matches!(reported, Reported::Done(_)));
            account.runs.1 += usize::from(!matches!(reported, Reported::NotDone));
            tally.borrow_mut().add("synchronize", &reported);
        }
        _ => {
            let name = format!("{}-{}", account.id.as_str().trim_start_matches("con_"), account.connections.len());
            let request = CreateConnectionRequest::new(name.parse().unwrap(), ConnectionStrategy::GoogleApps);
            let reported = Reported::of(maybe_dropped(random, client.create_connection(request)).await);
            let mut known = Known(vec![false]);
            known.changed(true, &reported);
            account.connections.insert(name, known);
            tally.borrow_mut().add("create_connection", &reported);
        }
    }
}

/// Something goes wrong every half second, with requests to the API and, for every tenth, with those for a token.
async fn break_things(tenant: &MockTenant, until: Instant) -> usize {
    let mut random = fastrand::Rng::with_seed(0);
    let writes = || {
        let operations = [
            Operation::UpdateConfiguration,
            Operation::AddSynchronizedGroups,
            Operation::RemoveSynchronizedGroups,
            Operation::Synchronize,
            Operation::CreateConnection,
        ];
        RequestPattern::any_of(operations.map(RequestPattern::from))
    };
    let mut faults = 0;
    while Instant::now() < until {
        // What is left of the one before is over, so that the tokens' own failures end.
        tenant.clear_faults();
        let (name, fault) = FAULTS[random.usize(..FAULTS.len())];
        if name != TOO_LONG {
            let fault = fault().times(random.u32(1..8));
            let is_of_token = random.u8(..10) == 0;
            tenant.fault(if is_of_token { fault.on(Operation::IssueToken) } else { fault.on(writes()) });
            faults += 1;
        }
        sleep(Duration::from_millis(random.u64(1..1_000))).await;
    }
    faults
}

#[tokio::test(start_paused = true)]
async fn what_was_reported_during_five_minutes_of_faults_is_so() {
    let tenant = tenant().await;
    let client = super::client(&tenant);
    let tally = Rc::new(RefCell::new(Tally::default()));
    let until = Instant::now() + lasts();
    let (accounts, faults) = LocalSet::new()
        .run_until(async {
            let tasks: Vec<_> = (0..TASKS)
                .map(|task| tokio::task::spawn_local(work(client.clone(), task, until, Rc::clone(&tally))))
                .collect();
            let faults = break_things(&tenant, until).await;
            let accounts = bounded("the soak", futures_util::future::try_join_all(tasks)).await.unwrap();
            (accounts, faults)
        })
        .await;
    tenant.clear_faults();

    let fresh = super::client(&tenant);
    let created = fresh.connections().items().try_collect::<Vec<_>>().await.unwrap();
    for account in &accounts {
        let id = &account.id;
        let directory = fresh.directory_provisioning(id);
        let automatic = directory.get().await.unwrap().synchronize_automatically;
        assert!(account.automatic.0.contains(&automatic), "{id}: {automatic}, and reported {:?}", account.automatic);
        let groups: BTreeSet<String> =
            directory.groups().list().items().map_ok(|group| group.id).try_collect().await.unwrap();
        for (group, known) in &account.groups {
            let is_selected = groups.contains(group);
            assert!(known.0.contains(&is_selected), "{id}: {group} selected: {is_selected}, and reported {known:?}");
        }
        let (least, most) = account.runs;
        let ran = runs(&fresh, id).await;
        assert!((least..=most).contains(&ran), "{id}: {ran} runs, and reported {least} to {most}");
        for (name, known) in &account.connections {
            let times = created.iter().filter(|connection| connection.name.as_ref() == Some(name)).count();
            assert!(
                times <= 1 && known.0.contains(&(times == 1)),
                "{name}: there {times} times, and reported {known:?}"
            );
        }
    }

    let tally = tally.borrow();
    for ((operation, how), times) in &tally.0 {
        println!("{operation}: {times} {how}");
    }
    println!("{faults} faults");
    let counts = ["done", "not done", "unknown"].map(|how| tally.of(how));
    let least = if is_full() { 1_000 } else { 100 };
    assert!(counts[0] > least && counts[1] > 20 && counts[2] > 100, "it breaks too little: {counts:?}");
}

/// How many runs a connection had, by the logs.
async fn runs(client: &Client, id: &ConnectionId) -> usize {
    let search = format!("type:directory_sync_started AND connection_id:{id}");
    client.logs().search(search).items().try_collect::<Vec<_>>().await.unwrap().len()
}
