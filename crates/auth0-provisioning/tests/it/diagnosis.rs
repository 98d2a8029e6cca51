//! The checks of `diagnose`: domain, token, scopes, clock, features. None of them changes anything.

use crate::support::{connection, tenant};
use auth0_provisioning::{CheckResult, Diagnosis, RetryPolicy, Verb};
use auth0_provisioning_mock::{Application, Feature, MockTenant};

const READ: &str = "read:directory_provisionings";
const UPDATE: &str = "update:directory_provisionings";

async fn diagnose(origin: &str, token: &str) -> Diagnosis {
    let builder = crate::support::builder().retry(RetryPolicy::never());
    builder.base_url(origin).bearer_token(token).build().unwrap().diagnose().await
}

async fn running() -> MockTenant {
    // The one test whose tenant goes by the machine's own clock.
    MockTenant::builder().connection(connection().configured()).start().await.unwrap()
}

fn failed(diagnosis: &Diagnosis, name: &str) -> bool {
    matches!(diagnosis.check(name), Some(CheckResult::Failed(_)))
}

#[tokio::test]
async fn all_is_well_and_nothing_was_changed() {
    let tenant = running().await;
    let diagnosis = diagnose(tenant.base_url(), tenant.access_token()).await;
    assert!(diagnosis.is_ok(), "{diagnosis}");
    insta::assert_snapshot!(diagnosis, @r"
    domain reachable                       ok
    token granted                          ok
    clock                                  ok
    read:directory_provisionings           ok
    directory provisioning enabled         ok
    create:directory_provisionings         ok
    update:directory_provisionings         ok
    delete:directory_provisionings         ok
    group synchronization enabled          ok
    ");
    assert!(Verb::ALL.iter().all(|verb| diagnosis.missing_scopes(*verb).is_empty()));
    let changed = tenant.requests().into_iter().filter(|request| request.method != "GET" && request.status != 404);
    assert_eq!(changed.count(), 0);
}

#[tokio::test]
async fn scopes_of_the_areas_are_those_that_the_tenant_says_it_granted() {
    let application = Application::new("reader").secret("s").scopes(&[READ, "read:logs_users", "read:scim_token"]);
    let tenant = MockTenant::builder().connection(connection().configured()).application(application);
    let tenant = tenant.start().await.unwrap();
    let builder = crate::support::builder().base_url(tenant.base_url());
    let diagnosis = builder.client_credentials("reader", "s").build().unwrap().diagnose().await;
    assert!(diagnosis.missing_scopes(Verb::Logs).is_empty());
    assert_eq!(diagnosis.missing_scopes(Verb::RotateScimToken), ["create:scim_token", "delete:scim_token"]);
    assert!(diagnosis.to_string().contains("groups and members needs read:groups read:group_members"), "{diagnosis}");
}

#[tokio::test]
async fn reports_missing_scopes_of_each_verb() {
    let tenant = running().await;
    let token = tenant.token_with_scopes(&[READ, "create:directory_provisionings"]);
    let diagnosis = diagnose(tenant.base_url(), &token).await;
    assert!(failed(&diagnosis, UPDATE) && failed(&diagnosis, "delete:directory_provisionings"));
    assert!(diagnosis.missing_scopes(Verb::Synchronize).is_empty());
    assert_eq!(diagnosis.missing_scopes(Verb::Ensure), [UPDATE]);
    assert!(diagnosis.to_string().contains("reconcile needs update:directory_provisionings"), "{diagnosis}");

    let diagnosis = diagnose(tenant.base_url(), &tenant.token_with_scopes(&["read:users"])).await;
    assert_eq!(diagnosis.missing_scopes(Verb::Ensure), [READ]);
    assert!(
        matches!(diagnosis.check(UPDATE), Some(CheckResult::Skipped(_))),
        "what could not be checked is not claimed"
    );
}

#[tokio::test]
async fn rejected_token_differs_from_unreachable_domain() {
    let tenant = running().await;
    let diagnosis = diagnose(tenant.base_url(), "nonsense").await;
    assert_eq!(diagnosis.check("domain reachable"), Some(&CheckResult::Passed));
    assert!(failed(&diagnosis, "token granted"), "{diagnosis}");

    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let diagnosis = diagnose(&format!("http://{unused}"), "nonsense").await;
    assert!(failed(&diagnosis, "domain reachable"), "{diagnosis}");
    assert!(matches!(diagnosis.check("token granted"), Some(CheckResult::Skipped(_))));

    let builder = crate::support::builder().base_url(tenant.base_url());
    let client = builder.audience(tenant.audience()).client_credentials(tenant.client_id(), "wrong").build().unwrap();
    let diagnosis = client.diagnose().await;
    assert_eq!(diagnosis.check("domain reachable"), Some(&CheckResult::Passed));
    assert!(failed(&diagnosis, "token granted"), "{diagnosis}");
}

#[tokio::test]
async fn reports_disabled_features() {
    let tenant = running().await;
    tenant.set_feature(Feature::GroupSynchronization, false);
    let diagnosis = diagnose(tenant.base_url(), tenant.access_token()).await;
    assert!(
        failed(&diagnosis, "group synchronization enabled") && !failed(&diagnosis, "directory provisioning enabled")
    );
    tenant.set_feature(Feature::DirectoryProvisioning, false);
    let diagnosis = diagnose(tenant.base_url(), tenant.access_token()).await;
    assert!(failed(&diagnosis, "directory provisioning enabled"), "{diagnosis}");
}

#[tokio::test]
async fn reports_the_offset_of_the_clock() {
    // Frozen in 2026-05: this machine is elsewhere.
    let tenant = tenant(connection().configured()).await;
    let diagnosis = diagnose(tenant.base_url(), tenant.access_token()).await;
    assert!(failed(&diagnosis, "clock") && diagnosis.clock_offset_seconds.unwrap().abs() > 5, "{diagnosis}");
}
