//! Converts structs around one value.

/// Implements the conversions between a struct and the value inside.
#[doc(hidden)]
#[macro_export]
macro_rules! __generated_newtype {
    ($type:ident $inner:ty) => {
        impl ::std::ops::Deref for $type {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl ::std::convert::From<$type> for $inner {
            fn from(value: $type) -> Self {
                value.0
            }
        }

        impl ::std::convert::From<$inner> for $type {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    };
}
