//! Reading files, with the files that they include by `!include PATH`.

use std::{
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
};

use serde_yaml_ng::{Mapping, Value, value::TaggedValue};

use super::{
    document,
    placeholders::{Mappings, VARIABLE},
};
use crate::{context::Context, failure::Failure, input::Input};

type Read<'a> = Pin<Box<dyn Future<Output = Result<Value, Failure>> + 'a>>;

/// The properties of a connection that are read. All others are left to the Deploy CLI.
const OF_CONNECTION: [&str; 5] =
    ["name", "strategy", "is_domain_connection", "directory_provisioning_configuration", "scim_configuration"];

/// The part of a file that a value is in.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    File,
    Connections,
    Connection,
    /// A property of a connection, or something in it.
    Inner,
}

/// Reads files. A file that is included in a part for the Deploy CLI is not opened.
pub(super) struct Reader<'a> {
    input: &'a Input,
    mappings: Mappings<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(context: &'a Context) -> Result<Self, Failure> {
        let environment = &context.environment;
        let mappings = Mappings::new(environment.variable(VARIABLE).as_deref(), |name| environment.variable(name));
        Ok(Self { input: &context.input, mappings: mappings.map_err(Failure::usage)? })
    }

    /// Returns the content of a file and of the files that it includes, without the parts for the Deploy CLI.
    pub(super) async fn read(&self, path: &Path) -> Result<serde_json::Value, Failure> {
        let mut value = self.file(path.to_owned(), Vec::new(), Part::File).await?;
        value.apply_merge().map_err(|error| at(path, &error.to_string()))?;
        serde_json::to_value(value).map_err(|error| at(path, &error.to_string()))
    }

    fn file(&self, path: PathBuf, mut within: Vec<PathBuf>, part: Part) -> Read<'_> {
        Box::pin(async move {
            let text = self.input.file(&path).await.map_err(|failure| match within.last() {
                Some(by) => failure.at(format!("{} includes", by.display())),
                None => failure,
            })?;
            if is_repeated(&path, &within) {
                within.push(path);
                let names: Vec<String> = within.iter().map(|path| path.display().to_string()).collect();
                return Err(Failure::usage(format!("files include each other in a circle: {}", names.join(" -> ")))
                    .remedy("remove one of the !include"));
            }
            let value = document::parse(&self.mappings.replace(&text)).map_err(|what| at(&path, &what))?;
            within.push(path);
            self.resolve(value, within, part).await
        })
    }

    /// Resolves the includes in a value. `within` are the files from the first one to the file of the value.
    fn resolve(&self, value: Value, within: Vec<PathBuf>, part: Part) -> Read<'_> {
        Box::pin(async move {
            match value {
                Value::Tagged(tagged) => {
                    let path = included(&tagged, &within)?;
                    self.file(path, within, part).await
                }
                Value::Sequence(items) => {
                    let of_items = if part == Part::Connections { Part::Connection } else { part };
                    let mut resolved = Vec::with_capacity(items.len());
                    for item in items {
                        resolved.push(self.resolve(item, within.clone(), of_items).await?);
                    }
                    Ok(Value::Sequence(resolved))
                }
                Value::Mapping(properties) => {
                    let mut resolved = Mapping::with_capacity(properties.len());
                    for (name, value) in properties {
                        if let Some(inner) = name.as_str().map_or(Some(Part::Inner), |name| part_of(part, name)) {
                            resolved.insert(name, self.resolve(value, within.clone(), inner).await?);
                        }
                    }
                    Ok(Value::Mapping(resolved))
                }
                other => Ok(other),
            }
        })
    }
}

/// Returns the part of a property within another part, or `None` if it is left to the Deploy CLI.
fn part_of(part: Part, name: &str) -> Option<Part> {
    match (part, name) {
        // Properties that are merged into this object.
        (_, "<<") => Some(part),
        (Part::File, "connections") => Some(Part::Connections),
        // A file can be one connection.
        (Part::File | Part::Connection, name) => OF_CONNECTION.contains(&name).then_some(Part::Inner),
        (Part::Connections | Part::Inner, _) => Some(Part::Inner),
    }
}

fn included(tagged: &TaggedValue, within: &[PathBuf]) -> Result<PathBuf, Failure> {
    let file = within.last().map_or_else(|| Path::new("-"), PathBuf::as_path);
    if tagged.tag != "include" {
        return Err(at(file, &format!("the tag {} is unknown", tagged.tag)));
    }
    let path = tagged.value.as_str().filter(|path| !path.is_empty());
    let path = path.ok_or_else(|| at(file, "!include needs the path of a file"))?;
    Ok(file.parent().unwrap_or_else(|| Path::new("")).join(path))
}

/// Returns whether a file is one of those that include it.
fn is_repeated(path: &Path, within: &[PathBuf]) -> bool {
    let place = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let there = place(path);
    within.iter().any(|path| place(path) == there)
}

pub(super) fn at(path: &Path, what: &str) -> Failure {
    Failure::usage(format!("{}: {what}", path.display()))
        .remedy("check it against the JSON Schema that `a0p schema` prints")
}
