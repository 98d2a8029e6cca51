//! Patterns that need it are compiled with the flag `u`, which typify does not know.
//!
//! Step 10.

use syn::{
    Expr, ExprCall, Lit, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::parts::Parts;
use crate::generate::shapes::notes::needs_unicode;

/// Adds the flag, and says how many patterns got it.
pub(super) fn apply(parts: &mut Parts) -> usize {
    let mut flags = Flags { places: 0 };
    parts.types.iter_mut().for_each(|item| flags.visit_item_mut(item));
    flags.places
}

struct Flags {
    places: usize,
}

impl VisitMut for Flags {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(function) = &*call.func else { return };
        let names: Vec<String> = function.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names != ["regress", "Regex", "new"] {
            return;
        }
        if let Some(Expr::Lit(literal)) = call.args.first()
            && let Lit::Str(pattern) = &literal.lit
            && needs_unicode(&pattern.value())
        {
            *call = parse_quote! { ::regress::Regex::with_flags(#pattern, "u") };
            self.places += 1;
        }
    }
}
