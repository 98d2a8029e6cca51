//! The Rust types of values, as progenitor decides them.

use std::collections::{HashMap, HashSet};

use ::progenitor::{GenerationSettings, Generator};
use openapiv3::OpenAPI;
use proc_macro2::TokenTree;

use super::plain_document::{self, Printed};
use crate::{
    model::{Api, Kind, TypeId},
    openapi::Problem,
};

/// A type in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rust {
    /// A type of the model that has a name.
    Named(String),
    String,
    List(Box<Rust>),
    /// A map with keys that are strings.
    Map(Box<Rust>),
    Option(Box<Rust>),
    /// A type of Rust or of another crate.
    Foreign(String),
}

const ANY: &str = "::serde_json::Value";

impl Rust {
    fn any() -> Self {
        Self::Foreign(ANY.to_owned())
    }

    /// Whether every object is a value of this type, so that it names no property.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Map(_)) || *self == Self::any()
    }

    pub(super) fn is_any(&self) -> bool {
        *self == Self::any()
    }

    /// The type as code; `place` writes the name of a type with the module in front of it.
    pub(super) fn code(&self, place: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::Named(name) => place(name),
            Self::String => "String".to_owned(),
            Self::List(inner) => format!("Vec<{}>", inner.code(place)),
            Self::Map(inner) if **inner == Self::any() => format!("::serde_json::Map<String, {ANY}>"),
            Self::Map(inner) => format!("::std::collections::HashMap<String, {}>", inner.code(place)),
            Self::Option(inner) => format!("Option<{}>", inner.code(place)),
            Self::Foreign(name) => name.clone(),
        }
    }

    /// The type that keeps numbers and points in time as they were written.
    fn exact(self) -> Self {
        match self {
            Self::List(inner) => Self::List(Box::new(inner.exact())),
            Self::Map(inner) => Self::Map(Box::new(inner.exact())),
            Self::Option(inner) => Self::Option(Box::new(inner.exact())),
            Self::Foreign(name) => Self::Foreign(match name.as_str() {
                "f64" | "f32" | "i64" | "u64" => "::serde_json::Number".to_owned(),
                name if name.contains("chrono") => "crate::values::Timestamp".to_owned(),
                _ => name,
            }),
            other => other,
        }
    }
}

/// The Rust types of the model's types.
pub(super) struct RustTypes {
    /// By [`TypeId`]: the type where it is used, without null, and whether an argument of it is a reference.
    used: Vec<(Rust, bool)>,
    /// By [`TypeId`]: what is declared under the name of a type.
    declared: Vec<Rust>,
    /// Structs and unions with the number of a member or variant that holds its owner, and so has to be boxed.
    boxed: HashSet<(TypeId, usize)>,
}

impl RustTypes {
    /// Asks progenitor. `is_exact` says of a type whether its values keep the form in which they were received.
    pub(super) fn of(api: &Api, is_exact: &dyn Fn(TypeId) -> bool) -> Result<Self, Problem> {
        let Printed { document, names } = plain_document::print(api);
        let document: OpenAPI = serde_json::from_value(document)
            .map_err(|error| Problem::new(format!("progenitor does not read the printed document: {error}")))?;
        let mut generator = Generator::new(&GenerationSettings::default());
        generator
            .generate_tokens(&document)
            .map_err(|error| Problem::new(format!("progenitor does not accept the printed document: {error}")))?;
        let space = generator.get_type_space();
        let types: HashMap<String, typify::Type<'_>> = space.iter_types().map(|ty| (ty.name(), ty)).collect();
        let (mut used, mut declared) = (Vec::new(), Vec::new());
        for id in (0..api.types.len()).map(TypeId) {
            let name = &names[id.0];
            let found = types.get(name).ok_or_else(|| Problem::new(format!("progenitor has no type {name}")))?;
            let inner = match found.details() {
                typify::TypeDetails::Newtype(newtype) => space.get_type(&newtype.inner()).ok(),
                _ => None,
            };
            let mut inside = inner.as_ref().map_or_else(Rust::any, |inner| read(space, inner));
            let by_reference = inner.as_ref().is_none_or(|inner| {
                let first = inner.parameter_ident().into_iter().next();
                matches!(first, Some(TokenTree::Punct(punct)) if punct.as_char() == '&')
            });
            if is_exact(id) {
                inside = inside.exact();
            }
            let target = api.followed(id);
            used.push(if let Some(name) = own_name(api, id) {
                (Rust::Named(name), !matches!(api[target].kind, Kind::StringEnum { .. }))
            } else {
                (inside.clone(), by_reference)
            });
            declared.push(inside);
        }
        Ok(Self { used, declared, boxed: boxed(api) })
    }

    /// The type where it is used, without null.
    pub(super) fn used(&self, id: TypeId) -> &Rust {
        &self.used[id.0].0
    }

    /// Whether an argument of this type is a reference.
    pub(super) fn is_by_reference(&self, id: TypeId) -> bool {
        self.used[id.0].1
    }

    /// What is declared under the name of a type.
    pub(super) fn declared(&self, id: TypeId) -> &Rust {
        &self.declared[id.0]
    }

    /// Whether a member or variant holds its owner.
    pub(super) fn is_boxed(&self, owner: TypeId, number: usize) -> bool {
        self.boxed.contains(&(owner, number))
    }
}

/// The name under which a type is used: its own, or that of what it is another word for.
fn own_name(api: &Api, mut id: TypeId) -> Option<String> {
    for _ in 0..api.types.len() {
        if api[id].rust.is_some() {
            return api[id].rust.clone();
        }
        let Kind::Alias(target) = api[id].kind else { return None };
        id = target;
    }
    None
}

/// What progenitor decided.
fn read(space: &typify::TypeSpace, ty: &typify::Type<'_>) -> Rust {
    let inner = |id: &typify::TypeId| space.get_type(id).map_or_else(|_| Rust::any(), |ty| read(space, &ty));
    match ty.details() {
        typify::TypeDetails::Enum(_) | typify::TypeDetails::Struct(_) | typify::TypeDetails::Newtype(_) => {
            Rust::Named(ty.name())
        }
        typify::TypeDetails::Option(id) => Rust::Option(Box::new(inner(&id))),
        typify::TypeDetails::Vec(id) | typify::TypeDetails::Set(id) => Rust::List(Box::new(inner(&id))),
        typify::TypeDetails::Map(_, id) => Rust::Map(Box::new(inner(&id))),
        typify::TypeDetails::Box(id) => inner(&id),
        typify::TypeDetails::Builtin(name) => Rust::Foreign(name.to_owned()),
        typify::TypeDetails::String => Rust::String,
        typify::TypeDetails::Tuple(_) | typify::TypeDetails::Array(..) | typify::TypeDetails::Unit => Rust::any(),
    }
}

/// The members and variants that would make a type infinitely large. A walk through what types hold by value meets them.
fn boxed(api: &Api) -> HashSet<(TypeId, usize)> {
    let held = |id: TypeId| -> Vec<(usize, TypeId)> {
        let inner: Vec<TypeId> = match &api[id].kind {
            Kind::Struct { members, .. } => members.iter().map(|member| member.ty).collect(),
            Kind::Union { variants, .. } => variants.iter().map(|variant| variant.ty).collect(),
            _ => Vec::new(),
        };
        let inner = inner.into_iter().map(|inner| api.followed(inner)).enumerate();
        inner.filter(|(_, inner)| matches!(api[*inner].kind, Kind::Struct { .. } | Kind::Union { .. })).collect()
    };
    let mut boxed = HashSet::new();
    let (mut visited, mut active) = (HashSet::new(), HashSet::new());
    for start in (0..api.types.len()).map(TypeId) {
        let mut stack = vec![(start, false)];
        while let Some((id, is_left)) = stack.pop() {
            if is_left {
                active.remove(&id);
            } else if visited.insert(id) {
                active.insert(id);
                stack.push((id, true));
                for (number, inner) in held(id) {
                    if active.contains(&inner) {
                        boxed.insert((id, number));
                    } else {
                        stack.push((inner, false));
                    }
                }
            }
        }
    }
    boxed
}
