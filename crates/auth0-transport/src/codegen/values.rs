//! Types of fields: unknown properties, fields that can be null, and values that are kept as they were received.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::decode::misfit;

/// How much an unknown value of a string enum counts against a variant: more than a few new properties.
const UNKNOWN_VALUE: usize = 8;

/// The properties of an object that its type does not name, and those that were null. They are written back if the object
/// is sent again, unless a field of the same name was set since.
pub type UnknownMembers = serde_json::Map<String, Value>;

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
    /// Returns the string as it was received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the instant, or `None` if the string is no point in time.
    #[must_use]
    pub fn instant(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.0.parse().ok()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(instant: chrono::DateTime<chrono::Utc>) -> Self {
        Self(instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

/// The content of a file, which is sent as a part of a request.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct File(Vec<u8>);

impl File {
    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<T: Into<Vec<u8>>> From<T> for File {
    fn from(bytes: T) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "File({} bytes)", self.0.len())
    }
}

/// A character for each byte: parts are taken from a JSON value, which holds no bytes.
impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.iter().map(|byte| char::from(*byte)).collect::<String>())
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = text.chars().map(|one| u8::try_from(u32::from(one)).map_err(serde::de::Error::custom));
        bytes.collect::<Result<_, _>>().map(Self)
    }
}

/// A value of the string enum `T` that this client does not know. It is created by reading a string as a `T`, so it is never
/// one of the known values.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnknownValue<T> {
    value: Box<str>,
    of: PhantomData<fn() -> T>,
}

impl<T> UnknownValue<T> {
    #[doc(hidden)]
    #[must_use]
    pub fn __new(value: &str) -> Self {
        misfit(UNKNOWN_VALUE);
        Self { value: value.into(), of: PhantomData }
    }

    /// Returns the value as it was received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

/// A string that is none of the values of a string enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    expected: &'static [&'static str],
}

impl InvalidValue {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(expected: &'static [&'static str]) -> Self {
        Self { expected }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "none of the known values: {}", self.expected.join(", "))
    }
}

impl std::error::Error for InvalidValue {}
