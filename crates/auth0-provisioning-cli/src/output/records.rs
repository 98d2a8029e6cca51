//! Writing results in the format that was asked for.

use std::io::{self, Write};

use auth0_provisioning::chrono::{DateTime, Utc};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

use super::{
    Cell, Column, Tone,
    cell::one_line,
    columns::{names, text_of},
    table,
};
use crate::{arguments::Format, failure::Failure};

/// How results are written.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) format: Format,
    pub(crate) fields: Vec<String>,
    pub(crate) colour: bool,
    /// The width that tables have to fit; `None` where nobody looks.
    pub(crate) width: Option<usize>,
}

/// Where results go.
pub(crate) struct Results {
    out: Box<dyn Write + Send>,
    pub(crate) style: Style,
}

impl Results {
    pub(crate) fn new(out: Box<dyn Write + Send>, style: Style) -> Self {
        Self { out, style }
    }

    pub(crate) fn is_table(&self) -> bool {
        self.style.format == Format::Table
    }

    /// Whether results hold this field, by what was asked for.
    pub(crate) fn hold(&self, field: &str) -> bool {
        self.style.fields.is_empty() || self.style.fields.iter().any(|asked| asked.trim() == field)
    }

    /// Writes text as it is.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.write(text.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes)?;
        self.out.flush()?;
        Ok(())
    }

    /// Writes text in a tone, and ends the line.
    pub(crate) fn line(&mut self, text: &str, tone: Tone) -> Result<(), Failure> {
        let colour = self.style.colour;
        self.text(&format!("{}\n", tone.paint(&one_line(text), colour)))
    }

    /// Writes records: a table, or all of them with stable field names.
    pub(crate) fn list<T>(&mut self, columns: &[Column<T>], records: &[T], now: DateTime<Utc>) -> Result<(), Failure> {
        let columns = self.chosen(columns, |column| !column.is_long)?;
        let bytes = match self.style.format {
            Format::Table if records.is_empty() => return Ok(()),
            Format::Table => self.table(&columns, records, now).into_bytes(),
            Format::Csv => csv(&columns, records)?,
            Format::Json => {
                let objects: Vec<_> = records.iter().map(|record| Object::of(&columns, record)).collect();
                let mut json = serde_json::to_vec_pretty(&objects).map_err(io::Error::from)?;
                json.push(b'\n');
                json
            }
            Format::Ndjson => ndjson(&columns, records)?,
        };
        self.write(&bytes)
    }

    /// Writes one record: a line for each field, or an object.
    pub(crate) fn one<T>(&mut self, columns: &[Column<T>], record: &T, now: DateTime<Utc>) -> Result<(), Failure> {
        let columns = self.chosen(columns, |_| true)?;
        let records = std::slice::from_ref(record);
        let bytes = match self.style.format {
            Format::Table => self.lines(&columns, record, now).into_bytes(),
            Format::Csv => csv(&columns, records)?,
            Format::Json => {
                let mut json = serde_json::to_vec_pretty(&Object::of(&columns, record)).map_err(io::Error::from)?;
                json.push(b'\n');
                json
            }
            Format::Ndjson => ndjson(&columns, records)?,
        };
        self.write(&bytes)
    }

    /// Fails where a field was asked for that these records do not have: before anything is changed.
    pub(crate) fn check<T>(&self, columns: &[Column<T>]) -> Result<(), Failure> {
        self.chosen(columns, |_| true).map(drop)
    }

    /// The same with those of the asked fields that these records have: what is left of a command is written in any case.
    pub(crate) fn known_fields<T>(&mut self, columns: &[Column<T>]) -> &mut Self {
        self.style.fields.retain(|asked| columns.iter().any(|column| column.field == asked.trim()));
        self
    }

    fn table<T>(&self, columns: &[&Column<T>], records: &[T], now: DateTime<Utc>) -> String {
        let titles: Vec<String> = columns.iter().map(|column| column.title()).collect();
        let row = |record| columns.iter().map(|column| column.cell(record, now)).collect();
        let rows: Vec<Vec<Cell>> = records.iter().map(row).collect();
        // What was asked for by name is not left out.
        let asked_for = !self.style.fields.is_empty();
        let spare: Vec<bool> = columns.iter().map(|column| column.spare && !asked_for).collect();
        table::render(titles, rows, &spare, asked_for, self.style.width, self.style.colour)
    }

    fn lines<T>(&self, columns: &[&Column<T>], record: &T, now: DateTime<Utc>) -> String {
        let title = |column: &&Column<T>| column.title().to_lowercase();
        let widest = columns.iter().map(|column| title(column).len()).max().unwrap_or_default();
        let lines = columns.iter().map(|column| {
            let (cell, title) = (column.cell(record, now), format!("{:<widest$}", title(column)));
            let (title, text) =
                (Tone::Dim.paint(&title, self.style.colour), cell.tone.paint(&cell.text, self.style.colour));
            format!("{title}  {text}\n")
        });
        lines.collect()
    }

    /// The columns that were asked for; without that, the usual ones, in tables those that tables show.
    fn chosen<'a, T>(
        &self,
        columns: &'a [Column<T>],
        is_usual: fn(&Column<T>) -> bool,
    ) -> Result<Vec<&'a Column<T>>, Failure> {
        if self.style.fields.is_empty() {
            let all = self.style.format != Format::Table;
            let usual = columns.iter().filter(|column| is_usual(column));
            return Ok(usual.filter(|column| all || column.shown.is_some()).collect());
        }
        let find = |name: &String| {
            columns.iter().find(|column| column.field == name.trim()).ok_or_else(|| {
                Failure::usage(format!("there is no field `{name}` here"))
                    .remedy(format!("choose from: {}", names(columns).join(", ")))
            })
        };
        self.style.fields.iter().map(find).collect()
    }
}

/// A record as an object whose fields are in the order of its columns.
struct Object(Vec<(&'static str, Value)>);

impl Object {
    fn of<T>(columns: &[&Column<T>], record: &T) -> Self {
        Self(columns.iter().map(|column| (column.field, (column.value)(record))).collect())
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in &self.0 {
            map.serialize_entry(field, value)?;
        }
        map.end()
    }
}

fn ndjson<T>(columns: &[&Column<T>], records: &[T]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for record in records {
        serde_json::to_writer(&mut bytes, &Object::of(columns, record))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn csv<T>(columns: &[&Column<T>], records: &[T]) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| column.field))?;
    for record in records {
        writer.write_record(columns.iter().map(|column| text_of(&(column.value)(record))))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}
