//! Methods speak the transport's language: every request goes through `Transport::execute`, every failure is its typed
//! error, and an id can fill one path segment only. Of progenitor's methods the names and the types of arguments and
//! answers are kept; how a request is sent stands in the document.
//!
//! Step 7.

use quote::{format_ident, quote};
use syn::{
    Expr, FnArg, Ident, ReturnType, Stmt, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::{
    generics::first_argument,
    parameters,
    parts::{Body, Method, Operation, Parameter, Parts},
};
use crate::{generate::names::Names, openapi::Problem};

/// Rewrites every method and says how many there were.
pub(super) fn apply(parts: &mut Parts, names: &mut Names) -> Result<usize, Problem> {
    for method in &mut parts.methods {
        let name = method.code.sig.ident.to_string();
        parts.types.extend(rewrite(method, names).map_err(|what| Problem::new(format!("the method {name} {what}")))?);
    }
    Ok(parts.methods.len())
}

/// The items that belong to the method: the struct of its parameters, if it takes one.
fn rewrite(method: &mut Method, names: &mut Names) -> Result<Vec<syn::Item>, String> {
    let constant = method.constant();
    let Method { code, operation } = method;
    let mut arguments = Vec::new();
    for input in &code.sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let syn::Pat::Ident(name) = &*typed.pat else { return Err("has an argument without a name".to_owned()) };
        let mut ty = (*typed.ty).clone();
        Elided.visit_type_mut(&mut ty);
        arguments.push((name.ident.clone(), ty));
    }
    let is_optional = |argument: &Ident| {
        operation.parameters.iter().any(|parameter| *argument == parameter.argument && !parameter.required)
    };
    let (optional, mut positional): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|(name, _)| is_optional(name));
    let mut items = Vec::new();
    let gathered = optional.len() > parameters::MOST_ARGUMENTS;
    if gathered {
        let name = format_ident!("{}", names.take(&format!("{}-Parameters", code.sig.ident)));
        positional.push((format_ident!("parameters"), parse_quote! { &types::#name }));
        items = parameters::items(&name, &code.sig.ident, &optional, operation)?;
    } else {
        let body = positional.iter().position(|(name, _)| name == "body").unwrap_or(positional.len());
        positional.splice(body..body, optional);
    }
    if let Some(body) = &operation.body
        && let Some((_, ty)) = positional.iter_mut().find(|(name, _)| name == "body")
    {
        *ty = body_type(ty, body);
    }
    let inputs = positional.iter().map(|(name, ty)| quote! { #name: #ty });
    let inputs: Vec<FnArg> = inputs.map(|input| parse_quote! { #input }).collect();
    code.sig.inputs = std::iter::once(parse_quote! { &self }).chain(inputs).collect();
    code.sig.generics = syn::Generics::default();
    code.sig.output = output(&code.sig.output, operation)?;
    for parameter in &mut operation.parameters {
        parameter.string =
            positional.iter().any(|(name, ty)| *name == parameter.argument && quote!(#ty).to_string() == "& str");
    }
    code.block.stmts = body(operation, &constant, gathered)?;
    Ok(items)
}

/// Lifetimes that Rust finds by itself.
struct Elided;

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

fn body_type(ty: &Type, body: &Body) -> Type {
    let ty = match body.kind.as_str() {
        "text" => parse_quote! { &str },
        "bytes" => parse_quote! { Bytes },
        // Texts that are enumerated come by value.
        _ if !matches!(ty, Type::Reference(_)) => parse_quote! { &#ty },
        _ => ty.clone(),
    };
    if body.required {
        ty
    } else {
        parse_quote! { impl Into<Option<#ty>> }
    }
}

/// `Result<ResponseValue<T>, Error<()>>` becomes `Result<Response<T>, Error>`.
fn output(output: &ReturnType, operation: &Operation) -> Result<ReturnType, String> {
    let body = match output {
        ReturnType::Type(_, result) => {
            first_argument(result, "Result").and_then(|ok| first_argument(ok, "ResponseValue"))
        }
        ReturnType::Default => None,
    };
    let body = body.ok_or_else(|| format!("returns something unknown: {}", quote!(#output)))?;
    let answers = |wanted: &str| operation.answers.iter().any(|(_, kind)| kind == wanted);
    let body = match (answers("bytes"), answers("json"), answers("empty")) {
        (true, _, _) => parse_quote! { Bytes },
        (_, true, true) => parse_quote! { Option<#body> },
        _ => body.clone(),
    };
    Ok(parse_quote! { -> Result<Response<#body>, Error> })
}

fn body(operation: &Operation, constant: &Ident, gathered: bool) -> Result<Vec<Stmt>, String> {
    let mut request: Expr = parse_quote! { self.transport.call(&operations::#constant) };
    if let Some(query) = &operation.query {
        request = parse_quote! { #request.fixed_query(#query) };
    }
    for name in segments(&operation.path)? {
        let parameter =
            operation.parameters.iter().find(|parameter| parameter.place == "path" && parameter.name == name);
        let parameter =
            parameter.ok_or_else(|| format!("has {{{name}}} in its path, but no such path parameter; declare it"))?;
        let argument = format_ident!("{}", parameter.argument);
        request = match (parameter.exploded, parameter.string) {
            (true, _) => parse_quote! { #request.exploded_segment(&#argument)? },
            (_, true) => parse_quote! { #request.segment(#argument)? },
            _ => parse_quote! { #request.segment_of(&#argument)? },
        };
    }
    if operation.accepts != "application/json" {
        let accepts = &operation.accepts;
        request = parse_quote! { #request.accept(#accepts) };
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.place != "path") {
        let (name, value) = (&parameter.name, value(parameter, gathered));
        request = match (parameter.place.as_str(), &parameter.joined_by) {
            ("header", _) if parameter.exploded => parse_quote! { #request.exploded_header(#name, &#value) },
            ("header", _) => parse_quote! { #request.header_parameter(#name, &#value) },
            (_, None) if parameter.deep => parse_quote! { #request.deep_parameter(#name, &#value) },
            (_, None) => parse_quote! { #request.parameter(#name, &#value) },
            (_, Some(separator)) => parse_quote! { #request.joined_parameter(#name, &#value, #separator) },
        };
    }
    if let Some(body) = &operation.body {
        let send = |mut request: Expr| -> Expr {
            let media = &body.media;
            if body.kind != "form" && media != "application/json" {
                request = parse_quote! { #request.content_type(#media) };
            }
            match body.kind.as_str() {
                "form" => {
                    let encoding = body.encoding.iter().map(|(name, written)| match written.as_str() {
                        "json" => quote! { (#name, Encoding::Json) },
                        "deep" => quote! { (#name, Encoding::Deep) },
                        "exploded" => quote! { (#name, Encoding::Exploded) },
                        separator => quote! { (#name, Encoding::Joined(#separator)) },
                    });
                    parse_quote! { #request.form(body, &[#(#encoding),*]) }
                }
                "text" => parse_quote! { #request.body(body.to_owned()) },
                "bytes" => parse_quote! { #request.body(body) },
                _ => parse_quote! { #request.json(body) },
            }
        };
        request = if body.required {
            send(request)
        } else {
            let written = send(parse_quote! { request });
            parse_quote! { #request.optional(body.into(), |request, body| #written) }
        };
    }
    let response: Expr = send(operation, request)?;
    Ok(vec![Stmt::Expr(response, None)])
}

/// The argument or the field that holds a parameter.
fn value(parameter: &Parameter, gathered: bool) -> Expr {
    let argument = format_ident!("{}", parameter.argument);
    if gathered && !parameter.required {
        parse_quote! { parameters.#argument }
    } else {
        parse_quote! { #argument }
    }
}

/// The names in braces.
fn segments(path: &str) -> Result<Vec<&str>, String> {
    let starts = path.split('{').skip(1);
    starts
        .map(|start| start.split_once('}').map(|(name, _)| name).ok_or("has a path with a brace that is never closed"))
        .collect::<Result<_, _>>()
        .map_err(ToOwned::to_owned)
}

/// Ends the chain with what the document declares of the response.
fn send(operation: &Operation, request: Expr) -> Result<Expr, String> {
    let has = |wanted: &str| operation.answers.iter().any(|(_, kind)| kind == wanted);
    if has("bytes") {
        return Ok(parse_quote! { #request.send().await });
    }
    if !has("json") {
        return Ok(parse_quote! { #request.send_empty().await });
    }
    if !has("empty") {
        return Ok(parse_quote! { #request.send_json().await });
    }
    let range = operation.answers.iter().find(|(status, _)| status.ends_with("XX"));
    let is_range_empty = range.is_some_and(|(_, kind)| kind == "empty");
    let listed = if is_range_empty { "json" } else { "empty" };
    let statuses = operation.answers.iter().filter(|(status, kind)| kind == listed && !status.ends_with("XX"));
    let statuses = statuses.map(|(status, _)| super::operations::status(status)).collect::<Result<Vec<_>, _>>()?;
    let not = is_range_empty.then(|| quote! { ! });
    Ok(parse_quote! { #request.send_optional_json(|status| #not matches!(status, #(#statuses)|*)).await })
}

/// A call of the first method whose arguments are texts or optional, as an example shows it.
pub(super) fn example(methods: &[Method]) -> Option<String> {
    methods.iter().find_map(|method| {
        let arguments = method.code.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(match quote!(#typed).to_string() {
                text if text.ends_with("& str") => Some("\"…\""),
                text if text.contains(": Option <") => Some("None"),
                text if text.starts_with("parameters :") => Some("&Default::default()"),
                _ => None,
            }),
            FnArg::Receiver(_) => None,
        });
        let arguments: Option<Vec<_>> = arguments.collect();
        Some(format!("{}({})", method.code.sig.ident, arguments?.join(", ")))
    })
}
