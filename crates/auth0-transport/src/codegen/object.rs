//! Reads and writes structs as objects, and keeps unknown properties.

/// Implements `Deserialize` and `Serialize` for a struct. A field is `required`, `expected` (the document requires it, but
/// a reader accepts its absence), `optional`, or a `field` that can be absent, null or a value. Declared names start with
/// two underscores, so that they cannot clash with a type of the document.
#[doc(hidden)]
#[macro_export]
macro_rules! __generated_object {
    ($type:ident { $($kind:ident $field:ident $name:literal,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                struct __ObjectVisitor;
                impl<'de> ::serde::de::Visitor<'de> for __ObjectVisitor {
                    type Value = $type;

                    fn expecting(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        formatter.write_str(::std::concat!("an object for ", ::std::stringify!($type)))
                    }

                    fn visit_map<__A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut members: __A,
                    ) -> ::std::result::Result<$type, __A::Error> {
                        $(let mut $field = ::std::option::Option::None;)*
                        let mut unknown = $crate::codegen::values::UnknownMembers::new();
                        while let ::std::option::Option::Some($crate::codegen::Name(name)) = members.next_key()? {
                            match name.as_ref() {
                                $($name => $crate::codegen::object!(@read $kind $field $name members unknown),)*
                                name => $crate::codegen::keep(&mut unknown, name, members.next_value()?),
                            }
                        }
                        ::std::result::Result::Ok($type {
                            $($field: $crate::codegen::object!(@take $kind $field $name),)*
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
                $($crate::codegen::object!(@write $kind self $field $name members);)*
                for (name, value) in &self.unknown {
                    let is_set = match name.as_str() {
                        $($name => $crate::codegen::object!(@is_set $kind self $field),)*
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
            $crate::codegen::misfit(1);
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
