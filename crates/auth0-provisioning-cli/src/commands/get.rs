//! `get`: the directory provisioning of one connection.

use auth0_provisioning::MappingItem;
use serde_json::json;

use super::{Outcome, list};
use crate::{
    arguments,
    context::Context,
    exit_code::ExitCode,
    output::{Cell, Column},
    resolve,
};

/// The fields of a row of a mapping.
pub(super) const MAPPING: &[Column<MappingItem>] = &[
    Column::shown("auth0", |row| json!(row.auth0), "AUTH0", |row, _| Cell::plain(&row.auth0)),
    Column::shown("idp", |row| json!(row.idp), "IDP", |row, _| Cell::plain(&row.idp)),
];

pub(super) async fn run(arguments: &arguments::Get, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let connection = resolve::connection(&client, &arguments.connection).await?;
    let found = client.directory_provisioning(&connection).get().await?;
    let now = context.now();
    context.results.one(list::COLUMNS, &found, now)?;
    // People see the mapping below; for programs it is a field.
    if context.results.is_table() && context.results.style.fields.is_empty() {
        context.results.text("\n")?;
        context.results.list(MAPPING, &found.mapping, now)?;
    }
    Ok(ExitCode::Done)
}
