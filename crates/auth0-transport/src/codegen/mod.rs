//! The runtime of generated clients: how their types are read and written, and how their requests are built.
//!
//! It is public for generated code alone, and may change in any release.

mod conversion_error;
mod decode;
mod multipart;
mod newtype;
mod object;
mod parameters;
mod request;
mod string;
mod string_enum;
mod union;
pub mod values;

pub use crate::{
    __generated_newtype as newtype, __generated_object as object, __generated_string as string,
    __generated_string_enum as string_enum, __generated_union as union,
};
pub use conversion_error::ConversionError;
pub use decode::{Name, Tag, Variant, choose, keep, misfit, read, read_open};
pub use parameters::Encoding;
