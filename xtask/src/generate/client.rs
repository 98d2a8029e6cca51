//! The one place that calls progenitor: a normalized document in, a syntax tree out. Panics become problems.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;

use super::{document::Document, pointer::Pointer, problem::Problem};

/// What progenitor makes of the document.
///
/// # Errors
///
/// The document is not OpenAPI 3.0 for progenitor's parser, or holds something that progenitor cannot express.
pub fn generate(document: &Document) -> Result<syn::File, Problem> {
    let openapi: openapiv3::OpenAPI = serde_path_to_error::deserialize(&document.root).map_err(|error| {
        let pointer = pointer_of(error.path());
        Problem::at(&pointer, format!("progenitor's parser does not read this: {}", error.into_inner()))
    })?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { auth0_transport::Transport })
        .with_derive("PartialEq");
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&openapi))
        .map_err(|panic| Problem::new(format!("progenitor gave up on it: {panic}")))?
        .map_err(|error| Problem::new(format!("progenitor cannot express it: {error}")))?;
    syn::parse2(tokens).map_err(|error| Problem::new(format!("progenitor wrote what is not Rust: {error}")))
}

fn pointer_of(path: &serde_path_to_error::Path) -> Pointer {
    path.iter().fold(Pointer::root(), |pointer, segment| match segment {
        serde_path_to_error::Segment::Seq { index } => pointer.child(index),
        segment => pointer.child(segment),
    })
}

/// progenitor and typify panic at places; their words become the reason, without a trace on the screen.
fn quietly<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(call));
    std::panic::set_hook(hook);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}
