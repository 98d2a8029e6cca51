//! From a recorded request to the call that should send it.

use auth0_provisioning::Client;
use serde_json::Value;

use super::{
    Failure, around,
    exchange::Exchange,
    outcome::{Outcome, read_page},
    provisioning,
};

/// Makes the call that should send this request.
pub(crate) async fn call(client: &Client, exchange: &Exchange) -> Result<Outcome, Failure> {
    let (path, _) = exchange.target();
    let path = path.strip_prefix("/api/v2/").ok_or("the path is not below /api/v2")?;
    let segments: Vec<_> = path.split('/').map(decoded).collect();
    let segments: Vec<_> = segments.iter().map(String::as_str).collect();
    let body: Value = if exchange.request.is_empty() { Value::Null } else { serde_json::from_str(&exchange.request)? };
    let known =
        ["from", "take", "q", "strategy", "name", "connection_id", "external_id", "search", "sort", "page", "per_page"];
    if let Some(name) = exchange.names_of_parameters().into_iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("no call sends the parameter {name}").into());
    }
    match segments[..] {
        ["connections-directory-provisionings"] => Ok(read_page(client.directory_provisionings(), exchange).await),
        ["connections", id, "directory-provisioning", ref rest @ ..] => {
            provisioning::call(&client.directory_provisioning(&id.parse()?), exchange, rest, &body).await
        }
        ["connections", id, "scim-configuration", ref rest @ ..] => {
            around::scim(&client.scim(&id.parse()?), exchange, rest, &body).await
        }
        ["connections-scim-configurations"] => Ok(read_page(client.scim_configurations(), exchange).await),
        ["connections"] => around::connections(client, exchange, body).await,
        ["connections", id, ref rest @ ..] => {
            around::connection(&client.connection(&id.parse()?), exchange, rest, body).await
        }
        ["groups"] => around::groups(client, exchange).await,
        ["groups", id, ref rest @ ..] => around::group(&client.group(id), exchange, rest, &body).await,
        ["users", id, "groups"] => Ok(read_page(client.groups_of_user(id), exchange).await),
        ["logs", ref rest @ ..] => around::logs(&client.logs(), exchange, rest).await,
        _ => Err("no operation has this path".into()),
    }
}

/// A segment of a path, decoded as a pair of a form would be; a plus stays one.
fn decoded(segment: &str) -> String {
    let form = format!("segment={}", segment.replace('+', "%2B"));
    let url = reqwest::Url::parse(&format!("http://tenant.example.com/?{form}"));
    url.ok().and_then(|url| Some(url.query_pairs().next()?.1.into_owned())).unwrap_or_else(|| segment.to_owned())
}
