//! The limit of the tenant that an endpoint counts against.

use http::Method;

/// Endpoints with limits of their own in Auth0's documentation.
const CLASSES: &[Class] = &[
    Class::new("connection status", &[Method::GET], Path::OfEach("/connections/", "/status")),
    Class::new("read connections", &[Method::GET], Path::ListOrOne("/connections")),
    Class::new("read logs", &[Method::GET], Path::ListOrOne("/logs")),
    Class::new("organization members", &[Method::GET], Path::OfEach("/organizations/", "/members")),
    Class::new("organizations", &[Method::GET], Path::Below("/organizations")),
    Class::new("write organizations", WRITING, Path::Below("/organizations")),
    Class { parameter: Some("q"), ..Class::new("clients by query", &[Method::GET], Path::Below("/clients")) },
    Class::new("signing keys", &[Method::POST], Path::Below("/keys/signing")),
    Class::new("custom domain verification", &[Method::POST], Path::OfEach("/custom-domains/", "/verify")),
    Class::new("email templates", &[Method::GET], Path::Below("/email-templates")),
];
const WRITING: &[Method] = &[Method::POST, Method::PATCH, Method::PUT, Method::DELETE];

struct Class {
    name: &'static str,
    methods: &'static [Method],
    path: Path,
    /// A required query parameter.
    parameter: Option<&'static str>,
}

/// Paths below `/api/v2`.
enum Path {
    /// A path and all paths below it.
    Below(&'static str),
    /// A path, and this path with one id after it.
    ListOrOne(&'static str),
    /// The part of a path before an id, and the part after it.
    OfEach(&'static str, &'static str),
}

impl Class {
    const fn new(name: &'static str, methods: &'static [Method], path: Path) -> Self {
        Self { name, methods, path, parameter: None }
    }

    fn covers(&self, method: &Method, path: &str, query: Option<&str>) -> bool {
        self.path.covers(path)
            && self.methods.contains(method)
            && self.parameter.is_none_or(|name| query.is_some_and(|query| has_parameter(query, name)))
    }
}

impl Path {
    fn covers(&self, path: &str) -> bool {
        match self {
            Self::Below(start) => path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Self::ListOrOne(start) => path.strip_prefix(start).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('/').is_some_and(|id| !id.is_empty() && !id.contains('/'))
            }),
            Self::OfEach(start, end) => {
                let id = path.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
                id.is_some_and(|id| !id.contains('/'))
            }
        }
    }
}

/// The key of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Endpoint {
    /// One of [`CLASSES`].
    Class(&'static str),
    /// Another endpoint, by a hash of its method and path without ids.
    Other(u64),
}

impl Endpoint {
    /// Returns the key of an endpoint. `path` is the path below the API, or the template of an operation.
    pub(crate) fn of(method: &Method, path: &str, query: Option<&str>) -> Self {
        let known = CLASSES.iter().find(|class| class.covers(method, path, query));
        known.map_or_else(|| Self::Other(shape(method, path)), |class| Self::Class(class.name))
    }
}

fn has_parameter(query: &str, name: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some(name))
}

/// Returns the 64-bit FNV-1a hash of a method and a path. Segments that are not lower-case words count as ids.
fn shape(method: &Method, path: &str) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let method = method.as_str().bytes().fold(OFFSET_BASIS, add);
    let mut segment = Segment { before: method, hash: method, is_word: true };
    for &byte in path.as_bytes() {
        if byte == b'/' {
            let hash = add(segment.end(add), byte);
            segment = Segment { before: hash, hash, is_word: true };
        } else {
            segment.hash = add(segment.hash, byte);
            segment.is_word &= byte.is_ascii_lowercase() || byte == b'-';
        }
    }
    segment.end(add)
}

/// The current segment of a path.
struct Segment {
    before: u64,
    hash: u64,
    is_word: bool,
}

impl Segment {
    fn end(&self, add: impl Fn(u64, u8) -> u64) -> u64 {
        if self.is_word { self.hash } else { add(self.before, b'*') }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(method: &Method, path: &str, query: Option<&str>) -> Option<&'static str> {
        match Endpoint::of(method, path, query) {
            Endpoint::Class(name) => Some(name),
            Endpoint::Other(_) => None,
        }
    }

    #[test]
    fn documented_endpoints_have_a_class() {
        for (method, path, query, expected) in [
            (Method::GET, "/connections/con_1/status", None, Some("connection status")),
            (Method::GET, "/connections", None, Some("read connections")),
            (Method::GET, "/connections/con_1", None, Some("read connections")),
            (Method::PATCH, "/connections/con_1", None, None),
            (Method::GET, "/connections/con_1/directory-provisioning", None, None),
            (Method::GET, "/connections-directory-provisionings", None, None),
            (Method::GET, "/logs", None, Some("read logs")),
            (Method::GET, "/logs/9001", None, Some("read logs")),
            (Method::GET, "/organizations", None, Some("organizations")),
            (Method::GET, "/organizations/org_1/members", None, Some("organization members")),
            (Method::PATCH, "/organizations/org_1", None, Some("write organizations")),
            (Method::GET, "/clients", Some("take=5&q=name%3Ax"), Some("clients by query")),
            (Method::GET, "/clients", Some("take=5"), None),
            (Method::POST, "/keys/signing/rotate", None, Some("signing keys")),
            (Method::GET, "/keys/signing", None, None),
            (Method::POST, "/custom-domains/cd_1/verify", None, Some("custom domain verification")),
            (Method::GET, "/email-templates/verify_email", None, Some("email templates")),
            (Method::GET, "/organizations-x", None, None),
        ] {
            assert_eq!(class(&method, path, query), expected, "{method} {path}");
        }
    }

    #[test]
    fn endpoints_differ_by_method_and_words_not_by_ids() {
        let of = |method, path| Endpoint::of(&method, path, None);
        assert_eq!(of(Method::GET, "/users/auth0%7C1"), of(Method::GET, "/users/auth0%7C2"));
        assert_ne!(of(Method::GET, "/users/auth0%7C1"), of(Method::DELETE, "/users/auth0%7C1"));
        assert_ne!(of(Method::GET, "/users/auth0%7C1"), of(Method::GET, "/users/auth0%7C1/roles"));
        assert_eq!(of(Method::GET, "/users/auth0%7C1/roles"), of(Method::GET, "/users/{id}/roles"));
        assert_eq!(class(&Method::GET, "/connections/{id}/status", None), Some("connection status"));
    }
}
