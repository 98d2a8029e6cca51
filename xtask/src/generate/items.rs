//! The types of a client as Rust code: one function for each kind of type.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    docs::{code, comment, literal},
    patterns,
    rust_types::{Rust, RustTypes},
};
use crate::model::{Api, EnumValue, Kind, Member, Type, TypeId, Variant, VariantBy};

pub(super) const SCHEMA: &str = "#[cfg_attr(feature = \"schemars\", derive(::schemars::JsonSchema))]\n";

/// Writes types.
pub(super) struct Items<'a> {
    pub(super) api: &'a Api,
    pub(super) rust: &'a RustTypes,
    /// Whether readers require a member that the document requires.
    pub(super) insists: &'a dyn Fn(&Type, &Member) -> bool,
    /// The structs that are sent in parts, whose members may be files.
    pub(super) in_parts: &'a HashSet<TypeId>,
}

impl Items<'_> {
    /// The items of a type that has a name.
    pub(super) fn of(&self, id: TypeId) -> Vec<String> {
        let ty = &self.api[id];
        let Some(name) = &ty.rust else { return Vec::new() };
        match &ty.kind {
            Kind::Struct { members, .. } => self.structure(id, name, members),
            Kind::Union { variants, by, .. } => self.union(id, name, variants, by),
            Kind::StringEnum { values, open } => Self::string_enum(ty, name, values, *open || ty.direction.received),
            Kind::String(_) if *self.rust.declared(id) == Rust::String => Self::string(ty, name),
            Kind::Alias(target) => self.alias(name, *target),
            _ => self.newtype(id, ty, name),
        }
    }

    pub(super) fn docs(ty: &Type, name: &str) -> String {
        comment(&described(ty).unwrap_or_else(|| format!("`{name}`")), "")
    }

    fn union(&self, id: TypeId, name: &str, variants: &[Variant], by: &VariantBy) -> Vec<String> {
        let ty = &self.api[id];
        let debug = if ty.secret { "" } else { "Debug, " };
        let unknown = free("Unknown", &variants.iter().map(|variant| variant.rust.as_str()).collect::<Vec<_>>());
        let types: Vec<(&Rust, String)> = variants
            .iter()
            .enumerate()
            .map(|(number, variant)| {
                let rust = self.rust.used(variant.ty);
                let code = rust.code(&ToOwned::to_owned);
                (rust, if self.rust.is_boxed(id, number) { format!("Box<{code}>") } else { code })
            })
            .collect();
        let mut declaration = Self::docs(ty, name);
        declaration += "#[cfg_attr(feature = \"schemars\", derive(::schemars::JsonSchema), schemars(untagged))]\n";
        declaration += &format!("#[derive(Clone, {debug}PartialEq)]\n#[non_exhaustive]\npub enum {name} {{\n");
        for (variant, (_, code)) in variants.iter().zip(&types) {
            declaration += &format!("    #[allow(missing_docs)]\n    {}({code}),\n", variant.rust);
        }
        declaration += &format!(
            "    /// A value that is none of the known branches, kept as it came.\n    {unknown}(::serde_json::Value),\n}}\n"
        );
        let mut lines: Vec<String> = variants
            .iter()
            .zip(&types)
            .map(|(variant, (rust, _))| {
                let read = if rust.is_open() { "read_open" } else { "read" };
                format!("{} {read},", variant.rust)
            })
            .collect();
        if let VariantBy::Tag { property } = by {
            let mut tags: Vec<(String, String)> = variants
                .iter()
                .flat_map(|variant| variant.tags.iter().map(move |tag| (tag, &variant.rust)))
                .filter_map(|(tag, variant)| Some((tag.to_string(), format!("{} {variant},", tag_literal(tag)?))))
                .collect();
            tags.sort();
            lines.push(format!("}} {} {{", literal(property)));
            lines.extend(tags.into_iter().map(|(_, line)| line));
        }
        let mut items = vec![declaration, macro_call("union", name, &unknown, &lines)];
        for (variant, (rust, code)) in variants.iter().zip(&types) {
            let is_only_one = types.iter().filter(|(_, other)| other == code).count() == 1;
            if is_only_one && !rust.is_any() {
                items.push(format!(
                    "impl From<{code}> for {name} {{\n    fn from(value: {code}) -> Self {{\n        Self::{}(value)\n    }}\n}}\n",
                    variant.rust
                ));
            }
        }
        items.extend(ty.secret.then(|| hidden(name)));
        items
    }

    fn string_enum(ty: &Type, name: &str, values: &[EnumValue], is_open: bool) -> Vec<String> {
        let unknown = free("Unknown", &values.iter().map(|value| value.rust.as_str()).collect::<Vec<_>>());
        let copy = if is_open { "" } else { "Copy, " };
        let mut declaration = Self::docs(ty, name);
        declaration += &format!(
            "#[derive(Clone, {copy}Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]\n#[non_exhaustive]\npub enum {name} {{\n"
        );
        for value in values {
            declaration += &format!("    /// The value {}.\n    {},\n", code(&value.wire), value.rust);
        }
        if is_open {
            declaration += &format!(
                "    /// A value that this client does not know, kept as it came.\n    {unknown}(crate::values::UnknownValue<Self>),\n"
            );
        }
        declaration += "}\n";
        let lines = values.iter().map(|value| format!("{} {},", value.rust, literal(&value.wire)));
        let unknown = if is_open { unknown.as_str() } else { "" };
        vec![declaration, macro_call("string_enum", name, unknown, &lines.collect::<Vec<_>>())]
    }

    fn string(ty: &Type, name: &str) -> Vec<String> {
        let checks = checks(ty);
        let (derives, visibility) = if checks.is_empty() { ("::serde::Deserialize, ", "pub ") } else { ("", "") };
        let debug = if ty.secret { "" } else { "Debug, " };
        let declaration = Self::docs(ty, name)
            + SCHEMA
            + &format!(
                "#[derive({derives}::serde::Serialize, Clone, {debug}Eq, Hash, Ord, PartialEq, PartialOrd)]\n\
                 #[serde(transparent)]\npub struct {name}({visibility}String);\n"
            );
        let call = if checks.is_empty() {
            format!("auth0_transport::codegen::string! {{ {name} }}\n")
        } else {
            macro_call("string", name, "", &checks)
        };
        let mut items = vec![declaration, call];
        items.extend(ty.secret.then(|| hidden(name)));
        items
    }

    fn newtype(&self, id: TypeId, ty: &Type, name: &str) -> Vec<String> {
        let inner = self.rust.declared(id).code(&ToOwned::to_owned);
        let debug = if ty.secret { "" } else { "Debug, " };
        let declaration = Self::docs(ty, name)
            + SCHEMA
            + &format!(
                "#[derive(::serde::Deserialize, ::serde::Serialize, Clone, {debug}PartialEq)]\n#[serde(transparent)]\n\
                 pub struct {name}(pub {inner});\n"
            );
        let mut items = vec![declaration, format!("auth0_transport::codegen::newtype! {{ {name} {inner} }}\n")];
        items.extend(ty.secret.then(|| hidden(name)));
        items
    }

    /// Another name of a type.
    pub(super) fn alias(&self, name: &str, target: TypeId) -> Vec<String> {
        let target = self.rust.used(target).code(&ToOwned::to_owned);
        vec![format!("/// Another name of [`{target}`].\npub type {name} = {target};\n")]
    }
}

/// What the document says of a type, and the checks that the generated code leaves to the server.
pub(super) fn described(ty: &Type) -> Option<String> {
    const BOUNDS: [(&str, &str); 8] = [
        ("minItems", "elements ≥ "),
        ("maxItems", "elements ≤ "),
        ("minProperties", "members ≥ "),
        ("maxProperties", "members ≤ "),
        ("minimum", "value ≥ "),
        ("exclusiveMinimum", "value > "),
        ("maximum", "value ≤ "),
        ("exclusiveMaximum", "value < "),
    ];
    let mut text = ty.docs.clone().unwrap_or_default();
    if !ty.direction.received {
        let bounds = BOUNDS.iter().filter_map(|(keyword, words)| {
            let number = ty.constraints.get(keyword)?.as_number()?;
            Some(format!("{words}{number}"))
        });
        let bounds = bounds.collect::<Vec<_>>().join(", ");
        if !bounds.is_empty() {
            text += &format!("\n\nBounds: {bounds}.");
        }
        if let Some(values) = &ty.values {
            let values: Vec<_> = values.iter().map(|value| code(&value.to_string())).collect();
            text += &format!("\n\nValues: {}.", values.join(", "));
        }
        for pattern in ty.constraints.patterns().filter(|pattern| patterns::checked(pattern).is_none()) {
            text += &format!("\n\nPattern: `{pattern}`.");
        }
    }
    let text = text.trim_start();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The checks of a string that is only sent.
fn checks(ty: &Type) -> Vec<String> {
    if ty.direction.received {
        return Vec::new();
    }
    let lengths = [("max_length", "maxLength"), ("min_length", "minLength")];
    let lengths = lengths.into_iter().filter_map(|(check, keyword)| {
        let count = ty.constraints.count(keyword).filter(|count| *count > 0 || check == "max_length")?;
        Some(format!("{check} {count},"))
    });
    let patterns = ty.constraints.patterns().filter_map(|pattern| {
        let (pattern, flags) = patterns::checked(pattern)?;
        Some(format!("pattern {} {},", literal(&pattern), literal(flags)))
    });
    lengths.chain(patterns).collect()
}

/// Whether a value is the content of a file, or a list of such.
pub(super) fn is_file(api: &Api, id: TypeId) -> bool {
    let ty = &api[api.followed(id)];
    match &ty.kind {
        Kind::String(format) => {
            format.name() == "binary" || ty.constraints.text("contentMediaType") == Some("application/octet-stream")
        }
        Kind::List(inner) => matches!(api[*inner].kind, Kind::String(_)) && is_file(api, *inner),
        _ => false,
    }
}

/// `auth0_transport::codegen::NAME! { TYPE UNKNOWN { LINES } }`, filled up to the end of a line.
pub(super) fn macro_call(name: &str, ty: &str, unknown: &str, parts: &[String]) -> String {
    const LONGEST: usize = 120;
    let mut text = format!("auth0_transport::codegen::{name}! {{\n");
    let mut line = format!("    {ty}{}{unknown} {{", if unknown.is_empty() { "" } else { " " });
    for part in parts {
        if line.len() + part.len() + 1 > LONGEST {
            text.extend([line.trim_end(), "\n"]);
            line.clear();
            line.push_str("       ");
        }
        line.extend([" ", part]);
    }
    text.extend([line.as_str(), " }\n}\n"]);
    text
}

/// A value of a tag; a negative number in parentheses, so that it is one token tree.
fn tag_literal(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => literal(text),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => format!("({number}_i64)"),
            None => format!("({:?}_f64)", number.as_f64()?),
        },
        _ => return None,
    })
}

/// A variant that no other has.
fn free(wanted: &str, taken: &[&str]) -> String {
    let mut name = wanted.to_owned();
    let mut number = 1;
    while taken.contains(&name.as_str()) {
        name = if number == 1 { format!("{wanted}Value") } else { format!("{wanted}{number}") };
        number += 1;
    }
    name
}

/// A function's head: in one line where it fits.
pub(super) fn signature(head: &str, arguments: &[String], output: &str) -> String {
    const LONGEST: usize = 110;
    let line = format!("{head}({}) -> {output} {{\n", arguments.join(", "));
    if line.len() <= LONGEST {
        return line;
    }
    let arguments: String = arguments.iter().map(|argument| format!("        {argument},\n")).collect();
    format!("{head}(\n{arguments}    ) -> {output} {{\n")
}

pub(super) fn hidden(name: &str) -> String {
    format!(
        "impl ::std::fmt::Debug for {name} {{\n    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{\n        \
         formatter.write_str(\"{name}([hidden])\")\n    }}\n}}\n"
    )
}
