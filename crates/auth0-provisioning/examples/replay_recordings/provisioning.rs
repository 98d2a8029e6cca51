//! Calls of directory provisioning.

use auth0_provisioning::{Desired, DirectoryProvisioningHandle, GroupId, MappingItem, SelectedGroup};
use serde_json::Value;

use super::{
    Failure,
    exchange::Exchange,
    outcome::{Outcome, json, no_operation, read_page},
};

pub(crate) async fn call(
    provisioning: &DirectoryProvisioningHandle,
    exchange: &Exchange,
    rest: &[&str],
    body: &Value,
) -> Result<Outcome, Failure> {
    match (exchange.method.as_str(), rest) {
        ("GET", []) => Ok(provisioning.get().await.map(json)),
        ("POST", []) => Ok(provisioning.create(desired(body)).await.map(json)),
        ("PATCH", []) => Ok(provisioning.update(desired(body)).await.map(json)),
        ("DELETE", []) => Ok(provisioning.delete().await.map(|()| None)),
        ("GET", ["default-mapping"]) => {
            Ok(provisioning.default_mapping().await.map(|mapping| json(serde_json::json!({ "mapping": mapping }))))
        }
        ("POST", ["synchronizations"]) => Ok(provisioning.synchronize().await.map(json)),
        (_, ["synchronized-groups"]) => groups(provisioning, exchange, body).await,
        _ => Err(no_operation()),
    }
}

async fn groups(
    provisioning: &DirectoryProvisioningHandle,
    exchange: &Exchange,
    body: &Value,
) -> Result<Outcome, Failure> {
    let listed = body["groups"].as_array().map(Vec::as_slice).unwrap_or_default();
    let selected: Vec<SelectedGroup> = listed.iter().map(group).collect::<Result<_, _>>()?;
    let groups = provisioning.groups();
    let done = match exchange.method.as_str() {
        "GET" => {
            let list = exchange.parameter("q").map_or_else(|| groups.list(), |query| groups.search(query));
            return Ok(read_page(list, exchange).await);
        }
        "PUT" => groups.replace(selected).await,
        "POST" => groups.add(selected).await,
        "DELETE" => groups.remove(selected.into_iter().map(|group| group.id)).await,
        _ => return Err("no operation has this method".into()),
    };
    Ok(done.map(|()| None))
}

fn group(group: &Value) -> Result<SelectedGroup, Failure> {
    let id: GroupId = group["id"].as_str().unwrap_or_default().parse()?;
    let mut selected = SelectedGroup::new(id);
    if let Some(name) = group["name"].as_str() {
        selected = selected.name(name);
    }
    if let Some(email) = group["email"].as_str() {
        selected = selected.email(email);
    }
    if let Some(members) = group["direct_members_count"].as_u64() {
        selected = selected.direct_members_count(members.try_into()?);
    }
    Ok(selected)
}

fn desired(body: &Value) -> Desired {
    let mut desired = Desired::default();
    if let Some(rows) = body["mapping"].as_array() {
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        desired = desired.mapping(rows.iter().map(|row| MappingItem::new(text(row, "auth0"), text(row, "idp"))));
    }
    if let Some(automatically) = body["synchronize_automatically"].as_bool() {
        desired = desired.synchronize_automatically(automatically);
    }
    if let Some(groups) = body["synchronize_groups"].as_str() {
        desired = desired.synchronize_groups(groups.into());
    }
    desired
}
