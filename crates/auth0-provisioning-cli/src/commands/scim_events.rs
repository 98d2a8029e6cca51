//! `scim events`: the SCIM requests of identity providers, as the log tells them.

use auth0_provisioning::ScimEvent;
use futures_util::{StreamExt as _, TryStreamExt as _, future};
use serde_json::json;

use super::{Outcome, runs::MOST_FOUND, shown};
use crate::{
    arguments::ScimEvents,
    context::Context,
    exit_code::ExitCode,
    output::{Cell, Column, Tone},
    resolve,
};

pub(super) const COLUMNS: &[Column<ScimEvent>] = &[
    Column::shown("date", |it| json!(it.date), "WHEN", |it, now| shown::time(it.date, now)),
    Column::spare(
        "connection_id",
        |it| json!(it.connection_id),
        "CONNECTION",
        |it, _| Cell::optional(it.connection_id.as_ref().map(ToString::to_string)),
    ),
    Column::shown(
        "succeeded",
        |it| json!(it.succeeded),
        "RESULT",
        |it, _| if it.succeeded { Cell::new("ok", Tone::Good) } else { Cell::new("failed", Tone::Bad) },
    ),
    Column::field("status", |it| json!(it.status)),
    Column::shown("method", |it| json!(it.method), "METHOD", |it, _| Cell::optional(it.method.clone())),
    Column::spare("path", |it| json!(it.path), "PATH", |it, _| Cell::optional(it.path.clone())),
    Column::shown("subject", |it| json!(it.subject), "SUBJECT", |it, _| Cell::optional(it.subject.clone())),
    Column::shown(
        "description",
        |it| json!(it.description),
        "DESCRIPTION",
        |it, _| Cell::optional(it.description.clone()),
    ),
    Column::field("ip", |it| json!(it.ip)),
    Column::field("log_id", |it| json!(it.log_id)),
];

pub(super) async fn run(arguments: &ScimEvents, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let events = match &arguments.connection {
        Some(given) => client.scim(&resolve::connection(&client, given).await?).events(),
        None => client.logs().scim_events(),
    };
    let failed_alone = arguments.failed;
    let wanted = events.try_filter(|event| future::ready(!failed_alone || !event.succeeded));
    let found: Vec<ScimEvent> = wanted.take(arguments.limit).try_collect().await?;
    let now = context.now();
    context.results.list(COLUMNS, &found, now)?;
    if found.is_empty() {
        let what = if failed_alone { "failed SCIM requests" } else { "SCIM requests" };
        context.messages.note(&format!("The log has no {what}: it is kept for some days, and {MOST_FOUND}."));
    }
    Ok(ExitCode::Done)
}
