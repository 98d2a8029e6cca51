//! Where the operations of a document are called: the path of a server's URL comes before theirs.

use std::collections::BTreeSet;

use super::{METHODS, Place, Problem};

/// What is used of a server's URL, its variables at their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Server {
    /// Host and port in small letters; empty where the URL is relative.
    authority: String,
    /// Without a slash at the end.
    path: String,
}

/// The paths of the servers that a document or a part of it states, in order. The default of `OpenAPI` is `/`.
pub(crate) fn paths(owner: &Place<'_>) -> Result<Vec<String>, Problem> {
    Ok(read(owner)?.into_iter().map(|server| server.path).collect())
}

/// The path of the server at which an operation with servers of its own is called, without a slash at the end. Only a
/// server at the host of the document will do: a transport sends to one host.
pub(super) fn own_path(own: &Place<'_>, root: &Place<'_>) -> Result<String, Problem> {
    let hosts = hosts(root)?;
    let mut servers = read(own)?.into_iter();
    let found = servers.find(|server| server.authority.is_empty() || hosts.contains(&server.authority));
    found.map(|server| server.path).ok_or_else(|| {
        let what = "are servers at another host than the document's; call it through a transport for them";
        Problem::at(&own.pointer.child("servers"), what)
    })
}

/// The hosts of a document's servers; where it states none, the one that all of its operations state.
fn hosts(root: &Place<'_>) -> Result<BTreeSet<String>, Problem> {
    let authorities = |owner: &Place<'_>| -> Result<BTreeSet<String>, Problem> {
        let servers = read(owner)?.into_iter().map(|server| server.authority);
        Ok(servers.filter(|authority| !authority.is_empty()).collect())
    };
    let stated = authorities(root)?;
    if !stated.is_empty() {
        return Ok(stated);
    }
    let mut all = BTreeSet::new();
    for (_, item) in root.entries_of("paths")? {
        let operations = METHODS.iter().filter_map(|method| item.get(method));
        for owner in operations.chain([item.clone()]).filter(|owner| owner.value.is_object()) {
            all.extend(authorities(&owner)?);
        }
    }
    Ok(if all.len() == 1 { all } else { stated })
}

fn read(owner: &Place<'_>) -> Result<Vec<Server>, Problem> {
    let servers = owner.elements_of("servers")?;
    if servers.is_empty() {
        return Ok(vec![Server { authority: String::new(), path: String::new() }]);
    }
    servers.iter().map(server).collect()
}

fn server(server: &Place<'_>) -> Result<Server, Problem> {
    let mut url = server.text("url")?.unwrap_or_default().to_owned();
    for (name, variable) in server.entries_of("variables")? {
        let default = variable.get("default").or_else(|| variable.elements_of("enum").ok()?.into_iter().next());
        if let Some(default) = default {
            let text = default.value.as_str().map_or_else(|| default.value.to_string(), str::to_owned);
            url = url.replace(&format!("{{{name}}}"), &text);
        }
    }
    let (authority, path) = split(&url);
    let first = path.split('/').next().unwrap_or_default();
    let reason = if path.contains('{') {
        "has a variable without a default in its path"
    } else if authority.is_empty() && first.trim_start_matches('.').contains(['.', ':']) {
        "names a host without a scheme; begin it with `https://`"
    } else {
        return Ok(Server { authority: authority.to_lowercase(), path: normal(path) });
    };
    Err(server.problem(format!("the server {url:?} {reason}")))
}

/// Host and path of a URL.
fn split(url: &str) -> (&str, &str) {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let absolute = url.split_once("//").filter(|(scheme, _)| scheme.is_empty() || scheme.ends_with(':'));
    match absolute {
        Some((_, rest)) => rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash)),
        None => ("", url),
    }
}

/// A path as it is called: from the origin on, without a slash at the end.
fn normal(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.into_iter().fold(String::new(), |path, segment| path + "/" + segment)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::openapi::Document;

    fn first(servers: &Value) -> Result<String, String> {
        let document = Document { root: json!({ "servers": servers }) };
        let paths = paths(&Place::root(&document)).map_err(|problem| problem.to_string())?;
        Ok(paths.into_iter().next().unwrap())
    }

    #[test]
    fn path_of_the_first_server_is_called() {
        let variables =
            json!({"host": {"default": "{ANY}.example.com"}, "version": {"default": "v3"}, "n": {"enum": [4]}});
        for (url, path) in [
            ("https://api.example.com/v3", "/v3"),
            ("https://api.example.com/v3/", "/v3"),
            ("https://api.example.com:8443/a/b?x=1#y", "/a/b"),
            ("https://api.example.com", ""),
            ("https://api.example.com/", ""),
            ("//api.example.com/v3", "/v3"),
            ("/v3/", "/v3"),
            ("/", ""),
            ("./v3", "/v3"),
            ("https://api.example.com/a/../v3", "/v3"),
            ("https://{host}/{version}/{n}", "/v3/4"),
            ("https://api.example.com/v%203", "/v%203"),
        ] {
            assert_eq!(first(&json!([{"url": url, "variables": variables}])).as_deref(), Ok(path), "{url}");
        }
        assert_eq!(first(&json!([])).as_deref(), Ok(""));
    }

    #[test]
    fn names_servers_that_cannot_be_called() {
        for url in ["https://api.example.com/{version}", "api.example.com/v3"] {
            let problem = first(&json!([{ "url": url }])).unwrap_err();
            assert!(problem.starts_with("#/servers/0: the server"), "{problem}");
        }
    }
}
