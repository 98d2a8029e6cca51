//! Whether a tenant has the control API, and who may use it.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::application::Applications;
use crate::persistence::Snapshot;
use crate::rate_limit::LimitSettings;

/// The control API of one tenant.
pub(crate) struct Control {
    /// What callers have to send; `None`: nothing.
    pub(crate) key: Option<String>,
    pub(crate) initial: Initial,
}

/// What a reset goes back to.
pub(crate) struct Initial {
    pub(crate) state: Snapshot,
    pub(crate) limits: LimitSettings,
    pub(crate) applications: Applications,
}

impl Control {
    pub(crate) fn allows(&self, headers: &HeaderMap) -> bool {
        let Some(key) = &self.key else { return true };
        let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        sent.and_then(|sent| sent.split_once(' '))
            .is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && token.trim() == key)
    }
}
