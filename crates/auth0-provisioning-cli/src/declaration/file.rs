//! Reading files in JSON or YAML, and folders that the Deploy CLI exported.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    include::{Reader, at},
    model::{Declaration, DeclaredConnection},
    placeholders::{self, NO_VALUE, VARIABLE},
};
use crate::{context::Context, failure::Failure};

/// Properties of responses, which an exported file can have. They do not describe a desired state.
const OF_RESPONSES: [&str; 12] = [
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

/// Reads files and folders into one declaration.
pub(crate) async fn read(paths: &[impl AsRef<Path>], context: &Context) -> Result<Declaration, Failure> {
    let reader = Reader::new(context)?;
    let mut declaration = Declaration::default();
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in paths {
        let path = path.as_ref();
        let mut files = vec![path.to_owned()];
        if path.is_dir() {
            files = files_of_folder(path)?;
        }
        for file in files {
            let document = reader.read(&file).await?;
            for connection in connections(document).map_err(|what| at(&file, &what))? {
                if let Some(before) = seen.insert(connection.name.clone(), file.clone()) {
                    return Err(duplicate(&connection.name, &before, &file));
                }
                declaration.connections.push(connection);
            }
        }
    }
    Ok(declaration)
}

fn duplicate(name: &str, one: &Path, other: &Path) -> Failure {
    let place = if one == other { String::new() } else { format!(", and in {}", one.display()) };
    Failure::usage(format!("{}: the connection `{name}` is there twice{place}", other.display()))
        .remedy("remove one of them")
}

/// Returns the files of an exported folder, which are in `connections` or in the folder itself.
fn files_of_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
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

/// Returns the connections of a file, which is an object with `connections`, or one connection.
fn connections(mut document: Value) -> Result<Vec<DeclaredConnection>, String> {
    let is_one = document.get("connections").is_none() && document.get("name").is_some();
    if is_one {
        return Ok(vec![connection(&mut document, "")?]);
    }
    if let Some(what) =
        document.get("connections").filter(|it| it.is_string()).and_then(|it| unreplaced(it, "connections"))
    {
        return Err(what);
    }
    let connections = document.get_mut("connections").and_then(Value::as_array_mut);
    let connections = connections.ok_or("there is no list `connections` in it")?;
    let read =
        connections.iter_mut().enumerate().map(|(number, value)| connection(value, &format!("connections[{number}]")));
    read.collect()
}

fn remove_response_properties(connection: &mut Value) {
    for part in ["directory_provisioning_configuration", "scim_configuration"] {
        if let Some(part) = connection.get_mut(part).and_then(Value::as_object_mut) {
            part.retain(|name, _| !OF_RESPONSES.contains(&name.as_str()));
        }
    }
}

/// Returns the problem of a placeholder that is not replaced, or of a property without a value.
fn unreplaced(value: &Value, place: &str) -> Option<String> {
    let (place, placeholder) = placeholders::left_over(value, place)?;
    if placeholder == NO_VALUE {
        return Some(format!(
            "{place}: there is no value; write null to delete the configuration, or remove the property"
        ));
    }
    let place = if place.is_empty() { "the file" } else { &place };
    let name = placeholder.trim_matches(['#', '@']);
    Some(format!(
        "{place}: nothing replaces {placeholder}; set {name} in {VARIABLE} or, without that variable, in the environment"
    ))
}

fn connection(value: &mut Value, place: &str) -> Result<DeclaredConnection, String> {
    remove_response_properties(value);
    if let Some(what) = unreplaced(value, place) {
        return Err(what);
    }
    let connection: DeclaredConnection = serde_path_to_error::deserialize(&*value).map_err(|error| {
        let path = error.path().to_string();
        let within = if path == "." { String::new() } else { path };
        let dot = if place.is_empty() || within.is_empty() { "" } else { "." };
        format!("{place}{dot}{within}: {}", error.inner())
    })?;
    let of = |part: &str| format!("{place}.{part}").trim_start_matches('.').to_owned();
    if let Some(Some(directory)) = &connection.directory_provisioning_configuration {
        let part = of("directory_provisioning_configuration");
        directory.desired().validate().map_err(|error| format!("{part}: {error}"))?;
        directory.selection().map_err(|error| format!("{part}.synchronized_groups: {error}"))?;
    }
    if let Some(Some(scim)) = &connection.scim_configuration {
        scim.desired().validate().map_err(|error| format!("{}: {error}", of("scim_configuration")))?;
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::{super::document, *};

    fn parse(text: &str) -> Result<Vec<DeclaredConnection>, String> {
        let document = document::parse(text)?;
        connections(serde_json::to_value(document).map_err(|error| error.to_string())?)
    }

    #[test]
    fn reads_files_of_the_deploy_cli() {
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
        let read = parse(yaml).unwrap();
        let directory = read[0].directory_provisioning_configuration.clone().unwrap().unwrap();
        assert_eq!(directory.desired().synchronize_automatically, Some(true));
        assert_eq!(read[1].scim_configuration, Some(None));
        assert_eq!(read[1].directory_provisioning_configuration, None);
    }

    #[test]
    fn false_is_the_mode_off() {
        let file = |groups: &str| {
            format!(
                r#"{{ "name": "a", "directory_provisioning_configuration": {{ "synchronize_groups": {groups} }} }}"#
            )
        };
        let (boolean, text) = (parse(&file("false")).unwrap(), parse(&file(r#""off""#)).unwrap());
        assert_eq!(boolean, text);
        let error = parse(&file("true")).unwrap_err();
        assert!(error.contains("`true` is none of `all`, `off`, `selected`"), "{error}");
    }

    #[test]
    fn reads_file_with_one_connection() {
        let read = parse(r#"{ "name": "acme", "strategy": "google-apps" }"#).unwrap();
        assert_eq!(read[0].name, "acme");
    }

    #[test]
    fn errors_name_the_place() {
        let directory = |properties: &str| {
            format!(
                r#"{{ "connections": [{{ "name": "a", "directory_provisioning_configuration": {{ {properties} }} }}] }}"#
            )
        };
        for (text, expected) in [
            (directory(r#""synchronise_groups": "all""#), "connections[0].directory_provisioning_configuration"),
            (directory(r#""synchronise_groups": "all""#), "unknown field `synchronise_groups`"),
            (directory(r#""synchronize_groups": "some""#), "`some` is none of `all`, `off`, `selected`"),
            (directory(r#""mapping": []"#), "directory_provisioning_configuration"),
            (directory(r#""synchronized_groups": [{ "id": "g-1" }]"#), "synchronized_groups"),
            (
                directory(r#""synchronized_groups": [{ "id": "g1", "name": "A" }, { "id": "g1", "name": "B" }]"#),
                "connections[0].directory_provisioning_configuration.synchronized_groups: the group g1 is there twice",
            ),
            (r#"{ "connections": [{ "name": "a-##ENV##" }] }"#.to_owned(), "AUTH0_KEYWORD_REPLACE_MAPPINGS"),
            (
                directory("\"mapping\": [{ \"auth0\": \"email\", \"idp\": \"##ATTRIBUTE##\" }]"),
                "mapping[0].idp: nothing replaces ##ATTRIBUTE##",
            ),
            (directory(r#""synchronize_groups": "all", "synchronize_groups": "off""#), "duplicate entry"),
            ("connections: []\nconnections: []\n".to_owned(), "duplicate entry"),
            (
                r#"{ "connections": [{ "name": "a", "scim_configuration": { "user_id_attribute": "" } }] }"#.to_owned(),
                "connections[0].scim_configuration: user_id_attribute is empty",
            ),
            ("connections: [null]".to_owned(), "connections[0]: invalid type: null, expected a connection"),
            (directory(r#""mapping": [1]"#), "expected a row with auth0 and idp"),
            ("connections: [".to_owned(), "line 2"),
            ("clients: []".to_owned(), "no list `connections`"),
        ] {
            let error = parse(&text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
