//! What responses hold is kept as it was written: numbers as JSON has them, also where one is no integer of 64 bits,
//! points in time with all their digits, also where a text names none.
//!
//! Step 6.

use syn::{
    Item, Path, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::{parts::Parts, reach::Reach};

/// Changes the types of what responses reach, and says how many places there were.
pub(super) fn apply(parts: &mut Parts, reach: &Reach) -> usize {
    let mut exact = Exact { places: 0 };
    for item in &mut parts.types {
        let is_read = reach.owner(item).is_some_and(|owner| reach.by_response(&owner));
        if is_read && !matches!(item, Item::Macro(_)) {
            exact.visit_item_mut(item);
        }
    }
    for method in &mut parts.methods {
        exact.visit_return_type_mut(&mut method.code.sig.output);
    }
    exact.places
}

struct Exact {
    places: usize,
}

impl VisitMut for Exact {
    fn visit_path_mut(&mut self, path: &mut Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::");
        let exact: Path = match names.as_str() {
            "f64" | "f32" | "i64" | "u64" => parse_quote! { ::serde_json::Number },
            "chrono::DateTime" => parse_quote! { crate::values::Timestamp },
            _ => return visit_mut::visit_path_mut(self, path),
        };
        *path = exact;
        self.places += 1;
    }
}
