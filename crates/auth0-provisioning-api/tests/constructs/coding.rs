// Written by `cargo xtask generate`. Do not edit.

//! How the types of this client are read and written: objects keep members that their type does not name, unions choose the
//! branch that fits best, and texts stay as they came.

use std::{borrow::Cow, cell::Cell, fmt};

use ::serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Visitor},
};
use ::serde_json::Value;

use crate::values::UnknownMembers;

/// The name of a member, borrowed where the JSON holds it without escapes.
pub(crate) struct Name<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the name of a member")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

/// How much an unknown value of an enumeration counts against a branch: more than a few members that are new.
pub(crate) const UNKNOWN_VALUE: usize = 8;

thread_local! {
    /// What the value that is being decoded on this thread holds beyond what its types name.
    static MISFIT: Cell<usize> = const { Cell::new(0) };
}

pub(crate) fn misfit(weight: usize) {
    MISFIT.set(MISFIT.get().saturating_add(weight));
}

/// Keeps a member that the type does not name.
pub(crate) fn keep(unknown: &mut UnknownMembers, name: &str, value: Value) {
    misfit(leaves(&value));
    unknown.insert(name.to_owned(), value);
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(elements) => elements.iter().map(leaves).sum::<usize>().max(1),
        Value::Object(members) => members.values().map(leaves).sum::<usize>().max(1),
        _ => 1,
    }
}

/// A branch of a union: how a value is read as that branch.
pub(crate) type Branch<T> = fn(&Value) -> Result<T, ::serde_json::Error>;

/// Reads a value as the branch that accounts for most of it; the first of equal ones, none if no branch takes it.
pub(crate) fn choose<T>(value: &Value, branches: &[Branch<T>]) -> Option<T> {
    let before = MISFIT.replace(0);
    let mut best: Option<(usize, T)> = None;
    for branch in branches {
        MISFIT.set(0);
        if let Ok(read) = branch(value)
            && best.as_ref().is_none_or(|(misfit, _)| MISFIT.get() < *misfit)
        {
            best = Some((MISFIT.get(), read));
            if MISFIT.get() == 0 {
                break;
            }
        }
    }
    MISFIT.set(before + best.as_ref().map_or_else(|| leaves(value), |(misfit, _)| *misfit));
    best.map(|(_, read)| read)
}

/// A value that tells the branches of a union apart.
pub(crate) trait Tag {
    /// Whether this is the value: `2` and `2.0` are one number, and neither is the text `"2"`.
    fn is(&self, value: &Value) -> bool;
}

impl Tag for &str {
    fn is(&self, value: &Value) -> bool {
        value.as_str() == Some(self)
    }
}

impl Tag for bool {
    fn is(&self, value: &Value) -> bool {
        value.as_bool() == Some(*self)
    }
}

impl Tag for i64 {
    fn is(&self, value: &Value) -> bool {
        value.as_i64().map_or_else(|| (*self as f64).is(value), |number| number == *self)
    }
}

impl Tag for f64 {
    fn is(&self, value: &Value) -> bool {
        value.as_f64() == Some(*self)
    }
}

/// Reads a value as a branch that names what it takes.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, ::serde_json::Error> {
    T::deserialize(value)
}

/// A branch that takes whatever is there names none of it.
pub(crate) fn read_open<T: DeserializeOwned>(value: &Value) -> Result<T, ::serde_json::Error> {
    misfit(leaves(value));
    T::deserialize(value)
}

/// Reads and writes a struct as an object, member by member. The names of what the macros declare begin so that no type
/// of a document meets them. Members are `required`, `expected` (the document requires it, but a
/// reader does not insist), `optional`, or `field`.
macro_rules! object {
    ($type:ident { $($kind:ident $field:ident $name:literal,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                struct __ObjectVisitor;
                impl<'de> ::serde::de::Visitor<'de> for __ObjectVisitor {
                    type Value = $type;

                    fn expecting(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        formatter.write_str(concat!("an object for ", stringify!($type)))
                    }

                    fn visit_map<__A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut members: __A,
                    ) -> ::std::result::Result<$type, __A::Error> {
                        $(let mut $field = ::std::option::Option::None;)*
                        let mut unknown = $crate::values::UnknownMembers::new();
                        while let ::std::option::Option::Some($crate::coding::Name(name)) = members.next_key()? {
                            match name.as_ref() {
                                $($name => $crate::coding::object!(@read $kind $field $name members unknown),)*
                                name => $crate::coding::keep(&mut unknown, name, members.next_value()?),
                            }
                        }
                        ::std::result::Result::Ok($type {
                            $($field: $crate::coding::object!(@take $kind $field $name),)*
                            unknown,
                        })
                    }
                }
                deserializer.deserialize_map(__ObjectVisitor)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                let mut members = ::serde::Serializer::serialize_map(serializer, ::std::option::Option::None)?;
                $($crate::coding::object!(@write $kind self $field $name members);)*
                for (name, value) in &self.unknown {
                    let is_set = match name.as_str() {
                        $($name => $crate::coding::object!(@is_set $kind self $field),)*
                        _ => false,
                    };
                    if !is_set {
                        ::serde::ser::SerializeMap::serialize_entry(&mut members, name, value)?;
                    }
                }
                ::serde::ser::SerializeMap::end(members)
            }
        }
    };
    (@read required $field:ident $name:literal $members:ident $unknown:ident) => {
        $field = ::std::option::Option::Some($members.next_value()?)
    };
    (@read field $field:ident $name:literal $members:ident $unknown:ident) => {
        $field = ::std::option::Option::Some($members.next_value()?)
    };
    (@read $kind:ident $field:ident $name:literal $members:ident $unknown:ident) => {{
        $field = $members.next_value()?;
        if $field.is_none() {
            $unknown.insert($name.to_owned(), ::serde_json::Value::Null);
        }
    }};
    (@take required $field:ident $name:literal) => {
        match $field {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return ::std::result::Result::Err(<__A::Error as ::serde::de::Error>::missing_field($name));
            }
        }
    };
    (@take field $field:ident $name:literal) => { $field.unwrap_or_default() };
    (@take optional $field:ident $name:literal) => { $field };
    (@take expected $field:ident $name:literal) => {{
        if $field.is_none() {
            $crate::coding::misfit(1);
        }
        $field
    }};
    (@write required $self:ident $field:ident $name:literal $members:ident) => {
        ::serde::ser::SerializeMap::serialize_entry(&mut $members, $name, &$self.$field)?
    };
    (@write field $self:ident $field:ident $name:literal $members:ident) => {
        if !$self.$field.is_absent() {
            ::serde::ser::SerializeMap::serialize_entry(&mut $members, $name, &$self.$field)?;
        }
    };
    (@write $kind:ident $self:ident $field:ident $name:literal $members:ident) => {
        if let ::std::option::Option::Some(value) = &$self.$field {
            ::serde::ser::SerializeMap::serialize_entry(&mut $members, $name, value)?;
        }
    };
    (@is_set required $self:ident $field:ident) => { true };
    (@is_set field $self:ident $field:ident) => { !$self.$field.is_absent() };
    (@is_set $kind:ident $self:ident $field:ident) => { $self.$field.is_some() };
}
pub(crate) use object;

/// Reads and writes an enumeration of texts: one that keeps what it does not know, or one that refuses it.
macro_rules! texts {
    ($type:ident $unknown:ident { $($variant:ident $value:literal,)* }) => {
        $crate::coding::texts!(@both $type { $($variant $value,)* } Self::$unknown(value) => value.as_str(),);

        impl ::std::convert::From<&str> for $type {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    value => Self::$unknown($crate::values::UnknownValue::new(value)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $type {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok(Self::from(value))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                <$crate::coding::Name<'de> as ::serde::Deserialize>::deserialize(deserializer)
                    .map(|value| Self::from(value.0.as_ref()))
            }
        }
    };
    ($type:ident { $($variant:ident $value:literal,)* }) => {
        $crate::coding::texts!(@both $type { $($variant $value,)* });

        impl ::std::str::FromStr for $type {
            type Err = $crate::values::InvalidValue;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                match value {
                    $($value => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::values::InvalidValue { expected: &[$($value),*] }),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                <$crate::coding::Name<'de> as ::serde::Deserialize>::deserialize(deserializer)?
                    .0
                    .parse()
                    .map_err(<__D::Error as ::serde::de::Error>::custom)
            }
        }
    };
    (@both $type:ident { $($variant:ident $value:literal,)* } $($unknown:pat => $text:expr,)?) => {
        impl $type {
            /// The value as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    $($unknown => $text,)?
                }
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                false
            }

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string" })
            }
        }
    };
}
pub(crate) use texts;

/// Reads and writes a union: by its tag where it has one that is known, else as the branch that fits best, else as the
/// value that it is.
macro_rules! union {
    ($type:ident $unknown:ident { $($variant:ident $read:ident,)* } $($tag:literal { $($value:tt $tagged:ident,)* })?) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                $(if let ::std::option::Option::Some(tag) = value.get($tag).filter(|tag| !tag.is_null()) {
                    let branches: &[(bool, $crate::coding::Branch<Self>)] = &[
                        $(($crate::coding::Tag::is(&$value, tag), |value| {
                            $crate::coding::read(value).map(Self::$tagged)
                        }),)*
                    ];
                    let branch = branches.iter().find(|(is_meant, _)| *is_meant);
                    let read = branch.and_then(|(_, branch)| $crate::coding::choose(&value, &[*branch]));
                    return ::std::result::Result::Ok(read.unwrap_or_else(|| Self::$unknown(value)));
                })?
                let branches: &[$crate::coding::Branch<Self>] = &[
                    $(|value| $crate::coding::$read(value).map(Self::$variant),)*
                ];
                ::std::result::Result::Ok(
                    $crate::coding::choose(&value, branches).unwrap_or_else(|| Self::$unknown(value)),
                )
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> ::std::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => ::serde::Serialize::serialize(value, serializer),)*
                    Self::$unknown(value) => ::serde::Serialize::serialize(value, serializer),
                }
            }
        }
    };
}
pub(crate) use union;
