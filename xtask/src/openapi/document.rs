//! An OpenAPI document as it was read: JSON, checked far enough that the pipeline can rely on its outline.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Map, Value};

use super::{Pointer, Problem, identifiers};

/// An OpenAPI 3.0 or 3.1 document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The document's JSON.
    pub root: Value,
}

impl Document {
    /// Reads a document from a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is not JSON, or is not an OpenAPI 3.0 or 3.1 document.
    pub fn read(file: &Path) -> Result<Self, Problem> {
        let text =
            fs::read_to_string(file).map_err(|error| Problem::new(format!("cannot be read: {error}")).in_file(file))?;
        Self::parse(&text).map_err(|problem| problem.in_file(file))
    }

    /// Parses a document from its text.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or is not an OpenAPI 3.0 or 3.1 document.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut root: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            if error.to_string().starts_with("recursion limit") {
                return Problem::new("is nested too deep to be read");
            }
            let remedy = if text.trim_start().starts_with("openapi:") { "; convert YAML to JSON first" } else { "" };
            Problem::new(format!("is not JSON: {error}{remedy}"))
        })?;
        identifiers::resolve(&mut root);
        let document = Self { root };
        document.check_outline()?;
        Ok(document)
    }

    fn check_outline(&self) -> Result<(), Problem> {
        let root = Pointer::root();
        let version = match self.root.get("openapi") {
            Some(Value::String(version)) => version,
            Some(_) => return Err(Problem::at(&root.child("openapi"), "is not a text such as \"3.1.0\"")),
            None if self.root.get("swagger").is_some() => {
                return Err(Problem::at(
                    &root.child("swagger"),
                    "Swagger 2.0 is not read; convert it to OpenAPI 3 first",
                ));
            }
            None => return Err(Problem::at(&root, "is not an OpenAPI document: there is no `openapi` member")),
        };
        let is_read =
            |minor: &str| version.strip_prefix(minor).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if !is_read("3.0") && !is_read("3.1") {
            let what = format!("OpenAPI {version} is not read; 3.0 and 3.1 are");
            return Err(Problem::at(&root.child("openapi"), what));
        }
        let paths = root.child("paths");
        let Some(Value::Object(items)) = self.root.get("paths") else {
            return Err(Problem::at(&paths, "is missing or not an object, so there are no operations"));
        };
        for (path, item) in items.iter().filter(|(path, _)| !path.starts_with("x-")) {
            if !item.is_object() {
                return Err(Problem::at(&paths.child(path), "is not a path item object"));
            }
        }
        let place = root.child("components");
        let Some(components) = self.root.get("components") else { return Ok(()) };
        let Some(kinds) = components.as_object() else {
            return Err(Problem::at(&place, "is not an object"));
        };
        match kinds.iter().find(|(kind, named)| !kind.starts_with("x-") && !named.is_object()) {
            Some((kind, _)) => Err(Problem::at(&place.child(kind), "is not an object of named parts")),
            None => Ok(()),
        }
    }

    /// What a `$ref` names, one step, and its place. `place` is where the reference stands.
    pub(super) fn target(&self, reference: &str, place: &Pointer) -> Result<(&Value, Pointer), Problem> {
        let pointer = Pointer::of_reference(reference).ok_or_else(|| {
            let what = format!(
                "`$ref` {reference:?} leads out of the document, for no `$id` or `$anchor` in it has this name; bundle it into one file first"
            );
            Problem::at(place, what)
        })?;
        let target = self
            .root
            .pointer(pointer.as_str())
            .ok_or_else(|| Problem::at(place, format!("`$ref` names {reference:?}, which is not in the document")))?;
        Ok((target, pointer))
    }

    /// What a `$ref` names, following references that name references.
    ///
    /// # Errors
    ///
    /// The reference leads out of the document, to nothing, or back to itself. `place` is where it stands.
    pub fn resolve(&self, reference: &str, place: &Pointer) -> Result<&Value, Problem> {
        let mut reference = reference;
        let mut seen = BTreeSet::new();
        while seen.insert(reference) {
            let (target, _) = self.target(reference, place)?;
            match target.get("$ref") {
                Some(Value::String(next)) if target.as_object().map_or(0, Map::len) == 1 => reference = next,
                _ => return Ok(target),
            }
        }
        Err(Problem::at(place, format!("`$ref` {reference:?} leads round in a circle")))
    }

    /// The document with some of its operations, given by path and method, and the schemas that they reach.
    #[must_use]
    pub fn part(&self, operations: &[(&str, &str)]) -> Self {
        let mut paths = Map::new();
        for (path, method) in operations {
            let item = paths.entry(*path).or_insert_with(|| Value::Object(Map::new()));
            item[*method] = self.root["paths"][*path][*method].clone();
        }
        let reached = self.reached_from(paths.values());
        let schemas = self.schemas().into_iter().flatten().filter(|(name, _)| reached.contains(*name));
        let schemas: Map<_, _> = schemas.map(|(name, schema)| (name.clone(), schema.clone())).collect();
        let root = serde_json::json!({
            "openapi": self.root["openapi"], "info": self.root["info"], "paths": paths,
            "components": {"schemas": schemas},
        });
        Self { root }
    }

    /// The component schemas that values lead to by `$ref`, through other schemas too.
    pub fn reached_from<'a>(&'a self, starts: impl Iterator<Item = &'a Value>) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<&Value> = starts.collect();
        while let Some(value) = waiting.pop() {
            for name in components_in(value) {
                waiting
                    .extend(self.schemas().and_then(|schemas| schemas.get(&name)).filter(|_| !reached.contains(&name)));
                reached.insert(name);
            }
        }
        reached
    }

    /// The component schemas, if there are any.
    #[must_use]
    pub fn schemas(&self) -> Option<&Map<String, Value>> {
        self.root.pointer("/components/schemas")?.as_object()
    }
}

/// The names of the component schemas that a value refers to.
#[must_use]
pub fn components_in(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).and_then(component_name));
                waiting.extend(members.values());
            }
            Value::Array(elements) => waiting.extend(elements),
            _ => {}
        }
    }
    found
}

/// The name of the component schema that a `$ref` names.
#[must_use]
pub fn component_name(reference: &str) -> Option<String> {
    let pointer = Pointer::of_reference(reference)?;
    let name = pointer.as_str().strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(text: &str) -> String {
        Document::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn refuses_what_is_not_json() {
        assert!(problem_of("{\"openapi\": ").starts_with("is not JSON: EOF while parsing"));
        assert!(problem_of("openapi: 3.1.0\n").contains("convert YAML to JSON first"));
    }

    #[test]
    fn refuses_what_is_not_openapi() {
        assert_eq!(problem_of("[]"), "#: is not an OpenAPI document: there is no `openapi` member");
        assert_eq!(
            problem_of(r#"{"swagger": "2.0"}"#),
            "#/swagger: Swagger 2.0 is not read; convert it to OpenAPI 3 first"
        );
        assert_eq!(
            problem_of(r#"{"openapi": "4.0.0", "paths": {}}"#),
            "#/openapi: OpenAPI 4.0.0 is not read; 3.0 and 3.1 are"
        );
        assert_eq!(
            problem_of(r#"{"openapi": "3.1.0"}"#),
            "#/paths: is missing or not an object, so there are no operations"
        );
        assert_eq!(problem_of(r#"{"openapi": "3.1.0", "paths": {"/a": 1}}"#), "#/paths/~1a: is not a path item object");
        assert_eq!(
            problem_of(r#"{"openapi": "3.1.0", "paths": {}, "components": []}"#),
            "#/components: is not an object"
        );
        assert_eq!(
            problem_of(r#"{"openapi": "3.1.0", "paths": {}, "components": {"schemas": []}}"#),
            "#/components/schemas: is not an object of named parts"
        );
    }

    #[test]
    fn takes_versions_with_and_without_a_patch_number() {
        for version in ["3.0", "3.0.3", "3.1", "3.1.1"] {
            assert!(Document::parse(&format!(r#"{{"openapi": "{version}", "paths": {{}}}}"#)).is_ok(), "{version}");
        }
        assert!(Document::parse(r#"{"openapi": "3.10.0", "paths": {}}"#).is_err());
    }

    #[test]
    fn follows_references_and_names_those_that_lead_nowhere() {
        let document = Document::parse(
            r##"{"openapi": "3.1.0", "paths": {}, "components": {"schemas": {
                "A": {"$ref": "#/components/schemas/B"}, "B": {"type": "string"},
                "C": {"$ref": "#/components/schemas/C"}}}}"##,
        )
        .unwrap();
        let place = Pointer::root().child("here");
        let resolve = |reference: &str| document.resolve(reference, &place);
        assert_eq!(resolve("#/components/schemas/A").unwrap()["type"], "string");
        assert_eq!(
            resolve("#/components/schemas/Z").unwrap_err().to_string(),
            "#/here: `$ref` names \"#/components/schemas/Z\", which is not in the document"
        );
        assert!(resolve("#/components/schemas/C").unwrap_err().to_string().contains("in a circle"));
        assert!(resolve("b.json#/A").unwrap_err().to_string().contains("bundle it into one file"));
    }

    #[test]
    fn reaches_schemas_through_schemas_and_round_circles() {
        let document = Document {
            root: serde_json::json!({"components": {"schemas": {
                "A": {"items": {"$ref": "#/components/schemas/B"}},
                "B": {"allOf": [{"$ref": "#/components/schemas/A"}]},
                "C": {},
            }}}),
        };
        let start = serde_json::json!({"$ref": "#/components/schemas/A"});
        let reached = document.reached_from(std::iter::once(&start));
        assert_eq!(reached.into_iter().collect::<Vec<_>>(), ["A", "B"]);
    }
}
