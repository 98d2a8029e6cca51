//! Methods speak the transport's language: every request goes through `Transport::execute`, every failure is its
//! typed error, and an id can fill one path segment only. The statements that progenitor writes are known one by one;
//! any other is a problem.

use quote::{format_ident, quote};
use syn::{
    Expr, ExprCall, ExprLit, ExprMatch, ExprTry, FnArg, GenericArgument, Ident, Lit, Local, PathArguments, ReturnType,
    Stmt, Type,
    parse::Parser,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::parts::{Method, Parts};
use crate::openapi::Problem;

/// Rewrites every method and says how many there were.
pub(super) fn apply(parts: &mut Parts) -> Result<usize, Problem> {
    for method in &mut parts.methods {
        let name = method.code.sig.ident.to_string();
        rewrite(method).map_err(|what| Problem::new(format!("the method {name} {what}")))?;
    }
    Ok(parts.methods.len())
}

fn rewrite(method: &mut Method) -> Result<(), String> {
    let constant = method.constant();
    let method = &mut method.code;
    method.sig.output = output(&method.sig.output)?;
    let mut kept: Vec<Stmt> = Vec::new();
    let has_headers = method.block.stmts.iter().filter(|stmt| is_own_header(stmt)).count() > 0;
    for stmt in std::mem::take(&mut method.block.stmts) {
        match role(&stmt) {
            Some(Role::Url) => kept.extend(url(&stmt)?),
            Some(Role::Headers) if has_headers && !is_api_version(&stmt) => kept.push(header(stmt)),
            Some(Role::Headers | Role::Hook) => {}
            Some(Role::Request) => kept.push(request(stmt, has_headers)?),
            Some(Role::Exec) => kept.push(parse_quote! {
                let response = self.transport.execute(request, &operations::#constant).await?;
            }),
            Some(Role::Answer) => kept.push(answer(stmt)?),
            None => return Err(format!("holds an unknown statement: {}", quote!(#stmt))),
        }
    }
    if !matches!(kept.last(), Some(Stmt::Expr(Expr::Match(_), _))) {
        return Err("does not end on the answer".to_owned());
    }
    method.block.stmts = kept;
    Ok(())
}

enum Role {
    Url,
    Headers,
    Request,
    Hook,
    Exec,
    Answer,
}

fn role(stmt: &Stmt) -> Option<Role> {
    let text = quote!(#stmt).to_string();
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    if starts(&["let url ="]) {
        Some(Role::Url)
    } else if starts(&["let mut header_map =", "header_map .", "if let Some (value) = "]) {
        Some(Role::Headers)
    } else if starts(&["# [allow (unused_mut)] let mut request ="]) {
        Some(Role::Request)
    } else if starts(&["let result = self . exec"]) {
        Some(Role::Exec)
    } else if starts(&["let info =", "self . pre", "self . post", "let response ="]) {
        Some(Role::Hook)
    } else if starts(&["match response . status ()"]) {
        Some(Role::Answer)
    } else {
        None
    }
}

fn is_api_version(stmt: &Stmt) -> bool {
    quote!(#stmt).to_string().contains("\"api-version\"")
}

fn is_own_header(stmt: &Stmt) -> bool {
    let text = quote!(#stmt).to_string();
    text.contains("header_map . append") && !is_api_version(stmt)
}

/// `Result<ResponseValue<T>, Error<()>>` becomes `Result<Response<T>, Error>`.
fn output(output: &ReturnType) -> Result<ReturnType, String> {
    let body = match output {
        ReturnType::Type(_, result) => {
            first_argument(result, "Result").and_then(|ok| first_argument(ok, "ResponseValue"))
        }
        ReturnType::Default => None,
    };
    let body = body.ok_or_else(|| format!("returns something unknown: {}", quote!(#output)))?;
    let body = if quote!(#body).to_string() == "ByteStream" {
        parse_quote! { ::bytes::Bytes }
    } else {
        body.clone()
    };
    Ok(parse_quote! { -> Result<Response<#body>, Error> })
}

/// `T` of `name<T, …>`.
fn first_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The URL is put together from the transport's base and encoded segments, each under its own name.
fn url(stmt: &Stmt) -> Result<Vec<Stmt>, String> {
    let Stmt::Local(Local { init: Some(init), .. }) = stmt else { return Err("has no value for `url`".to_owned()) };
    let Expr::Macro(call) = &*init.expr else { return Err("does not format its URL".to_owned()) };
    let arguments = Punctuated::<Expr, syn::Token![,]>::parse_terminated
        .parse2(call.mac.tokens.clone())
        .map_err(|error| format!("formats its URL in an unknown way: {error}"))?;
    let mut arguments = arguments.into_iter();
    let Some(Expr::Lit(ExprLit { lit: Lit::Str(template), .. })) = arguments.next() else {
        return Err("formats its URL without a template".to_owned());
    };
    let mut template = template.value();
    let mut stmts = Vec::new();
    for argument in arguments {
        let (name, value): (Ident, Expr) = match &argument {
            Expr::Field(_) => (format_ident!("base_url"), parse_quote! { self.transport.base_url() }),
            Expr::Call(call) if is_call_of(call, "encode_path") => {
                let (name, segment) = segment(call).ok_or_else(|| format!("fills its URL with {}", quote!(#call)))?;
                (name, parse_quote! { encode_segment(#segment)? })
            }
            other => return Err(format!("fills its URL with {}", quote!(#other))),
        };
        template = template.replacen("{}", &format!("{{{name}}}"), 1);
        stmts.push(parse_quote! { let #name = #value; });
    }
    stmts.push(parse_quote! { let url = format!(#template); });
    Ok(stmts)
}

fn is_call_of(call: &ExprCall, name: &str) -> bool {
    matches!(&*call.func, Expr::Path(path) if path.path.is_ident(name))
}

/// From `encode_path(&id.to_string())`: `id` and its text.
fn segment(call: &ExprCall) -> Option<(Ident, &Expr)> {
    let text = call.args.first()?;
    let Expr::Reference(reference) = text else { return None };
    let Expr::MethodCall(to_string) = &*reference.expr else { return None };
    let Expr::Path(path) = &*to_string.receiver else { return None };
    Some((path.path.get_ident()?.clone(), text))
}

/// A value that no header can hold is a typed error.
fn header(mut stmt: Stmt) -> Stmt {
    struct Failures;
    impl VisitMut for Failures {
        fn visit_expr_try_mut(&mut self, attempt: &mut ExprTry) {
            let value = &attempt.expr;
            *attempt = parse_quote! { #value.map_err(Error::invalid_request)? };
        }
    }
    Failures.visit_stmt_mut(&mut stmt);
    stmt
}

/// The request is built with the transport's client and says what it accepts; only headers that the document names
/// are set, and a request that cannot be built is a typed error.
fn request(stmt: Stmt, has_headers: bool) -> Result<Stmt, String> {
    let Stmt::Local(local) = stmt else { return Err("has no `let request`".to_owned()) };
    let Some(init) = local.init else { return Err("has no value for `request`".to_owned()) };
    let Expr::Try(attempt) = *init.expr else { return Err("does not build its request".to_owned()) };
    let mut chain = *attempt.expr;
    let mut edit =
        Chain { has_headers, accepts: quote!(#chain).to_string().contains("header :: ACCEPT"), failure: None };
    edit.visit_expr_mut(&mut chain);
    if let Some(failure) = edit.failure {
        return Err(failure);
    }
    Ok(parse_quote! { let request = #chain.map_err(Error::invalid_request)?; })
}

struct Chain {
    has_headers: bool,
    accepts: bool,
    failure: Option<String>,
}

impl VisitMut for Chain {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Field(field) if quote!(#field).to_string() == "self . client" => {
                *expr = parse_quote! { self.transport.http_client() };
            }
            Expr::MethodCall(call) if call.method == "headers" && !self.has_headers => {
                *expr = (*call.receiver).clone();
            }
            Expr::MethodCall(call) if is_verb(&call.method.to_string()) && !self.accepts => {
                let call = call.clone();
                *expr = parse_quote! {
                    #call.header(::reqwest::header::ACCEPT, ::reqwest::header::HeaderValue::from_static("application/json"))
                };
            }
            Expr::MethodCall(call) if call.method == "form_urlencoded" => {
                self.failure = Some("sends a form, which is not supported".to_owned());
            }
            _ => {}
        }
    }
}

fn is_verb(method: &str) -> bool {
    ["get", "put", "post", "delete", "head", "patch"].contains(&method)
}

/// Each arm of the answer asks the transport's response for what the document declares.
fn answer(stmt: Stmt) -> Result<Stmt, String> {
    let Stmt::Expr(Expr::Match(ExprMatch { arms, .. }), _) = stmt else {
        return Err("does not match on the status".to_owned());
    };
    let mut rewritten: Vec<syn::Arm> = Vec::new();
    for arm in arms {
        let (pattern, body) = (&arm.pat, &arm.body);
        let text = quote!(#body).to_string();
        let body: Expr = if text.contains("ResponseValue :: from_response") {
            parse_quote! { response.json() }
        } else if text.contains("ResponseValue :: empty") {
            parse_quote! { Ok(response.empty()) }
        } else if text.contains("ResponseValue :: stream") {
            parse_quote! { Ok(response) }
        } else if text.contains("Error :: UnexpectedResponse") {
            parse_quote! { Err(response.unexpected()) }
        } else {
            return Err(format!("answers in an unknown way: {text}"));
        };
        let pattern: syn::Pat = match pattern {
            syn::Pat::Lit(literal) => match &literal.lit {
                Lit::Int(number) => {
                    let number = Lit::new(proc_macro2::Literal::u16_unsuffixed(
                        number.base10_parse().map_err(|error| format!("answers to a status {number}: {error}"))?,
                    ));
                    parse_quote! { #number }
                }
                _ => pattern.clone(),
            },
            _ => pattern.clone(),
        };
        rewritten.push(parse_quote! { #pattern => #body, });
    }
    Ok(Stmt::Expr(parse_quote! { match response.status().as_u16() { #(#rewritten)* } }, None))
}

/// A call of the first method whose arguments are texts or optional, as an example shows it.
pub(super) fn example(methods: &[Method]) -> Option<String> {
    methods.iter().find_map(|method| {
        let arguments = method.code.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(match quote!(#typed).to_string() {
                text if text.ends_with("& 'a str") => Some("\"…\""),
                text if text.contains(": Option <") => Some("None"),
                _ => None,
            }),
            FnArg::Receiver(_) => None,
        });
        let arguments: Option<Vec<_>> = arguments.collect();
        Some(format!("{}({})", method.code.sig.ident, arguments?.join(", ")))
    })
}
