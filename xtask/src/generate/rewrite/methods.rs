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
    parts::{Body, MANAGEMENT_API, Method, Operation, Parameter, Parts},
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
    code.block.stmts = body(operation, &constant, gathered, &code.sig.output)?;
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
        "bytes" => parse_quote! { ::bytes::Bytes },
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
        (true, _, _) => parse_quote! { ::bytes::Bytes },
        (_, true, true) => parse_quote! { Option<#body> },
        _ => body.clone(),
    };
    Ok(parse_quote! { -> Result<Response<#body>, Error> })
}

fn body(operation: &Operation, constant: &Ident, gathered: bool, output: &ReturnType) -> Result<Vec<Stmt>, String> {
    let verb = &operation.verb;
    let url = url(operation, constant)?;
    let accepts = &operation.accepts;
    let mut stmts: Vec<Stmt> = Vec::new();
    let start: Expr = match verb.as_str() {
        "get" | "put" | "post" | "delete" | "head" | "patch" => {
            let verb = format_ident!("{verb}");
            parse_quote! { self.transport.http_client().#verb(#url) }
        }
        verb => {
            let verb = format_ident!("{}", verb.to_uppercase());
            parse_quote! { self.transport.http_client().request(::reqwest::Method::#verb, #url) }
        }
    };
    // A static value costs nothing to make and to keep for a retry; it panics for what no header may hold.
    let accepts: Expr = if accepts.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        parse_quote! { ::reqwest::header::HeaderValue::from_static(#accepts) }
    } else {
        parse_quote! { #accepts }
    };
    let mut request: Expr = parse_quote! { #start.header(::reqwest::header::ACCEPT, #accepts) };
    let mut later: Vec<Stmt> = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.place == "query") {
        let (name, value) = (&parameter.name, value(parameter, gathered));
        request = match &parameter.joined_by {
            None if parameter.deep && parameter.required => {
                parse_quote! { #request.query(&requests::deep(#name, Some(&#value))?) }
            }
            None if parameter.deep => parse_quote! { #request.query(&requests::deep(#name, #value.as_ref())?) },
            None => parse_quote! { #request.query(&::progenitor_client::QueryParam::new(#name, &#value)) },
            Some(separator) => {
                let joined = joined(parameter, &value, separator);
                parse_quote! { #request.query(&::progenitor_client::QueryParam::new(#name, &#joined)) }
            }
        };
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.place == "header") {
        let (name, value) = (&parameter.name, value(parameter, gathered));
        let text = |value: Expr| -> Expr {
            if parameter.exploded {
                parse_quote! { requests::exploded(#value)? }
            } else {
                parse_quote! { requests::joined(#value, ",")? }
            }
        };
        if parameter.required {
            let text = text(parse_quote! { &#value });
            request = parse_quote! { #request.header(#name, #text) };
        } else {
            let text = text(parse_quote! { value });
            later.push(parse_quote! {
                if let Some(value) = &#value {
                    request = request.header(#name, #text);
                }
            });
        }
    }
    if let Some(body) = &operation.body {
        let media = &body.media;
        let says_media = body.kind != "form" && media != "application/json";
        let send = |mut request: Expr| -> Expr {
            if says_media {
                request = parse_quote! { #request.header(::reqwest::header::CONTENT_TYPE, #media) };
            }
            match body.kind.as_str() {
                "form" => {
                    let encoding = body.encoding.iter().map(|(name, written)| match written.as_str() {
                        "json" => quote! { (#name, requests::Written::Json) },
                        "deep" => quote! { (#name, requests::Written::Deep) },
                        "exploded" => quote! { (#name, requests::Written::Exploded) },
                        separator => quote! { (#name, requests::Written::Joined(#separator)) },
                    });
                    parse_quote! { #request.form(&requests::pairs(body, &[#(#encoding),*])?) }
                }
                "text" => parse_quote! { #request.body(body.to_owned()) },
                "bytes" => parse_quote! { #request.body(body) },
                _ => parse_quote! { #request.json(body) },
            }
        };
        if body.required {
            request = send(request);
        } else {
            let written = send(parse_quote! { request });
            later.push(parse_quote! {
                if let Some(body) = body.into() {
                    request = #written;
                }
            });
        }
    }
    if later.is_empty() {
        stmts.push(parse_quote! { let request = #request.build().map_err(Error::invalid_request)?; });
    } else {
        stmts.push(parse_quote! { let mut request = #request; });
        stmts.extend(later);
        stmts.push(parse_quote! { let request = request.build().map_err(Error::invalid_request)?; });
    }
    stmts.push(parse_quote! { let response = self.transport.execute(request, &operations::#constant).await?; });
    stmts.push(Stmt::Expr(answer(operation, output)?, None));
    Ok(stmts)
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

fn joined(parameter: &Parameter, value: &Expr, separator: &str) -> Expr {
    if parameter.required {
        parse_quote! { requests::joined(&#value, #separator)? }
    } else {
        parse_quote! { #value.as_ref().map(|value| requests::joined(value, #separator)).transpose()? }
    }
}

/// The URL is put together from the transport's base and encoded segments.
fn url(operation: &Operation, constant: &Ident) -> Result<Expr, String> {
    let mut template = String::new();
    let mut values: Vec<Expr> = Vec::new();
    let mut rest = operation.path.as_str();
    while let Some((text, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or("has a path with a brace that is never closed")?;
        let parameter =
            operation.parameters.iter().find(|parameter| parameter.place == "path" && parameter.name == name);
        let parameter =
            parameter.ok_or_else(|| format!("has {{{name}}} in its path, but no such path parameter; declare it"))?;
        let argument = format_ident!("{}", parameter.argument);
        let segment = format_ident!("{}", if parameter.exploded { "exploded_segment" } else { "segment" });
        template.push_str(&text.replace('}', "}}"));
        template.push_str("{}");
        values.push(parse_quote! { requests::#segment(&#argument)? });
        rest = after;
    }
    template.push_str(&rest.replace('}', "}}"));
    let path = quote! { &format!(#template #(, #values)*) };
    let url = if operation.base_path == MANAGEMENT_API {
        quote! { self.transport.url(#path) }
    } else {
        quote! { self.transport.operation_url(&operations::#constant, #path) }
    };
    Ok(match &operation.query {
        Some(query) => parse_quote! { requests::with_query(#url, #query) },
        None => parse_quote! { #url },
    })
}

/// Each status asks the transport's response for what the document declares.
fn answer(operation: &Operation, output: &ReturnType) -> Result<Expr, String> {
    let has = |wanted: &str| operation.answers.iter().any(|(_, kind)| kind == wanted);
    let mixed = has("json") && has("empty");
    let body = match output {
        ReturnType::Type(_, result) => first_argument(result, "Result")
            .and_then(|ok| first_argument(ok, "Response"))
            .and_then(|body| first_argument(body, "Option")),
        ReturnType::Default => None,
    };
    let arms = operation.answers.iter().map(|(status, kind)| {
        let pattern = if status.ends_with("XX") {
            quote! { 200..=299 }
        } else {
            let status: u16 = status.parse().map_err(|_| format!("answers the status {status:?}, which is none"))?;
            let status = proc_macro2::Literal::u16_unsuffixed(status);
            quote! { #status }
        };
        let read = match kind.as_str() {
            "json" if mixed => quote! { response.json::<#body>().map(|response| response.map(Some)) },
            "json" => quote! { response.json() },
            "bytes" => quote! { Ok(response) },
            _ if has("bytes") => quote! { Ok(response) },
            _ if mixed => quote! { Ok(response.map(|_| None)) },
            _ => quote! { Ok(response.empty()) },
        };
        Ok(quote! { #pattern => #read })
    });
    let mut arms = arms.collect::<Result<Vec<_>, String>>()?;
    // The range comes after the statuses of its own.
    arms.sort_by_key(|arm| arm.to_string().starts_with("200 ..="));
    Ok(parse_quote! {
        match response.status().as_u16() { #(#arms,)* _ => Err(response.unexpected()), }
    })
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
