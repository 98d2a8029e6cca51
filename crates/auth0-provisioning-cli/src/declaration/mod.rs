//! Files that describe the desired state of a tenant: reading, planning, applying and exporting them.

mod apply;
mod change;
mod document;
mod export;
mod file;
mod include;
mod model;
mod placeholders;
mod plan;
mod present;
mod terraform;

pub(crate) use self::{
    apply::{Applied, Part, apply},
    change::{Action, ChangeLine, of_changes},
    export::to_declaration,
    file::read,
    model::schema,
    plan::{Plan, plan},
    present::{Present, read_tenant},
    terraform::to_terraform,
};
