//! The operations as data: id, whether a repeated call changes anything more, and the scope that the token needs.

use quote::quote;
use syn::{Item, ItemConst, ItemUse, parse_quote};

use super::{
    parts::{MANAGEMENT_API, Method},
    prose::code,
};

/// One constant an operation, and all of them in a list.
pub(super) fn constants(methods: &[Method]) -> Vec<Item> {
    let imports: ItemUse = parse_quote! { use auth0_transport::{Idempotency, Method, Operation}; };
    let names = methods.iter().map(Method::constant);
    let all: ItemConst = parse_quote! {
        /// Every operation of this module, in the order of the document.
        pub const ALL: &[&Operation] = &[#(&#names),*];
    };
    let mut items = vec![Item::Use(imports)];
    items.extend(methods.iter().map(constant).map(Item::Const));
    items.push(Item::Const(all));
    items
}

fn constant(method: &Method) -> ItemConst {
    let (name, operation) = (method.constant(), &method.operation);
    let below = (operation.base_path != MANAGEMENT_API).then(|| {
        let base_path = &operation.base_path;
        quote! { .below(#base_path) }
    });
    let (id, scopes) = (&operation.id, &operation.scopes);
    let idempotency = if operation.verb == "post" { quote!(NotIdempotent) } else { quote!(Idempotent) };
    let needs = operation.scopes_in_words().map(|words| format!(", scope {words}")).unwrap_or_default();
    let doc = format!(" {}{needs}.", code(&format!("{} {}", operation.verb.to_uppercase(), operation.target())));
    let verb = quote::format_ident!("{}", operation.verb.to_uppercase());
    let path = &operation.path;
    let statuses = operation.answers.iter().map(|(code, _)| status(code)).collect::<Result<Vec<_>, _>>();
    // A range of statuses is every success.
    let success = statuses.ok().map(|statuses| quote! { .succeeds_with(&[#(#statuses),*]) });
    parse_quote! {
        #[doc = #doc]
        pub const #name: Operation = Operation::new(#id, Idempotency::#idempotency, &[#(#scopes),*])
            #below.at(&Method::#verb, #path)#success;
    }
}

/// A status as Rust writes it.
pub(super) fn status(code: &str) -> Result<proc_macro2::Literal, String> {
    let status: u16 = code.parse().map_err(|_| format!("answers the status {code:?}, which is none"))?;
    Ok(proc_macro2::Literal::u16_unsuffixed(status))
}

#[cfg(test)]
mod tests {
    use syn::File;

    use super::{super::parts::Operation, *};

    #[test]
    fn a_post_is_not_idempotent_and_scopes_are_told() {
        let operation = Operation {
            id: "post_some-thing".to_owned(),
            verb: "post".to_owned(),
            base_path: MANAGEMENT_API.to_owned(),
            path: "/a".to_owned(),
            scopes: vec!["create:a".to_owned()],
            ..Operation::default()
        };
        let items = constants(&[Method { code: parse_quote! { pub async fn post_some_thing(&self) {} }, operation }]);
        insta::assert_snapshot!(prettyplease::unparse(&File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items
        }));
    }
}
