//! The one place that calls progenitor: the document in shape, a syntax tree out. What progenitor cannot express is
//! left out by name, and its panics become reasons.

use std::{
    any::Any,
    cell::Cell,
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::Once,
    thread,
};

use ::progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;
use serde_json::Value;

use super::{
    noted::{Noted, Skipped},
    shapes::notes::{PATH, VERB},
};
use crate::openapi::{Document, Pointer, Problem};

/// A schema may lie as deep as a document can: the stack of a thread for it.
const STACK: usize = 512 << 20;

/// How many characters of a message are shown.
const LONGEST_MESSAGE: usize = 300;

/// What a step makes of progenitor's tree for a document.
pub type Finish<'a, T> = &'a dyn Fn(syn::File, &Document) -> Result<T, Problem>;

/// What progenitor, and the step after it, make of the document. The operations that these cannot express are taken out
/// of the document, and noted.
///
/// # Errors
///
/// No operation can be expressed.
pub fn generate<T>(document: &mut Document, noted: &mut Noted, finish: Finish<'_, T>) -> Result<T, Problem> {
    let whole = |document: &Document| {
        let tree = tree(document)?;
        silently(|| finish(tree, document))
            .unwrap_or_else(|panic| Err(Problem::new(format!("it cannot be rewritten: {panic}"))))
    };
    let problem = match whole(document) {
        Ok(whole) => return Ok(whole),
        Err(problem) => problem,
    };
    let original = document.clone();
    let paths: Vec<&str> =
        original.root["paths"].as_object().into_iter().flatten().map(|(path, _)| path.as_str()).collect();
    let kept = expressible(&original, &[], &paths, noted, &|document| whole(document).map(drop));
    if kept.is_empty() {
        return Err(match noted.skipped.last() {
            Some(Skipped { operation, reason }) => {
                Problem::new(format!("no operation can be expressed; {operation}: {reason}"))
            }
            None => problem,
        });
    }
    *document = part(&original, &kept);
    whole(document)
}

/// Those of `tried` that can be expressed together with those of `kept`, which are among the result.
fn expressible<'a>(
    document: &Document,
    kept: &[&'a str],
    tried: &[&'a str],
    noted: &mut Noted,
    attempt: &dyn Fn(&Document) -> Result<(), Problem>,
) -> Vec<&'a str> {
    let all = [kept, tried].concat();
    match (attempt(&part(document, &all)), tried) {
        (Ok(()), _) => all,
        (Err(problem), [path]) => {
            let operation = &document.root["paths"][*path]["post"];
            let text = |key: &str| operation[key].as_str().unwrap_or_default();
            let place = Pointer::root().child("paths").child(text(PATH)).child(text(VERB));
            let reason = format!("#{place}: {}", clipped(&problem.to_string()));
            noted.skipped.push(Skipped { operation: text("operationId").to_owned(), reason });
            kept.to_vec()
        }
        (Err(_), tried) => {
            let (one, two) = tried.split_at(tried.len() / 2);
            let kept = expressible(document, kept, one, noted, attempt);
            expressible(document, &kept, two, noted, attempt)
        }
    }
}

/// The beginning of a message in one line: progenitor's may hold its whole view of a schema.
fn clipped(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn part(document: &Document, paths: &[&str]) -> Document {
    let operations: Vec<_> = paths.iter().map(|path| (*path, "post")).collect();
    let mut part = document.part(&operations);
    for (key, value) in document.root.as_object().into_iter().flatten().filter(|(key, _)| key.starts_with("x-")) {
        part.root[key] = Value::clone(value);
    }
    part
}

fn tree(document: &Document) -> Result<syn::File, Problem> {
    let openapi: openapiv3::OpenAPI = serde_path_to_error::deserialize(&document.root).map_err(|error| {
        let pointer = pointer_of(error.path());
        Problem::at(&pointer, format!("progenitor's parser does not read this: {}", error.into_inner()))
    })?;
    let write = || {
        let mut settings = GenerationSettings::default();
        settings
            .with_interface(InterfaceStyle::Positional)
            .with_hooks(HooksMode::Expected)
            .with_inner_type(quote! { auth0_transport::Transport })
            .with_derive("PartialEq");
        Generator::new(&settings).generate_tokens(&openapi).map(|tokens| tokens.to_string())
    };
    let text = quietly(write)
        .map_err(|panic| Problem::new(format!("progenitor gave up on it: {panic}")))?
        .map_err(|error| Problem::new(format!("progenitor cannot express it: {error}")))?;
    syn::parse_str(&text).map_err(|error| Problem::new(format!("progenitor wrote what is not Rust: {error}")))
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

/// progenitor and typify panic at places; their words become the reason. They get a stack as deep as any document.
fn quietly<T: Send>(call: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || silently(call));
        let thread = thread.map_err(|error| format!("no thread for it: {error}"))?;
        thread.join().unwrap_or_else(|panic| Err(words(&*panic)))
    })
}

/// The words of a panic as an error, without a trace on the screen. Panics of other threads are reported as ever.
fn silently<T>(call: impl FnOnce() -> T) -> Result<T, String> {
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
    result.map_err(|panic| words(&*panic))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default().to_owned()
}
