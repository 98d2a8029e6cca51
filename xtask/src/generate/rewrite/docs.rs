//! Docs, one comment a line, with the scope that an operation needs.
//!
//! Step 9.

use syn::{Attribute, Expr, ExprLit, Fields, Item, Lit, Meta, parse_quote};

use super::{
    parts::{Method, Parts},
    prose::code,
};

/// Rewrites the docs of methods and types, and says how many of them had some.
pub(super) fn apply(parts: &mut Parts) -> usize {
    parts.methods.iter_mut().for_each(of_method);
    let types: usize = parts.types.iter_mut().map(of_type).sum();
    parts.methods.len() + types
}

fn of_method(method: &mut Method) {
    let mut text = take(&mut method.code.attrs);
    let lines = text.lines().map(|line| {
        if line.starts_with("Sends a `POST` request to `/") {
            format!(
                "Sends a `{}` request to {}",
                method.operation.verb.to_uppercase(),
                code(&method.operation.target())
            )
        } else {
            line.to_owned()
        }
    });
    text = lines.collect::<Vec<_>>().join("\n");
    let scope = method.operation.scopes_in_words();
    let needs = scope.map(|scope| format!("Needs the scope {scope}."));
    let deprecated = method.operation.deprecated.then(|| "**Deprecated** by the document.".to_owned());
    for note in deprecated.into_iter().chain(needs) {
        let needs = format!("\n\n{note}");
        match text.find("\n\nArguments:") {
            Some(arguments) => text.insert_str(arguments, &needs),
            None => text.push_str(&needs),
        }
    }
    text.push_str("\n\n# Errors\n\nThe request could not be sent, or was answered by anything but what is declared: see [`Error`].");
    put(&mut method.code.attrs, &text);
}

fn of_type(item: &mut Item) -> usize {
    let attributes = match item {
        Item::Struct(structure) => {
            if let Fields::Named(fields) = &mut structure.fields {
                fields.named.iter_mut().for_each(|field| {
                    let text = take(&mut field.attrs);
                    put(&mut field.attrs, if text.is_empty() { "Not described by the document." } else { &text });
                });
            }
            &mut structure.attrs
        }
        Item::Enum(enumeration) => &mut enumeration.attrs,
        _ => return 0,
    };
    let text = take(attributes);
    put(attributes, &text);
    usize::from(!text.is_empty())
}

/// The text of all doc comments, which are taken away.
fn take(attributes: &mut Vec<Attribute>) -> String {
    let mut lines = Vec::new();
    attributes.retain(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return true };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return true };
        if !pair.path.is_ident("doc") {
            return true;
        }
        lines.push(text.value().strip_prefix(' ').map_or_else(|| text.value(), ToOwned::to_owned));
        false
    });
    lines.join("\n").trim_end().to_owned()
}

/// What a block of code starts and ends with.
const FENCES: [&str; 2] = ["```", "~~~"];

/// Writes docs that are prose whatever the document says: an indented line or a fence would be a test otherwise.
fn put(attributes: &mut Vec<Attribute>, text: &str) {
    let mut fence = None;
    let lines = text.lines().map(|line| {
        let trimmed = line.trim_start();
        // In a list or a quotation, too.
        let content =
            line.trim_start_matches(|one: char| one.is_whitespace() || one.is_ascii_digit() || "->*+.)".contains(one));
        let found = FENCES.into_iter().find(|fence| content.starts_with(fence));
        if let Some(found) = found.filter(|found| fence.is_none_or(|open| open == *found)) {
            fence = if fence.is_none() { Some(found) } else { None };
            return format!(" {found}{}", if fence.is_some() { "text" } else { "" });
        }
        match line.len() - trimmed.len() {
            _ if trimmed.is_empty() => String::new(),
            0..4 => format!(" {line}"),
            _ => format!("   {trimmed}"),
        }
    });
    let mut lines: Vec<String> = lines.collect();
    lines.extend(fence.map(|fence| format!(" {fence}")));
    attributes.splice(0..0, lines.iter().map(|line| parse_quote! { #[doc = #line] }));
}

#[cfg(test)]
mod tests {
    use super::{super::parts::Operation, *};

    fn docs_of(text: &str) -> String {
        let (verb, path) = ("get".to_owned(), "/a".to_owned());
        let operation = Operation { verb, path, scopes: vec!["read:a".to_owned()], ..Operation::default() };
        let code = parse_quote! { #[doc = #text] pub async fn get_a(&self, id: &str) {} };
        let mut parts = Parts { methods: vec![Method { code, operation }], types: Vec::new() };
        assert_eq!(apply(&mut parts), 1);
        take(&mut parts.methods[0].code.attrs)
    }

    #[test]
    fn a_method_tells_its_scope_and_its_errors() {
        let text = docs_of("Get it\n\nSends a `POST` request to `/0`\n\nArguments:\n- `id`: The id.\n");
        assert!(
            text.starts_with("Get it\n\nSends a `GET` request to `/a`\n\nNeeds the scope `read:a`.\n\nArguments:"),
            "{text}"
        );
        assert!(text.contains("- `id`: The id.\n\n# Errors\n\n"), "{text}");
        assert!(docs_of("Get it").starts_with("Get it\n\nNeeds the scope `read:a`.\n\n# Errors"));
    }

    #[test]
    fn code_in_a_description_is_no_test() {
        let text = docs_of("See\n\n    let a = 1;\n\n```\nlet b = 2;\n```\nand\n```js\nnever closed");
        assert!(
            text.starts_with("See\n\n  let a = 1;\n\n```text\nlet b = 2;\n```\nand\n```text\nnever closed"),
            "{text}"
        );
        assert_eq!(text.matches("```").count(), 4, "{text}");
        let text = docs_of("See\n~~~rust\n```\n~~~\n> ```\n> quoted\n> ```\n1. ~~~\n   listed");
        assert!(text.starts_with("See\n~~~text\n```\n~~~\n```text\n> quoted\n```\n~~~text\n   listed"), "{text}");
        assert!(text.contains("# Errors\n") && text.ends_with("\n~~~"), "{text}");
    }

    #[test]
    fn what_is_deprecated_says_so_and_no_name_ends_its_line() {
        let operation = Operation { path: "/a\n\n`b`".to_owned(), deprecated: true, ..Operation::default() };
        let code = parse_quote! { #[doc = "Get it\n\nSends a `POST` request to `/0`"] pub async fn get_a(&self) {} };
        let mut parts = Parts { methods: vec![Method { code, operation }], types: Vec::new() };
        apply(&mut parts);
        let text = take(&mut parts.methods[0].code.attrs);
        assert!(text.contains("request to `/a 'b'`\n\n**Deprecated** by the document.\n\n# Errors"), "{text}");
    }
}
