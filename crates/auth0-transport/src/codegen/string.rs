//! Converts strings with a type of their own.

/// Implements the conversions of a struct around one string: one that accepts every string, or one with checks.
#[doc(hidden)]
#[macro_export]
macro_rules! __generated_string {
    ($type:ident) => {
        $crate::codegen::string!(@both $type);

        impl ::std::convert::From<::std::string::String> for $type {
            fn from(value: ::std::string::String) -> Self {
                Self(value)
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok(Self(value.to_owned()))
            }
        }
    };
    ($type:ident { $($check:ident $bound:literal $($flags:literal)?,)* }) => {
        $crate::codegen::string!(@both $type);

        impl ::std::str::FromStr for $type {
            type Err = $crate::codegen::ConversionError;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                $($crate::codegen::string!(@$check value $bound $($flags)?);)*
                ::std::result::Result::Ok(Self(value.to_owned()))
            }
        }

        impl ::std::convert::TryFrom<&str> for $type {
            type Error = $crate::codegen::ConversionError;

            fn try_from(value: &str) -> ::std::result::Result<Self, Self::Error> {
                value.parse()
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $type {
            type Error = $crate::codegen::ConversionError;

            fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, Self::Error> {
                value.parse()
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err(<__D::Error as ::serde::de::Error>::custom)
            }
        }
    };
    (@both $type:ident) => {
        impl $type {
            /// The string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl ::std::ops::Deref for $type {
            type Target = ::std::string::String;

            fn deref(&self) -> &::std::string::String {
                &self.0
            }
        }

        impl ::std::convert::From<$type> for ::std::string::String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    };
    (@max_length $value:ident $most:literal) => {
        if $value.chars().count() > $most {
            return ::std::result::Result::Err(::std::concat!("longer than ", $most, " characters").into());
        }
    };
    (@min_length $value:ident $least:literal) => {
        if $value.chars().count() < $least {
            return ::std::result::Result::Err(::std::concat!("shorter than ", $least, " characters").into());
        }
    };
    (@pattern $value:ident $pattern:literal $flags:literal) => {
        {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> =
                ::std::sync::LazyLock::new(|| ::regress::Regex::with_flags($pattern, $flags).unwrap());
            if PATTERN.find($value).is_none() {
                return ::std::result::Result::Err(::std::concat!("doesn't match pattern \"", $pattern, "\"").into());
            }
        }
    };
}
