//! A JSON schema behind the feature `schemars` for the types that no other step writes anew.
//!
//! Step 8.

use syn::{Attribute, Item, parse_quote};

use super::parts::{Parts, derives};

/// Marks each type that serde's derives write, and says how many there were.
pub(super) fn apply(parts: &mut Parts) -> usize {
    let attributes = parts.types.iter_mut().filter_map(|item| match item {
        Item::Struct(structure) => Some(&mut structure.attrs),
        Item::Enum(enumeration) => Some(&mut enumeration.attrs),
        _ => None,
    });
    let derived = attributes.filter(|attributes| derives(attributes, "Serialize"));
    derived
        .map(|attributes: &mut Vec<Attribute>| {
            attributes.insert(0, parse_quote! { #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] });
        })
        .count()
}
