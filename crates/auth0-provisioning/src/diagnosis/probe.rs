//! The calls of the checks. None of them changes the tenant.

use std::num::NonZeroU64;

use auth0_transport::{Error, ErrorCode, ErrorKind};
use chrono::Utc;
use futures_core::future::BoxFuture;

use super::{
    CheckResult, Diagnosis, Verb,
    verb::{CREATE, DELETE, READ, UPDATE},
};
use crate::{
    Client, ConnectionId, Desired, DirectoryProvisioningHandle, deadline::Deadline, synchronization::server_time,
};

/// The connection of the checks for write scopes. It does not exist: that is checked first. A tenant checks the scope
/// before it looks for the connection.
const ABSENT_CONNECTION: &str = "con_doesNotExist0000";

impl Client {
    /// Checks whether the domain can be reached, a token is granted, the token has the scopes of this API, the clocks
    /// agree, and directory provisioning and group synchronization are enabled for the tenant.
    ///
    /// Up to six calls, none of which changes anything: scopes are checked with writes to a connection that does not
    /// exist.
    ///
    /// ```
    /// # auth0_provisioning_examples::run(async |client| {
    /// use auth0_provisioning::Verb;
    ///
    /// let diagnosis = client.diagnose().await;
    /// println!("{diagnosis}");
    /// assert!(diagnosis.is_ok() && diagnosis.missing_scopes(Verb::Ensure).is_empty());
    /// # Ok(()) });
    /// ```
    #[must_use = "nothing is sent until it is awaited"]
    pub fn diagnose(&self) -> BoxFuture<'static, Diagnosis> {
        let this = self.clone();
        Box::pin(async move {
            let api = Deadline::start(&this.api, None).bounds(&this.api);
            diagnose(&Client { api }).await
        })
    }
}

async fn diagnose(client: &Client) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    let listed = client.api.get_connections_directory_provisionings(None, Some(NonZeroU64::MIN)).await;
    let now = Utc::now();
    let listed = match listed {
        Ok(response) => {
            let tenants = server_time(response.headers());
            diagnosis.clock_offset_seconds = tenants.map(|time| now.signed_duration_since(time).num_seconds());
            Ok(())
        }
        Err(error) => Err(error),
    };
    let (domain, token) = reached(listed.as_ref().err());
    let granted = token == CheckResult::Passed;
    diagnosis.add("domain reachable", domain);
    diagnosis.add("token granted", token);
    diagnosis.add_clock();
    if !granted {
        return diagnosis;
    }
    diagnosis.add_scope(READ, scope(listed.as_ref().err()));
    diagnosis.add("directory provisioning enabled", feature(listed.as_ref().err()));

    let absent = client.directory_provisioning(&ConnectionId::from_response(ABSENT_CONNECTION));
    let looked = absent.get().await.err();
    if looked.as_ref().and_then(Error::code) == Some(&ErrorCode::InexistentConnection) {
        diagnosis.probe_writes(&absent).await;
    } else {
        let reason = "needs a connection that is known not to exist";
        for name in [CREATE, UPDATE, DELETE] {
            diagnosis.add(name, CheckResult::Skipped(reason.to_owned()));
        }
    }
    let groups = absent.groups().list().page_size(1).next().await.err();
    diagnosis.add("group synchronization enabled", feature(groups.as_ref()));
    if let Ok(Some(granted)) = client.transport().granted_scopes().await {
        diagnosis.add_granted(&granted);
    }
    diagnosis
}

impl Diagnosis {
    async fn probe_writes(&mut self, absent: &DirectoryProvisioningHandle) {
        let created = absent.create(Desired::default()).await.err();
        self.add_scope(CREATE, scope(created.as_ref()));
        let updated = absent.update(Desired::default()).await.err();
        self.add_scope(UPDATE, scope(updated.as_ref()));
        let deleted = absent.delete().await.err();
        self.add_scope(DELETE, scope(deleted.as_ref()));
    }

    /// A check by a call takes precedence over the granted scopes.
    fn add_granted(&mut self, granted: &[String]) {
        for scope in Verb::ALL.iter().flat_map(|verb| verb.scopes()).copied().chain(["read:logs_users"]) {
            self.scopes.entry(scope).or_insert_with(|| granted.iter().any(|granted| granted == scope));
        }
    }

    fn add_scope(&mut self, name: &'static str, result: CheckResult) {
        match result {
            CheckResult::Passed => drop(self.scopes.insert(name, true)),
            CheckResult::Failed(_) => drop(self.scopes.insert(name, false)),
            CheckResult::Skipped(_) => {}
        }
        self.add(name, result);
    }
}

/// Whether the domain was reached, and a token granted.
fn reached(error: Option<&Error>) -> (CheckResult, CheckResult) {
    let Some(error) = error else { return (CheckResult::Passed, CheckResult::Passed) };
    let failed = || CheckResult::Failed(error.to_string());
    match (error.kind(), error.status()) {
        (ErrorKind::Unauthorized, _) | (ErrorKind::Credentials, Some(_)) => (CheckResult::Passed, failed()),
        (ErrorKind::Credentials, None) if !error.is_retryable() => {
            (CheckResult::Skipped("no token to ask with".to_owned()), failed())
        }
        (_, Some(_)) => (CheckResult::Passed, CheckResult::Passed),
        (_, None) => (failed(), CheckResult::Skipped("the domain was not reached".to_owned())),
    }
}

fn scope(error: Option<&Error>) -> CheckResult {
    let Some(error) = error else { return CheckResult::Passed };
    if !error.missing_scopes().is_empty() {
        return CheckResult::Failed("the token does not have this scope".to_owned());
    }
    // Any other 4xx means that the scope was accepted.
    let accepted = error.status().is_some_and(|status| status.is_client_error()) && !error.is_rate_limited();
    if accepted { CheckResult::Passed } else { CheckResult::Skipped(error.to_string()) }
}

fn feature(error: Option<&Error>) -> CheckResult {
    match error {
        Some(error) if !error.missing_scopes().is_empty() => CheckResult::Skipped(format!("needs {READ}")),
        Some(error) if error.is_forbidden() => CheckResult::Failed(error.message().unwrap_or("forbidden").to_owned()),
        Some(error) if !error.is_not_found() => CheckResult::Skipped(error.to_string()),
        _ => CheckResult::Passed,
    }
}
