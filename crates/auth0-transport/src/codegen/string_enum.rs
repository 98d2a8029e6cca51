//! Reads and writes string enums.

/// Implements the conversions of a string enum: of an open one, whose last variant keeps unknown values, or of one that
/// rejects them.
#[doc(hidden)]
#[macro_export]
macro_rules! __generated_string_enum {
    ($type:ident $unknown:ident { $($variant:ident $value:literal,)* }) => {
        $crate::codegen::string_enum!(@both $type { $($variant $value,)* } Self::$unknown(value) => value.as_str(),);

        impl ::std::convert::From<&str> for $type {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    value => Self::$unknown($crate::codegen::values::UnknownValue::__new(value)),
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
                <$crate::codegen::Name<'de> as ::serde::Deserialize>::deserialize(deserializer)
                    .map(|value| Self::from(value.0.as_ref()))
            }
        }
    };
    ($type:ident { $($variant:ident $value:literal,)* }) => {
        $crate::codegen::string_enum!(@both $type { $($variant $value,)* });

        impl ::std::str::FromStr for $type {
            type Err = $crate::codegen::values::InvalidValue;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                match value {
                    $($value => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::codegen::values::InvalidValue::__new(&[$($value),*])),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                <$crate::codegen::Name<'de> as ::serde::Deserialize>::deserialize(deserializer)?
                    .0
                    .parse()
                    .map_err(<__D::Error as ::serde::de::Error>::custom)
            }
        }
    };
    (@both $type:ident { $($variant:ident $value:literal,)* } $($unknown:pat => $string:expr,)?) => {
        impl $type {
            /// The value as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    $($unknown => $string,)?
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
                ::std::stringify!($type).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string" })
            }
        }
    };
}
