//! The fields of results: values for programs, columns of tables for people.

use auth0_provisioning::chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Cell, Tone};

/// A field of a kind of result. Its name is part of the program's interface.
pub(crate) struct Column<T> {
    pub(super) field: &'static str,
    pub(super) value: fn(&T) -> Value,
    /// Whether tables show it without being asked.
    pub(super) is_shown: bool,
    /// Whether a table that is too wide leaves it out first.
    pub(super) is_spare: bool,
    /// Whether lists leave it out, because it is longer than all other fields together.
    pub(super) is_long: bool,
    title: Option<&'static str>,
    tone: Tone,
    cell: Option<fn(&T, DateTime<Utc>) -> Cell>,
}

impl<T> Column<T> {
    /// A field for programs. Tables show it only if `--fields` names it.
    pub(crate) const fn hidden(field: &'static str, value: fn(&T) -> Value) -> Self {
        let (is_shown, is_spare, is_long) = (false, false, false);
        Self { field, value, is_shown, is_spare, is_long, title: None, tone: Tone::Plain, cell: None }
    }

    /// A field that tables show.
    pub(crate) const fn shown(field: &'static str, value: fn(&T) -> Value) -> Self {
        Self { is_shown: true, ..Self::hidden(field, value) }
    }

    pub(crate) const fn spare(self) -> Self {
        Self { is_spare: true, ..self }
    }

    pub(crate) const fn long(self) -> Self {
        Self { is_long: true, ..self }
    }

    /// Sets the title in tables. Defaults to the name of the field.
    pub(crate) const fn title(self, title: &'static str) -> Self {
        Self { title: Some(title), ..self }
    }

    /// Sets the tone of the value in tables.
    pub(crate) const fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }

    /// Sets how tables show the field. Defaults to its value.
    pub(crate) const fn cell(self, cell: fn(&T, DateTime<Utc>) -> Cell) -> Self {
        Self { cell: Some(cell), ..self }
    }

    pub(super) fn heading(&self) -> String {
        self.title.map_or_else(|| self.field.to_uppercase().replace('_', " "), str::to_owned)
    }

    pub(super) fn render(&self, record: &T, now: DateTime<Utc>) -> Cell {
        match self.cell {
            Some(cell) => cell(record, now),
            None => match text_of(&(self.value)(record)) {
                text if text.is_empty() => Cell::none(),
                text => Cell::new(text, self.tone),
            },
        }
    }
}

/// Returns the names of the fields, for the help of a command.
pub(crate) fn names<T>(columns: &[Column<T>]) -> Vec<&'static str> {
    columns.iter().map(|column| column.field).collect()
}

/// Formats a value in one line of text, as in CSV.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
