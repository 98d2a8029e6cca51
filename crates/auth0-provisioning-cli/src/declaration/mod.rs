//! Files that say how a tenant shall be: reading them, planning, applying, and writing them.

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
    plan::{ConnectionPlan, Plan, plan},
    present::{Present, export_all},
    terraform::to_terraform,
};
