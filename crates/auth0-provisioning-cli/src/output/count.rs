//! Numbers of things.

/// Such as `1 group` and `2 groups`.
pub(crate) fn count(number: impl TryInto<u64>, one: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    if number == 1 { format!("{number} {one}") } else { format!("{number} {one}s") }
}
