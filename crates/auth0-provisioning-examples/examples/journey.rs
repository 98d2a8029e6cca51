//! Takes a connection from its creation to its deletion, with groups, a run that fails for one user, roles, and SCIM on a
//! second connection.
//!
//! `cargo run --example journey` runs against a mock tenant.

use std::{error::Error, io::Write, time::Duration};

use auth0_provisioning::{
    Client, ConnectionId, Desired, GroupFilter, GroupId, NewScimToken, OptionsChange, ScimDesired, SynchronizeError,
    SynchronizeGroups, Wait, types::ConnectionStrategy, types::CreateConnectionRequest,
};
use auth0_provisioning_mock::{DirectoryGroup, DirectoryUser, MockTenant, Synchronization};
use futures_util::TryStreamExt;

/// Puts users and groups into the directory of a connection, as an administrator would.
pub(crate) type Directory<'a> = &'a dyn Fn(&str);

pub(crate) async fn journey(client: &Client, fill: Directory<'_>, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    // A connection, whose APIs are not on yet.
    let options = OptionsChange::new().set("domain", "acme.example").into_options();
    let google = CreateConnectionRequest::new("acme-google".parse()?, ConnectionStrategy::GoogleApps);
    let created = client.create_connection(google.options(options)).await?;
    let connection = client.connection(&created.id.ok_or("the connection has no id")?.parse()?);
    fill(connection.connection_id().as_str());

    // Print what is missing, and how to fix it.
    for (requirement, remedy) in connection.readiness_with_groups().await?.missing() {
        writeln!(out, "{requirement} is missing: {remedy}")?;
    }
    let change = OptionsChange::new().set("api_enable_users", true).set("api_enable_groups", true);
    writeln!(out, "options {}", connection.change_options(change).await?)?;
    let provisioning = connection.directory_provisioning();
    provisioning.ensure(Desired::default().synchronize_groups(SynchronizeGroups::Selected)).await?;
    writeln!(out, "ready: {}", connection.readiness().await?.is_ready())?;

    // Select two groups and start a run. It fails for one user.
    let wanted: [GroupId; 2] = ["engineering".parse()?, "design".parse()?];
    writeln!(out, "groups: {}", provisioning.groups().reconcile(wanted).await?)?;
    match provisioning.synchronize_and_wait(wait()).await {
        Err(SynchronizeError::Failed(run)) => {
            let report = run.report.ok_or("the token may not read the log")?;
            for error in report.user_errors() {
                writeln!(out, "{} failed: {}: {}", error.identity_user_id, error.operation, error.reason)?;
            }
        }
        other => writeln!(out, "{}", other?)?,
    }
    writeln!(out, "{}", provisioning.groups().arrival().await?)?;

    // Give a role to the members of a group.
    let here = GroupFilter::default().connection(connection.connection_id());
    let mut groups = client.groups(here.external_id("engineering")).items();
    while let Some(group) = groups.try_next().await? {
        let group = client.group(group.id.unwrap_or_default());
        group.add_roles(["rol_editor"]).await?;
        let members: Vec<_> = group.members().items().try_collect().await?;
        let roles: Vec<_> = group.roles().items().try_collect().await?;
        writeln!(out, "members with the role {}: {}", roles[0].name.as_deref().unwrap_or("?"), members.len())?;
        group.remove_roles(["rol_editor"]).await?;
    }

    // Configure SCIM on another connection, and rotate its token.
    let okta = CreateConnectionRequest::new("acme-okta".parse()?, ConnectionStrategy::Okta);
    let okta: ConnectionId = client.create_connection(okta).await?.id.ok_or("the connection has no id")?.parse()?;
    let scim = client.scim(&okta);
    writeln!(out, "scim: {}", scim.ensure(ScimDesired::default()).await?.outcome)?;
    let old = scim.create_token(NewScimToken::default().lifetime(Duration::from_secs(3600))).await?;
    let mut rotation = scim.rotate_token(old.token_id, NewScimToken::default()).await?;
    let secret = rotation.take_secret().ok_or("the secret was already taken")?;
    drop(secret); // stored at the identity provider
    rotation.confirm().await?;
    writeln!(out, "tokens: {}", scim.tokens().await?.len())?;

    // Delete everything.
    scim.delete().await?;
    provisioning.delete().await?;
    client.connection(&okta).delete().await?;
    connection.delete().await?;
    writeln!(out, "connections left: {}", client.connections().items().try_collect::<Vec<_>>().await?.len())?;
    Ok(())
}

fn wait() -> Wait {
    Wait::at_most(Duration::from_secs(900)).interval_between(Duration::from_millis(50)..=Duration::from_secs(1))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // For a real tenant: `let client = ClientBuilder::from_env()?.build()?;`, and a directory with users and groups.
    let tenant = MockTenant::builder().role("rol_editor", "Editor", "May edit").start().await?;
    let builder = Client::builder("tenant.example.com")?.base_url(tenant.base_url());
    let client = builder.bearer_token(tenant.access_token()).build()?;
    journey(&client, &|connection| fill(&tenant, connection), &mut std::io::stdout().lock()).await
}

pub(crate) fn fill(tenant: &MockTenant, connection: &str) {
    let taken = DirectoryUser::new("lee@acme.example").fails("The email is taken");
    let users = [("kim", DirectoryUser::new("kim@acme.example")), ("lee", taken)];
    let put = users.into_iter().try_for_each(|(id, user)| tenant.put_directory_user(connection, id, user));
    let group = |name| DirectoryGroup::new(name).members(["kim", "lee"]);
    let groups = [("engineering", group("Engineering")), ("sales", group("Sales"))];
    let put = put.and_then(|()| {
        groups.into_iter().try_for_each(|(id, group)| tenant.put_directory_group(connection, id, group))
    });
    let at_once = Synchronization::completes_after(Duration::ZERO);
    let put = put.and_then(|()| tenant.next_synchronization(connection, at_once));
    put.unwrap_or_else(|error| eprintln!("{error}"));
}
