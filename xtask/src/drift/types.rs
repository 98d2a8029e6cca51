//! The set of JSON types that a schema lets through.

use std::fmt;

use serde_json::Value;

use crate::openapi::{Place, Problem};

/// A set of JSON types. `number` is `integer` and the fractions, so that one is part of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Types(u8);

const INTEGER: u8 = 4;
const FRACTION: u8 = 8;

impl Types {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(INTEGER);
    pub(super) const NUMBER: Self = Self(INTEGER | FRACTION);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ANY: Self = Self(127);
    pub(super) const NONE: Self = Self(0);

    /// Reads the `type` keyword: a name, or an array of names.
    pub(super) fn read(place: &Place<'_>) -> Result<Self, Problem> {
        if place.value.is_array() {
            let mut types = Self::NONE;
            for element in place.elements()? {
                types = types | Self::named(&element)?;
            }
            return Ok(types);
        }
        Self::named(place)
    }

    fn named(place: &Place<'_>) -> Result<Self, Problem> {
        Ok(match place.string()? {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            // OpenAPI 3.0 documents that were 2.0 once have `file` for uploads.
            "string" | "file" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            other => return Err(place.problem(format!("`{other}` is not a JSON type"))),
        })
    }

    pub(super) fn of(value: &Value) -> Self {
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

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn nullable(self) -> bool {
        self.meets(Self::NULL)
    }
}

impl std::ops::BitOr for Types {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitAnd for Types {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Types {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return formatter.write_str("nothing");
        }
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
        let mut written = false;
        for (types, name) in names {
            if self.meets(types) {
                write!(formatter, "{}{name}", if written { " or " } else { "" })?;
                written = true;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_a_number() {
        assert!(Types::INTEGER.without(Types::NUMBER).is_empty());
        assert!(!Types::NUMBER.without(Types::INTEGER).is_empty());
        assert_eq!(Types::NUMBER.to_string(), "number");
        assert_eq!((Types::INTEGER | Types::NULL).to_string(), "integer or null");
        assert_eq!(Types::ANY.to_string(), "any");
        assert_eq!(Types::NONE.to_string(), "nothing");
    }
}
