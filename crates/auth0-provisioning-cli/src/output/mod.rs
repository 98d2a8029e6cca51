//! Results and messages: tables for people, JSON and CSV for programs.

mod cell;
mod columns;
mod count;
mod format;
mod messages;
mod progress;
mod records;
mod table;

pub(crate) use self::{
    cell::{Cell, Tone},
    columns::{Column, names},
    count::{count, first_names},
    format::Format,
    messages::Messages,
    progress::Progress,
    records::{Results, Style},
};
