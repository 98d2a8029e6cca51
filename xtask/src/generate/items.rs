//! The types of a client as Rust code: one function for each kind of type.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    docs::{code, comment, literal},
    patterns,
    rust_types::{Rust, RustTypes},
};
use crate::model::{Api, EnumValue, Kind, Member, Tell, Type, TypeId, Variant};

const SCHEMA: &str = "#[cfg_attr(feature = \"schemars\", derive(::schemars::JsonSchema))]\n";

/// Writes types.
pub(super) struct Items<'a> {
    pub(super) api: &'a Api,
    pub(super) rust: &'a RustTypes,
    /// Whether readers require a member that the document requires.
    pub(super) insists: &'a dyn Fn(&Type, &Member) -> bool,
    /// The structs that are sent in parts, whose members may be files.
    pub(super) in_parts: &'a HashSet<TypeId>,
}

/// How a field is read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    /// The document requires it, but a reader does not.
    Expected,
    Optional,
    /// It can be absent, null or a value.
    Field,
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) wire: String,
    pub(super) presence: Presence,
    /// The type without what its presence adds.
    pub(super) ty: String,
    pub(super) docs: Option<String>,
    pub(super) secret: bool,
}

impl Field {
    fn whole(&self) -> String {
        match self.presence {
            Presence::Required => self.ty.clone(),
            Presence::Expected | Presence::Optional => format!("Option<{}>", self.ty),
            Presence::Field => format!("crate::values::Field<{}>", self.ty),
        }
    }

    fn is_asked(&self) -> bool {
        matches!(self.presence, Presence::Required | Presence::Expected)
    }
}

impl Items<'_> {
    /// The items of a type that has a name.
    pub(super) fn of(&self, id: TypeId) -> Vec<String> {
        let ty = &self.api[id];
        let Some(name) = &ty.rust else { return Vec::new() };
        match &ty.kind {
            Kind::Struct { members, .. } => self.structure(id, name, members),
            Kind::Union { variants, tell, .. } => self.union(id, name, variants, tell),
            Kind::StringEnum { values, open } => Self::string_enum(ty, name, values, *open || ty.direction.received),
            Kind::String(_) if *self.rust.declared(id) == Rust::String => Self::string(ty, name),
            Kind::Alias(target) => self.alias(name, *target),
            _ => self.newtype(id, ty, name),
        }
    }

    fn docs(ty: &Type, name: &str) -> String {
        comment(&described(ty).unwrap_or_else(|| format!("`{name}`")), "")
    }

    fn structure(&self, id: TypeId, name: &str, members: &[Member]) -> Vec<String> {
        let ty = &self.api[id];
        let mut fields: Vec<Field> =
            members.iter().enumerate().filter_map(|(number, member)| self.field(id, number, member)).collect();
        fields.sort_by(|one, other| one.name.cmp(&other.name));
        let mut declaration = Self::docs(ty, name) + SCHEMA;
        let has_secret = ty.secret || fields.iter().any(|field| field.secret);
        let debug = if has_secret { "" } else { "Debug, " };
        let has_default = fields.iter().all(|field| field.presence != Presence::Required);
        let default = if has_default { "Default, " } else { "" };
        declaration +=
            &format!("#[derive(Clone, {debug}{default}PartialEq)]\n#[non_exhaustive]\npub struct {name} {{\n");
        for field in &fields {
            declaration += &comment(field.docs.as_deref().unwrap_or("Not described by the document."), "    ");
            if field.name != field.wire {
                declaration +=
                    &format!("    #[cfg_attr(feature = \"schemars\", schemars(rename = {}))]\n", literal(&field.wire));
            }
            if field.presence == Presence::Field {
                declaration += "    #[cfg_attr(feature = \"schemars\", schemars(default))]\n";
            }
            declaration += &format!("    pub {}: {},\n", field.name, field.whole());
        }
        declaration += "    /// Members that this type does not name, and those that came as null.\n    \
             #[cfg_attr(feature = \"schemars\", schemars(skip))]\n    pub unknown: crate::values::UnknownMembers,\n}\n";
        let mut items = vec![declaration];
        if ty.direction.sent && !fields.is_empty() {
            items.push(constructors(name, &fields));
        }
        let lines = fields.iter().map(|field| {
            let word = format!("{:?}", field.presence).to_lowercase();
            format!("{word} {} {},", field.name, literal(&field.wire))
        });
        items.push(macro_call("object", name, "", &lines.collect::<Vec<_>>()));
        if has_secret {
            items.push(if ty.secret { hidden(name) } else { hidden_fields(name, &fields) });
        }
        items
    }

    /// A member as a field; nothing for one that only responses have, in a request.
    fn field(&self, owner: TypeId, number: usize, member: &Member) -> Option<Field> {
        let Type { direction, .. } = self.api[owner];
        if member.read_only && !direction.received {
            return None;
        }
        let is_required =
            member.required && !(direction.sent && member.read_only) && !(direction.received && member.write_only);
        let is_nullable = self.api.nullable(member.ty);
        let presence = match is_required {
            true if !direction.received || (self.insists)(&self.api[owner], member) => Presence::Required,
            _ if direction.sent && is_nullable => Presence::Field,
            true => Presence::Expected,
            false => Presence::Optional,
        };
        let mut ty = self.rust.used(member.ty).code(&ToOwned::to_owned);
        if self.in_parts.contains(&owner) && is_file(self.api, member.ty) {
            ty = ty.replace("String", "crate::values::File");
        }
        if self.rust.is_boxed(owner, number) {
            ty = format!("Box<{ty}>");
        }
        if presence == Presence::Required && is_nullable {
            ty = format!("Option<{ty}>");
        }
        let own = &self.api[member.ty];
        let docs = if own.component.is_some() { None } else { described(own) };
        let secret = own.secret && own.rust.is_none();
        Some(Field { name: member.rust.clone(), wire: member.wire.clone(), presence, ty, docs, secret })
    }

    fn union(&self, id: TypeId, name: &str, variants: &[Variant], tell: &Tell) -> Vec<String> {
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
        if let Tell::Tag { property } = tell {
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
fn macro_call(name: &str, ty: &str, unknown: &str, parts: &[String]) -> String {
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

/// `new`, with what is required, and a setter for each other field: the struct is non-exhaustive, so other crates could not
/// make it otherwise.
fn constructors(name: &str, fields: &[Field]) -> String {
    let (asked, others): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.is_asked());
    let mut parts: Vec<String> = Vec::new();
    if !asked.is_empty() {
        let names = asked.iter().map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", ");
        let arguments = asked.iter().map(|field| {
            if field.ty == "String" {
                format!("{}: impl Into<String>", field.name)
            } else {
                format!("{}: {}", field.name, field.ty)
            }
        });
        let mut text = format!("    /// Constructor with the required fields: {names}.\n    #[must_use]\n");
        text += &signature("    pub fn new", &arguments.collect::<Vec<_>>(), "Self");
        text += "        Self {\n";
        for field in &asked {
            let value = if field.ty == "String" { format!("{}.into()", field.name) } else { field.name.clone() };
            text += &match field.presence {
                Presence::Expected => format!("            {}: Some({value}),\n", field.name),
                _ if value == field.name => format!("            {value},\n"),
                _ => format!("            {}: {value},\n", field.name),
            };
        }
        for field in &others {
            text += &format!("            {}: Default::default(),\n", field.name);
        }
        text += "            unknown: Default::default(),\n        }\n    }\n";
        parts.push(text);
    }
    parts.extend(others.iter().map(|field| setter(field)));
    format!("impl {name} {{\n{}}}\n", parts.join("\n"))
}

/// A setter takes what converts into the field, and returns the struct.
pub(super) fn setter(field: &Field) -> String {
    let Field { name, ty, .. } = field;
    let setter = if name == "new" { "with_new" } else { name };
    let is_field = field.presence == Presence::Field;
    let (taken, value, note) = if is_field {
        (format!("crate::values::Field<{ty}>"), "value.into()", "; `None` is null")
    } else {
        (ty.clone(), "Some(value.into())", "")
    };
    format!(
        "    /// Sets `{name}`{note}.\n    #[must_use]\n    pub fn {setter}(mut self, value: impl Into<{taken}>) -> Self {{\n        \
         self.{name} = {value};\n        self\n    }}\n"
    )
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

fn hidden(name: &str) -> String {
    format!(
        "impl ::std::fmt::Debug for {name} {{\n    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{\n        \
         formatter.write_str(\"{name}([hidden])\")\n    }}\n}}\n"
    )
}

fn hidden_fields(name: &str, fields: &[Field]) -> String {
    let lines: String = fields
        .iter()
        .map(|field| {
            let shown = field.name.trim_start_matches("r#");
            if field.secret {
                format!("            .field(\"{shown}\", &::std::format_args!(\"[hidden]\"))\n")
            } else {
                format!("            .field(\"{shown}\", &self.{})\n", field.name)
            }
        })
        .collect();
    format!(
        "impl ::std::fmt::Debug for {name} {{\n    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{\n        \
         formatter\n            .debug_struct(\"{name}\")\n{lines}            .field(\"unknown\", &self.unknown)\n            .finish()\n    }}\n}}\n"
    )
}
