//! SCIM: a configuration brought to a desired state, tokens, their rotation and their end.

use std::time::Duration;

use crate::support::{CONNECTION, asked, client, connection, standing, tenant};
use auth0_provisioning::{
    EnsureError, ErrorKind, NewScimToken, Outcome, RotateTokenError, ScimDesired, ScimHandle, ScimRow, ScimTokenTimes,
    VerbError,
};
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation};
use futures_util::TryStreamExt;
use serde_json::json;

const AN_HOUR: Duration = Duration::from_secs(3600);

fn okta() -> Connection {
    Connection::with_strategy(CONNECTION, "okta").name("acme-okta")
}

fn scim(tenant: &MockTenant) -> ScimHandle {
    let calls = auth0_provisioning::CallOptions::new().attempts(1);
    client(tenant).with_options(calls).scim(&CONNECTION.parse().unwrap())
}

fn rows() -> [ScimRow; 2] {
    [ScimRow::new("email", "emails[primary eq true].value"), ScimRow::new("nickname", "nickName")]
}

#[tokio::test]
async fn requests_of_the_identity_provider_are_followed_in_the_log() {
    let tenant = tenant(Connection::with_strategy(CONNECTION, "okta")).await;
    let request = |connection: &str| json!({ "request": { "method": "POST", "path": format!("/scim/v2/connections/{connection}/Users") } });
    tenant.log_event(json!({ "type": "sscim", "details": request(CONNECTION) }));
    tenant.clock().advance(Duration::from_secs(1));
    tenant.log_event(json!({ "type": "fscim", "description": "The email is taken", "details": request(CONNECTION) }));
    tenant.log_event(json!({ "type": "fscim", "details": request("con_elsewhere") }));
    tenant.log_event(json!({ "type": "s", "connection_id": CONNECTION }));
    let client = client(&tenant);
    let events: Vec<_> = client.scim(&CONNECTION.parse().unwrap()).events().try_collect().await.unwrap();
    let listed: Vec<_> = events.iter().map(|event| (event.succeeded, event.description.as_deref())).collect();
    assert_eq!(listed, [(false, Some("The email is taken")), (true, None)]);
    assert_eq!(client.logs().scim_events().try_collect::<Vec<_>>().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_configuration_is_created_updated_or_left_alone() {
    let tenant = tenant(okta()).await;
    let scim = scim(&tenant);
    let desired = ScimDesired::default().user_id_attribute("userName").mapping(rows());
    let plan = scim.ensure(desired.clone()).dry_run(true).await.unwrap();
    assert_eq!((plan.outcome, plan.configuration), (Outcome::Created, None));
    assert_eq!(asked(&tenant), ["404 get_scim-configuration"]);

    assert_eq!(scim.ensure(desired.clone()).await.unwrap().outcome, Outcome::Created);
    let reversed = desired.clone().mapping(rows().into_iter().rev());
    assert_eq!(scim.ensure(reversed).await.unwrap().outcome, Outcome::Unchanged);

    let other = ScimDesired::default().mapping([rows()[0].clone(), ScimRow::new("blocked", "active")]);
    let ensured = scim.ensure(other).await.unwrap();
    let expected = "updated\nmapping: + blocked from active\nmapping: - nickname from nickName";
    assert_eq!(ensured.outcome.to_string(), expected);
    let configuration = ensured.configuration.unwrap();
    assert_eq!(configuration.user_id_attribute, "userName");
    assert_eq!(scim.get().await.unwrap(), configuration);
    scim.delete().await.unwrap();
    assert!(scim.get_if_configured().await.unwrap().is_none());
}

#[tokio::test]
async fn single_fields_are_updated_and_defaults_are_read() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = scim(&tenant);
    let before = scim.get().await.unwrap();
    let updated = scim.update(ScimDesired::default().user_id_attribute("userName")).await.unwrap();
    assert_eq!((updated.user_id_attribute.as_str(), &updated.mapping), ("userName", &before.mapping));
    assert_eq!(ScimDesired::from(&before).mapping, Some(scim.default_mapping().await.unwrap()));
    let listed: Vec<_> = client(&tenant).scim_configurations().items().try_collect().await.unwrap();
    assert_eq!(listed.len(), 1);
}

#[tokio::test]
async fn resolves_a_lost_response_by_a_read() {
    for (connection, operation) in
        [(okta(), Operation::CreateScimConfiguration), (okta().scim_configured(), Operation::UpdateScimConfiguration)]
    {
        let tenant = tenant(connection).await;
        tenant.fault(Fault::status_after_effect(503).on(operation));
        let ensured = scim(&tenant).ensure(ScimDesired::default().user_id_attribute("userName")).await.unwrap();
        assert!(!ensured.outcome.is_unchanged());
        assert_eq!(ensured.configuration.unwrap().user_id_attribute, "userName");
        let tried = tenant.requests().iter().filter(|request| request.operation == Some(operation)).count();
        assert_eq!(tried, 1);
    }
}

#[tokio::test]
async fn reports_rejected_and_ignored_fields() {
    let tenant = tenant(connection()).await;
    let error = scim(&tenant).ensure(ScimDesired::default()).await.unwrap_err();
    assert!(error.to_string().contains("does not support SCIM"), "{error}");
    assert_eq!(asked(&tenant), ["404 get_scim-configuration", "404 post_scim-configuration"]);

    let error = scim(&tenant).ensure(ScimDesired::default().user_id_attribute("")).await.unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::InvalidRequest));
    assert!(asked(&tenant).is_empty());

    let tenant = self::tenant(okta().scim_configured()).await;
    let mut present = serde_json::to_value(scim(&tenant).get().await.unwrap()).unwrap();
    present["user_id_attribute"] = json!("externalId");
    tenant.fault(Fault::body(present.to_string()).on(Operation::UpdateScimConfiguration));
    let error = scim(&tenant).ensure(ScimDesired::default().user_id_attribute("userName")).await.unwrap_err();
    assert!(matches!(&error, EnsureError::Ignored { .. }), "{error:?}");
    assert!(error.to_string().contains("missing: user_id_attribute: userName instead of externalId"), "{error}");
    assert!(error.done().is_unchanged());
}

#[tokio::test(start_paused = true)]
async fn deletion_whose_response_was_lost_is_done() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = client(&tenant).scim(&CONNECTION.parse().unwrap());
    let token = scim.create_token(NewScimToken::default()).await.unwrap().token_id;
    for operation in [Operation::DeleteScimToken, Operation::DeleteScimConfiguration] {
        tenant.fault(Fault::status_after_effect(503).on(operation));
    }
    scim.delete_token(&token).await.unwrap();
    assert!(scim.delete_token(&token).await.unwrap_err().is_not_found(), "nothing was lost this time");
    scim.delete().await.unwrap();
    assert_eq!(scim.get_if_configured().await.unwrap(), None);
}

#[tokio::test]
async fn updates_a_configuration_created_by_another_writer() {
    let tenant = tenant(okta().scim_configured()).await;
    // The first read says that there is none yet.
    tenant.fault(Fault::error_response("scim_configuration_not_found").on(Operation::GetScimConfiguration));
    let ensured = scim(&tenant).ensure(ScimDesired::default().user_id_attribute("userName")).await.unwrap();
    assert_eq!(ensured.outcome.to_string(), "updated\nuser_id_attribute: userName instead of externalId");
}

#[tokio::test]
async fn a_write_that_others_are_always_faster_than_is_not_one_that_was_ignored() {
    let tenant = tenant(okta().scim_configured()).await;
    let present = serde_json::to_string(&scim(&tenant).get().await.unwrap()).unwrap();
    let gone = || Fault::error_response("scim_configuration_not_found");
    for _ in 0..2 {
        // It was there when it was read, and is gone when it is written; and the other way round.
        tenant.fault(Fault::body(present.clone()).on(Operation::GetScimConfiguration));
        tenant.fault(gone().on(Operation::UpdateScimConfiguration));
        tenant.fault(gone().on(Operation::GetScimConfiguration));
    }
    let error = scim(&tenant).ensure(ScimDesired::default().user_id_attribute("userName")).await.unwrap_err();
    assert!(!matches!(error, EnsureError::Ignored { .. }), "{error:?}");
}

#[tokio::test]
async fn a_token_is_replaced_and_the_old_one_is_revoked_after_it_was_confirmed() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = scim(&tenant);
    let old = scim.create_token(NewScimToken::default().scopes(["get:users"])).await.unwrap();
    let mut rotation = scim.rotate_token(&old.token_id, NewScimToken::default().lifetime(AN_HOUR)).await.unwrap();
    let secret = rotation.take_secret().unwrap();
    assert!(rotation.take_secret().is_none());
    assert!(!format!("{rotation:?} {old:?} {secret:?}").contains("tok_0000"), "{rotation:?}");
    assert_eq!(rotation.valid_until(), Some(tenant.clock().now() + AN_HOUR));

    let tokens = scim.tokens().await.unwrap();
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[1].scopes, Some(vec!["get:users".into()]));
    assert!(!rotation.is_used().await.unwrap());
    rotation.confirm().await.unwrap();
    rotation.confirm().await.unwrap(); // the old one is gone already
    let error = rotation.abandon().await.unwrap_err();
    assert!(matches!(error, RotateTokenError::NoSuchToken { .. }), "the only token is not revoked: {error}");
    let oneself = scim.resume_rotation(rotation.new_token_id(), rotation.new_token_id());
    oneself.confirm().await.unwrap_err();
    let left = scim.tokens().await.unwrap();
    assert_eq!(left[0].token_id.as_deref(), Some(rotation.new_token_id()));
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn rotation_is_not_confirmed_before_its_secret_was_taken() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = scim(&tenant);
    let old = scim.create_token(NewScimToken::default()).await.unwrap().token_id;
    let mut rotation = scim.rotate_token(&old, NewScimToken::default()).await.unwrap();
    tenant.clear_requests();
    let error = rotation.confirm().await.unwrap_err();
    assert!(matches!(error, RotateTokenError::SecretNotTaken) && tenant.requests().is_empty(), "{error}");
    rotation.take_secret().unwrap();
    rotation.confirm().await.unwrap();
}

#[tokio::test]
async fn rotated_token_lives_as_long_as_the_old_one() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = scim(&tenant);
    let days = 24 * AN_HOUR;
    let old = scim.create_token(NewScimToken::default().lifetime(90 * days)).await.unwrap().token_id;
    tenant.clock().advance(12 * AN_HOUR);
    for (token, lifetime) in [
        (NewScimToken::default(), Some(90 * days)),
        (NewScimToken::default().lifetime(AN_HOUR), Some(AN_HOUR)),
        (NewScimToken::default().endless(), None),
    ] {
        let rotation = scim.rotate_token(&old, token).await.unwrap();
        assert_eq!(rotation.valid_until(), lifetime.map(|lifetime| tenant.clock().now() + lifetime));
        rotation.abandon().await.unwrap();
    }
    let listed = json!([{ "token_id": old, "valid_until": "2026-08-01T00:00:00.000Z" }]);
    tenant.fault(Fault::body(listed.to_string()).on(Operation::ListScimTokens));
    let error = scim.rotate_token(&old, NewScimToken::default()).await.unwrap_err();
    assert_eq!(error.kind(), Some(ErrorKind::InvalidRequest), "{error}");
}

#[tokio::test]
async fn a_rotation_is_abandoned_or_resumed() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = scim(&tenant);
    let old = scim.create_token(NewScimToken::default()).await.unwrap().token_id;
    let mut rotation = scim.rotate_token(&old, NewScimToken::default()).await.unwrap();
    rotation.take_secret().unwrap();
    rotation.abandon().await.unwrap();
    let error = rotation.confirm().await.unwrap_err();
    assert!(matches!(error, RotateTokenError::NoSuchToken { .. }), "{error}");
    assert_eq!(scim.tokens().await.unwrap()[0].token_id.as_deref(), Some(old.as_str()));

    let new = scim.rotate_token(&old, NewScimToken::default()).await.unwrap().new_token_id().to_owned();
    let used = json!([{ "token_id": new, "last_used_at": "2026-05-05T12:00:00.000Z" }]);
    tenant.fault(Fault::body(used.to_string()).on(Operation::ListScimTokens));
    let resumed = scim.resume_rotation(&old, &new);
    assert!(resumed.is_used().await.unwrap());
    resumed.confirm().await.unwrap();
    assert_eq!(scim.tokens().await.unwrap()[0].token_id.as_ref(), Some(&new));
}

#[tokio::test]
async fn a_rotation_that_cannot_be_leaves_the_old_token() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = scim(&tenant);
    let error = scim.rotate_token("tok_absent", NewScimToken::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "the connection has no token tok_absent; it has none");

    let old = scim.create_token(NewScimToken::default()).await.unwrap().token_id;
    tenant.fault(Fault::status_after_effect(503).on(Operation::CreateScimToken));
    let error = scim.rotate_token(&old, NewScimToken::default()).await.unwrap_err();
    let RotateTokenError::SecretLost { token_ids: Some(token_ids), .. } = &error else { panic!("{error:?}") };
    assert_eq!(token_ids.len(), 1);
    assert!(!error.is_retryable() && error.to_string().contains(&format!("revoke {}", token_ids[0])), "{error}");

    let error = scim.rotate_token(&old, NewScimToken::default()).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains(&format!("besides this one it has {} (created at", token_ids[0])), "{text}");
    assert!(text.contains("never used); if an interrupted rotation created it, finish that rotation"), "{text}");
    scim.delete_token(&token_ids[0]).await.unwrap();
    assert!(scim.delete_token(&token_ids[0]).await.unwrap_err().is_not_found());
    assert_eq!(scim.tokens().await.unwrap().len(), 1);
}

#[tokio::test]
async fn response_without_secret_is_a_lost_secret() {
    let tenant = tenant(okta().scim_configured()).await;
    let scim = scim(&tenant);
    let old = scim.create_token(NewScimToken::default()).await.unwrap().token_id;
    tenant.fault(Fault::body(r#"{"token_id":"tok_new"}"#).on(Operation::CreateScimToken));
    let error = scim.rotate_token(&old, NewScimToken::default()).await.unwrap_err();
    let RotateTokenError::SecretLost { token_ids: Some(token_ids), .. } = &error else { panic!("{error:?}") };
    assert_eq!(token_ids.len(), 1);

    tenant.fault(Fault::status_after_effect(503).on(Operation::CreateScimToken));
    scim.delete_token(&token_ids[0]).await.unwrap();
    tenant.faults([Fault::none().on(Operation::ListScimTokens), Fault::status(500).on(Operation::ListScimTokens)]);
    let error = scim.rotate_token(&old, NewScimToken::default()).await.unwrap_err();
    assert!(matches!(error, RotateTokenError::SecretLost { token_ids: None, .. }), "{error:?}");
    assert!(!error.is_retryable() && error.to_string().contains("may have been created"), "{error}");
}

#[tokio::test]
async fn tokens_that_end_soon_are_found_in_the_whole_tenant() {
    let other = Connection::with_strategy("con_waad", "waad").scim_configured();
    let tenant = standing()
        .connections([okta().scim_configured(), other, Connection::google_apps("con_google")])
        .start()
        .await
        .unwrap();
    let (client, now) = (client(&tenant), tenant.clock().now());
    let waad = client.scim(&"con_waad".parse().unwrap());
    scim(&tenant).create_token(NewScimToken::default()).await.unwrap();
    scim(&tenant).create_token(NewScimToken::default().lifetime(AN_HOUR)).await.unwrap();
    waad.create_token(NewScimToken::default().lifetime(48 * AN_HOUR)).await.unwrap();

    let ending = async |time| -> Vec<_> {
        let ending: Vec<_> = client.scim_tokens_ending_within(time, now).try_collect().await.unwrap();
        ending.into_iter().map(|token| (token.connection_id.to_string(), token.ends_at - now)).collect()
    };
    assert_eq!(ending(24 * AN_HOUR).await, [(CONNECTION.to_owned(), chrono_hours(1))]);
    assert_eq!(ending(72 * AN_HOUR).await.len(), 2);
    assert_eq!(ending(Duration::MAX).await.len(), 2);
    let token = ScimTokenTimes::of(&waad.tokens().await.unwrap()[0]);
    assert!(token.ends_within(Duration::ZERO, now + 48 * AN_HOUR) && !token.ends_within(AN_HOUR, now));
}

fn chrono_hours(hours: i64) -> auth0_provisioning::chrono::TimeDelta {
    auth0_provisioning::chrono::TimeDelta::hours(hours)
}
