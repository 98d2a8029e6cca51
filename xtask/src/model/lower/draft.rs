//! Types in the making, and unions before their variants are sorted out.

use super::super::{Type, TypeId};
use crate::openapi::{Place, Problem, document::component_name};

/// A type in the making.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) ty: Type,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    /// The union that it is going to be.
    pub(super) union: Option<Draft>,
    /// Why it holds any value.
    pub(super) problem: Option<Problem>,
    /// What of it is left out, for it says nothing.
    pub(super) empty: Option<Problem>,
}

/// A union before its variants are sorted out.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) branches: Vec<Branch>,
    pub(super) discriminator: Option<Discriminator>,
    /// Whether null is let through; `None` where the branches decide.
    pub(super) null: Option<bool>,
}

/// A branch of a union.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) ty: TypeId,
    /// The component that it is, perhaps with what stands beside the union.
    pub(super) component: Option<String>,
    pub(super) title: Option<String>,
}

/// The `discriminator` beside a union.
#[derive(Clone, Debug)]
pub(super) struct Discriminator {
    pub(super) property: String,
    /// The values of the tag as strings, each with the name of a component.
    pub(super) mapping: Vec<(String, String)>,
}

impl Discriminator {
    pub(super) fn read(owner: &Place<'_>) -> Result<Option<Self>, Problem> {
        let Some(place) = owner.get("discriminator").filter(|place| place.value.is_object()) else { return Ok(None) };
        let Some(property) = place.text("propertyName")?.map(str::to_owned) else { return Ok(None) };
        let targets = place.entries_of("mapping")?.into_iter().filter_map(|(value, target)| {
            let target = target.value.as_str()?;
            Some((value.to_owned(), component_name(target).unwrap_or_else(|| target.to_owned())))
        });
        Ok(Some(Self { property, mapping: targets.collect() }))
    }
}
