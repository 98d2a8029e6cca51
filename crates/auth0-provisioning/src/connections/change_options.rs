//! Changes single options, although the API replaces all of them: read, merge, write, compare.

use std::{
    collections::BTreeSet,
    future::{Future, IntoFuture},
    pin::Pin,
    time::Duration,
};

use auth0_transport::Error;
use serde_json::{Map, Value};

use super::{
    ChangeOptionsError, ConnectionHandle, Consent, GOOGLE_APPS, OptionsChange, OptionsChanged, OptionsWarning,
    handle::keep_fields, shown_options,
};
use crate::{
    deadline::AFTER_A_LOST_RESPONSE,
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
        let failed = |error| ChangeOptionsError::Call(handle.caller.with_id(error));
        change.validate().map_err(Error::invalid_request).map_err(failed)?;
        let before = handle.get().await.map_err(ChangeOptionsError::Call)?;
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
        keep_fields(&mut request, &before).map_err(failed)?;
        let after = match handle.patch(&request).await {
            Ok(after) if shown_options(&after).is_some() => after,
            Ok(_) => handle.get().await.map_err(ChangeOptionsError::Call)?,
            // A read shows whether the write was processed although its response was lost.
            Err(error) if error.may_have_been_processed() => {
                let read = deadline.wait_after(&error, AFTER_A_LOST_RESPONSE).await;
                let after = if read { handle.get().await.ok() } else { None };
                let is_done = |after: &Connection| {
                    shown_options(after).is_some_and(|after| changed.is_reached(present, &wanted, after))
                };
                after.filter(is_done).ok_or(ChangeOptionsError::Call(error))?
            }
            Err(error) => return Err(ChangeOptionsError::Call(error)),
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

impl ConnectionHandle {
    /// Changes single options and keeps the others, when it is awaited. The API replaces options whole, so that they are
    /// read, merged, written, and compared with what the tenant then has.
    ///
    /// Options that already have the wanted value are not written. A [dry run](ChangeOptions::dry_run) returns the same
    /// result and writes nothing. [`OptionsChanged::warnings`](crate::OptionsChanged::warnings) says where a change drops the consent of the administrator (`google-apps`).
    ///
    /// Another writer between the read and the write, one round trip apart, is overwritten: the API has no conditional
    /// write.
    ///
    /// Needs the scopes `read:connections`, `read:connections_options`, and unless it is a dry run `update:connections`
    /// and `update:connections_options`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let google = Connection::google_apps("con_0123456789abcdef").without_groups_api();
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(google), async |client| {
    /// use auth0_provisioning::OptionsChange;
    ///
    /// let connection = client.connection(&"con_0123456789abcdef".parse()?);
    /// let changed = connection.change_options(OptionsChange::new().set("api_enable_groups", true)).await?;
    /// assert_eq!(changed.set, ["api_enable_groups"]);
    /// for warning in &changed.warnings {
    ///     println!("{warning}");
    /// }
    /// # Ok(()) });
    /// ```
    pub fn change_options(&self, change: OptionsChange) -> ChangeOptions {
        ChangeOptions::new(self.clone(), change)
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
            let (consent, consent_url) = (Consent::Removed, consent_url.cloned());
            self.warnings.push(OptionsWarning { consent, options: lost, consent_url });
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

/// What happens to the consent, the options that decide it, and whether one of them does.
type Check<'a> = (Consent, &'a [&'a str], &'a dyn Fn(&str) -> bool);

/// What a change does to the consent of the administrator.
fn warnings(connection: &Connection, present: &Map<String, Value>, wanted: &Map<String, Value>) -> Vec<OptionsWarning> {
    if connection.strategy.as_deref() != Some(GOOGLE_APPS) {
        return Vec::new();
    }
    let on = Some(&Value::Bool(true));
    let changes = |name: &str| present.get(name) != wanted.get(name);
    let is_removed = |name: &str| present.contains_key(name) && changes(name);
    let is_turned_on = |name: &str| present.get(name) != on && wanted.get(name) == on;
    let checks: [Check<'_>; 3] = [
        (Consent::Removed, &CONSENT, &is_removed),
        (Consent::Outdated, &CONSENTED, &changes),
        (Consent::TooNarrow, &WIDENING, &is_turned_on),
    ];
    let warning = |(consent, names, applies): Check<'_>| {
        let options: Vec<_> = names.iter().filter(|name| applies(name)).map(|name| (*name).to_owned()).collect();
        let consent_url = connection.provisioning_ticket_url.clone();
        (!options.is_empty()).then_some(OptionsWarning { consent, options, consent_url })
    };
    checks.into_iter().filter_map(warning).collect()
}
