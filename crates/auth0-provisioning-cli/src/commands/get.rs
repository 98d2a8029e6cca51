//! `get` and `default-mapping`: the directory provisioning of one connection, and the mapping of a new one.

use auth0_provisioning::MappingItem;
use serde_json::json;

use super::list;
use crate::{context::Context, failure::Failure, output::Column, resolve};

/// The fields of a row of a mapping.
pub(super) const MAPPING: &[Column<MappingItem>] =
    &[Column::shown("auth0", |row| json!(row.auth0)), Column::shown("idp", |row| json!(row.idp))];

pub(super) async fn run(given: &str, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let connection = resolve::connection(&client, given).await?;
    let found = client.directory_provisioning(&connection).get().await?;
    context.show(list::COLUMNS, &found)?;
    // In other formats, the mapping is a field.
    if context.results.is_default_table() {
        context.results.text("\n")?;
        context.list(MAPPING, &found.mapping)?;
    }
    Ok(())
}

pub(super) async fn default_mapping(given: &str, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let connection = resolve::connection(&client, given).await?;
    let rows = client.directory_provisioning(&connection).default_mapping().await?;
    context.list(MAPPING, &rows)
}
