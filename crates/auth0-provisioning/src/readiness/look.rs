//! The calls that readiness is read off. None of them changes anything.

use std::collections::BTreeSet;

use auth0_transport::{Error, ErrorCode};
use chrono::Utc;
use serde_json::Value;

use super::{Readiness, Requirement, RequirementStatus};
use crate::{
    Advice, ConnectionHandle, ConnectionStatus, DirectoryProvisioning, Health, SynchronizeGroups,
    connections::{GOOGLE_APPS, shown_options},
    missing::is_not_configured,
    types::Connection,
};

/// What is seen so far.
struct Look {
    seen: Vec<(Requirement, RequirementStatus)>,
    missing_scopes: BTreeSet<String>,
    advice: Vec<Advice>,
}

/// With groups, or where the configuration synchronizes them.
pub(super) async fn look(mut handle: ConnectionHandle, with_groups: bool) -> Result<Readiness, Error> {
    (handle.caller, _) = handle.caller.starting(None);
    let mut look = Look { seen: Vec::new(), missing_scopes: BTreeSet::new(), advice: Vec::new() };
    match look.all(&handle, with_groups).await {
        Err(error) if does_not_exist(&error) => {
            // Whatever was seen before it was deleted, or by a call that needs no connection.
            look.seen.clear();
            look.advice.clear();
            let remedy = "create it, or correct the id";
            look.add(Requirement::Connection, RequirementStatus::missing("no connection has this id", remedy));
        }
        looked => looked?,
    }
    Ok(look.into_readiness(&handle))
}

impl Look {
    async fn all(&mut self, handle: &ConnectionHandle, with_groups: bool) -> Result<(), Error> {
        let connection = self.allowed(handle.get().await)?;
        let configured = self.allowed(handle.directory_provisioning().get().await);
        let status = self.allowed(handle.status().await)?;
        self.connection(connection.as_ref());
        let mode =
            configured.as_ref().ok().and_then(Option::as_ref).and_then(|found| found.synchronize_groups.as_ref());
        let synchronizes = mode.is_some_and(|mode| *mode != SynchronizeGroups::Off);
        self.groups(connection.as_ref(), with_groups || synchronizes);
        if let Ok(Some(configuration)) = &configured {
            self.advice.extend(Health::from(configuration).advice(Utc::now()));
        }
        self.advice_of_connection(connection.as_ref(), status);
        self.status(status, connection.as_ref());
        self.configuration(configured)
    }

    fn add(&mut self, requirement: Requirement, fulfilment: RequirementStatus) {
        self.seen.push((requirement, fulfilment));
    }

    /// `None` where the token lacks the scope, which is remembered.
    fn allowed<T>(&mut self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if !error.missing_scopes().is_empty() => {
                // One of them is enough.
                self.missing_scopes.extend(error.missing_scopes().first().map(ToString::to_string));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn connection(&mut self, connection: Option<&Connection>) {
        let Some(connection) = connection else {
            let unknown = || RequirementStatus::Unknown("needs read:connections".to_owned());
            self.add(Requirement::Strategy, unknown());
            self.add(Requirement::UsersApi, unknown());
            return;
        };
        self.add(Requirement::Connection, RequirementStatus::Met);
        let strategy = match connection.strategy.as_deref() {
            Some(GOOGLE_APPS) => RequirementStatus::Met,
            other => RequirementStatus::missing(
                format!("the strategy is {}", other.unwrap_or("not known")),
                "only google-apps connections have directory provisioning; others are provisioned by SCIM",
            ),
        };
        self.add(Requirement::Strategy, strategy);
        if shown_options(connection).is_none() {
            self.missing_scopes.insert("read:connections_options".to_owned());
        }
        self.add(Requirement::UsersApi, enabled(connection, "api_enable_users"));
    }

    fn advice_of_connection(&mut self, connection: Option<&Connection>, status: Option<ConnectionStatus>) {
        let google = connection.filter(|connection| connection.strategy.as_deref() == Some(GOOGLE_APPS));
        let options = google.and_then(shown_options);
        let kept = |value: &Value| value == "never_on_login";
        if options.is_some_and(|options| !options.get("set_user_root_attributes").is_some_and(kept)) {
            self.advice.push(Advice::UserAttributes);
        }
        if google.is_some() && status == Some(ConnectionStatus::Online) {
            self.advice.push(Advice::Consent);
        }
    }

    fn groups(&mut self, connection: Option<&Connection>, needed: bool) {
        let fulfilment = match connection {
            _ if !needed => RequirementStatus::NotNeeded,
            None => RequirementStatus::Unknown("needs read:connections".to_owned()),
            Some(connection) => enabled(connection, "api_enable_groups"),
        };
        self.add(Requirement::GroupsApi, fulfilment);
    }

    fn status(&mut self, status: Option<ConnectionStatus>, connection: Option<&Connection>) {
        let fulfilment = match status {
            Some(ConnectionStatus::Online) => RequirementStatus::Met,
            Some(ConnectionStatus::Offline) => {
                let url = connection.and_then(|connection| connection.provisioning_ticket_url.as_deref());
                let at = url.map_or_else(|| "on the connection's setup page".to_owned(), |url| format!("at {url}"));
                RequirementStatus::missing(
                    "the setup is not complete",
                    format!("let an administrator of the directory consent {at}"),
                )
            }
            None => RequirementStatus::Unknown("needs read:connections".to_owned()),
        };
        self.add(Requirement::Status, fulfilment);
    }

    fn configuration(&mut self, configured: Result<Option<DirectoryProvisioning>, Error>) -> Result<(), Error> {
        let (feature, configuration) = match configured {
            Ok(Some(_)) => (RequirementStatus::Met, RequirementStatus::Met),
            Ok(None) => {
                let unknown = || RequirementStatus::Unknown("needs read:directory_provisionings".to_owned());
                (unknown(), unknown())
            }
            Err(error) if is_not_configured(&error) => (
                RequirementStatus::Met,
                RequirementStatus::missing("there is none", "create it, for example with `ensure(Desired::default())`"),
            ),
            Err(error) if error.is_forbidden() => {
                let found = error.message().unwrap_or("forbidden").to_owned();
                let remedy = "let Auth0 enable inbound directory provisioning for the tenant";
                (
                    RequirementStatus::missing(found, remedy),
                    RequirementStatus::Unknown("the feature is missing".to_owned()),
                )
            }
            // Refused for what is reported above: the strategy, the setup, or the Users API.
            Err(error) if error.status().is_some_and(|status| status.as_u16() == 400) => {
                let reason = error.message().unwrap_or("refused").to_owned();
                (
                    RequirementStatus::Met,
                    RequirementStatus::missing(reason, "fix the other reported problems, then create it"),
                )
            }
            Err(error) => return Err(error),
        };
        self.add(Requirement::Feature, feature);
        self.add(Requirement::Configuration, configuration);
        Ok(())
    }

    fn into_readiness(self, handle: &ConnectionHandle) -> Readiness {
        let scopes = match self.missing_scopes.into_iter().collect::<Vec<_>>() {
            missing if missing.is_empty() => RequirementStatus::Met,
            missing => {
                let missing = missing.join(" ");
                RequirementStatus::missing(
                    format!("the token lacks {missing}"),
                    format!("grant {missing} to the application"),
                )
            }
        };
        let mut requirements = self.seen;
        requirements.insert(0, (Requirement::Scopes, scopes));
        Readiness { connection_id: handle.connection_id().clone(), requirements, advice: self.advice }
    }
}

fn enabled(connection: &Connection, option: &str) -> RequirementStatus {
    let options = shown_options(connection);
    match (options, options.and_then(|options| options.get(option)) == Some(&Value::Bool(true))) {
        (None, _) => RequirementStatus::Unknown("needs read:connections_options".to_owned()),
        (Some(_), true) => RequirementStatus::Met,
        (Some(_), false) => RequirementStatus::missing(
            "the option is not on",
            format!("turn it on with `change_options(OptionsChange::new().set(\"{option}\", true))`"),
        ),
    }
}

fn does_not_exist(error: &Error) -> bool {
    error.code() == Some(&ErrorCode::InexistentConnection)
}
