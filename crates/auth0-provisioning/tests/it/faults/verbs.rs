//! The verbs, each with a check whether it is done.

use std::{fmt, time::Duration};

use auth0_provisioning::{
    Client, ConnectionId, Desired, DirectoryProvisioningHandle, ErrorKind, GroupFilter, GroupId, NewScimToken,
    OptionsChange, RunState, ScimDesired, SynchronizeGroups, VerbError, Wait, types::ConnectionStrategy,
    types::CreateConnectionRequest,
};
use auth0_provisioning_mock::{Application, Connection, MockTenant, Synchronization};
use futures_util::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture};

pub(crate) struct Verb {
    pub(crate) name: &'static str,
    pub(crate) run: fn(Client) -> BoxFuture<'static, Ended>,
    /// Whether the tenant shows what was reported as done.
    pub(crate) is_done: fn(Client) -> BoxFuture<'static, bool>,
}

pub(crate) type Ended = Result<(), Failure>;

/// What a verb ended with.
pub(crate) struct Failure {
    pub(crate) kind: Option<ErrorKind>,
    pub(crate) text: String,
}

impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl<E: VerbError> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { kind: error.kind(), text: format!("{error}\n{error:?}") }
    }
}

const GOOGLE: &str = "con_google0000000000";
const BARE: &str = "con_bare000000000000";
const OKTA: &str = "con_okta000000000000";

/// A tenant with a connection that is configured, one that is not, and one for SCIM.
pub(crate) async fn tenant() -> MockTenant {
    let at_once = || Synchronization::completes_after(Duration::ZERO);
    let google = Connection::google_apps(GOOGLE).name("google").synchronizes_groups(["kept", "old"]);
    let directory = [("kept", "Kept"), ("old", "Old"), ("new", "New")];
    let google = google.configured().directory(directory).synchronization(at_once());
    let okta = Connection::with_strategy(OKTA, "okta").name("okta").scim_configured();
    let tenant = MockTenant::builder()
        .connection(google)
        .connection(Connection::google_apps(BARE).name("bare").synchronization(at_once()))
        .connection(okta)
        .application(Application::new("matrix").secret(super::SECRET));
    tenant.start().await.unwrap()
}

/// Another operation than those of the verb: a limit of one endpoint may go on.
pub(crate) async fn another_call(client: &Client, verb: &Verb) -> Ended {
    if verb.name == "default_mapping" {
        of(client, GOOGLE).groups().list().next().await?;
        return Ok(());
    }
    // Every response to this request shows whether it exists.
    match of(client, GOOGLE).default_mapping().await {
        Err(error) if error.is_not_found() => Ok(()),
        other => Ok(other.map(drop)?),
    }
}

fn id(connection: &str) -> ConnectionId {
    connection.parse().unwrap()
}

fn of(client: &Client, connection: &str) -> DirectoryProvisioningHandle {
    client.directory_provisioning(&id(connection))
}

fn group(name: &str) -> GroupId {
    name.parse().unwrap()
}

async fn selected(client: &Client) -> Vec<String> {
    let groups: Vec<_> = of(client, GOOGLE).groups().list().items().try_collect().await.unwrap();
    groups.into_iter().map(|group| group.id).collect()
}

fn desired() -> Desired {
    Desired::default().synchronize_automatically(true).synchronize_groups(SynchronizeGroups::Selected)
}

async fn reached(client: &Client, connection: &str) -> bool {
    let present = of(client, connection).get().await.unwrap();
    present.synchronize_automatically && present.synchronize_groups == Some(SynchronizeGroups::Selected)
}

/// Reading changes nothing that could be looked at afterwards.
fn always(_: Client) -> BoxFuture<'static, bool> {
    async { true }.boxed()
}

fn patient() -> Wait {
    Wait::at_most(Duration::from_secs(900))
}

macro_rules! verb {
    ($name:literal, |$client:ident| $run:expr, done |$after:ident| $done:expr) => {
        Verb { name: $name, run: |$client| async move { $run }.boxed(), is_done: |$after| async move { $done }.boxed() }
    };
    ($name:literal, |$client:ident| $run:expr) => {
        Verb { name: $name, run: |$client| async move { $run }.boxed(), is_done: always }
    };
}

pub(crate) const VERBS: &[Verb] = &[
    verb!("get", |client| Ok(of(&client, GOOGLE).get().await.map(drop)?)),
    verb!("get_if_configured", |client| Ok(of(&client, BARE).get_if_configured().await.map(drop)?)),
    verb!("default_mapping", |client| Ok(of(&client, GOOGLE).default_mapping().await.map(drop)?)),
    verb!("list of configurations", |client| {
        let pages = client.directory_provisionings().page_size(1);
        Ok(pages.items().try_for_each(|_| async { Ok(()) }).await?)
    }),
    verb!("health", |client| Ok(client.health().try_for_each(|_| async { Ok(()) }).await?)),
    verb!("fleet", |client| {
        // One after the other, so that the table is the same each time.
        let fleet = client.fleet([id(GOOGLE), id(BARE)]).concurrency(1);
        let mut results = fleet.run(|connection| async move { connection.get_if_configured().await });
        let mut ended = Ok(());
        while let Some(of_one) = results.next().await {
            if let Err(error) = of_one.result {
                ended = Err(error.into());
            }
        }
        ended
    }),
    verb!(
        "create",
        |client| Ok(of(&client, BARE).create(desired()).await.map(drop)?),
        done | after | reached(&after, BARE).await
    ),
    verb!(
        "update",
        |client| Ok(of(&client, GOOGLE).update(desired()).await.map(drop)?),
        done | after | reached(&after, GOOGLE).await
    ),
    verb!(
        "delete",
        |client| Ok(of(&client, GOOGLE).delete().await?),
        done | after | of(&after, GOOGLE).get_if_configured().await.unwrap().is_none()
    ),
    verb!(
        "synchronize",
        |client| Ok(of(&client, GOOGLE).synchronize().await.map(drop)?),
        done | after | of(&after, GOOGLE).get().await.unwrap().last_synchronization_at.is_some()
    ),
    verb!(
        "ensure, created",
        |client| Ok(of(&client, BARE).ensure(desired()).await.map(drop)?),
        done | after | reached(&after, BARE).await
    ),
    verb!(
        "ensure, updated",
        |client| Ok(of(&client, GOOGLE).ensure(desired()).await.map(drop)?),
        done | after | reached(&after, GOOGLE).await
    ),
    verb!(
        "ensure_each",
        |client| {
            let mut results = client.ensure_each([(id(GOOGLE), desired()), (id(BARE), desired())]).concurrency(1).run();
            let mut ended = Ok(());
            while let Some(of_one) = results.next().await {
                if let Err(error) = of_one?.result {
                    ended = Err(error.into());
                }
            }
            ended
        },
        done | after | reached(&after, GOOGLE).await && reached(&after, BARE).await
    ),
    verb!(
        "synchronize_and_wait",
        |client| {
            let run = of(&client, GOOGLE).synchronize_and_wait(patient()).await?;
            assert_eq!(run.state, RunState::Completed);
            Ok(())
        },
        done | after | of(&after, GOOGLE).get().await.unwrap().last_synchronization_at.is_some()
    ),
    verb!(
        "groups().add",
        |client| Ok(of(&client, GOOGLE).groups().add([group("new")]).await?),
        done | after | selected(&after).await.contains(&"new".to_owned())
    ),
    verb!(
        "groups().remove",
        |client| Ok(of(&client, GOOGLE).groups().remove([group("old")]).await?),
        done | after | !selected(&after).await.contains(&"old".to_owned())
    ),
    verb!(
        "groups().replace",
        |client| Ok(of(&client, GOOGLE).groups().replace([group("new")]).await?),
        done | after | selected(&after).await == ["new"]
    ),
    verb!(
        "groups().reconcile",
        |client| Ok(of(&client, GOOGLE).groups().reconcile([group("kept"), group("new")]).await.map(drop)?),
        done | after | {
            let mut selected = selected(&after).await;
            selected.sort();
            selected == ["kept", "new"]
        }
    ),
    verb!("groups().arrival", |client| Ok(of(&client, GOOGLE).groups().arrival().await.map(drop)?)),
    verb!("connections", |client| {
        Ok(client.connections().page_size(1).items().try_for_each(|_| async { Ok(()) }).await?)
    }),
    verb!(
        "create_connection",
        |client| {
            let request = CreateConnectionRequest::new("fresh".parse().unwrap(), ConnectionStrategy::GoogleApps);
            Ok(client.create_connection(request).await.map(drop)?)
        },
        done | after | after.find_connection("fresh").await.unwrap().is_some()
    ),
    verb!(
        "change_options",
        |client| {
            let change = OptionsChange::new().set("icon_url", "https://acme.example/icon.png");
            Ok(client.connection(&id(GOOGLE)).change_options(change).await.map(drop)?)
        },
        done | after | {
            let connection = after.connection(&id(GOOGLE)).get().await.unwrap();
            connection.options.unwrap().0["icon_url"] == "https://acme.example/icon.png"
        }
    ),
    verb!("readiness", |client| Ok(client.connection(&id(GOOGLE)).readiness().await.map(drop)?)),
    verb!(
        "scim().ensure",
        |client| {
            let desired = ScimDesired::default().user_id_attribute("userName");
            Ok(client.scim(&id(OKTA)).ensure(desired).await.map(drop)?)
        },
        done | after | after.scim(&id(OKTA)).get().await.unwrap().user_id_attribute == "userName"
    ),
    verb!(
        "scim().create_token",
        |client| Ok(client.scim(&id(OKTA)).create_token(NewScimToken::default()).await.map(drop)?),
        done | after | after.scim(&id(OKTA)).tokens().await.unwrap().len() == 1
    ),
    verb!("groups that arrived", |client| {
        let groups = client.groups(GroupFilter::default().connection(&id(GOOGLE)));
        Ok(groups.page_size(1).items().try_for_each(|_| async { Ok(()) }).await?)
    }),
    verb!("logs", |client| Ok(client.logs().latest().items().try_for_each(|_| async { Ok(()) }).await?)),
    verb!("run_history", |client| Ok(of(&client, GOOGLE).run_history().try_for_each(|_| async { Ok(()) }).await?)),
];
