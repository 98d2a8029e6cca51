//! Writing results in the chosen format.

use std::io::{self, Write};

use auth0_provisioning::chrono::{DateTime, Utc};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

use super::{
    Cell, Column, Format, Tone,
    cell::one_line,
    columns::{names, text_of},
    table,
};
use crate::failure::Failure;

/// How results are written.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) format: Format,
    pub(crate) fields: Vec<String>,
    pub(crate) colour: bool,
    /// The width of the terminal; `None` without one.
    pub(crate) width: Option<usize>,
}

/// Results on stdout.
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

    /// Returns whether a person reads a table with the default columns.
    pub(crate) fn is_default_table(&self) -> bool {
        self.is_table() && self.style.fields.is_empty()
    }

    /// Returns whether results have this field.
    pub(crate) fn has_field(&self, field: &str) -> bool {
        self.style.fields.is_empty() || self.style.fields.iter().any(|chosen| chosen.trim() == field)
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

    /// Writes records: a table, or a list.
    pub(crate) fn list<T>(&mut self, columns: &[Column<T>], records: &[T], now: DateTime<Utc>) -> Result<(), Failure> {
        let columns = self.chosen(columns, |column| !column.is_long)?;
        let bytes = match self.style.format {
            Format::Table if records.is_empty() => return Ok(()),
            Format::Table => self.table(&columns, records, now).into_bytes(),
            Format::Json => json(&records.iter().map(|record| Object::of(&columns, record)).collect::<Vec<_>>())?,
            Format::Csv => csv(&columns, records)?,
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
            Format::Json => json(&Object::of(&columns, record))?,
            Format::Csv => csv(&columns, records)?,
            Format::Ndjson => ndjson(&columns, records)?,
        };
        self.write(&bytes)
    }

    /// Fails if `--fields` names an unknown field. Commands call it before they change anything.
    pub(crate) fn check<T>(&self, columns: &[Column<T>]) -> Result<(), Failure> {
        self.chosen(columns, |_| true).map(drop)
    }

    /// Drops the chosen fields that these records do not have: the report of an unfinished change must not fail.
    pub(crate) fn keep_known_fields<T>(&mut self, columns: &[Column<T>]) {
        self.style.fields.retain(|chosen| columns.iter().any(|column| column.field == chosen.trim()));
    }

    fn table<T>(&self, columns: &[&Column<T>], records: &[T], now: DateTime<Utc>) -> String {
        let titles: Vec<String> = columns.iter().map(|column| column.heading()).collect();
        let row = |record| columns.iter().map(|column| column.render(record, now)).collect();
        let rows: Vec<Vec<Cell>> = records.iter().map(row).collect();
        // A chosen column is not left out.
        let are_chosen = !self.style.fields.is_empty();
        let spare: Vec<bool> = columns.iter().map(|column| column.is_spare && !are_chosen).collect();
        table::render(titles, rows, &spare, are_chosen, self.style.width, self.style.colour)
    }

    fn lines<T>(&self, columns: &[&Column<T>], record: &T, now: DateTime<Utc>) -> String {
        let colour = self.style.colour;
        let titles: Vec<String> = columns.iter().map(|column| column.heading().to_lowercase()).collect();
        let widest = titles.iter().map(String::len).max().unwrap_or_default();
        let lines = columns.iter().zip(titles).map(|(column, title)| {
            let cell = column.render(record, now);
            let title = Tone::Dim.paint(&format!("{title:<widest$}"), colour);
            format!("{title}  {}\n", cell.tone.paint(&cell.text, colour))
        });
        lines.collect()
    }

    /// Returns the columns that `--fields` names. Defaults to the usual ones; in tables, to those that tables show.
    fn chosen<'a, T>(
        &self,
        columns: &'a [Column<T>],
        is_usual: fn(&Column<T>) -> bool,
    ) -> Result<Vec<&'a Column<T>>, Failure> {
        if self.style.fields.is_empty() {
            let all = self.style.format != Format::Table;
            let usual = columns.iter().filter(|column| is_usual(column));
            return Ok(usual.filter(|column| all || column.is_shown).collect());
        }
        let find = |name: &String| {
            columns.iter().find(|column| column.field == name.trim()).ok_or_else(|| {
                Failure::usage(format!("there is no field `{name}` in these results"))
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

fn json(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
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
