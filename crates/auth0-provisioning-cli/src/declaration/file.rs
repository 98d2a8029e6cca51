//! Reading files in JSON or YAML, and folders that the Deploy CLI exported.

use std::path::Path;

use serde_json::Value;

use super::{
    model::{Declaration, DeclaredConnection},
    placeholders,
};
use crate::{context::Context, failure::Failure};

/// Members that the API answers, and that an exported file may hold. They say nothing about what is desired.
const OF_ANSWERS: [&str; 12] = [
    "connection_id",
    "connection_name",
    "strategy",
    "tenant_name",
    "created_at",
    "updated_at",
    "updated_on",
    "last_synchronization_at",
    "last_synchronization_status",
    "last_synchronization_error",
    "id",
    "tokens",
];

/// Reads files and folders, and puts them together.
pub(crate) async fn read(paths: &[impl AsRef<Path>], context: &Context) -> Result<Declaration, Failure> {
    let mut declaration = Declaration::default();
    for path in paths {
        let path = path.as_ref();
        let mut files = vec![path.to_owned()];
        if path.is_dir() {
            files = files_of_folder(path)?;
        }
        for file in files {
            let text = context.read(&file).await?;
            let mappings = context.env("AUTH0_KEYWORD_REPLACE_MAPPINGS");
            let read = parse(&text, mappings.as_deref());
            let read = read.map_err(|what| {
                Failure::usage(format!("{}: {what}", file.display())).remedy("`a0p schema` prints what a file may hold")
            })?;
            declaration.connections.extend(read.connections);
        }
    }
    let mut names: Vec<&str> = declaration.connections.iter().map(|connection| connection.name.as_str()).collect();
    names.sort_unstable();
    let mut neighbours = names.iter().zip(names.iter().skip(1));
    if let Some((twice, _)) = neighbours.find(|(one, other)| one == other) {
        return Err(Failure::usage(format!("the connection `{twice}` is there twice")).remedy("remove one of them"));
    }
    Ok(declaration)
}

/// The files of an export to a folder: `connections/NAME.json`, in the folder or above them.
fn files_of_folder(folder: &Path) -> Result<Vec<std::path::PathBuf>, Failure> {
    let inner = folder.join("connections");
    let place = if inner.is_dir() { inner } else { folder.to_owned() };
    let unreadable = |error: std::io::Error| Failure::of_file(&place, &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&place).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "json" || extension == "yaml" || extension == "yml") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(format!("{}: there are no files of connections", place.display()))
            .remedy("give a folder that the Deploy CLI exported, or a file"));
    }
    Ok(files)
}

/// Reads one file: an object with `connections`, or one connection.
fn parse(text: &str, mappings: Option<&str>) -> Result<Declaration, String> {
    let text = placeholders::replace(text, mappings)?;
    let mut document: Value = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| error.to_string())?
    } else {
        serde_yaml_ng::from_str(&text).map_err(|error| error.to_string())?
    };
    let is_one = document.get("connections").is_none() && document.get("name").is_some();
    if is_one {
        forget_answers(&mut document);
        let connection: DeclaredConnection = strict(&document, "")?;
        return Ok(Declaration { connections: vec![connection] });
    }
    let connections = document.get_mut("connections").and_then(Value::as_array_mut);
    let connections = connections.ok_or("there is no list `connections` in it")?;
    let read = connections.iter_mut().enumerate().map(|(number, connection)| {
        forget_answers(connection);
        strict(connection, &format!("connections[{number}]"))
    });
    Ok(Declaration { connections: read.collect::<Result<_, _>>()? })
}

fn forget_answers(connection: &mut Value) {
    for part in ["directory_provisioning_configuration", "scim_configuration"] {
        if let Some(part) = connection.get_mut(part).and_then(Value::as_object_mut) {
            part.retain(|name, _| !OF_ANSWERS.contains(&name.as_str()));
        }
    }
}

fn strict(value: &Value, place: &str) -> Result<DeclaredConnection, String> {
    let connection: DeclaredConnection = serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let within = if path == "." { String::new() } else { path };
        let dot = if place.is_empty() || within.is_empty() { "" } else { "." };
        format!("{place}{dot}{within}: {}", error.inner())
    })?;
    if let Some(name) = placeholders::left_over(&connection.name) {
        return Err(format!("{place}: nothing takes the place of `{name}`; set it in AUTH0_KEYWORD_REPLACE_MAPPINGS"));
    }
    if let Some(Some(directory)) = &connection.directory_provisioning_configuration {
        let part = || format!("{place}.directory_provisioning_configuration").trim_start_matches('.').to_owned();
        directory.desired().validate().map_err(|error| format!("{}: {error}", part()))?;
        directory.selection().map_err(|error| format!("{}.synchronized_groups: {error}", part()))?;
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_deploy_cli_writes_is_read() {
        let yaml = "
clients: []
connections:
  - name: acme-workspace
    strategy: google-apps
    options: { domain: acme.example }
    directory_provisioning_configuration:
      connection_id: con_0123456789abcdef
      created_at: '2026-05-05T12:00:00.000Z'
      synchronize_groups: off
      synchronize_automatically: true
      mapping:
        - { auth0: email, idp: primaryEmail }
  - name: acme-okta
    strategy: okta
    scim_configuration: null
";
        let read = parse(yaml, None).unwrap();
        let directory = read.connections[0].directory_provisioning_configuration.clone().unwrap().unwrap();
        assert_eq!(directory.desired().synchronize_automatically, Some(true));
        assert_eq!(read.connections[1].scim_configuration, Some(None));
        assert_eq!(read.connections[1].directory_provisioning_configuration, None);
    }

    #[test]
    fn off_may_have_become_a_boolean() {
        let file = |groups: &str| {
            format!(
                r#"{{ "name": "a", "directory_provisioning_configuration": {{ "synchronize_groups": {groups} }} }}"#
            )
        };
        let (boolean, text) = (parse(&file("false"), None).unwrap(), parse(&file(r#""off""#), None).unwrap());
        assert_eq!(boolean, text);
        let error = parse(&file("true"), None).unwrap_err();
        assert!(error.contains("expected one of `all`, `off`, `selected`"), "{error}");
    }

    #[test]
    fn one_connection_alone_is_a_file_too() {
        let read = parse(r#"{ "name": "acme", "strategy": "google-apps" }"#, None).unwrap();
        assert_eq!(read.connections[0].name, "acme");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let directory = |members: &str| {
            format!(
                r#"{{ "connections": [{{ "name": "a", "directory_provisioning_configuration": {{ {members} }} }}] }}"#
            )
        };
        for (text, expected) in [
            (directory(r#""synchronise_groups": "all""#), "connections[0].directory_provisioning_configuration"),
            (directory(r#""synchronise_groups": "all""#), "unknown field `synchronise_groups`"),
            (directory(r#""synchronize_groups": "some""#), "unknown variant `some`"),
            (directory(r#""mapping": []"#), "directory_provisioning_configuration"),
            (directory(r#""synchronized_groups": [{ "id": "g-1" }]"#), "synchronized_groups"),
            (r#"{ "connections": [{ "name": "a-##ENV##" }] }"#.to_owned(), "AUTH0_KEYWORD_REPLACE_MAPPINGS"),
            ("connections: [".to_owned(), "line 2"),
            ("clients: []".to_owned(), "no list `connections`"),
        ] {
            let error = parse(&text, None).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
