//! What `--verbose` tells: a line for each request.

use std::time::Duration;

use auth0_provisioning::transport::{Attempt, AttemptEnd, AttemptOutcome, Hook};

use crate::output::Messages;

/// Tells each request when it has ended.
pub(crate) struct Story(pub(crate) Messages);

impl Hook for Story {
    fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        let end = match outcome.end {
            AttemptEnd::Responded(status) => status.as_u16().to_string(),
            AttemptEnd::Failed(kind) => kind.to_string(),
            _ => "cancelled".to_owned(),
        };
        let took = outcome.latency.as_millis();
        let mut parts = vec![format!("> {} {}: {end} in {took} ms", attempt.method, attempt.operation)];
        if attempt.number > 1 {
            parts.push(format!("attempt {}", attempt.number));
        }
        if attempt.waited >= Duration::from_millis(1) {
            parts.push(format!("after a wait of {} ms", attempt.waited.as_millis()));
        }
        parts.extend(outcome.retry_in.map(|wait| format!("again in {} ms", wait.as_millis())));
        parts.extend(outcome.request_id.map(|id| format!("request {id}")));
        self.0.story(&parts.join(", "));
    }
}
