//! `scim events`: SCIM requests of identity providers in the log.

use auth0_provisioning::ScimEvent;
use futures_util::{StreamExt as _, TryStreamExt as _, future};
use serde_json::json;

use super::{cells, runs::note_empty_log};
use crate::{
    arguments::Events,
    context::Context,
    failure::Failure,
    output::{Cell, Column, Tone},
    resolve,
};

type Field = Column<ScimEvent>;

pub(super) const COLUMNS: &[Field] = &[
    Field::shown("date", |it| json!(it.date)).title("WHEN").cell(|it, now| cells::time(it.date, now)),
    Field::shown("connection_id", |it| json!(it.connection_id)).title("CONNECTION").spare(),
    Field::shown("succeeded", |it| json!(it.succeeded))
        .title("RESULT")
        .cell(|it, _| if it.succeeded { Cell::new("ok", Tone::Good) } else { Cell::new("failed", Tone::Bad) }),
    Field::hidden("status", |it| json!(it.status)),
    Field::shown("method", |it| json!(it.method)),
    Field::shown("path", |it| json!(it.path)).spare(),
    Field::shown("subject", |it| json!(it.subject)),
    Field::shown("description", |it| json!(it.description)),
    Field::hidden("ip", |it| json!(it.ip)),
    Field::hidden("log_id", |it| json!(it.log_id)),
];

pub(super) async fn run(arguments: &Events, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let events = match &arguments.connection {
        Some(given) => client.scim(&resolve::connection(&client, given).await?).events(),
        None => client.logs().scim_events(),
    };
    let failed_only = arguments.failed;
    let events = events.try_filter(|event| future::ready(!failed_only || !event.succeeded));
    let found: Vec<ScimEvent> = events.take(arguments.limit).try_collect().await?;
    context.list(COLUMNS, &found)?;
    if found.is_empty() {
        note_empty_log(if failed_only { "failed SCIM requests" } else { "SCIM requests" }, context);
    }
    Ok(())
}
