//! The tenant of `--demo`: the mock tenant with a company in it, whose directories have a past.

use std::time::Duration;

use auth0_provisioning::{Client, ClientBuilder, Desired, NewScimToken, Pacing, SelectedGroup};
use auth0_provisioning_mock::{
    Connection, DirectoryGroup, DirectoryUser, MockTenant, MockTenantBuilder, Synchronization,
};

use crate::failure::Failure;

/// When the past of the demonstration begins. Its present is five days later.
const BEGIN: &str = "2026-03-02T07:55:00Z";

/// The token lives through the whole past.
const LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);

const SHORTLY: Duration = Duration::from_secs(2);

const HOUR: Duration = Duration::from_secs(3600);

/// The connections that have a run at each point of the past, by hours since the point before.
const PAST: [(u64, &[&str]); 6] = [
    (3, &[SALES, RETAIL, LABS, WAREHOUSE]),
    (24, &[SALES, RETAIL, LABS]),
    (24, &[SALES, RETAIL, LABS]),
    (24, &[SALES, RETAIL, LABS]),
    (24, &[SALES, RETAIL]),
    (21, &[SALES, RETAIL, "con_0123456789abcdef"]),
];

const SALES: &str = "con_00000000000sales";
const RETAIL: &str = "con_0000000000retail";
const LABS: &str = "con_000000000000labs";
const WAREHOUSE: &str = "con_0000000warehouse";

/// The company as it is today.
pub(crate) fn company() -> Result<MockTenantBuilder, Failure> {
    let begin = BEGIN.parse().map_err(|error| Failure::failed(format!("the demonstration cannot start: {error}")))?;
    let builder = MockTenant::builder()
        .frozen_at(begin)
        .check_answers(false)
        .token_lifetime(LIFETIME)
        .company()
        .map_err(failed)?;
    let takes = |seconds| Synchronization::completes_after(Duration::from_secs(seconds));
    Ok(builder
        .connection(
            Connection::google_apps(SALES)
                .name("acme-sales")
                .configured()
                .synchronizes_groups(["g2sales", "g4partners"])
                .synchronization(takes(42))
                .directory_user("201", DirectoryUser::new("ines@sales.acme.example"))
                .directory_user("202", DirectoryUser::new("jun@sales.acme.example"))
                .directory_group("g2sales", DirectoryGroup::new("Sales").members(["201", "202"]))
                .directory_group("g4partners", DirectoryGroup::new("Partners").members(["202"])),
        )
        .connection(
            Connection::google_apps(RETAIL)
                .name("acme-retail-stores-and-franchise-partners")
                .configured()
                .synchronizes_all_groups()
                .synchronization(takes(180))
                .directory_user("301", DirectoryUser::new("ola@retail.acme.example"))
                .directory_user("302", DirectoryUser::new("pia@retail.acme.example").fails("The email is taken"))
                .directory_user(
                    "303",
                    DirectoryUser::new("quinn@retail.acme.example").fails("The username is too long"),
                ),
        )
        .connection(
            Connection::google_apps(LABS)
                .name("acme-labs")
                .configured()
                .synchronizes_groups(["g5research"])
                .synchronization(takes(75))
                .directory_group("g5research", DirectoryGroup::new("Research")),
        )
        .connection(Connection::google_apps(WAREHOUSE).name("acme-warehouse").configured().synchronization(
            Synchronization::fails_after(
                Duration::from_secs(12),
                "The directory denied access: the administrator's consent was revoked",
            ),
        ))
        .connection(Connection::google_apps("con_00000000newhires").name("acme-new-hires").configured())
        .connection(Connection::google_apps("con_0000acquisitions").name("acme-acquisitions")))
}

/// Starts the tenant and lets it live through its past. Then its time runs on, or stands still.
pub(crate) async fn start(runs_on: bool) -> Result<MockTenant, Failure> {
    let tenant = company()?.start().await.map_err(failed)?;
    // Five days pass within milliseconds: what the client learned of the limit would not hold.
    let client = builder(&tenant)?.pacing(Pacing::Off).build()?;
    for (hours, connections) in PAST {
        tenant.clock().advance(HOUR * u32::try_from(hours).unwrap_or_default());
        for connection in connections {
            let id = connection.parse().map_err(failed)?;
            client.directory_provisioning(&id).synchronize().await?;
        }
        // Runs end when somebody looks.
        tenant.clock().advance(Duration::from_secs(400));
        client.directory_provisionings().page_size(1).next().await?;
    }
    tenant.clock().advance(2 * HOUR);
    settle(&client).await?;
    for connection in [SALES, RETAIL, LABS] {
        // Who tries it does not want to wait for as long as the runs of the past took.
        tenant.next_synchronization(connection, Synchronization::completes_after(SHORTLY)).map_err(failed)?;
    }
    tenant.clear_requests();
    if runs_on {
        tenant.clock().resume();
    }
    Ok(tenant)
}

/// What the builder of the tenant cannot say: names of selected groups, a token for SCIM, and which runs start by
/// themselves, from now on.
async fn settle(client: &Client) -> Result<(), Failure> {
    let sales = client.directory_provisioning(&SALES.parse().map_err(failed)?);
    let group = |id: &str, name: &str, email: &str, members| {
        let group = SelectedGroup::new(id.parse().map_err(failed)?).name(name).email(email);
        Ok::<_, Failure>(group.direct_members_count(members))
    };
    let groups = [
        group("g2sales", "Sales", "sales@sales.acme.example", 2)?,
        group("g4partners", "Partners", "partners@sales.acme.example", 1)?,
    ];
    sales.groups().add(groups).await?;
    for connection in [SALES, "con_0123456789abcdef"] {
        let handle = client.directory_provisioning(&connection.parse().map_err(failed)?);
        handle.update(Desired::default().synchronize_automatically(true)).await?;
    }
    let okta = client.scim(&"con_0123456789okta00".parse().map_err(failed)?);
    okta.create_token(NewScimToken::default().lifetime(HOUR * 24 * 60)).await?;
    Ok(())
}

/// Leads a client to the tenant.
pub(crate) fn builder(tenant: &MockTenant) -> Result<ClientBuilder, Failure> {
    let builder = Client::builder("demo.auth0.com").map_err(failed)?;
    Ok(builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("the demonstration cannot start: {error}"))
}
