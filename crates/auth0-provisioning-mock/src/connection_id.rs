//! Ids of connections.

/// Whether this is a connection id: `con_` and then letters and digits.
pub(crate) fn is_connection_id(id: &str) -> bool {
    let rest = id.strip_prefix("con_").unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
