//! Sets of JSON types.

use std::{fmt, ops};

use serde_json::Value;

use crate::openapi::{Place, Problem};

/// A set of JSON types. `number` is `integer` and the fractions, so that one is part of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonTypes(u8);

const FRACTION: u8 = 8;

impl JsonTypes {
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(2);
    pub(crate) const INTEGER: Self = Self(4);
    pub(crate) const NUMBER: Self = Self(4 | FRACTION);
    pub(crate) const STRING: Self = Self(16);
    pub(crate) const ARRAY: Self = Self(32);
    pub(crate) const OBJECT: Self = Self(64);
    pub(crate) const ANY: Self = Self(127);
    pub(crate) const NONE: Self = Self(0);

    /// The type that a document calls so. Documents that were Swagger 2.0 once have `file` for uploads.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let names = [
            ("null", Self::NULL),
            ("boolean", Self::BOOLEAN),
            ("integer", Self::INTEGER),
            ("number", Self::NUMBER),
            ("string", Self::STRING),
            ("file", Self::STRING),
            ("array", Self::ARRAY),
            ("object", Self::OBJECT),
        ];
        names.into_iter().find(|(known, _)| *known == name).map(|(_, types)| types)
    }

    /// Reads the `type` keyword: a name, or a list of names.
    pub(crate) fn read(place: &Place<'_>) -> Result<Self, Problem> {
        let names = if place.value.is_array() { place.elements()? } else { vec![place.clone()] };
        names.iter().try_fold(Self::NONE, |types, place| {
            let name = place.string()?;
            let one = Self::named(name).ok_or_else(|| place.problem(format!("`{name}` is not a JSON type")))?;
            Ok(types | one)
        })
    }

    /// The type of a value.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if number.is_f64() => Self(FRACTION),
            Value::Number(_) => Self::INTEGER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn nullable(self) -> bool {
        self.meets(Self::NULL)
    }
}

impl ops::BitOr for JsonTypes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl ops::BitAnd for JsonTypes {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for JsonTypes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.without(Self::NULL) == Self::ANY.without(Self::NULL) {
            return formatter.write_str("any");
        }
        let number = if self.0 & FRACTION == 0 { "integer" } else { "number" };
        let names = [
            (Self::BOOLEAN, "boolean"),
            (Self::NUMBER, number),
            (Self::STRING, "string"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
            (Self::NULL, "null"),
        ];
        let found: Vec<_> = names.into_iter().filter(|(types, _)| self.meets(*types)).map(|(_, name)| name).collect();
        formatter.write_str(if found.is_empty() { "nothing" } else { "" })?;
        formatter.write_str(&found.join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_a_number() {
        assert!(JsonTypes::INTEGER.without(JsonTypes::NUMBER).is_empty());
        assert!(!JsonTypes::NUMBER.without(JsonTypes::INTEGER).is_empty());
        assert_eq!(JsonTypes::NUMBER.to_string(), "number");
        assert_eq!((JsonTypes::INTEGER | JsonTypes::NULL).to_string(), "integer or null");
        assert_eq!(JsonTypes::ANY.to_string(), "any");
        assert_eq!(JsonTypes::NONE.to_string(), "nothing");
    }
}
