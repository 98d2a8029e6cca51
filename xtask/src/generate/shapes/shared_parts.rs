//! Each operation stands on its own: path items, parameters, bodies and responses behind a `$ref`, and what the path
//! item or the document says for all operations, are put into it, so that later steps meet references to schemas only.
//!
//! Step 2 of `OUTLINE`.

use serde_json::{Map, Value, json};

use super::{Apply, Noted, Transform};
use crate::{
    generate::noted::Skipped,
    openapi::{
        Document, Place, Pointer, Problem,
        operation::{Site, sites_at},
        security::Security,
    },
};

pub(super) const TRANSFORM: Transform = Transform { name: "shared-parts", apply: Apply::Noted(apply) };

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let mut paths = Map::new();
    let mut places = 0;
    let items = Place::root(document).entries_of("paths").unwrap_or_default();
    for (path, item) in items.into_iter().filter(|(path, _)| !path.starts_with("x-")) {
        let mut leave_out = |operation: String, problem: &Problem| {
            noted.skipped.push(Skipped { operation, reason: problem.to_string() });
        };
        let sites = sites_at(path, item).unwrap_or_else(|problem| {
            leave_out(path.to_owned(), &problem);
            Vec::new()
        });
        for site in sites {
            match on_its_own(&site) {
                Ok((operation, moved)) => {
                    places += moved;
                    paths.entry(site.path).or_insert_with(|| json!({}))[site.method] = operation;
                }
                Err(problem) => leave_out(site.name().id.unwrap_or_else(|| site.name().to_string()), &problem),
            }
        }
    }
    document.root["paths"] = Value::Object(paths);
    places
}

/// The operation with all that holds for it, and how much of that stands elsewhere.
fn on_its_own(site: &Site<'_>) -> Result<(Value, usize), Problem> {
    let own = Pointer::root().child("paths").child(site.path).child(site.method);
    let mut moved = usize::from(!site.operation.pointer.is_within(&own));
    let mut part = |place: Place<'_>| {
        moved += usize::from(!place.pointer.is_within(&own));
        place.value.clone()
    };
    let mut operation = site.operation.object()?.clone();
    Security::of(&site.operation)?;
    if let Some(servers) = site.own_servers() {
        return Err(servers.problem(
            "are servers of its own, which the transport does not know; call it through a transport for them",
        ));
    }
    let parameters: Vec<Value> = site.parameters()?.into_iter().map(|(_, parameter)| part(parameter.place)).collect();
    operation.shift_remove("parameters");
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(body) = site.body()? {
        operation.insert("requestBody".to_owned(), part(body));
    }
    if operation.contains_key("responses") {
        let responses = site.responses()?.into_iter();
        operation["responses"] = responses.map(|(status, response)| (status.to_owned(), part(response))).collect();
    }
    if !operation.contains_key("security")
        && let Some(security) = site.operation.top().get("security")
    {
        operation.insert("security".to_owned(), part(security));
    }
    Ok((Value::Object(operation), moved))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn puts_parameters_bodies_and_responses_into_the_operation() {
        let mut document = Document {
            root: json!({
                "security": [{"token": []}],
                "paths": {"/a/{id}": {
                    "parameters": [{"$ref": "#/components/parameters/Id"}, {"in": "query", "name": "q", "description": "item"}],
                    "post": {
                        "parameters": [{"in": "query", "name": "q", "description": "own"}],
                        "requestBody": {"$ref": "#/components/requestBodies/B"},
                        "responses": {"200": {"$ref": "#/components/responses/R"}},
                    },
                }},
                "components": {
                    "parameters": {"Id": {"in": "path", "name": "id"}},
                    "requestBodies": {"B": {"content": {}}},
                    "responses": {"R": {"description": "fine"}},
                },
            }),
        };
        assert_eq!(apply(&mut document, &mut Noted::default()), 4);
        assert_eq!(
            document.root["paths"]["/a/{id}"],
            json!({"post": {
                "parameters": [{"in": "path", "name": "id"}, {"in": "query", "name": "q", "description": "own"}],
                "requestBody": {"content": {}},
                "responses": {"200": {"description": "fine"}},
                "security": [{"token": []}],
            }})
        );
    }

    #[test]
    fn leaves_out_headers_that_have_no_meaning() {
        let header = |name: &str| json!({"in": "header", "name": name});
        let parameters = ["Accept", "authorization", "Content-Type"].map(header);
        let mut document = Document { root: json!({"paths": {"/a": {"get": {"parameters": parameters}}}}) };
        apply(&mut document, &mut Noted::default());
        assert_eq!(document.root["paths"]["/a"]["get"], json!({}));
    }

    #[test]
    fn names_a_part_that_is_not_there() {
        let mut document = Document {
            root: json!({"paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}}}}),
        };
        let mut noted = Noted::default();
        apply(&mut document, &mut noted);
        let problem = &noted.skipped[0].reason;
        assert!(problem.starts_with("#/paths/~1a/get/responses/200/$ref: `$ref` names"), "{problem}");
    }

    #[test]
    fn puts_path_items_in_place() {
        let mut document = Document {
            root: json!({
                "paths": {"/a": {"$ref": "#/components/pathItems/A", "put": {}}},
                "components": {"pathItems": {"A": {"get": {}}}},
            }),
        };
        assert_eq!(apply(&mut document, &mut Noted::default()), 1);
        assert_eq!(document.root["paths"]["/a"], json!({"get": {}, "put": {}}));
        document.root["paths"]["/a"] = json!({"$ref": "#/components/pathItems/Gone"});
        let mut noted = Noted::default();
        apply(&mut document, &mut noted);
        let problem = &noted.skipped[0].reason;
        assert!(problem.starts_with("#/paths/~1a/$ref: `$ref` names"), "{problem}");
    }
}
