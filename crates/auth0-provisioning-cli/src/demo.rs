//! The tenant of `--demo`: the mock tenant with a company in it, whose directories have a past.

use std::time::Duration;

use auth0_provisioning::{Client, ClientBuilder};
use auth0_provisioning_mock::{Connection, DirectoryUser, MockTenant, MockTenantBuilder, Synchronization};

use crate::failure::Failure;

/// The present of the demonstration, five days before it tells its time: runs need a past.
const BEGIN: &str = "2026-03-02T07:55:00Z";

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
    let builder = MockTenant::builder().frozen_at(begin).check_answers(false).company().map_err(failed)?;
    let takes = |seconds| Synchronization::completes_after(Duration::from_secs(seconds));
    Ok(builder
        .connection(
            Connection::google_apps(SALES)
                .name("acme-sales")
                .configured()
                .synchronizes_groups(["g2sales", "g4partners"])
                .synchronization(takes(42))
                .directory_user("201", DirectoryUser::new("ines@sales.acme.example"))
                .directory_user("202", DirectoryUser::new("jun@sales.acme.example")),
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
                .synchronization(takes(75)),
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

/// Starts the tenant and lets it live through its past.
pub(crate) async fn start() -> Result<MockTenant, Failure> {
    let tenant = company()?.start().await.map_err(failed)?;
    let client = builder(&tenant)?.build()?;
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
    tenant.clear_requests();
    tenant.clock().resume();
    Ok(tenant)
}

/// Leads a client to the tenant.
pub(crate) fn builder(tenant: &MockTenant) -> Result<ClientBuilder, Failure> {
    let builder = Client::builder("demo.auth0.com").map_err(failed)?;
    Ok(builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::failed(format!("the demonstration cannot start: {error}"))
}
