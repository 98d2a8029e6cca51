//! Files that say how a tenant shall be: reading them, planning, applying, and writing them.

mod apply;
mod change;
mod export;
mod file;
mod model;
mod placeholders;
mod plan;
mod present;
mod selection;
mod terraform;

pub(crate) use self::{
    apply::{Applied, apply},
    change::{Action, ChangeLine},
    export::to_declaration,
    file::read,
    model::schema,
    plan::{ConnectionPlan, Plan, plan},
    present::{Present, export_all},
    terraform::to_terraform,
};
