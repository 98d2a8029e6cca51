//! Numbers and lists of things in messages.

/// Formats a number of things, such as `1 group` and `2 groups`.
pub(crate) fn count(number: impl TryInto<u64>, one: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    if number == 1 { format!("{number} {one}") } else { format!("{number} {one}s") }
}

/// Lists at most this number of names, and counts the rest.
pub(crate) fn first_names(names: &[String], most: usize) -> String {
    let listed = names[..names.len().min(most)].join(", ");
    match names.len().saturating_sub(most) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}
