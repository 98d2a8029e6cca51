//! Progenitor's one file, taken apart: types and methods are kept, its own client struct and its hooks are not.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase;
use serde_json::Value;
use syn::{Attribute, File, Ident, ImplItem, ImplItemFn, Item, ItemImpl, Type};

use super::prose::code;
use crate::{
    generate::shapes::notes,
    openapi::{
        Document, Problem,
        operation::{self, Site},
        security::Security,
    },
};

/// Where the transport's URLs of paths begin.
pub(in crate::generate) const MANAGEMENT_API: &str = "/api/v2";

/// What is kept of progenitor's file.
#[derive(Debug)]
pub(super) struct Parts {
    /// One method an operation, in the order of the document.
    pub(super) methods: Vec<Method>,
    /// The items of the module `types`.
    pub(super) types: Vec<Item>,
}

/// A method, and what the document says of its operation.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) code: ImplItemFn,
    pub(super) operation: Operation,
}

impl Method {
    /// The name of the operation's constant.
    pub(super) fn constant(&self) -> Ident {
        let name = self.code.sig.ident.to_string();
        let constant = name.trim_start_matches("r#").to_shouty_snake_case();
        let is_name = constant.starts_with(char::is_alphabetic);
        quote::format_ident!("{}{constant}", if is_name { "" } else { "OPERATION_" })
    }
}

/// What the document says of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) verb: String,
    /// The path of its server, without a slash at the end.
    pub(super) base_path: String,
    pub(super) path: String,
    /// What its query always holds.
    pub(super) query: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) deprecated: bool,
    /// The scopes of which a token needs one.
    pub(super) scopes: Vec<String>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    /// Why it gets its types, but no method.
    pub(super) left_out: Option<String>,
    /// The media type of what is accepted.
    pub(super) accepts: String,
    /// What is answered, by status: `json`, `bytes` or `empty`.
    pub(super) answers: Vec<(String, String)>,
}

/// A parameter of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) argument: String,
    /// Its name as it is sent.
    pub(super) name: String,
    pub(super) place: String,
    pub(super) required: bool,
    /// Whether its argument is a string.
    pub(super) string: bool,
    /// What the elements of a list are joined with; a list without it repeats the parameter.
    pub(super) joined_by: Option<String>,
    /// Whether a name and its value, in a path or a header, are joined with `=`.
    pub(super) exploded: bool,
    /// Whether the members of an object follow its name in brackets.
    pub(super) deep: bool,
    pub(super) description: String,
}

/// The body of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) media: String,
    /// `json`, `form`, `text` or `bytes`.
    pub(super) kind: String,
    /// How the members of a form are written that are not written as usual.
    pub(super) encoding: Vec<(String, String)>,
    pub(super) required: bool,
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl Operation {
    fn read(site: &Site<'_>) -> Result<Self, Problem> {
        let operation = site.operation.value;
        let id = if operation[notes::OWN_ID].is_string() { notes::OWN_ID } else { "operationId" };
        let parameter = |parameter: &Value| Parameter {
            argument: text(parameter, "name"),
            name: text(parameter, notes::WIRE_NAME),
            place: text(parameter, "in"),
            required: parameter["required"] == true,
            string: false,
            joined_by: parameter[notes::JOINED_BY].as_str().map(ToOwned::to_owned),
            exploded: parameter[notes::EXPLODED] == true,
            deep: parameter[notes::DEEP] == true,
            description: text(parameter, "description"),
        };
        // As progenitor orders them in the signature.
        let mut parameters: Vec<Parameter> =
            operation["parameters"].as_array().into_iter().flatten().map(parameter).collect();
        parameters.sort_by(|one, two| one.name.cmp(&two.name));
        let body = |body: &Value| Body {
            media: text(body, notes::SENDS),
            kind: text(body, notes::SENDS_AS),
            encoding: body[notes::ENCODING]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| (name.clone(), text(&body[notes::ENCODING], name)))
                .collect(),
            required: body["required"] == true,
        };
        let answers = operation[notes::ANSWERS].as_object().into_iter().flatten();
        Ok(Self {
            id: text(operation, id),
            verb: text(operation, notes::VERB),
            base_path: text(operation, notes::BASE_PATH),
            path: text(operation, notes::PATH),
            query: operation[notes::QUERY].as_str().map(ToOwned::to_owned),
            tag: operation["tags"][0].as_str().map(ToOwned::to_owned),
            deprecated: operation["deprecated"] == true,
            scopes: Security::of(&site.operation)?.scopes().into_iter().map(ToOwned::to_owned).collect(),
            parameters,
            body: operation.get("requestBody").map(body),
            left_out: operation[notes::LEFT_OUT].as_str().map(ToOwned::to_owned),
            accepts: text(operation, notes::ACCEPTS),
            answers: answers
                .map(|(status, kind)| (status.clone(), kind.as_str().unwrap_or_default().to_owned()))
                .collect(),
        })
    }

    /// The path with the query that it always has.
    pub(super) fn target(&self) -> String {
        self.query.iter().fold(self.path.clone(), |path, query| format!("{path}?{query}"))
    }

    /// The scopes as prose: `` `read:a` or `read:b` ``. Nothing where none is needed.
    pub(super) fn scopes_in_words(&self) -> Option<String> {
        let words: Vec<_> = self.scopes.iter().map(|scope| code(scope)).collect();
        (!words.is_empty()).then(|| words.join(" or "))
    }
}

impl Parts {
    pub(super) fn split(tree: File, document: &Document) -> Result<Self, Problem> {
        let mut methods = Vec::new();
        let mut types = Vec::new();
        for item in tree.items {
            match item {
                Item::Mod(module) if module.ident == "types" => {
                    types = module.content.map(|(_, items)| items).unwrap_or_default();
                }
                Item::Impl(block) if is_inherent(&block, "Client") => methods.extend(operations(block)),
                // The shell has its own client; imports, hooks and prelude belong to progenitor's.
                Item::Struct(_) | Item::Use(_) | Item::Impl(_) | Item::Const(_) | Item::Mod(_) => {}
                other => return Err(Problem::new(format!("progenitor wrote an unknown item: {}", kind_of(&other)))),
            }
        }
        let operations = operation::operations(document)?;
        if operations.len() != methods.len() {
            let what = format!("progenitor wrote {} methods for {} operations", methods.len(), operations.len());
            return Err(Problem::new(what));
        }
        let methods = methods.into_iter().zip(&operations);
        let methods = methods.map(|(code, site)| Ok(Method { code, operation: Operation::read(site)? }));
        let parts = Self { methods: methods.collect::<Result<_, Problem>>()?, types };
        parts.check_names()?;
        Ok(parts)
    }

    /// Two names of a document may be one in Rust, which progenitor does not look after.
    fn check_names(&self) -> Result<(), Problem> {
        let mut methods = BTreeMap::new();
        for method in &self.methods {
            let (name, id) = (&method.code.sig.ident, &method.operation.id);
            if let Some(other) = methods.insert(name, id) {
                let what =
                    format!("the operations {id:?} and {other:?} would both be the method {name}; change one id");
                return Err(Problem::new(what));
            }
        }
        let mut types = BTreeSet::new();
        match self.types.iter().filter_map(type_name).find(|name| !types.insert(*name)) {
            Some(name) => Err(Problem::new(format!("two schemas would both be the type {name}; rename one of them"))),
            None => Ok(()),
        }
    }

    /// The structs and enums among the types, by name.
    pub(super) fn type_items(&self) -> BTreeMap<&Ident, &Item> {
        self.types.iter().filter_map(|item| Some((type_name(item)?, item))).collect()
    }
}

/// The name of the type that an item declares, if it declares one.
pub(super) fn type_name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(structure) => Some(&structure.ident),
        Item::Enum(enumeration) => Some(&enumeration.ident),
        Item::Type(alias) => Some(&alias.ident),
        _ => None,
    }
}

/// Whether a block is `impl NAME { … }`.
fn is_inherent(block: &ItemImpl, name: &str) -> bool {
    block.trait_.is_none() && is_for(block, name)
}

/// Whether a block implements something for the type `name`.
pub(super) fn is_for(block: &ItemImpl, name: &str) -> bool {
    matches!(&*block.self_ty, Type::Path(path) if path.path.is_ident(name))
}

/// Whether an item derives a trait of this name.
pub(super) fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        // A derive list holds nothing but paths, so that nothing is left unread.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|segment| segment.ident == name);
            Ok(())
        });
        found
    })
}

fn operations(block: ItemImpl) -> impl Iterator<Item = ImplItemFn> {
    block.items.into_iter().filter_map(|item| match item {
        ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
        _ => None,
    })
}

fn kind_of(item: &Item) -> String {
    let text = quote::quote!(#item).to_string();
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_operation_is_read_with_its_tag_and_scopes() {
        let document = Document {
            root: json!({"paths": {"/a": {"post": {
                "operationId": "post_a", "tags": ["letters", "more"],
                "security": [{"bearer": []}, {"oauth": ["create:a", "update:a"]}],
            }}}}),
        };
        let operation = Operation::read(&operation::operations(&document).unwrap()[0]).unwrap();
        assert_eq!((operation.id.as_str(), operation.tag.as_deref()), ("post_a", Some("letters")));
        assert_eq!(operation.scopes_in_words().as_deref(), Some("`create:a` or `update:a`"));
    }
}
