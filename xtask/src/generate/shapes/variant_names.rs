//! Values of an enumeration of texts that would be one variant in Rust get names that differ; the values are noted. An
//! enumeration of values of several types is a check, and no type.
//!
//! Step 3 of `TYPES`.

use serde_json::{Map, Value};

use super::{Apply, Noted, Transform, schemas::each};
use crate::{
    generate::names::{Names, pascal},
    openapi::Document,
};

pub(super) const TRANSFORM: Transform = Transform { name: "variant-names", apply: Apply::Noted(apply) };

/// Where the values of renamed variants are noted.
pub const VALUES: &str = "x-values";

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    each(document, &mut |schema, _| {
        let Some(Value::Array(values)) = schema.get_mut("enum") else { return 0 };
        let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        if texts.len() != values.len() {
            let is_typed = schema.contains_key("type");
            return usize::from(!is_typed && schema.shift_remove("enum").is_some());
        }
        let mut names = Names::of_variants();
        let variants: Vec<String> = texts.iter().map(|text| names.take(text)).collect();
        let pairs = || variants.iter().zip(&texts);
        if pairs().all(|(variant, text)| *variant == pascal(text)) {
            return 0;
        }
        for (variant, text) in pairs().filter(|(variant, text)| **variant != pascal(text)) {
            noted.renamed.push(format!("the value {text:?} is the variant {variant}"));
        }
        let noted_values: Map<String, Value> =
            pairs().map(|(variant, text)| (variant.clone(), (*text).into())).collect();
        *values = variants.into_iter().map(Value::from).collect();
        schema.insert(VALUES.to_owned(), noted_values.into());
        1
    })
}
