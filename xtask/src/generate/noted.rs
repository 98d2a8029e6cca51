//! What did not go through as the document says it: what is left out, and names that were changed.

use crate::model::{
    Api, Diagnostic, Kind,
    identifiers::{Names, pascal},
};

/// An operation that is not in the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its id.
    pub operation: String,
    /// Why it is left out, with the place and what can be done about it.
    pub reason: String,
}

/// What the steps had to note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// The operations that are left out.
    pub skipped: Vec<Skipped>,
    /// Other parts that are left out or decided, each in a sentence.
    pub warnings: Vec<String>,
    /// The names that were changed, each in a sentence.
    pub renamed: Vec<String>,
}

impl Noted {
    pub(super) fn of(api: &Api, diagnostics: &[Diagnostic]) -> Self {
        let mut noted = Self { renamed: renamed(api), ..Self::default() };
        for diagnostic in diagnostics {
            match &diagnostic.operation {
                Some(operation) if diagnostic.skips_operation => {
                    noted.skipped.push(Skipped { operation: operation.clone(), reason: diagnostic.to_string() });
                }
                _ => noted.warnings.push(diagnostic.to_string()),
            }
        }
        noted
    }
}

/// Names that another name of the same scope has taken, or that Rust does not take.
fn renamed(api: &Api) -> Vec<String> {
    let mut renamed = Vec::new();
    for operation in &api.operations {
        if operation.rust != Names::of_methods().take(&operation.id) {
            let (id, place, method) = (&operation.id, &operation.source, &operation.rust);
            renamed.push(format!("the operation {id:?} at {place} is the method {method}"));
        }
        for parameter in &operation.parameters {
            if parameter.rust != Names::of_variables().take(&parameter.wire) {
                let (name, place, argument) = (&parameter.wire, &parameter.source, &parameter.rust);
                renamed.push(format!("the parameter {name:?} of {place} is the argument {argument}"));
            }
        }
    }
    for ty in &api.types {
        if let (Some(component), Some(name)) = (&ty.component, &ty.rust)
            && *name != pascal(component)
        {
            renamed.push(format!("the schema {component:?} is the type {name}"));
        }
        match &ty.kind {
            Kind::Struct { members, .. } => {
                for member in members
                    .iter()
                    .filter(|member| member.rust != Names::of_fields().take(&member.wire) || member.wire == "unknown")
                {
                    renamed.push(format!("the member {:?} is the field {}", member.wire, member.rust));
                }
            }
            Kind::StringEnum { values, .. } => {
                for value in values.iter().filter(|value| value.rust != pascal(&value.wire)) {
                    renamed.push(format!("the value {:?} is the variant {}", value.wire, value.rust));
                }
            }
            _ => {}
        }
    }
    renamed
}
