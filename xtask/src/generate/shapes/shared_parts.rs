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
        path_template::PathTemplate,
        security::Security,
        servers,
    },
};

pub(super) const TRANSFORM: Transform = Transform { name: "shared-parts", apply: Apply::Noted(apply) };

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let mut paths = Map::new();
    let (mut places, mut warnings) = (0, Vec::new());
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
            match on_its_own(&site, &mut warnings) {
                Ok((operation, moved)) => {
                    places += moved;
                    paths.entry(site.path).or_insert_with(|| json!({}))[site.method] = operation;
                }
                Err(problem) => leave_out(site.name().id.unwrap_or_else(|| site.name().to_string()), &problem),
            }
        }
    }
    noted.warnings.append(&mut warnings);
    if let Ok(servers) = servers::paths(&Place::root(document))
        && let Some(other) = servers.iter().find(|path| **path != servers[0])
    {
        let chosen = &servers[0];
        noted
            .warnings
            .push(format!("the servers have several paths; operations are called below {chosen:?}, not {other:?}"));
    }
    document.root["paths"] = Value::Object(paths);
    places
}

/// Where the path of an operation's server is noted.
pub const BASE_PATH: &str = "x-base-path";
/// Where the query is noted that an operation always has.
pub const QUERY: &str = "x-query";

/// The operation with all that holds for it, and how much of that stands elsewhere.
fn on_its_own(site: &Site<'_>, warnings: &mut Vec<String>) -> Result<(Value, usize), Problem> {
    let own = Pointer::root().child("paths").child(site.path).child(site.method);
    let mut moved = usize::from(!site.operation.pointer.is_within(&own));
    let mut part = |place: Place<'_>| {
        moved += usize::from(!place.pointer.is_within(&own));
        place.value.clone()
    };
    let mut operation = site.operation.object()?.clone();
    Security::of(&site.operation)?;
    operation.insert(BASE_PATH.to_owned(), site.base_path()?.into());
    let mut parameters: Vec<Value> =
        site.parameters()?.into_iter().map(|(_, parameter)| part(parameter.place)).collect();
    operation.shift_remove("parameters");
    if let Some(query) = fixed_query(site, &mut parameters, warnings)? {
        operation.insert(QUERY.to_owned(), query.into());
    }
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

/// What the path of an operation says of its query. Parameters that stand there become parameters of the query, and those
/// that it fixes are left out.
fn fixed_query(
    site: &Site<'_>,
    parameters: &mut Vec<Value>,
    warnings: &mut Vec<String>,
) -> Result<Option<String>, Problem> {
    let template = PathTemplate::new(site.path);
    let problem = |what: String| site.operation.problem(what);
    for (key, name) in template.parameters {
        let of_this_name = |parameter: &&mut Value| {
            parameter["name"] == name && ["path", "query"].iter().any(|place| parameter["in"] == *place)
        };
        let parameter = parameters.iter_mut().find(of_this_name).ok_or_else(|| {
            problem(format!("has {{{name}}} in the query of its path, but no such parameter; declare it"))
        })?;
        if parameter["in"] == "path" {
            parameter["in"] = "query".into();
            parameter["required"] = true.into();
            parameter.as_object_mut().and_then(|parameter| parameter.shift_remove("style"));
        }
        parameter["name"] = key.into();
    }
    if let Some(piece) = template.fixed.iter().find(|piece| piece.contains(['{', '}'])) {
        return Err(problem(format!("has {piece:?} in the query of its path, of which only a part is a parameter")));
    }
    let key = |piece: &&str| piece.split('=').next().unwrap_or_default().to_owned();
    let keys: Vec<String> = template.fixed.iter().map(key).collect();
    parameters.retain(|parameter| {
        let is_fixed = parameter["in"] == "query" && keys.iter().any(|key| parameter["name"] == **key);
        if is_fixed {
            let what = format!("the parameter {} is left out, for the path says its value", parameter["name"]);
            warnings.push(problem(what).to_string());
        }
        !is_fixed
    });
    Ok((!template.fixed.is_empty()).then(|| template.fixed.join("&")))
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
                "x-base-path": "",
            }})
        );
    }

    #[test]
    fn servers_of_a_path_or_an_operation_count_where_they_are_at_the_host_of_the_document() {
        let servers = |urls: &[&str]| -> Value { urls.iter().map(|url| json!({"url": url})).collect() };
        let noted_at = |document: Value, path: &str| {
            let (mut document, mut noted) = (Document { root: document }, Noted::default());
            apply(&mut document, &mut noted);
            let base = document.root["paths"][path]["get"][BASE_PATH].as_str().map(ToOwned::to_owned);
            base.ok_or_else(|| noted.skipped.remove(0).reason)
        };
        let home = servers(&["https://api.example.com/v1/", "https://eu.example.com/v1"]);
        let document = json!({"servers": home, "paths": {
            "/plain": {"get": {}},
            "/path": {"servers": servers(&["https://API.example.com/v2/"]), "get": {}},
            "/operation": {"servers": servers(&["/v2"]), "get": {"servers": servers(&["https://files.example.com", "https://eu.example.com/v3"])}},
            "/empty": {"get": {"servers": []}},
            "/elsewhere": {"get": {"servers": servers(&["https://files.example.com/v1"])}},
        }});
        for (path, base) in [("/plain", "/v1"), ("/path", "/v2"), ("/operation", "/v3"), ("/empty", "/v1")] {
            assert_eq!(noted_at(document.clone(), path).as_deref(), Ok(base), "{path}");
        }
        let reason = noted_at(document, "/elsewhere").unwrap_err();
        assert!(reason.starts_with("#/paths/~1elsewhere/get/servers: are servers at another host"), "{reason}");
        let own = json!({"servers": servers(&["https://api.example.com/v4"])});
        let alone = json!({"paths": {"/a": {"get": own}, "/b": {"get": own}}});
        assert_eq!(noted_at(alone, "/a").as_deref(), Ok("/v4"));
        assert_eq!(noted_at(json!({"paths": {"/a": {"get": {}}}}), "/a").as_deref(), Ok(""));
    }

    #[test]
    fn query_of_a_path_takes_parameters_along() {
        let parameter = |place: &str, name: &str| json!({"in": place, "name": name});
        let of = |path: &str, parameters: Value| {
            let mut document = Document { root: json!({"paths": {path: {"get": {"parameters": parameters}}}}) };
            let mut noted = Noted::default();
            apply(&mut document, &mut noted);
            let operation = document.root["paths"][path]["get"].take();
            noted
                .skipped
                .pop()
                .map_or(Ok((operation["parameters"].clone(), operation[QUERY].clone())), |skipped| Err(skipped.reason))
        };
        let id = parameter("path", "id");
        assert_eq!(of("/a/{id}?b=1&c", json!([id])), Ok((json!([id]), json!("b=1&c"))));
        let moved = json!([{"in": "query", "name": "of", "required": true}]);
        assert_eq!(of("/a?of={id}", json!([id])), Ok((moved, Value::Null)));
        let page = json!([parameter("query", "page")]);
        assert_eq!(of("/a{?page}", page.clone()), Ok((page, Value::Null)));
        assert_eq!(of("/a?b=1", json!([parameter("query", "b")])), Ok((Value::Null, json!("b=1"))));
        assert!(of("/a?b={gone}", json!([id])).unwrap_err().contains("no such parameter"));
        assert!(of("/a?b=x{id}", json!([id])).unwrap_err().contains("of which only a part is a parameter"));
    }

    #[test]
    fn leaves_out_headers_that_have_no_meaning() {
        let header = |name: &str| json!({"in": "header", "name": name});
        let parameters = ["Accept", "authorization", "Content-Type"].map(header);
        let mut document = Document { root: json!({"paths": {"/a": {"get": {"parameters": parameters}}}}) };
        apply(&mut document, &mut Noted::default());
        assert_eq!(document.root["paths"]["/a"]["get"], json!({"x-base-path": ""}));
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
        let operation = json!({"x-base-path": ""});
        assert_eq!(document.root["paths"]["/a"], json!({"get": operation, "put": operation}));
        document.root["paths"]["/a"] = json!({"$ref": "#/components/pathItems/Gone"});
        let mut noted = Noted::default();
        apply(&mut document, &mut noted);
        let problem = &noted.skipped[0].reason;
        assert!(problem.starts_with("#/paths/~1a/$ref: `$ref` names"), "{problem}");
    }
}
