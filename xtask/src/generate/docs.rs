//! Text of a document as doc comments and as code within a line.

/// A doc comment at an indentation. It is prose whatever the document says: an indented line or a fence would be a test
/// otherwise.
pub(super) fn comment(text: &str, indent: &str) -> String {
    let mut fence = None;
    let lines = text.trim_end().lines().map(|line| {
        let trimmed = line.trim_start();
        // In a list or a quotation, too.
        let content =
            line.trim_start_matches(|one: char| one.is_whitespace() || one.is_ascii_digit() || "->*+.)".contains(one));
        let found = FENCES.into_iter().find(|fence| content.starts_with(fence));
        if let Some(found) = found.filter(|found| fence.is_none_or(|open| open == *found)) {
            fence = if fence.is_none() { Some(found) } else { None };
            return format!(" {found}{}", if fence.is_some() { "text" } else { "" });
        }
        match line.len() - trimmed.len() {
            _ if trimmed.is_empty() => String::new(),
            0..4 => format!(" {line}"),
            _ => format!("   {trimmed}"),
        }
    });
    let mut lines: Vec<String> = lines.collect();
    lines.extend(fence.map(|fence| format!(" {fence}")));
    lines.iter().map(|line| format!("{indent}///{}\n", line.trim_end().replace('\r', " "))).collect()
}

/// The marks that a block of code starts and ends with.
const FENCES: [&str; 2] = ["```", "~~~"];

/// Text of the document as code within a line of prose, which it may not end.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}

/// The words of a text of the document in a single line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A string as a Rust literal.
pub(super) fn literal(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn code_in_a_description_is_no_test() {
        let text = comment("See\n\n    let a = 1;\n\n```\nlet b = 2;\n```\nand\n```js\nnever closed", "");
        assert_eq!(
            text,
            "/// See\n///\n///   let a = 1;\n///\n/// ```text\n/// let b = 2;\n/// ```\n/// and\n/// ```text\n/// never closed\n/// ```\n"
        );
        let text = comment("See\n~~~rust\n```\n~~~\n> ```\n> quoted\n> ```\n1. ~~~\n   listed", "");
        let expected = "/// See\n/// ~~~text\n/// ```\n/// ~~~\n/// ```text\n/// > quoted\n/// ```\n/// ~~~text\n///    listed\n/// ~~~\n";
        assert_eq!(text, expected);
    }
}
