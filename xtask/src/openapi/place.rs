//! A value of a document together with its place, and the references that lead from there.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Document, Pointer, Problem};

/// A value, and the place that it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Place<'d> {
    document: &'d Document,
    pub(crate) value: &'d Value,
    /// Where the value is; or where its replacement is, if the document leaves it out.
    pub(crate) pointer: Pointer,
}

impl<'d> Place<'d> {
    pub(crate) fn root(document: &'d Document) -> Self {
        Self { document, value: &document.root, pointer: Pointer::root() }
    }

    /// The document as a whole, from any place of it.
    pub(crate) fn top(&self) -> Self {
        Self::root(self.document)
    }

    pub(crate) fn problem(&self, what: impl Into<String>) -> Problem {
        Problem::at(&self.pointer, what)
    }

    /// The schema that lets everything through, where the document has none at this place.
    pub(crate) fn anything(&self) -> Self {
        static ANYTHING: Value = Value::Bool(true);
        Self { value: &ANYTHING, ..self.clone() }
    }

    /// The name of the component schema that this is.
    pub(crate) fn component(&self) -> Option<String> {
        let name = self.pointer.as_str().strip_prefix("/components/schemas/")?;
        (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
    }

    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(key)?;
        Some(self.child(key, value))
    }

    fn child(&self, key: impl std::fmt::Display, value: &'d Value) -> Self {
        Self { document: self.document, value, pointer: self.pointer.child(key) }
    }

    pub(crate) fn object(&self) -> Result<&'d Map<String, Value>, Problem> {
        self.value.as_object().ok_or_else(|| self.problem("is not an object"))
    }

    pub(crate) fn string(&self) -> Result<&'d str, Problem> {
        self.value.as_str().ok_or_else(|| self.problem("is not a string"))
    }

    pub(crate) fn boolean(&self) -> Result<bool, Problem> {
        self.value.as_bool().ok_or_else(|| self.problem("is neither true nor false"))
    }

    pub(crate) fn entries(&self) -> Result<Vec<(&'d str, Self)>, Problem> {
        let entries = self.object()?.iter();
        Ok(entries.map(|(key, value)| (key.as_str(), self.child(key, value))).collect())
    }

    pub(crate) fn elements(&self) -> Result<Vec<Self>, Problem> {
        let elements = self.value.as_array().ok_or_else(|| self.problem("is not an array"))?.iter();
        Ok(elements.enumerate().map(|(index, value)| self.child(index, value)).collect())
    }

    /// The entries of the object under `key`, none where there is no such object.
    pub(crate) fn entries_of(&self, key: &str) -> Result<Vec<(&'d str, Self)>, Problem> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |found| found.entries())
    }

    /// The elements of the array under `key`, none where there is no such array.
    pub(crate) fn elements_of(&self, key: &str) -> Result<Vec<Self>, Problem> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |found| found.elements())
    }

    pub(crate) fn flag(&self, key: &str) -> Result<bool, Problem> {
        self.get(key).map_or(Ok(false), |found| found.boolean())
    }

    pub(crate) fn text(&self, key: &str) -> Result<Option<&'d str>, Problem> {
        self.get(key).map(|found| found.string()).transpose()
    }

    /// What the `$ref` of this value leads to, one step; `None` where there is no `$ref`.
    pub(crate) fn referred(&self) -> Result<Option<Self>, Problem> {
        let Some(reference) = self.get("$ref") else { return Ok(None) };
        let (value, pointer) = self.document.target(reference.string()?, &reference.pointer)?;
        Ok(Some(Self { document: self.document, value, pointer }))
    }

    /// This value and what its `$ref` leads to, step by step.
    pub(crate) fn chain(self) -> Result<Vec<Self>, Problem> {
        let mut seen = HashSet::from([self.pointer.clone()]);
        let mut chain = vec![self];
        while let Some(next) = chain[chain.len() - 1].referred()? {
            if !seen.insert(next.pointer.clone()) {
                return Err(chain[0].problem("`$ref` leads round in a circle"));
            }
            chain.push(next);
        }
        Ok(chain)
    }

    /// What the chain of references of a schema ends at, or the schema itself where it leads nowhere.
    pub(crate) fn chain_end(&self) -> Self {
        let chain = self.clone().chain();
        chain.ok().and_then(|mut chain| chain.pop()).unwrap_or_else(|| self.clone())
    }

    /// This value, or what its chain of `$ref` ends at. For everything but schemas, whose `$ref` has siblings.
    pub(crate) fn followed(self) -> Result<Self, Problem> {
        let mut chain = self.chain()?;
        let last = chain.swap_remove(chain.len() - 1);
        last.object()?;
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse(text).unwrap()
    }

    #[test]
    fn pointers_are_escaped_and_references_decoded() {
        let document =
            document(r##"{"openapi":"3.1.0","paths":{"/a/{b}~":{"get":{}}},"x":{"$ref":"#/paths/~1a~1%7Bb%7D~0"}}"##);
        let root = Place::root(&document);
        let target = root.get("x").unwrap().referred().unwrap().unwrap();
        let direct = root.get("paths").unwrap().get("/a/{b}~").unwrap();
        assert_eq!(direct.pointer.as_str(), "/paths/~1a~1{b}~0");
        assert_eq!(target.pointer, direct.pointer);
        assert!(target.get("get").is_some());
    }

    #[test]
    fn a_chain_of_references_may_be_long() {
        let mut root = serde_json::json!({"openapi": "3.1.0", "paths": {}, "s0": {"type": "string"}});
        for index in 1..20_000 {
            root[format!("s{index}")] = serde_json::json!({"$ref": format!("#/s{}", index - 1)});
        }
        let document = Document { root };
        let last = Place::root(&document).get("s19999").unwrap();
        assert_eq!(last.clone().followed().unwrap().pointer.as_str(), "/s0");
        assert_eq!(document.resolve("#/s19999", &last.pointer).unwrap()["type"], "string");
    }

    #[test]
    fn a_chain_of_references_that_comes_back_is_refused() {
        let document = document(r##"{"openapi":"3.0.3","paths":{},"a":{"$ref":"#/b"},"b":{"$ref":"#/a"}}"##);
        let problem = Place::root(&document).get("a").unwrap().followed().unwrap_err();
        assert_eq!(problem.to_string(), "#/a: `$ref` leads round in a circle");
    }
}
