//! Which of the tenant's limits an endpoint counts against.

use http::Method;

/// Endpoints that Auth0 gives a limit of their own: a name, methods, and path below `/api/v2`, where `*` is any one
/// segment, `**` any number of them, and a query parameter may be asked for.
const CLASSES: &[(&str, &[Method], &str, Option<&str>)] = &[
    ("connection status", &[Method::GET], "/connections/*/status", None),
    ("organization members", &[Method::GET], "/organizations/*/members", None),
    ("organizations", &[Method::GET], "/organizations/**", None),
    ("write organizations", &[Method::POST, Method::PATCH, Method::PUT, Method::DELETE], "/organizations/**", None),
    ("clients by query", &[Method::GET], "/clients", Some("q")),
    ("signing keys", &[Method::POST], "/keys/signing/**", None),
    ("custom domain verification", &[Method::POST], "/custom-domains/*/verify", None),
    ("email templates", &[Method::GET], "/email-templates/**", None),
];

/// What a limit is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Endpoint {
    /// One of [`CLASSES`].
    Class(&'static str),
    /// Any other endpoint, by a hash of its method and path with ids left out.
    Other(u64),
}

impl Endpoint {
    /// `path` and `query` are those of the URL, `path` without what comes before the API's own.
    pub(super) fn of(method: &Method, path: &str, query: Option<&str>) -> Self {
        let known = CLASSES.iter().find(|(_, methods, pattern, parameter)| {
            methods.contains(method)
                && matches(pattern, path)
                && parameter.is_none_or(|name| query.is_some_and(|query| has_parameter(query, name)))
        });
        known.map_or_else(|| Self::Other(shape(method, path)), |(name, ..)| Self::Class(name))
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        if expected == "**" {
            return true;
        }
        match segments.next() {
            Some(segment) if expected == "*" || expected == segment => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}

fn has_parameter(query: &str, name: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some(name))
}

/// The 64-bit FNV-1a hash of a method and a path, ids taken as equal: segments that are more than lower-case words.
fn shape(method: &Method, path: &str) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let add = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    let method = method.as_str().bytes().fold(OFFSET_BASIS, |hash, byte| add(hash, &byte));
    path.split('/').fold(method, |hash, segment| {
        let is_word = segment.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let segment = if is_word { segment } else { "*" };
        segment.as_bytes().iter().fold(add(hash, &b'/'), add)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(method: Method, path: &str, query: Option<&str>) -> Option<&'static str> {
        match Endpoint::of(&method, path, query) {
            Endpoint::Class(name) => Some(name),
            Endpoint::Other(_) => None,
        }
    }

    #[test]
    fn known_endpoints_have_a_class() {
        for (method, path, query, expected) in [
            (Method::GET, "/connections/con_1/status", None, Some("connection status")),
            (Method::GET, "/connections/con_1", None, None),
            (Method::GET, "/organizations", None, Some("organizations")),
            (Method::GET, "/organizations/org_1/members", None, Some("organization members")),
            (Method::PATCH, "/organizations/org_1", None, Some("write organizations")),
            (Method::GET, "/clients", Some("take=5&q=name%3Ax"), Some("clients by query")),
            (Method::GET, "/clients", Some("take=5"), None),
            (Method::POST, "/keys/signing/rotate", None, Some("signing keys")),
            (Method::GET, "/keys/signing", None, None),
            (Method::POST, "/custom-domains/cd_1/verify", None, Some("custom domain verification")),
            (Method::GET, "/email-templates/verify_email", None, Some("email templates")),
            (Method::GET, "/organizations-of-others", None, None),
        ] {
            assert_eq!(class(method.clone(), path, query), expected, "{method} {path}");
        }
    }

    #[test]
    fn other_endpoints_differ_by_method_and_words_but_not_by_ids() {
        let of = |method, path| Endpoint::of(&method, path, None);
        assert_eq!(of(Method::GET, "/users/auth0%7C1"), of(Method::GET, "/users/auth0%7C2"));
        assert_ne!(of(Method::GET, "/users/auth0%7C1"), of(Method::DELETE, "/users/auth0%7C1"));
        assert_ne!(of(Method::GET, "/users/auth0%7C1"), of(Method::GET, "/users/auth0%7C1/roles"));
    }
}
