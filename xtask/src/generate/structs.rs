//! Structs as code: fields, constructors, setters, and a `Debug` that hides secrets.

use super::{
    docs::{comment, literal},
    items::{Items, SCHEMA, described, hidden, is_file, macro_call, signature},
};
use crate::model::{Member, Type, TypeId};

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
    pub(super) fn structure(&self, id: TypeId, name: &str, members: &[Member]) -> Vec<String> {
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
    /// A member as a field; nothing for one that only responses have, in a request.
    pub(super) fn field(&self, owner: TypeId, number: usize, member: &Member) -> Option<Field> {
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
