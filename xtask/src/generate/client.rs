//! The one place that calls progenitor: a normalized document in, a syntax tree out. What progenitor cannot express is
//! left out by name, and its panics become reasons.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::Once,
};

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;

use crate::openapi::{Document, Pointer, Problem};

/// An operation that is not in the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its id.
    pub operation: String,
    /// Why it is left out.
    pub reason: String,
}

/// What progenitor makes of the document, and which operations it could not express. Those are taken out of the
/// document too.
///
/// # Errors
///
/// No operation can be expressed, or each one can but not all together.
pub fn generate(document: &mut Document) -> Result<(syn::File, Vec<Skipped>), Problem> {
    let problem = match whole(document) {
        Ok(tree) => return Ok((tree, Vec::new())),
        Err(problem) => problem,
    };
    let (mut kept, mut skipped) = (Vec::new(), Vec::new());
    for site in document.operations()? {
        match whole(&document.part(&[(site.path, site.method)])) {
            Ok(_) => kept.push((site.path, site.method)),
            Err(problem) => {
                let operation = site.name().id.unwrap_or_default();
                skipped.push(Skipped { operation, reason: problem.to_string() });
            }
        }
    }
    if skipped.is_empty() || kept.is_empty() {
        return Err(problem);
    }
    *document = document.part(&kept);
    Ok((whole(document)?, skipped))
}

fn whole(document: &Document) -> Result<syn::File, Problem> {
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

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// progenitor and typify panic at places; their words become the reason, without a trace on the screen. Panics of other
/// threads are reported as ever.
fn quietly<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                report(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    QUIET.set(false);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}
