//! progenitor gets each operation at a path of its own, made of the arguments that fill the real one: how a request is
//! sent is up to the rewriter, and no two templates meet.
//!
//! Step 4 of `TYPES`.

use serde_json::{Map, Value, json};

use super::{Apply, Transform};
use crate::openapi::{Document, METHODS, path_template::PathTemplate};

pub(super) const TRANSFORM: Transform = Transform { name: "own-paths", apply: Apply::Always(apply) };

/// Where the path of an operation is noted.
pub const PATH: &str = "x-path";
/// Where the method of an operation is noted.
pub const VERB: &str = "x-verb";

fn apply(document: &mut Document) -> usize {
    let mut paths = Map::new();
    for (path, item) in document.root["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let mut operation = operation.clone();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let arguments = parameters.filter(|parameter| parameter["in"] == "path");
            let arguments = arguments.filter_map(|parameter| parameter["name"].as_str());
            let arguments = arguments.fold(String::new(), |path, name| path + "/{" + name + "}");
            let own = format!("/{}{arguments}", paths.len());
            operation[PATH] = PathTemplate::new(path).path.into();
            operation[VERB] = method.into();
            paths.insert(own, json!({"post": operation}));
        }
    }
    let places = paths.len();
    document.root["paths"] = Value::Object(paths);
    places
}
