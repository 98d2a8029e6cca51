//! The entry of the contract for an operation: the structure of the official document, and marks where prose is missing.

use serde_json::{Map, Value, json};

use crate::openapi::Problem;

/// Marks a text that a person has to write. The contract is refused while it has one.
pub const TODO: &str = "TODO";

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Members of a schema that are prose, or that only Auth0's own generators read.
fn is_prose(member: &str) -> bool {
    matches!(member, "description" | "summary" | "title" | "example" | "examples") || member.starts_with("x-")
}

/// What the other places of the project need of the new operation.
#[derive(Debug)]
pub struct Entry {
    /// The operation id, as Auth0 writes it.
    pub id: String,
    /// Method and path.
    pub route: String,
    /// The tag, which names the area.
    pub tag: String,
    /// The required scopes; one of them is enough.
    pub scopes: Vec<String>,
    /// The id of the operation of the contract that is nearest by its path.
    pub nearest: String,
    /// Components that came along.
    pub components: Vec<String>,
}

impl Entry {
    /// Adds an operation of an official document to the contract.
    ///
    /// # Errors
    ///
    /// The document does not have it, or the contract has it already.
    pub fn add(route: &str, official: &Value, contract: &mut Value) -> Result<Self, Problem> {
        let usage = || Problem::new(format!("{route:?} is no method and path; try: 'DELETE /groups/{{id}}'"));
        let (method, path) = route.split_once(' ').ok_or_else(usage)?;
        let method = method.to_lowercase();
        if !METHODS.contains(&method.as_str()) || !path.starts_with('/') {
            return Err(usage());
        }
        if contract["paths"][path].get(&method).is_some() {
            return Err(Problem::new(format!("the contract has {route} already")));
        }
        let found = &official["paths"][path];
        let Some(operation) = found.get(&method) else {
            return Err(Problem::new(format!("the document has no {route}; it has {}", similar(path, official))));
        };
        let Some(id) = operation["operationId"].as_str().map(str::to_owned) else {
            return Err(Problem::new(format!("{route} has no operation id")));
        };
        let (nearest_path, nearest) = nearest(path, contract)?;
        let tag = nearest["tags"][0].as_str().unwrap_or_default().to_owned();
        let scopes = scopes(operation);

        let mut entry = json!({
            "operationId": id, "summary": TODO, "description": TODO, "tags": [tag],
        });
        let path_parameters = parameters(path, &[&found["parameters"], &operation["parameters"]], contract, "path");
        let others = parameters(path, &[&found["parameters"], &operation["parameters"]], contract, "query");
        if !others.is_empty() {
            entry["parameters"] = others.clone().into();
        }
        if let Some(body) = operation.get("requestBody") {
            entry["requestBody"] = structure(body);
        }
        entry["responses"] = responses(operation, !path_parameters.is_empty(), !others.is_empty());
        entry["security"] = json!([{ "bearerAuth": [] }, { "oAuth2ClientCredentials": scopes }]);
        let components = components(&entry, official, contract);

        let flow =
            &mut contract["components"]["securitySchemes"]["oAuth2ClientCredentials"]["flows"]["clientCredentials"];
        for scope in &scopes {
            if flow["scopes"].get(scope).is_none() {
                flow["scopes"][scope] = TODO.into();
            }
        }
        let nearest = nearest["operationId"].as_str().unwrap_or_default().to_owned();
        insert(contract, path, &nearest_path, path_parameters, &method, entry);
        Ok(Self { id, route: route.to_owned(), tag, scopes, nearest, components })
    }
}

fn similar(path: &str, official: &Value) -> String {
    let first = path.split('/').nth(1).unwrap_or_default();
    let paths = official["paths"].as_object().into_iter().flatten();
    let near = paths.filter(|(known, _)| known.split('/').nth(1) == Some(first));
    let routes: Vec<_> = near
        .flat_map(|(path, item)| {
            let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    if routes.is_empty() { "no path that begins like this".to_owned() } else { routes.join(", ") }
}

/// The operation of the contract whose path has the most segments in common with this one.
fn nearest(path: &str, contract: &Value) -> Result<(String, Value), Problem> {
    let wanted: Vec<&str> = path.split('/').filter(|segment| !segment.starts_with('{')).collect();
    let common =
        |known: &str| known.split('/').filter(|segment| !segment.starts_with('{') && wanted.contains(segment)).count();
    let paths = contract["paths"].as_object().into_iter().flatten();
    let best = paths.rev().max_by_key(|(known, _)| common(known));
    let operation = best.and_then(|(path, item)| {
        let operation = METHODS.iter().rev().find_map(|method| item.get(*method))?;
        Some((path.clone(), operation.clone()))
    });
    operation.ok_or_else(|| Problem::new("the contract has no operation"))
}

fn scopes(operation: &Value) -> Vec<String> {
    let requirements = operation["security"].as_array().into_iter().flatten();
    let scopes = requirements.filter_map(|requirement| requirement["oAuth2ClientCredentials"].as_array()).flatten();
    scopes.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The parameters of one place. What the contract describes already is a reference.
fn parameters(path: &str, lists: &[&Value], contract: &Value, place: &str) -> Vec<Value> {
    let all = lists.iter().filter_map(|list| list.as_array()).flatten();
    let all = all.filter(|parameter| parameter["in"] == place);
    all.map(|parameter| {
        let own = structure(parameter);
        let known = if place == "path" { of_path(path, &own, contract) } else { of_query(&own, contract) };
        known.unwrap_or_else(|| marked(own))
    })
    .collect()
}

/// The reference by which a path with the same beginning has this parameter.
fn of_path(path: &str, parameter: &Value, contract: &Value) -> Option<Value> {
    let segment = format!("{{{}}}", parameter["name"].as_str()?);
    let beginning = &path[..path.find(&segment)? + segment.len()];
    let items = contract["paths"].as_object()?.iter().filter(|(known, _)| known.starts_with(beginning));
    let references = items.filter_map(|(_, item)| item["parameters"].as_array()).flatten();
    references.into_iter().find(|reference| resolved(reference, contract)["name"] == parameter["name"]).cloned()
}

fn of_query(parameter: &Value, contract: &Value) -> Option<Value> {
    let mut known = contract["components"]["parameters"].as_object()?.iter();
    let (name, _) = known.find(|(_, known)| structure(known) == *parameter)?;
    Some(json!({ "$ref": format!("#/components/parameters/{name}") }))
}

fn resolved<'a>(value: &'a Value, contract: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|target| contract.pointer(target.strip_prefix('#')?));
    target.unwrap_or(value)
}

/// A copy without prose.
fn structure(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !is_prose(name));
            kept.map(|(name, member)| {
                let member = match (name.as_str(), member) {
                    // Names of properties, not members of a schema.
                    ("properties", Value::Object(properties)) => {
                        let properties =
                            properties.iter().map(|(name, schema)| (name.clone(), marked(structure(schema))));
                        Value::Object(properties.collect())
                    }
                    _ => structure(member),
                };
                (name.clone(), member)
            })
            .collect::<Map<_, _>>()
            .into()
        }
        Value::Array(items) => items.iter().map(structure).collect(),
        other => other.clone(),
    }
}

/// The same with a description to write. A reference has the description of what it refers to.
fn marked(mut schema: Value) -> Value {
    if schema.get("$ref").is_none() {
        schema["description"] = TODO.into();
    }
    schema
}

fn responses(operation: &Value, has_path_parameters: bool, has_query: bool) -> Value {
    let official = operation["responses"].as_object().into_iter().flatten();
    official
        .map(|(status, response)| {
            (status.clone(), self::response(status, response, operation, has_path_parameters, has_query))
        })
        .collect::<Map<_, _>>()
        .into()
}

fn response(status: &str, official: &Value, operation: &Value, has_path_parameters: bool, has_query: bool) -> Value {
    let headers = ["limit", "remaining", "reset"].map(|name| {
        let component = format!("RateLimit{}{}", name[..1].to_uppercase(), &name[1..]);
        (format!("x-ratelimit-{name}"), json!({ "$ref": format!("#/components/headers/{component}") }))
    });
    let mut response = json!({ "description": TODO, "headers": Map::from_iter(headers) });
    let causes: &[&str] = match status {
        "401" => return json!({ "$ref": "#/components/responses/Unauthorized" }),
        "429" => return json!({ "$ref": "#/components/responses/TooManyRequests" }),
        "400" => &["invalid_path", "invalid_query", "invalid_body"],
        "403" => &["insufficient_scope"],
        _ if status.starts_with('4') => &[TODO],
        _ => {
            if let Some(content) = official.get("content") {
                response["content"] = structure(content);
                response["content"]["application/json"]["example"] = TODO.into();
            }
            return response;
        }
    };
    let happens = |cause: &&&str| match **cause {
        "invalid_path" => has_path_parameters,
        "invalid_query" => has_query,
        "invalid_body" => operation.get("requestBody").is_some(),
        _ => true,
    };
    let examples = causes
        .iter()
        .filter(happens)
        .map(|cause| ((*cause).to_owned(), json!({ "$ref": format!("#/components/examples/{cause}") })));
    response["content"]["application/json"] = json!({ "schema": { "$ref": "#/components/schemas/ErrorResponse" }, "examples": examples.collect::<Map<_, _>>() });
    response
}

/// Copies the schemas that are referred to and that the contract lacks, and returns their names.
fn components(entry: &Value, official: &Value, contract: &mut Value) -> Vec<String> {
    let mut wanted = references(entry);
    let mut added = Vec::new();
    while let Some(name) = wanted.pop() {
        let Some(schema) = official["components"]["schemas"].get(&name) else { continue };
        if contract["components"]["schemas"].get(&name).is_some() {
            continue;
        }
        let schema = marked(structure(schema));
        wanted.extend(references(&schema));
        contract["components"]["schemas"][&name] = schema;
        added.push(name);
    }
    added
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|target| target.strip_prefix("#/components/schemas/")).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Puts the operation below its path; a new path follows the nearest one.
fn insert(contract: &mut Value, path: &str, after: &str, parameters: Vec<Value>, method: &str, entry: Value) {
    let Some(paths) = contract["paths"].as_object_mut() else { return };
    if let Some(item) = paths.get_mut(path) {
        item[method] = entry;
        return;
    }
    let mut item = Map::new();
    if !parameters.is_empty() {
        item.insert("parameters".to_owned(), parameters.into());
    }
    item.insert(method.to_owned(), entry);
    let mut item = Some(Value::Object(item));
    for (known, other) in std::mem::take(paths) {
        let here = known == after;
        paths.insert(known, other);
        if let Some(item) = here.then(|| item.take()).flatten() {
            paths.insert(path.to_owned(), item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn official() -> Value {
        json!({
            "paths": { "/groups/{id}/owners": { "get": {
                "operationId": "get_owners",
                "description": "Prose of the document.",
                "parameters": [
                    { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                    { "name": "take", "in": "query", "description": "Prose.", "schema": { "type": "integer" } },
                    { "name": "title", "in": "query", "schema": { "type": "string" } }
                ],
                "responses": { "200": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Owners" } } } }, "400": {}, "401": {}, "404": {} },
                "security": [{ "oAuth2ClientCredentials": ["read:owners"] }]
            } } },
            "components": { "schemas": {
                "Owners": { "properties": {
                    "title": { "type": "string", "title": "Prose.", "x-release-lifecycle": "GA" },
                    "next": { "$ref": "#/components/schemas/Owner" } } },
                "Owner": { "type": "object" }
            } }
        })
    }

    fn contract() -> Value {
        let get = json!({ "operationId": "get_group", "tags": ["groups"] });
        json!({
            "paths": {
                "/groups/{id}": { "parameters": [{ "$ref": "#/components/parameters/GroupId" }], "get": get },
                "/logs": { "get": { "operationId": "get_logs", "tags": ["logs"] } }
            },
            "components": {
                "parameters": {
                    "GroupId": { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                    "Take": { "name": "take", "in": "query", "description": "Ours.", "schema": { "type": "integer" } }
                },
                "schemas": {},
                "securitySchemes": { "oAuth2ClientCredentials": { "flows": { "clientCredentials": { "scopes": {} } } } }
            }
        })
    }

    #[test]
    fn an_entry_has_the_structure_of_the_document_and_none_of_its_prose() {
        let mut contract = contract();
        let entry = Entry::add("GET /groups/{id}/owners", &official(), &mut contract).unwrap();
        assert_eq!((entry.nearest.as_str(), entry.tag.as_str()), ("get_group", "groups"));
        assert_eq!(entry.components, ["Owners", "Owner"]);
        let paths: Vec<_> = contract["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths, ["/groups/{id}", "/groups/{id}/owners", "/logs"]);
        let operation = &contract["paths"]["/groups/{id}/owners"];
        assert_eq!(operation["parameters"], json!([{ "$ref": "#/components/parameters/GroupId" }]));
        assert_eq!(
            operation["get"]["parameters"],
            json!([
                { "$ref": "#/components/parameters/Take" },
                { "name": "title", "in": "query", "schema": { "type": "string" }, "description": TODO }
            ])
        );
        let refused = &operation["get"]["responses"]["400"]["content"]["application/json"]["examples"];
        assert_eq!(refused.as_object().unwrap().keys().collect::<Vec<_>>(), ["invalid_path", "invalid_query"]);
        let title = &contract["components"]["schemas"]["Owners"]["properties"]["title"];
        assert_eq!(*title, json!({ "type": "string", "description": TODO }));
        assert!(!contract.to_string().contains("Prose"));
        let scopes =
            &contract["components"]["securitySchemes"]["oAuth2ClientCredentials"]["flows"]["clientCredentials"];
        assert_eq!(scopes["scopes"]["read:owners"], TODO);
    }

    #[test]
    fn what_cannot_be_taken_is_explained() {
        let error = |route: &str| Entry::add(route, &official(), &mut contract()).unwrap_err().to_string();
        assert!(error("/groups").contains("no method and path"));
        assert!(error("GET /groups/{id}").contains("has GET /groups/{id} already"));
        assert!(error("PUT /groups/{id}").contains("it has GET /groups/{id}/owners"));
    }
}
