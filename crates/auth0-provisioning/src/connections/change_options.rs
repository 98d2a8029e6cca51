//! Read, merge, write, compare: options that are replaced whole, changed one by one.

use std::{
    collections::BTreeSet,
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use auth0_transport::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ChangeOptionsError, ConnectionHandle, OptionsChange};
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
}

/// What was done, or in a dry run would be done. Names of options alone, for some are secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OptionsChanged {
    /// The options that got another value.
    pub set: Vec<String>,
    /// The options that were removed.
    pub removed: Vec<String>,
    /// Options that the tenant changed by itself along with them, and those that it gave a default again after they were
    /// removed; none in a dry run.
    pub also_changed: Vec<String>,
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
    /// What is turned on needs more than the present consent covers.
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
        Self { handle, change, dry_run: false, keep_consent: false }
    }

    /// Writes nothing; the result says what would be done. Defaults to `false`.
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

    async fn run(self) -> Result<OptionsChanged, ChangeOptionsError> {
        let Self { handle, change, dry_run, keep_consent } = self;
        change.validate().map_err(|invalid| handle.caller.with_id(Error::invalid_request(invalid)))?;
        let before = handle.get().await?;
        let Some(present) = before.options.as_ref().map(|options| &options.0) else {
            return Err(ChangeOptionsError::Hidden);
        };
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
        let answered = handle.update(request).await?;
        let answered = if answered.options.is_some() { answered } else { handle.get().await? };
        let Some(after) = answered.options.map(|options| options.0) else { return Ok(changed) };
        changed.compare(present, &wanted, &after, before.provisioning_ticket_url)
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

    /// Compares what was written with what the tenant has now.
    fn compare(
        mut self,
        before: &Map<String, Value>,
        wanted: &Map<String, Value>,
        after: &Map<String, Value>,
        consent_url: Option<String>,
    ) -> Result<Self, ChangeOptionsError> {
        let names: BTreeSet<&String> = wanted.keys().chain(after.keys()).chain(before.keys()).collect();
        let differing = names.into_iter().filter(|name| wanted.get(*name) != after.get(*name));
        let is_ignored = |name: &&String| self.set.contains(name) && !holds(after.get(*name), wanted.get(*name));
        let (ignored, by_the_tenant): (Vec<_>, Vec<_>) = differing.partition(is_ignored);
        let by_the_tenant = by_the_tenant.into_iter().filter(|name| !self.set.contains(name));
        self.also_changed = by_the_tenant.cloned().collect();
        let ignored: Vec<String> = ignored.into_iter().cloned().collect();
        let lost: Vec<_> = CONSENT
            .iter()
            .filter(|name| wanted.contains_key(**name) && !after.contains_key(**name))
            .map(|name| (*name).to_owned())
            .collect();
        if !lost.is_empty() {
            self.warnings.push(OptionsWarning::ConsentRemoved { options: lost, consent_url });
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
    /// Whether the present consent is of no more use.
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

/// What was done, a line each; and the warnings.
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
        lines.extend(self.warnings.iter().map(|warning| format!("warning: {warning}")));
        formatter.write_str(&lines.join("\n"))
    }
}
