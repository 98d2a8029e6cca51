//! What the types of this client have in common: members that no type names, fields that may be null, and texts that
//! stay as they came.

use std::{fmt, marker::PhantomData};

use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
use ::serde_json::Value;

use crate::coding::{UNKNOWN_VALUE, misfit};

/// The members of an object that its type does not name, and those that came as null. They are written back where the
/// object is sent again, unless a field of the same name was set since.
pub type UnknownMembers = ::serde_json::Map<String, Value>;

/// A field of a request that can be left out, be null, or hold a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Field<T> {
    /// Not sent: the server keeps what it has.
    #[default]
    Absent,
    /// Sent as null: the server forgets what it has.
    Null,
    /// Sent with this value.
    Value(T),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the field is left out.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the field is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

/// `None` is null: to leave a field out, do not set it.
impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Option::<T>::json_schema(generator)
    }
}

/// A point in time, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant, unless the text names none.
    #[must_use]
    pub fn instant(&self) -> Option<::chrono::DateTime<::chrono::Utc>> {
        self.0.parse().ok()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl From<::chrono::DateTime<::chrono::Utc>> for Timestamp {
    fn from(instant: ::chrono::DateTime<::chrono::Utc>) -> Self {
        Self(instant.to_rfc3339_opts(::chrono::SecondsFormat::AutoSi, true))
    }
}

/// A value of the enumeration `T` that this client does not know. There is no way to make one but to read a text into
/// a `T`, so it never stands for a known value.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnknownValue<T> {
    value: Box<str>,
    of: PhantomData<fn() -> T>,
}

impl<T> UnknownValue<T> {
    pub(crate) fn new(value: &str) -> Self {
        misfit(UNKNOWN_VALUE);
        Self { value: value.into(), of: PhantomData }
    }

    /// The value as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

/// A text that is none of an enumeration's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    pub(crate) expected: &'static [&'static str],
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "none of the known values: {}", self.expected.join(", "))
    }
}

impl std::error::Error for InvalidValue {}
