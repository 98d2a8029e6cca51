//! The fields of a kind of result: how programs see them, and how people do.

use auth0_provisioning::chrono::{DateTime, Utc};
use serde_json::Value;

use super::Cell;

/// How a field is shown to people.
type Show<T> = fn(&T, DateTime<Utc>) -> Cell;

/// A field of a kind of result. Its name is part of the program's interface.
pub(crate) struct Column<T> {
    pub(crate) field: &'static str,
    pub(crate) value: fn(&T) -> Value,
    /// The title in tables, and how the field is shown there; `None` if only programs see it.
    pub(crate) shown: Option<(&'static str, Show<T>)>,
    /// Whether tables that are too wide leave it out first.
    pub(crate) spare: bool,
    /// Whether lists leave it out unless it is asked for: it is as long as all others together.
    pub(crate) is_long: bool,
}

impl<T> Column<T> {
    /// A field that only programs see, unless it is asked for.
    pub(crate) const fn field(field: &'static str, value: fn(&T) -> Value) -> Self {
        Self { field, value, shown: None, spare: false, is_long: false }
    }

    /// A field that lists leave out unless it is asked for.
    pub(crate) const fn long(field: &'static str, value: fn(&T) -> Value) -> Self {
        Self { is_long: true, ..Self::field(field, value) }
    }

    /// A field that tables show, too.
    pub(crate) const fn shown(field: &'static str, value: fn(&T) -> Value, title: &'static str, show: Show<T>) -> Self {
        Self { field, value, shown: Some((title, show)), spare: false, is_long: false }
    }

    /// A field that tables show, unless they would be too wide.
    pub(crate) const fn spare(field: &'static str, value: fn(&T) -> Value, title: &'static str, show: Show<T>) -> Self {
        Self { spare: true, ..Self::shown(field, value, title, show) }
    }

    pub(crate) fn title(&self) -> String {
        self.shown.map_or_else(|| self.field.to_uppercase().replace('_', " "), |(title, _)| title.to_owned())
    }

    pub(crate) fn cell(&self, record: &T, now: DateTime<Utc>) -> Cell {
        match self.shown {
            Some((_, show)) => show(record, now),
            None => match text_of(&(self.value)(record)) {
                text if text.is_empty() => Cell::none(),
                text => Cell::plain(text),
            },
        }
    }
}

/// The names of fields, for the help of a command.
pub(crate) fn names<T>(columns: &[Column<T>]) -> Vec<&'static str> {
    columns.iter().map(|column| column.field).collect()
}

/// A value in one line of text, as in CSV.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
