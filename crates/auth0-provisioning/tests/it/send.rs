//! Futures and streams own what they need and can be sent to other threads: otherwise this does not compile.

use std::{future::IntoFuture, time::Duration};

use crate::support::{client, connection, google, tenant};
use auth0_provisioning::{
    ChangeOptionsError, Client, Desired, DirectoryProvisioningHandle, EnsureError, Error, GroupFilter, GroupId,
    NewScimToken, OptionsChange, ReconcileError, RotateTokenError, ScimChanges, ScimDesired, SynchronizeError,
    chrono::DateTime,
};

fn sent<T: Send + 'static>(value: T) -> T {
    value
}

fn error<E: std::error::Error + Send + Sync + Clone + 'static>() {}

fn all_are_sent(client: &Client, google: &DirectoryProvisioningHandle, group: &GroupId) {
    drop(sent(google.get()));
    drop(sent(google.get_if_configured()));
    drop(sent(google.create(Desired::default())));
    drop(sent(google.update(Desired::default())));
    drop(sent(google.delete()));
    drop(sent(google.default_mapping()));
    drop(sent(google.synchronize()));
    drop(sent(google.synchronize_and_wait(Duration::ZERO)));
    drop(sent(google.synchronize_and_watch(Duration::ZERO)));
    drop(sent(google.ensure(Desired::default()).into_future()));
    drop(sent(google.groups().add([group.clone()])));
    drop(sent(google.groups().remove([group.clone()])));
    drop(sent(google.groups().replace([group.clone()])));
    drop(sent(google.groups().reconcile([group.clone()]).into_future()));
    drop(sent(google.groups().list().prefetch().pages()));
    drop(sent(client.directory_provisionings().items()));
    drop(sent(client.fleet_of_all()));
    drop(sent(client.health()));
    drop(sent(client.diagnose()));
    drop(sent(client.ensure_all(Desired::default()).run()));
    drop(sent(google.wait_for_run(Duration::ZERO)));
    drop(sent(google.watch_run(Duration::ZERO)));
    drop(sent(client.fleet([]).health()));
    drop(sent(client.fleet([]).run(|connection| async move { connection.get().await })));
    drop(sent(client.fleet([]).run_in_order(|connection| connection.ensure(Desired::default()))));
    around_are_sent(client);
    error::<Error>();
    error::<EnsureError>();
    error::<ReconcileError>();
    error::<SynchronizeError>();
}

fn around_are_sent(client: &Client) {
    let connection = client.connection(&"con_0123456789abcdef".parse().unwrap());
    let scim = client.scim(connection.connection_id());
    let group = client.group("grp_1a2b3c4d5e6f7g");
    drop(sent(client.connections().items()));
    drop(sent(client.find_connection("name")));
    drop(sent(connection.get()));
    drop(sent(connection.delete()));
    drop(sent(connection.status()));
    drop(sent(connection.change_clients([("app", true)])));
    drop(sent(connection.change_options(OptionsChange::new()).into_future()));
    drop(sent(connection.readiness()));
    drop(sent(scim.get_if_configured()));
    drop(sent(scim.update(ScimDesired::default())));
    drop(sent(scim.ensure(ScimDesired::default()).into_future()));
    drop(sent(scim.rotate_token("tok_1", NewScimToken::default())));
    drop(sent(client.scim_tokens_ending_within(Duration::ZERO, DateTime::UNIX_EPOCH)));
    drop(sent(group.members().items()));
    drop(sent(group.add_roles(["rol_1"])));
    drop(sent(client.memberships(GroupFilter::default())));
    drop(sent(connection.directory_provisioning().groups().arrival()));
    drop(sent(connection.directory_provisioning().run_history()));
    drop(sent(client.logs().latest().items()));
    drop(sent(client.logs().get("9002")));
    error::<ChangeOptionsError>();
    error::<EnsureError<ScimChanges>>();
    error::<RotateTokenError>();
}

#[tokio::test]
async fn futures_do_nothing_until_they_are_polled() {
    let tenant = tenant(connection().configured()).await;
    all_are_sent(&client(&tenant), &google(&tenant), &"g1".parse().unwrap());
    assert!(tenant.requests().is_empty());
}
