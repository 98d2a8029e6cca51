//! The type behind the unknown variant of every open enumeration.

use syn::{Item, parse_quote};

/// The items that open enumerations need beside them. Some features of a crate may leave no enumeration that makes a
/// value, hence the `allow`.
pub(super) fn items() -> Vec<Item> {
    let file: syn::File = parse_quote! {
        /// A value of the enumeration `T` that this client does not know. There is no way to make one but to read a
        /// text into a `T`, so it never stands for a known value.
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct UnknownValue<T> {
            value: ::std::boxed::Box<str>,
            of: ::std::marker::PhantomData<fn() -> T>,
        }

        impl<T> UnknownValue<T> {
            #[allow(dead_code)]
            pub(crate) fn new(value: &str) -> Self {
                Self { value: value.into(), of: ::std::marker::PhantomData }
            }

            /// The value as it came.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.value
            }
        }
    };
    file.items
}
