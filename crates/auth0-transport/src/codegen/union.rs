//! Reads and writes unions.

/// Implements `Deserialize` and `Serialize` for a union. It is read by its discriminator if that is present, otherwise as
/// the variant that fits best, otherwise as the value itself.
#[doc(hidden)]
#[macro_export]
macro_rules! __generated_union {
    ($type:ident $unknown:ident { $($variant:ident $read:ident,)* } $($tag:literal { $($value:tt $tagged:ident,)* })?) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                $(if let ::std::option::Option::Some(tag) = value.get($tag).filter(|tag| !tag.is_null()) {
                    let variants: &[(bool, $crate::codegen::Variant<Self>)] = &[
                        $(($crate::codegen::Tag::is(&$value, tag), |value| {
                            $crate::codegen::read(value).map(Self::$tagged)
                        }),)*
                    ];
                    let variant = variants.iter().find(|(is_meant, _)| *is_meant);
                    let read = variant.and_then(|(_, variant)| $crate::codegen::choose(&value, &[*variant]));
                    return ::std::result::Result::Ok(read.unwrap_or_else(|| Self::$unknown(value)));
                })?
                let variants: &[$crate::codegen::Variant<Self>] = &[
                    $(|value| $crate::codegen::$read(value).map(Self::$variant),)*
                ];
                ::std::result::Result::Ok(
                    $crate::codegen::choose(&value, variants).unwrap_or_else(|| Self::$unknown(value)),
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
