//! Connections: listed by strategy, created, read, changed, deleted; their status and their applications; and options that
//! are changed without losing any.

use crate::support::{CONNECTION, asked, client, connection, standing, tenant};
use auth0_provisioning::{
    ChangeOptionsError, Client, ConnectionStatus, Consent, ErrorKind, OptionsChange, VerbError,
    types::{ConnectionStrategy, CreateConnectionRequest, UpdateConnectionRequest, UpdateConnectionRequestDisplayName},
};
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation};
use futures_util::TryStreamExt;
use serde_json::json;

fn handle(tenant: &MockTenant) -> auth0_provisioning::ConnectionHandle {
    client(tenant).connection(&CONNECTION.parse().unwrap())
}

/// A client whose token has these scopes alone.
fn scoped(tenant: &MockTenant, scopes: &[&str]) -> Client {
    let builder = crate::support::builder().base_url(tenant.base_url());
    builder.bearer_token(tenant.token_with_scopes(scopes)).build().unwrap()
}

/// A connection whose administrator has consented.
fn consented() -> Connection {
    connection()
        .option("client_id", "app")
        .option("client_secret", "s3cr3t")
        .option("admin_access_token", "t0k3n")
        .option("admin_refresh_token", "r3fr3sh")
        .option("icon_url", "https://acme.example/icon.png")
}

#[tokio::test]
async fn connections_are_listed_by_strategy_and_page_by_page() {
    let okta = (0..3).map(|number| Connection::with_strategy(format!("con_okta{number}"), "okta"));
    let tenant = standing().connections(okta.chain([connection()])).start().await.unwrap();
    let client = client(&tenant);
    let by_strategy = client.connections_by_strategy([ConnectionStrategy::Okta]).page_size(2);
    let found: Vec<_> = by_strategy.items().try_collect().await.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(tenant.requests().len(), 2);
    assert_eq!(client.connections().items().try_collect::<Vec<_>>().await.unwrap().len(), 4);

    let named = client.find_connection("acme-workspace").await.unwrap().unwrap();
    assert_eq!(named.id.as_deref(), Some(CONNECTION));
    assert!(client.find_connection("absent").await.unwrap().is_none());
}

#[tokio::test]
async fn a_connection_lives_from_creation_to_deletion() {
    let tenant = tenant(connection()).await;
    let client = client(&tenant);
    let request = CreateConnectionRequest::new("acme-okta".parse().unwrap(), ConnectionStrategy::Okta);
    let options = OptionsChange::new().set("domain", "acme.okta.test").into_options();
    let created = client.create_connection(request.clone().options(options)).await.unwrap();
    assert!(client.create_connection(request).await.unwrap_err().is_conflict());

    let okta = client.connection(&created.id.as_deref().unwrap().parse().unwrap());
    let read = okta.get().await.unwrap();
    assert_eq!(read.options.as_ref().unwrap().get("domain"), Some(&json!("acme.okta.test")));
    let updated = okta.update(UpdateConnectionRequest::default().show_as_button(true)).await.unwrap();
    assert_eq!((updated.show_as_button, updated.options.as_ref()), (Some(true), read.options.as_ref()));

    assert_eq!(okta.delete().await.unwrap(), Some(tenant.clock().now()));
    assert_eq!(okta.delete().await.unwrap(), None);
    let error = okta.get().await.unwrap_err();
    assert!(error.is_not_found() && error.connection_id() == created.id.as_deref(), "{error}");
}

#[tokio::test]
async fn status_differs_from_a_missing_connection() {
    let tenant = tenant(connection().setup_incomplete()).await;
    assert_eq!(handle(&tenant).status().await.unwrap(), ConnectionStatus::Offline);
    let absent = client(&tenant).connection(&"con_absent".parse().unwrap());
    assert!(absent.status().await.unwrap_err().is_not_found());
    assert_eq!(handle(&self::tenant_ready().await).status().await.unwrap().to_string(), "online");
}

async fn tenant_ready() -> MockTenant {
    tenant(connection()).await
}

#[tokio::test]
async fn applications_are_changed_50_a_call() {
    let tenant = tenant(connection()).await;
    let google = handle(&tenant);
    let ids: Vec<_> = (0..60).map(|number| format!("app{number:02}")).collect();
    google.change_clients(ids.iter().map(|id| (id, true))).await.unwrap();
    google.change_clients([("app00", false)]).await.unwrap();
    assert_eq!(asked(&tenant), ["204 patch_clients"; 3]);
    let clients: Vec<_> = google.clients().page_size(25).items().try_collect().await.unwrap();
    assert_eq!(clients.len(), 59);
}

#[tokio::test]
async fn options_that_are_not_named_stay() {
    let tenant = tenant(consented().option("upstream_params", json!({ "a": { "alias": "x" } }))).await;
    let google = handle(&tenant);
    let before = google.get().await.unwrap().options.unwrap();
    tenant.clear_requests();
    let change = OptionsChange::new()
        .set("domain_aliases", json!(["acme.test"]))
        .merge("upstream_params", json!({ "b": { "value": "y" } }))
        .remove("icon_url");
    let plan = google.change_options(change.clone()).dry_run(true).await.unwrap();
    let changed = google.change_options(change.clone()).await.unwrap();
    assert_eq!(plan, changed);
    assert_eq!(changed.to_string(), "set: domain_aliases, upstream_params\nremoved: icon_url");
    assert_eq!(
        asked(&tenant),
        ["200 get_connections_by_id", "200 get_connections_by_id", "200 patch_connections_by_id"]
    );

    let mut expected = before.0;
    expected.insert("domain_aliases".to_owned(), json!(["acme.test"]));
    expected.insert("upstream_params".to_owned(), json!({ "a": { "alias": "x" }, "b": { "value": "y" } }));
    expected.remove("icon_url");
    assert_eq!(google.get().await.unwrap().options.unwrap().0, expected);
    tenant.clear_requests();
    assert!(google.change_options(change).await.unwrap().is_unchanged());
    assert_eq!(asked(&tenant), ["200 get_connections_by_id"]);
}

#[tokio::test]
async fn options_that_the_token_may_not_see_are_not_overwritten() {
    let tenant = tenant(consented()).await;
    let client = scoped(&tenant, &["read:connections", "update:connections", "update:connections_options"]);
    let google = client.connection(&CONNECTION.parse().unwrap());
    let error = google.change_options(OptionsChange::new().set("icon_url", "x")).await.unwrap_err();
    assert!(matches!(error, ChangeOptionsError::Hidden), "{error}");
    assert_eq!(error.missing_scopes(), ["read:connections_options"]);
    assert_eq!(asked(&tenant), ["200 get_connections_by_id"]);
}

#[tokio::test]
async fn options_that_are_not_shown_are_not_overwritten() {
    for options in [json!({}), json!(null)] {
        let tenant = tenant(consented()).await;
        let google = handle(&tenant);
        let before = google.get().await.unwrap();
        tenant.clear_requests();
        let body = json!({ "id": CONNECTION, "name": "acme-workspace", "strategy": "google-apps", "options": options });
        tenant.fault(Fault::body(body.to_string()).on(Operation::GetConnection));
        let error = google.change_options(OptionsChange::new().set("api_enable_groups", false)).await.unwrap_err();
        assert!(matches!(error, ChangeOptionsError::Hidden), "{error}");
        assert_eq!(asked(&tenant), ["200 get_connections_by_id"]);
        assert_eq!(google.get().await.unwrap(), before);
    }
}

#[tokio::test]
async fn refused_change_names_the_scope_that_the_tenant_names() {
    let tenant = tenant(consented()).await;
    let client = scoped(&tenant, &["read:connections", "read:connections_options", "update:connections"]);
    let change = OptionsChange::new().set("api_enable_groups", false);
    let error = client.connection(&CONNECTION.parse().unwrap()).change_options(change).await.unwrap_err();
    assert_eq!(error.missing_scopes(), ["update:connections_options"]);
}

#[tokio::test]
async fn writes_keep_display_name_and_realms() {
    let tenant = tenant(consented()).await;
    let google = handle(&tenant);
    let name: UpdateConnectionRequestDisplayName = "Log in with Acme".parse().unwrap();
    let names = || UpdateConnectionRequest::default().display_name(name.clone());
    google.update(names().realms(vec!["acme".to_owned(), "staff".to_owned()])).await.unwrap();
    let kept = |connection: &auth0_provisioning::types::Connection| {
        assert_eq!(connection.display_name.as_deref(), Some("Log in with Acme"));
        assert_eq!(connection.realms.as_deref().unwrap(), ["acme", "staff"]);
    };
    google.change_options(OptionsChange::new().set("icon_url", "https://acme.example/i.png")).await.unwrap();
    kept(&google.get().await.unwrap());
    kept(&google.update(UpdateConnectionRequest::default().show_as_button(true)).await.unwrap());
    kept(&google.update(names()).await.unwrap());

    tenant.clear_requests();
    google.update(names().realms(vec!["acme".to_owned()])).await.unwrap();
    assert_eq!(asked(&tenant), ["200 patch_connections_by_id"], "nothing has to be read");
}

#[tokio::test]
async fn names_that_the_tenant_resets_are_reported() {
    let tenant = tenant(consented()).await;
    let google = handle(&tenant);
    let mut options = google.get().await.unwrap().options.unwrap().0;
    options.insert("icon_url".to_owned(), json!("https://acme.example/i.png"));
    let body = json!({ "id": CONNECTION, "strategy": "google-apps", "display_name": "other", "realms": [], "options": options });
    tenant.fault(Fault::body(body.to_string()).on(Operation::UpdateConnection));
    let change = OptionsChange::new().set("icon_url", "https://acme.example/i.png");
    let changed = google.change_options(change).await.unwrap();
    assert_eq!(changed.also_changed, ["display_name", "realms"]);
}

#[tokio::test(start_paused = true)]
async fn lost_response_to_changed_options_is_resolved_by_a_read() {
    let tenant = tenant(consented()).await;
    tenant.fault(Fault::status_after_effect(503).on(Operation::UpdateConnection).times(9));
    let change = OptionsChange::new().set("icon_url", "https://acme.example/i.png");
    assert_eq!(handle(&tenant).change_options(change.clone()).await.unwrap().set, ["icon_url"]);
    tenant.clear_faults();
    tenant.fault(Fault::status(503).on(Operation::UpdateConnection).times(9));
    let error = handle(&tenant).change_options(change.set("icon_url", "y")).await.unwrap_err();
    assert!(matches!(error, ChangeOptionsError::Call(_)), "{error}");
}

#[tokio::test]
async fn a_change_that_drops_the_consent_warns_and_can_be_forbidden() {
    let tenant = tenant(consented().without_groups_api()).await;
    let google = handle(&tenant);
    let warnings = async |change: OptionsChange| google.change_options(change).dry_run(true).await.unwrap().warnings;
    let widened = warnings(OptionsChange::new().set("api_enable_groups", true)).await;
    assert!(matches!(&widened[..], [warning] if warning.consent == Consent::TooNarrow), "{widened:?}");
    assert!(warnings(OptionsChange::new().set("icon_url", "x")).await.is_empty());

    for drops in [
        OptionsChange::new().remove("admin_refresh_token"),
        OptionsChange::new().set("client_secret", "n3w"),
        OptionsChange::new().set("domain", "other.example"),
    ] {
        tenant.clear_requests();
        let error = google.change_options(drops).keep_consent().await.unwrap_err();
        assert!(error.to_string().contains("an administrator has to consent again"), "{error}");
        assert!(!error.to_string().contains("n3w"), "{error}");
        assert_eq!(asked(&tenant), ["200 get_connections_by_id"]);
    }
    google.change_options(OptionsChange::new().set("api_enable_groups", true)).keep_consent().await.unwrap();
    assert_eq!(google.get().await.unwrap().options.unwrap().get("admin_refresh_token"), Some(&json!("r3fr3sh")));
}

#[tokio::test]
async fn what_the_tenant_makes_of_a_write_is_compared() {
    let tenant = tenant(consented()).await;
    let google = handle(&tenant);
    let options = google.get().await.unwrap().options.unwrap().0;
    let returned = |options: &serde_json::Map<String, serde_json::Value>| {
        let body = json!({ "id": CONNECTION, "strategy": "google-apps", "options": options });
        tenant.fault(Fault::body(body.to_string()).on(Operation::UpdateConnection));
    };
    let change = || OptionsChange::new().set("icon_url", "https://acme.example/other.png");

    returned(&options);
    let error = google.change_options(change()).await.unwrap_err();
    assert_eq!(error.to_string(), "the tenant accepted the change and did not apply icon_url");

    let mut lost = options.clone();
    lost.insert("icon_url".to_owned(), json!("https://acme.example/another.png"));
    lost.remove("admin_access_token");
    lost.insert("of_the_tenant".to_owned(), json!(1));
    returned(&lost);
    let change = OptionsChange::new().set("icon_url", "https://acme.example/another.png");
    let changed = google.change_options(change).await.unwrap();
    assert_eq!(changed.also_changed, ["admin_access_token", "of_the_tenant"]);
    assert!(matches!(&changed.warnings[..], [warning] if warning.drops_consent()), "{changed}");
}

#[tokio::test]
async fn defaults_of_the_tenant_are_not_taken_for_a_change_that_it_ignored() {
    let tenant = tenant(consented()).await;
    let google = handle(&tenant);
    let returned = async |changes: serde_json::Value| {
        let mut options = google.get().await.unwrap().options.unwrap().0;
        options.extend(changes.as_object().unwrap().clone());
        let body = json!({ "id": CONNECTION, "strategy": "google-apps", "options": options });
        tenant.fault(Fault::body(body.to_string()).on(Operation::UpdateConnection));
    };

    // A member that it adds to an object.
    returned(json!({ "upstream_params": { "screen_name": { "alias": "login_hint" }, "added": 1 } })).await;
    let members = json!({ "screen_name": { "alias": "login_hint" } });
    let changed = google.change_options(OptionsChange::new().set("upstream_params", members)).await.unwrap();
    assert_eq!(changed.to_string(), "set: upstream_params");

    // An option that is removed and was its default.
    returned(json!({})).await;
    let changed = google.change_options(OptionsChange::new().remove("icon_url")).await.unwrap();
    assert_eq!(changed.to_string(), "removed: icon_url\nalso changed: icon_url");

    // Null for what is not there.
    returned(json!({})).await;
    let null = OptionsChange::new().set("set_user_root_attributes_at", json!(null));
    assert_eq!(google.change_options(null).await.unwrap().to_string(), "set: set_user_root_attributes_at");
}

#[tokio::test]
async fn reports_ignored_options_and_lost_consent() {
    let tenant = tenant(consented()).await;
    let google = handle(&tenant);
    let mut options = google.get().await.unwrap().options.unwrap().0;
    options.remove("admin_access_token");
    let body = json!({ "id": CONNECTION, "strategy": "google-apps", "options": options });
    tenant.fault(Fault::body(body.to_string()).on(Operation::UpdateConnection));
    let change = OptionsChange::new().set("icon_url", "https://acme.example/other.png").set("client_id", "app");
    let error = google.change_options(change).await.unwrap_err();
    let ChangeOptionsError::Ignored { ignored, done, .. } = &error else { panic!("{error}") };
    assert_eq!(ignored, &["icon_url"]);
    assert!(matches!(&done.warnings[..], [warning] if warning.drops_consent()), "{done:?}");
    assert!(error.to_string().ends_with("an administrator has to consent again"), "{error}");
}

#[tokio::test]
async fn rejects_bad_input_before_sending() {
    let tenant = tenant(connection()).await;
    let error = handle(&tenant).change_options(OptionsChange::new().set("", 1)).await.unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::InvalidRequest));
    assert!(error.to_string().contains("an option has the name \"\""), "{error}");
    assert!("no spaces".parse::<auth0_provisioning::types::CreateConnectionRequestName>().is_err());
    assert!(tenant.requests().is_empty());
}
