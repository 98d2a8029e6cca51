//! What the errors of all verbs have in common: a complete text, a chain that repeats nothing, and the same questions.

use std::{error::Error, time::Duration};

use crate::support::{CONNECTION, connection, tenant};
use auth0_provisioning::{
    CallOptions, Desired, ErrorKind, GroupId, NewScimToken, OptionsChange, ScimDesired, VerbError,
};
use auth0_provisioning_api::{connections, directory_provisioning, scim};
use auth0_provisioning_mock::{Fault, MockTenant};

/// The error of each verb against a tenant that responds to every request with this.
async fn errors(tenant: &MockTenant, fault: Fault) -> Vec<Box<dyn Verb>> {
    tenant.fault(fault.always());
    let client = crate::support::client(tenant).with_options(CallOptions::new().attempts(1));
    let google = client.directory_provisioning(&CONNECTION.parse().unwrap());
    let group: GroupId = "g1".parse().unwrap();
    vec![
        Box::new(google.get().await.unwrap_err()),
        Box::new(google.ensure(Desired::default()).await.unwrap_err()),
        Box::new(google.synchronize_and_wait(Duration::from_secs(60)).await.unwrap_err()),
        Box::new(google.groups().reconcile([group]).await.unwrap_err()),
    ]
}

/// The same of the verbs around directory provisioning.
async fn errors_around(tenant: &MockTenant, fault: Fault) -> Vec<(Box<dyn Verb>, &'static str)> {
    tenant.fault(fault.always());
    let client = crate::support::client(tenant).with_options(CallOptions::new().attempts(1));
    let handle = client.connection(&CONNECTION.parse().unwrap());
    let scim_handle = client.scim(handle.connection_id());
    let change = OptionsChange::new().set("domain", "acme.example");
    vec![
        (Box::new(handle.change_options(change).await.unwrap_err()), connections::operations::GET_CONNECTIONS_BY_ID.id),
        (
            Box::new(scim_handle.ensure(ScimDesired::default()).await.unwrap_err()),
            scim::operations::GET_SCIM_CONFIGURATION.id,
        ),
        (
            Box::new(scim_handle.rotate_token("tok_1", NewScimToken::default()).await.unwrap_err()),
            scim::operations::GET_SCIM_TOKENS.id,
        ),
    ]
}

/// The questions, whatever the type.
trait Verb {
    fn methods(&self) -> (Option<ErrorKind>, bool, Option<&'static str>);
    fn error(&self) -> &dyn Error;
}

impl<E: VerbError> Verb for E {
    fn methods(&self) -> (Option<ErrorKind>, bool, Option<&'static str>) {
        let operation = self.call_error().and_then(auth0_provisioning::Error::operation);
        (VerbError::kind(self), VerbError::is_retryable(self), operation)
    }

    fn error(&self) -> &dyn Error {
        self
    }
}

#[tokio::test]
async fn they_are_asked_alike() {
    for (status, kind, retryable) in [(503, ErrorKind::Server, true), (403, ErrorKind::Forbidden, false)] {
        let tenant = tenant(connection().configured()).await;
        for error in errors(&tenant, Fault::status(status)).await {
            assert_eq!(
                error.methods(),
                (Some(kind), retryable, Some(directory_provisioning::operations::GET_DIRECTORY_PROVISIONING.id))
            );
        }
        for (error, operation) in errors_around(&tenant, Fault::status(status)).await {
            assert_eq!(error.methods(), (Some(kind), retryable, Some(operation)));
            let text = format!("{operation} of {CONNECTION}: {status}");
            assert!(error.error().to_string().contains(&text), "{}", error.error());
            assert!(error.error().source().is_none_or(|cause| !text.contains(&cause.to_string())));
        }
    }
}

#[tokio::test]
async fn the_text_is_complete_and_the_chain_repeats_nothing_of_it() {
    let tenant = tenant(connection().configured()).await;
    for error in errors(&tenant, Fault::status(403)).await {
        let error = error.error();
        assert!(error.to_string().contains("get_directory-provisioning of con_0123456789abcdef: 403"), "{error}");
        let mut source = error.source();
        while let Some(cause) = source {
            assert!(!error.to_string().contains(&cause.to_string()), "{error} / {cause}");
            source = cause.source();
        }
    }
}
