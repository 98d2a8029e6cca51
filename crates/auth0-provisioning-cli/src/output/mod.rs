//! How results are written: tables for people, JSON and CSV for programs.

mod cell;
mod columns;
mod messages;
mod progress;
mod records;
mod table;

pub(crate) use self::{
    cell::{Cell, Tone},
    columns::{Column, names},
    messages::Messages,
    progress::Progress,
    records::{Results, Style},
};
