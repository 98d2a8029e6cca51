//! Random ids.

/// Returns a prefix with 16 letters and digits.
pub(crate) fn new_id(random: &mut fastrand::Rng, prefix: &str) -> String {
    let letters = std::iter::repeat_with(|| random.alphanumeric()).take(16);
    prefix.chars().chain(letters).collect()
}

/// Returns the id of a group: `grp_` and 16 letters and digits that are not easily confused.
pub(crate) fn new_group_id(random: &mut fastrand::Rng) -> String {
    let letters = std::iter::repeat_with(|| random.alphanumeric());
    "grp_".chars().chain(letters.filter(|letter| !"0lIO".contains(*letter)).take(16)).collect()
}

/// Returns hexadecimal digits.
pub(crate) fn new_secret(random: &mut fastrand::Rng, length: usize) -> String {
    std::iter::repeat_with(|| random.digit(16)).take(length).collect()
}
