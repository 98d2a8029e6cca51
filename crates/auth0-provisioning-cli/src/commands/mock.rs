//! `mock`: a mock tenant for other programs.

use std::future;

use auth0_provisioning_mock::MockTenant;

use crate::{arguments, context::Context, demo, failure::Failure};

pub(super) async fn run(arguments: &arguments::Mock, context: &mut Context) -> Result<(), Failure> {
    let builder = match &arguments.seed_file {
        None => demo::company()?,
        Some(file) => {
            let text = context.input.file(file).await?;
            MockTenant::builder().seed_file(&text).map_err(|error| {
                Failure::usage(format!("{}: {error}", file.display()))
                    .remedy("check it against the JSON Schema at /_mock/seed-schema.json of a running mock tenant")
            })?
        }
    };
    let started = builder.listen(&arguments.listen).control().start().await;
    let tenant =
        started.map_err(|error| Failure::failed(error.to_string()).remedy("choose another --listen address"))?;
    let base = tenant.base_url();
    context.results.text(&format!(
        "AUTH0_BASE_URL={base}\nAUTH0_DOMAIN=demo.auth0.com\nAUTH0_AUDIENCE={}\nAUTH0_CLIENT_ID={}\nAUTH0_CLIENT_SECRET={}\n",
        tenant.audience(),
        tenant.client_id(),
        tenant.client_secret(),
    ))?;
    context.messages.note(format!("Its page is {base}/_mock/; its control API is {base}/_mock/openapi.json."));
    if let Some(key) = tenant.control_key() {
        context.messages.note(format!("Both need the key {key}"));
    }
    context.messages.note("Stop it with Ctrl-C.");
    future::pending().await
}
