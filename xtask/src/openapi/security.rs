//! Security requirements and their scopes.
//!
//! `OpenAPI` demands every scope of a requirement. Auth0's documents list those of which a token needs one: any of the
//! four scopes of `GET /clients` lets a caller in. Both commands read them so.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, Pointer, Problem};

/// One security requirement: by the name of each scheme that it takes, the scopes of which one is enough. Empty where
/// nothing is needed.
pub(crate) type Requirement = BTreeMap<String, BTreeSet<String>>;

/// The security requirements of an operation, and their place.
#[derive(Clone, Debug)]
pub(crate) struct Security {
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) pointer: Pointer,
}

/// A security requirement in words.
pub(crate) fn words(requirement: &Requirement) -> String {
    if requirement.is_empty() {
        return "none needed".to_owned();
    }
    let schemes: Vec<String> = requirement
        .iter()
        .map(|(scheme, scopes)| {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            match scopes[..] {
                [] => scheme.clone(),
                _ => format!("{scheme} ({})", scopes.join(" or ")),
            }
        })
        .collect();
    schemes.join(" and ")
}

impl Security {
    /// What holds for an operation: its own statement, or that of the whole document.
    pub(crate) fn of(operation: &Place<'_>) -> Result<Self, Problem> {
        let Some(place) = operation.get("security").or_else(|| operation.top().get("security")) else {
            return Ok(Self { requirements: vec![Requirement::new()], pointer: operation.pointer.clone() });
        };
        let mut requirements = Vec::new();
        for element in place.elements()? {
            let mut requirement = Requirement::new();
            for (scheme, scopes) in element.entries()? {
                let scopes = scopes.elements()?.into_iter().map(|scope| Ok(scope.string()?.to_owned()));
                requirement.insert(scheme.to_owned(), scopes.collect::<Result<_, Problem>>()?);
            }
            requirements.push(requirement);
        }
        if requirements.is_empty() {
            requirements.push(Requirement::new());
        }
        Ok(Self { requirements, pointer: place.pointer })
    }

    /// The scopes of which a token needs one, whatever scheme they go with.
    pub(crate) fn scopes(&self) -> BTreeSet<&str> {
        self.requirements.iter().flat_map(BTreeMap::values).flatten().map(String::as_str).collect()
    }
}
