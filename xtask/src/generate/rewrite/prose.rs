//! Texts of the document within a line of prose.

/// A text of the document as code within a line of prose, which it may not end.
pub(in crate::generate) fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}

/// The words of a text of the document in a single line.
pub(in crate::generate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
