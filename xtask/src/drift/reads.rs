//! What of an answer our own code reads, found in its source: an answer without it may decode and still be of no use.

use std::{collections::BTreeSet, fs, path::Path};

use heck::ToSnakeCase;

use super::finding::Side;
use crate::project;

/// The names that our code reads.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// Fields that the facade takes out of successful answers.
    fields: BTreeSet<String>,
    /// Fields of failures, and headers, that the transport asks for by name.
    names: BTreeSet<String>,
}

impl Reads {
    /// Reads the sources of the workspace; a file that cannot be read has no names.
    pub(super) fn of_workspace() -> Self {
        let crates = project::workspace().join("crates");
        let mut reads = Self::default();
        each_source(&crates.join("auth0-provisioning").join("src"), &mut |text| reads.fields.extend(accesses(text)));
        let transport = crates.join("auth0-transport").join("src");
        for file in ["error_body.rs", "pacing"] {
            each_source(&transport.join(file), &mut |text| reads.names.extend(literals(text)));
        }
        reads
    }

    /// Whether the facade reads this field of successful answers, or the transport of failures.
    pub(super) fn by_us(&self, side: Side, field: &str) -> bool {
        match side {
            Side::Success => self.fields.contains(&field.to_snake_case()),
            Side::Failure => self.name(field),
            Side::Request | Side::Exchange => false,
        }
    }

    /// Whether the transport reads this field of failures, or this header.
    pub(super) fn name(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

fn each_source(place: &Path, visit: &mut impl FnMut(&str)) {
    if let Ok(entries) = fs::read_dir(place) {
        entries.flatten().for_each(|entry| each_source(&entry.path(), visit));
    } else if let Ok(text) = fs::read_to_string(place) {
        // What tests read does not count.
        visit(text.split("#[cfg(test)]").next().unwrap_or_default());
    }
}

/// The names after a dot that are no calls, comments aside.
fn accesses(text: &str) -> impl Iterator<Item = String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split('.').skip(1)).filter_map(|after| {
        let end = after.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(after.len());
        let (name, rest) = after.split_at(end);
        (!name.is_empty() && !rest.starts_with(['(', ':'])).then(|| name.to_owned())
    })
}

/// The texts in quotes.
fn literals(text: &str) -> impl Iterator<Item = String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_where_they_are_named_after_a_dot_and_not_called() {
        let code = "// page.gone\nPage::new(page.groups, page.next);\niterator.next();\na.collect::<Vec<_>>()";
        assert_eq!(accesses(code).collect::<Vec<_>>(), ["groups", "next"]);
    }

    #[test]
    fn the_facade_reads_cursors_and_the_transport_error_codes() {
        let reads = Reads::of_workspace();
        for field in ["next", "groups", "directory_provisionings", "connection_id", "name"] {
            assert!(reads.by_us(Side::Success, field), "{field}");
        }
        for field in ["errorCode", "message", "x-ratelimit-reset"] {
            assert!(reads.by_us(Side::Failure, field), "{field}");
        }
        assert!(!reads.by_us(Side::Success, "next_cursor") && !reads.by_us(Side::Failure, "requestId"));
    }
}
