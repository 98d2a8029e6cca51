//! Whether a connection can be provisioned, and what is missing.

use crate::support::{CONNECTION, asked, client, connection, standing, tenant};
use auth0_provisioning::{Advice, Readiness, Requirement, RequirementStatus};
use auth0_provisioning_mock::{Connection, Fault, Feature, MockTenant, Operation};

async fn readiness(tenant: &MockTenant) -> Readiness {
    client(tenant).connection(&CONNECTION.parse().unwrap()).readiness().await.unwrap()
}

fn missing(readiness: &Readiness) -> Vec<Requirement> {
    readiness.missing().map(|(requirement, _)| requirement).collect()
}

#[tokio::test]
async fn a_connection_that_has_everything_is_ready() {
    let tenant = tenant(connection().configured()).await;
    let readiness = readiness(&tenant).await;
    assert!(readiness.is_ready(), "{readiness}");
    assert_eq!(asked(&tenant), ["200 get_connections_by_id", "200 get_directory-provisioning", "200 get_status"]);
    assert!(readiness.requirements.contains(&(Requirement::GroupsApi, RequirementStatus::NotNeeded)));
    assert!(readiness.to_string().starts_with("con_0123456789abcdef: ready\nscopes            ok\n"), "{readiness}");
    let kept: Readiness = serde_json::from_str(&serde_json::to_string(&readiness).unwrap()).unwrap();
    assert_eq!(kept, readiness);
}

#[tokio::test]
async fn reports_each_missing_requirement_with_its_remedy() {
    use Requirement::{Configuration, GroupsApi, Status, Strategy, UsersApi};
    let okta = Connection::with_strategy(CONNECTION, "okta");
    let groups = connection().synchronizes_all_groups();
    for (connection, expected) in [
        (connection(), vec![Configuration]),
        (connection().configured().without_users_api(), vec![UsersApi]),
        (connection().configured().without_groups_api(), vec![]),
        (groups.without_groups_api(), vec![GroupsApi]),
        (connection().configured().setup_incomplete(), vec![Status]),
        (okta, vec![Strategy, UsersApi, Configuration]),
    ] {
        let tenant = tenant(connection).await;
        let readiness = readiness(&tenant).await;
        assert_eq!(missing(&readiness), expected, "{readiness}");
        assert_eq!(readiness.is_ready(), expected.is_empty());
        assert!(readiness.missing().all(|(_, remedy)| remedy.len() > 10), "{readiness}");
    }
}

#[tokio::test]
async fn advice_is_given_beside_what_is_required() {
    let connection = connection().configured().option("set_user_root_attributes", "on_each_login");
    let forty_days_ago = chrono::Utc::now() - chrono::TimeDelta::days(40);
    for (connection, expected) in [
        (connection.clone(), vec![Advice::AutomaticRuns, Advice::UserAttributes, Advice::Consent]),
        (connection.clone().synchronizes_automatically(), vec![Advice::UserAttributes, Advice::Consent]),
        (
            connection.clone().synchronized_at(forty_days_ago),
            vec![Advice::AutomaticRuns, Advice::Deletions, Advice::UserAttributes, Advice::Consent],
        ),
        (connection.option("set_user_root_attributes", "never_on_login"), vec![Advice::AutomaticRuns, Advice::Consent]),
        (Connection::with_strategy(CONNECTION, "okta"), vec![]),
    ] {
        let tenant = tenant(connection).await;
        let readiness = readiness(&tenant).await;
        assert_eq!(readiness.advice, expected, "{readiness}");
        let lines = readiness.to_string();
        assert_eq!(lines.matches("\nadvice ").count(), expected.len(), "{readiness}");
    }
}

#[tokio::test]
async fn what_groups_need_can_be_required_before_there_is_a_configuration() {
    let tenant = tenant(connection().without_groups_api()).await;
    let handle = client(&tenant).connection(&CONNECTION.parse().unwrap());
    let readiness = handle.readiness_with_groups().await.unwrap();
    assert_eq!(missing(&readiness), [Requirement::GroupsApi, Requirement::Configuration]);
}

#[tokio::test]
async fn a_connection_that_does_not_exist_is_missing() {
    let tenant = tenant(connection()).await;
    let readiness = client(&tenant).connection(&"con_absent".parse().unwrap()).readiness().await.unwrap();
    assert_eq!(missing(&readiness), [Requirement::Connection]);
}

#[tokio::test]
async fn reports_a_tenant_without_the_feature() {
    let builder = standing().connection(connection()).without_feature(Feature::DirectoryProvisioning);
    let tenant = builder.start().await.unwrap();
    assert_eq!(missing(&readiness(&tenant).await), [Requirement::Feature]);
}

#[tokio::test]
async fn scopes_that_the_token_lacks_are_named_and_the_rest_is_looked_at() {
    let tenant = tenant(connection().configured()).await;
    let scoped = async |scopes: &[&str]| {
        let builder = crate::support::builder().base_url(tenant.base_url());
        let client = builder.bearer_token(tenant.token_with_scopes(scopes)).build().unwrap();
        client.connection(&CONNECTION.parse().unwrap()).readiness().await.unwrap()
    };
    for (scopes, lacked) in [
        (&["read:directory_provisionings"][..], "read:connections"),
        (&["read:connections", "read:directory_provisionings"], "read:connections_options"),
        (&["read:connections", "read:connections_options"], "read:directory_provisionings"),
    ] {
        let readiness = scoped(scopes).await;
        let remedy = readiness.missing().next().unwrap();
        assert_eq!(remedy, (Requirement::Scopes, format!("grant {lacked} to the application").as_str()));
        assert!(!readiness.is_ready());
        assert_eq!(missing(&readiness).len(), 1, "{readiness}");
    }
}

#[tokio::test]
async fn a_call_that_says_nothing_of_the_connection_is_an_error() {
    let tenant = tenant(connection().configured()).await;
    tenant.fault(Fault::status(500).always());
    let calls = auth0_provisioning::CallOptions::new().attempts(1);
    let client = client(&tenant).with_options(calls);
    assert!(client.connection(&CONNECTION.parse().unwrap()).readiness().await.unwrap_err().is_retryable());
}

#[tokio::test]
async fn a_connection_that_is_deleted_meanwhile_is_missing() {
    let gone = || Fault::error_response("connection_not_found");
    for operation in [Operation::GetConfiguration, Operation::GetConnectionStatus] {
        let tenant = tenant(connection().configured()).await;
        tenant.fault(gone().on(operation));
        let readiness = readiness(&tenant).await;
        assert_eq!(missing(&readiness), [Requirement::Connection], "{readiness}");
    }
}

#[tokio::test]
async fn a_connection_that_does_not_exist_is_missing_whatever_the_token_may_read() {
    let tenant = tenant(connection()).await;
    let token = tenant.token_with_scopes(&["read:directory_provisionings"]);
    let builder = crate::support::builder().base_url(tenant.base_url());
    let client = builder.bearer_token(token).build().unwrap();
    let readiness = client.connection(&"con_absent".parse().unwrap()).readiness().await.unwrap();
    assert_eq!(missing(&readiness), [Requirement::Scopes, Requirement::Connection], "{readiness}");
}
