//! Another writer who gets in exactly between two requests of a client.

use std::sync::{Arc, Mutex};

use auth0_provisioning::{
    Client,
    transport::{Attempt, Hook},
};
use auth0_provisioning_mock::MockTenant;

type Deed = Box<dyn FnOnce() + Send>;

/// Does something once, right before a request for an operation goes out, or right after its response arrived.
pub(crate) struct Interference {
    operation: &'static str,
    after: bool,
    deed: Mutex<Option<Deed>>,
}

impl Interference {
    fn strike(&self, attempt: &Attempt<'_>, after: bool) {
        if attempt.operation == self.operation && after == self.after {
            let deed = self.deed.lock().unwrap().take();
            if let Some(deed) = deed {
                deed();
            }
        }
    }
}

impl Hook for Interference {
    fn before(&self, attempt: &Attempt<'_>, _: &mut auth0_provisioning::transport::HeaderMap) {
        self.strike(attempt, false);
    }

    fn after(&self, attempt: &Attempt<'_>, _: &auth0_provisioning::transport::AttemptOutcome<'_>) {
        self.strike(attempt, true);
    }
}

/// A client and an action of another client that runs during its calls; needs a runtime with several
/// threads. The tenant's clock moves on by a second before and after.
pub(crate) fn interfered_with<F: Future<Output = ()>>(
    tenant: &Arc<MockTenant>,
    operation: &'static str,
    after: bool,
    deed: impl FnOnce(Client) -> F + Send + 'static,
) -> Client {
    let other = super::client(tenant);
    let clock = tenant.clock().clone();
    let runtime = tokio::runtime::Handle::current();
    let deed: Deed = Box::new(move || {
        let second = std::time::Duration::from_secs(1);
        clock.advance(second);
        tokio::task::block_in_place(|| runtime.block_on(deed(other)));
        clock.advance(second);
    });
    let hook = Interference { operation, after, deed: Mutex::new(Some(deed)) };
    let builder = crate::support::builder().hook(hook);
    builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()).build().unwrap()
}
