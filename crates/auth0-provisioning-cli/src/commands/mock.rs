//! `mock`: a mock tenant for other programs.

use std::future;

use auth0_provisioning_mock::MockTenant;

use super::Outcome;
use crate::{arguments, context::Context, demo, exit_code::ExitCode, failure::Failure};

pub(super) async fn run(arguments: &arguments::Mock, context: &mut Context) -> Outcome {
    let builder = match &arguments.seed_file {
        None => demo::company()?,
        Some(file) => {
            let text = context.read(file).await?;
            MockTenant::builder().seed_file(&text).map_err(|error| {
                Failure::usage(format!("{}: {error}", file.display()))
                    .remedy("write it as /_mock/seed-schema.json says")
            })?
        }
    };
    let started = builder.listen(&arguments.listen).control().start().await;
    let tenant =
        started.map_err(|error| Failure::failed(error.to_string()).remedy("choose another --listen address"))?;
    let text = format!(
        "AUTH0_BASE_URL={}\nAUTH0_DOMAIN=demo.auth0.com\nAUTH0_AUDIENCE={}\nAUTH0_CLIENT_ID={}\nAUTH0_CLIENT_SECRET={}\n",
        tenant.base_url(),
        tenant.audience(),
        tenant.client_id(),
        tenant.client_secret(),
    );
    context.results.text(&text)?;
    let base = tenant.base_url();
    context.messages.note(&format!("Look at it on {base}/_mock/; the control API is at {base}/_mock/openapi.json."));
    if let Some(key) = tenant.control_key() {
        context.messages.note(&format!("Both ask for the key {key}"));
    }
    context.messages.note("Stop it with Ctrl-C.");
    future::pending::<()>().await;
    Ok(ExitCode::Done)
}
