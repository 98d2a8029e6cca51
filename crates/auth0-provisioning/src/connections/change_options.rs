//! Changes single options, although the API replaces all of them: read, merge, write, compare.

use std::{
    collections::BTreeSet,
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    time::Duration,
};

use auth0_transport::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChangeOptionsError, ConnectionHandle, OptionsChange, handle::keep_fields, shown_options};
use crate::{
    readiness::GOOGLE_APPS,
    types::{Connection, UpdateConnectionRequest},
};

/// The options in which a tenant keeps what the administrator of the other side consented to.
const CONSENT: [&str; 3] = ["admin_access_token", "admin_access_token_expiresin", "admin_refresh_token"];

/// The options that name the application and the domain that the administrator consented to.
const CONSENTED: [&str; 4] = ["client_id", "client_secret", "domain", "tenant_domain"];

/// The options that need a wider consent where they are turned on.
const WIDENING: [&str; 2] = ["api_enable_users", "api_enable_groups"];

/// Changes options of a connection when it is awaited: [`ConnectionHandle::change_options`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct ChangeOptions {
    handle: ConnectionHandle,
    change: OptionsChange,
    dry_run: bool,
    keep_consent: bool,
    at_most: Option<Duration>,
}

/// How long to wait after a write whose response was lost, if the server does not say.
const AFTER_A_LOST_RESPONSE: Duration = Duration::from_millis(500);

/// The changes that were made, or in a dry run would be made. Contains only the names of options, because some values are
/// secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OptionsChanged {
    /// The options that got another value.
    pub set: Vec<String>,
    /// The options that were removed.
    pub removed: Vec<String>,
    /// Options that the tenant changed by itself along with them, and those that it gave a default again after they were
    /// removed; also `display_name` and `realms` of the connection, where they are not as before. None in a dry run.
    pub also_changed: Vec<String>,
    /// Whether the write was accepted and could not be verified, because the tenant showed no options afterwards.
    pub unverified: bool,
    /// What the change does to the consent of the administrator.
    pub warnings: Vec<OptionsWarning>,
}

/// What a change does to the consent of the administrator of the other side (`google-apps`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OptionsWarning {
    /// The tokens that hold the consent are removed, by the change or by the tenant.
    #[non_exhaustive]
    ConsentRemoved {
        /// The options that held it.
        options: Vec<String>,
        /// Where an administrator consents again, if the tenant says so.
        consent_url: Option<String>,
    },
    /// The consent was given to another application or domain.
    #[non_exhaustive]
    ConsentOutdated {
        /// The options that it depends on.
        options: Vec<String>,
        /// Where an administrator consents again, if the tenant says so.
        consent_url: Option<String>,
    },
    /// The options that are turned on need more than the present consent covers.
    #[non_exhaustive]
    ConsentTooNarrow {
        /// The options that are turned on.
        options: Vec<String>,
        /// Where an administrator consents again, if the tenant says so.
        consent_url: Option<String>,
    },
}

impl ChangeOptions {
    pub(super) fn new(handle: ConnectionHandle, change: OptionsChange) -> Self {
        Self { handle, change, dry_run: false, keep_consent: false, at_most: None }
    }

    /// Writes nothing; the result contains the changes that would be made. Defaults to `false`.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Ends with [`ChangeOptionsError::DropsConsent`] before anything is written, where the change drops the
    /// administrator's consent: it removes it, or makes it one for another application or domain. Off by default; the
    /// result warns.
    pub fn keep_consent(mut self) -> Self {
        self.keep_consent = true;
        self
    }

    /// How long it may take, with all its calls and waits. Defaults to [`Timeouts::workflow`](crate::Timeouts::workflow).
    pub fn at_most(mut self, time: Duration) -> Self {
        self.at_most = Some(time);
        self
    }

    async fn run(self) -> Result<OptionsChanged, ChangeOptionsError> {
        let Self { mut handle, change, dry_run, keep_consent, at_most } = self;
        let (caller, deadline) = handle.caller.starting(at_most);
        handle.caller = caller;
        change.validate().map_err(|invalid| handle.caller.with_id(Error::invalid_request(invalid)))?;
        let before = handle.get().await?;
        let Some(present) = shown_options(&before) else { return Err(ChangeOptionsError::Hidden) };
        let wanted = change.applied_to(present);
        let mut changed = OptionsChanged::between(present, &wanted);
        changed.warnings = warnings(&before, present, &wanted);
        if keep_consent && changed.warnings.iter().any(OptionsWarning::drops_consent) {
            return Err(ChangeOptionsError::DropsConsent(changed.warnings));
        }
        if dry_run || changed.is_unchanged() {
            return Ok(changed);
        }
        let mut request = UpdateConnectionRequest::default();
        request.options = wanted.clone().into();
        keep_fields(&mut request, &before).map_err(|error| handle.caller.with_id(error))?;
        let after = match handle.patch(&request).await {
            Ok(after) if shown_options(&after).is_some() => after,
            Ok(_) => handle.get().await?,
            // A read shows whether the write was processed although its response was lost.
            Err(error) if error.may_have_been_processed() => {
                let read = deadline.wait_after(&error, AFTER_A_LOST_RESPONSE).await;
                let after = if read { handle.get().await.ok() } else { None };
                let is_done = |after: &Connection| {
                    shown_options(after).is_some_and(|after| changed.is_reached(present, &wanted, after))
                };
                after.filter(is_done).ok_or(error)?
            }
            Err(error) => return Err(error.into()),
        };
        let also_changed = [
            ("display_name", after.display_name.is_some() && after.display_name != before.display_name),
            ("realms", after.realms.is_some() && after.realms != before.realms),
        ];
        changed.also_changed = also_changed.iter().filter(|(_, is)| *is).map(|(name, _)| (*name).to_owned()).collect();
        if let Some(after) = shown_options(&after) {
            return changed.compare(present, &wanted, after, before.provisioning_ticket_url.as_ref());
        }
        changed.unverified = true;
        Ok(changed)
    }
}

impl IntoFuture for ChangeOptions {
    type Output = Result<OptionsChanged, ChangeOptionsError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl OptionsChanged {
    fn between(present: &Map<String, Value>, wanted: &Map<String, Value>) -> Self {
        let set = wanted.iter().filter(|(name, value)| present.get(*name) != Some(value));
        let removed = present.keys().filter(|name| !wanted.contains_key(*name));
        Self {
            set: set.map(|(name, _)| name.clone()).collect(),
            removed: removed.cloned().collect(),
            ..Self::default()
        }
    }

    /// Whether the options were as wanted, so that nothing was written.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.set.is_empty() && self.removed.is_empty()
    }

    /// Whether the options are as written, apart from defaults of the tenant.
    fn is_reached(&self, before: &Map<String, Value>, wanted: &Map<String, Value>, after: &Map<String, Value>) -> bool {
        self.set.iter().all(|name| holds(after.get(name), wanted.get(name)))
            && self.removed.iter().all(|name| after.get(name) != before.get(name))
    }

    /// Compares what was written with what the tenant has now.
    fn compare(
        mut self,
        before: &Map<String, Value>,
        wanted: &Map<String, Value>,
        after: &Map<String, Value>,
        consent_url: Option<&String>,
    ) -> Result<Self, ChangeOptionsError> {
        let names: BTreeSet<&String> = wanted.keys().chain(after.keys()).chain(before.keys()).collect();
        let differing = names.into_iter().filter(|name| wanted.get(*name) != after.get(*name));
        let is_ignored = |name: &&String| self.set.contains(name) && !holds(after.get(*name), wanted.get(*name));
        let (ignored, by_the_tenant): (Vec<_>, Vec<_>) = differing.partition(is_ignored);
        let by_the_tenant = by_the_tenant.into_iter().filter(|name| !self.set.contains(name));
        self.also_changed.splice(0..0, by_the_tenant.cloned());
        let ignored: Vec<String> = ignored.into_iter().cloned().collect();
        let lost: Vec<_> = CONSENT
            .iter()
            .filter(|name| wanted.contains_key(**name) && !after.contains_key(**name))
            .map(|name| (*name).to_owned())
            .collect();
        if !lost.is_empty() {
            self.warnings.push(OptionsWarning::ConsentRemoved { options: lost, consent_url: consent_url.cloned() });
        }
        if ignored.is_empty() {
            return Ok(self);
        }
        self.set.retain(|name| !ignored.contains(name));
        Err(ChangeOptionsError::Ignored { ignored, done: Box::new(self) })
    }
}

/// Whether a value is as wanted, apart from members that the tenant gives a default, and null for what is not there.
fn holds(present: Option<&Value>, wanted: Option<&Value>) -> bool {
    match (present, wanted) {
        (None, None | Some(Value::Null)) | (Some(Value::Null), None) => true,
        (Some(Value::Object(present)), Some(Value::Object(wanted))) => {
            wanted.iter().all(|(name, value)| holds(present.get(name), Some(value)))
        }
        (Some(present), Some(wanted)) => present == wanted,
        _ => false,
    }
}

/// What a change does to the consent of the administrator.
fn warnings(connection: &Connection, present: &Map<String, Value>, wanted: &Map<String, Value>) -> Vec<OptionsWarning> {
    if connection.strategy.as_deref() != Some(GOOGLE_APPS) {
        return Vec::new();
    }
    let consent_url = || connection.provisioning_ticket_url.clone();
    let among = |names: &[&str], is_meant: &dyn Fn(&str) -> bool| -> Vec<String> {
        names.iter().filter(|name| is_meant(name)).map(|name| (*name).to_owned()).collect()
    };
    let mut warnings = Vec::new();
    let options = among(&CONSENT, &|name| present.contains_key(name) && present.get(name) != wanted.get(name));
    if !options.is_empty() {
        warnings.push(OptionsWarning::ConsentRemoved { options, consent_url: consent_url() });
    }
    let options = among(&CONSENTED, &|name| present.get(name) != wanted.get(name));
    if !options.is_empty() {
        warnings.push(OptionsWarning::ConsentOutdated { options, consent_url: consent_url() });
    }
    let on = Some(&Value::Bool(true));
    let options = among(&WIDENING, &|name| present.get(name) != on && wanted.get(name) == on);
    if !options.is_empty() {
        warnings.push(OptionsWarning::ConsentTooNarrow { options, consent_url: consent_url() });
    }
    warnings
}

impl OptionsWarning {
    /// Returns whether the present consent becomes useless.
    #[must_use]
    pub fn drops_consent(&self) -> bool {
        matches!(self, Self::ConsentRemoved { .. } | Self::ConsentOutdated { .. })
    }
}

impl fmt::Display for OptionsWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (options, consent_url, what) = match self {
            Self::ConsentRemoved { options, consent_url } => {
                (options, consent_url, "removing it drops the administrator's consent")
            }
            Self::ConsentOutdated { options, consent_url } => {
                (options, consent_url, "the administrator's consent was given for another value")
            }
            Self::ConsentTooNarrow { options, consent_url } => {
                (options, consent_url, "it needs more than the administrator consented to so far")
            }
        };
        write!(formatter, "{}: {what}; an administrator has to consent again", options.join(", "))?;
        match consent_url {
            Some(url) => write!(formatter, " at {url}"),
            None => Ok(()),
        }
    }
}

/// Prints one line for each kind of change, then the warnings.
impl fmt::Display for OptionsChanged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if self.is_unchanged() {
            lines.push("unchanged".to_owned());
        }
        for (what, names) in [("set", &self.set), ("removed", &self.removed), ("also changed", &self.also_changed)] {
            if !names.is_empty() {
                lines.push(format!("{what}: {}", names.join(", ")));
            }
        }
        if self.unverified {
            lines.push("not verified: the tenant showed no options after the write".to_owned());
        }
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        formatter.write_str(&lines.join("\n"))
    }
}
