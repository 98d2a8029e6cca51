//! The lines of `--verbose`: one for each request.

use std::time::Duration;

use auth0_provisioning::transport::{Attempt, AttemptEnd, AttemptOutcome, Hook};

use crate::output::Messages;

pub(crate) struct RequestLog(pub(crate) Messages);

impl Hook for RequestLog {
    fn after(&self, attempt: &Attempt<'_>, outcome: &AttemptOutcome<'_>) {
        let end = match (outcome.status(), outcome.end) {
            (Some(status), _) => status.as_u16().to_string(),
            (None, AttemptEnd::Failed(kind)) => kind.to_string(),
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
        self.0.detail(&parts.join(", "));
    }
}
