//! A document as it lies on disk, places in it, and the references between them.

use std::{cell::Cell, collections::HashSet, fs, path::Path};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::trouble::Trouble;

/// How many schemas one document may make us look at. Official documents compared in whole need far less;
/// one built to explode ends in an error within seconds.
const EFFORT: u32 = 2_000_000;

/// An OpenAPI 3.0 or 3.1 document.
#[derive(Debug)]
pub(super) struct Document {
    name: String,
    root: Value,
    effort: Cell<u32>,
}

impl Document {
    pub(super) fn read(file: &Path) -> Result<Self, Trouble> {
        let text = fs::read_to_string(file).map_err(|source| Trouble::Read { file: file.to_owned(), source })?;
        Self::parse(&file.display().to_string(), &text)
    }

    pub(super) fn parse(name: &str, text: &str) -> Result<Self, Trouble> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root = serde_json::from_str(text).map_err(|source| Trouble::Json { file: name.to_owned(), source })?;
        let document = Self { name: name.to_owned(), root, effort: Cell::new(EFFORT) };
        document.check_version()?;
        Ok(document)
    }

    fn check_version(&self) -> Result<(), Trouble> {
        let root = self.root();
        root.object()?;
        let Some(version) = root.get("openapi") else {
            return Err(root.trouble("not an OpenAPI 3 document: there is no `openapi` field"));
        };
        match version.string()? {
            known if known.starts_with("3.0.") || known.starts_with("3.1.") => Ok(()),
            other => Err(version.trouble(format!("OpenAPI {other} is not known here, only 3.0 and 3.1"))),
        }
    }

    /// The name of the file, without the folders it lies in.
    pub(super) fn short_name(&self) -> &str {
        Path::new(&self.name).file_name().and_then(|name| name.to_str()).unwrap_or(&self.name)
    }

    pub(super) fn root(&self) -> Located<'_> {
        Located { document: self, value: &self.root, pointer: String::new() }
    }
}

/// A value together with the document and the place that it comes from.
#[derive(Clone, Debug)]
pub(super) struct Located<'d> {
    document: &'d Document,
    pub(super) value: &'d Value,
    /// The JSON pointer of the value; of what stands in for it where the document leaves it out.
    pub(super) pointer: String,
}

impl<'d> Located<'d> {
    pub(super) fn trouble(&self, what: impl Into<String>) -> Trouble {
        Trouble::Document { file: self.document.name.clone(), pointer: self.pointer.clone(), what: what.into() }
    }

    /// Counts one step of work, and refuses it when the document has used up its share.
    pub(super) fn spend(&self) -> Result<(), Trouble> {
        let left = self.document.effort.get();
        if left == 0 {
            return Err(self.trouble("the schemas branch too often to be compared"));
        }
        self.document.effort.set(left - 1);
        Ok(())
    }

    /// The same place with another value, for what a document leaves out and the specification fills in.
    pub(super) fn standing_in(&self, value: &'d Value) -> Self {
        Self { value, ..self.clone() }
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(key)?;
        Some(self.child(key, value))
    }

    fn child(&self, token: &str, value: &'d Value) -> Self {
        Self { document: self.document, value, pointer: format!("{}/{}", self.pointer, escape(token)) }
    }

    pub(super) fn object(&self) -> Result<&'d Map<String, Value>, Trouble> {
        self.value.as_object().ok_or_else(|| self.trouble("should be an object"))
    }

    pub(super) fn string(&self) -> Result<&'d str, Trouble> {
        self.value.as_str().ok_or_else(|| self.trouble("should be a string"))
    }

    pub(super) fn boolean(&self) -> Result<bool, Trouble> {
        self.value.as_bool().ok_or_else(|| self.trouble("should be true or false"))
    }

    pub(super) fn entries(&self) -> Result<Vec<(&'d str, Self)>, Trouble> {
        let object = self.object()?;
        Ok(object.iter().map(|(key, value)| (key.as_str(), self.child(key, value))).collect())
    }

    pub(super) fn elements(&self) -> Result<Vec<Self>, Trouble> {
        let array = self.value.as_array().ok_or_else(|| self.trouble("should be an array"))?;
        Ok(array.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)).collect())
    }

    /// The entries of the object under `key`, none where there is no such object.
    pub(super) fn entries_of(&self, key: &str) -> Result<Vec<(&'d str, Self)>, Trouble> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |found| found.entries())
    }

    /// The elements of the array under `key`, none where there is no such array.
    pub(super) fn elements_of(&self, key: &str) -> Result<Vec<Self>, Trouble> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |found| found.elements())
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, Trouble> {
        self.get(key).map_or(Ok(false), |found| found.boolean())
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<&'d str>, Trouble> {
        self.get(key).map(|found| found.string()).transpose()
    }

    /// What the `$ref` of this value points to, one step; `None` where there is no `$ref`.
    pub(super) fn referred(&self) -> Result<Option<Self>, Trouble> {
        let Some(reference) = self.get("$ref") else {
            return Ok(None);
        };
        let target = reference.string()?;
        let Some(fragment) = target.strip_prefix('#').filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
            return Err(reference.trouble(format!("`{target}` does not point into this document with `#/`")));
        };
        let pointer = percent_decode_str(fragment)
            .decode_utf8()
            .map_err(|_| reference.trouble("not UTF-8 once it is decoded"))?
            .into_owned();
        let value = self
            .document
            .root
            .pointer(&pointer)
            .ok_or_else(|| reference.trouble(format!("`{target}` points to nothing")))?;
        Ok(Some(Self { document: self.document, value, pointer }))
    }

    /// This value, or what its chain of `$ref` ends at. For everything but schemas, whose `$ref` has siblings.
    pub(super) fn followed(self) -> Result<Self, Trouble> {
        let mut seen = HashSet::new();
        let mut place = self;
        while let Some(next) = place.referred()? {
            if !seen.insert(next.pointer.clone()) {
                return Err(place.trouble("a chain of `$ref` that comes back to itself"));
            }
            place = next;
        }
        place.object()?;
        Ok(place)
    }
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse("test.json", text).unwrap()
    }

    #[test]
    fn pointers_are_escaped_and_references_decoded() {
        let document =
            document(r##"{"openapi":"3.1.0","paths":{"/a/{b}~":{"get":{}}},"x":{"$ref":"#/paths/~1a~1%7Bb%7D~0"}}"##);
        let target = document.root().get("x").unwrap().referred().unwrap().unwrap();
        let direct = document.root().get("paths").unwrap().get("/a/{b}~").unwrap();
        assert_eq!(direct.pointer, "/paths/~1a~1{b}~0");
        assert_eq!(target.pointer, direct.pointer);
        assert!(target.get("get").is_some());
    }

    #[test]
    fn a_chain_of_references_that_comes_back_is_refused() {
        let document = document(r##"{"openapi":"3.0.3","a":{"$ref":"#/b"},"b":{"$ref":"#/a"}}"##);
        let error = document.root().get("a").unwrap().followed().unwrap_err();
        assert!(error.to_string().starts_with("test.json#/"), "{error}");
    }

    #[test]
    fn what_is_not_openapi_3_is_refused_with_its_place() {
        for (text, expected) in [
            ("[]", "test.json#: should be an object"),
            (r#"{"swagger":"2.0"}"#, "no `openapi` field"),
            (r#"{"openapi":3}"#, "test.json#/openapi: should be a string"),
            (r#"{"openapi":"2.0"}"#, "only 3.0 and 3.1"),
            ("{", "not a JSON document"),
        ] {
            let error = Document::parse("test.json", text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_byte_order_mark_does_no_harm() {
        document("\u{feff}{\"openapi\":\"3.1.0\"}");
    }
}
