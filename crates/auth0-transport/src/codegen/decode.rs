//! Reads values tolerantly: a union is read as the variant that fits best.

use std::{borrow::Cow, cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Visitor},
};
use serde_json::{Map, Value};

/// A property name or a string, borrowed if the JSON holds it without escapes.
pub struct Name<'de>(pub Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            #[inline]
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            #[inline]
            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

thread_local! {
    /// How much of the value that this thread decodes its types do not name.
    static MISFIT: Cell<usize> = const { Cell::new(0) };
}

/// Counts against the variant that is being tried.
pub fn misfit(weight: usize) {
    MISFIT.set(MISFIT.get().saturating_add(weight));
}

/// Keeps a property that the type does not name.
pub fn keep(unknown: &mut Map<String, Value>, name: &str, value: Value) {
    misfit(leaves(&value));
    unknown.insert(name.to_owned(), value);
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(elements) => elements.iter().map(leaves).sum::<usize>().max(1),
        Value::Object(properties) => properties.values().map(leaves).sum::<usize>().max(1),
        _ => 1,
    }
}

/// Reads a value as one variant of a union.
pub type Variant<T> = fn(&Value) -> Result<T, serde_json::Error>;

/// Reads a value as the variant that names most of it. The first of equal variants wins. `None` if no variant can be read.
pub fn choose<T>(value: &Value, variants: &[Variant<T>]) -> Option<T> {
    let before = MISFIT.replace(0);
    let mut best: Option<(usize, T)> = None;
    for variant in variants {
        MISFIT.set(0);
        if let Ok(read) = variant(value)
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

/// A value of a discriminator.
pub trait Tag {
    /// Whether this is the value: `2` and `2.0` are one number, and neither is the string `"2"`.
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
    #[allow(clippy::cast_precision_loss)] // a tag is a small number
    fn is(&self, value: &Value) -> bool {
        value.as_i64().map_or_else(|| (*self as f64).is(value), |number| number == *self)
    }
}

impl Tag for f64 {
    fn is(&self, value: &Value) -> bool {
        value.as_f64() == Some(*self)
    }
}

/// Reads a variant that names what it accepts.
///
/// # Errors
///
/// The value is not of this type.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    T::deserialize(value)
}

/// Reads a variant that accepts anything, and so names nothing.
///
/// # Errors
///
/// The value is not of this type.
pub fn read_open<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    misfit(leaves(value));
    T::deserialize(value)
}
