//! Patterns of requests.

use crate::operations::Operation;
use crate::request_line::RequestLine;

/// A pattern of requests: an operation, a method and a path, or several patterns.
///
/// ```
/// use auth0_provisioning_mock::{Operation, RequestPattern};
///
/// let rotation = RequestPattern::new("POST", "/api/v2/keys/signing/rotate");
/// let members = RequestPattern::new("*", "/api/v2/organizations/{id}/members");
/// let searches = RequestPattern::new("GET", "/api/v2/clients?q");
/// let runs = RequestPattern::from(Operation::Synchronize);
/// let all = RequestPattern::any_of([rotation, members, searches, runs]);
/// # let _ = all;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPattern(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Operation(Operation),
    Path {
        /// `None` matches any.
        method: Option<String>,
        /// `None` matches any segment.
        segments: Vec<Option<String>>,
        /// A query parameter that the request must have.
        parameter: Option<String>,
    },
    AnyOf(Vec<RequestPattern>),
}

/// The parts of a pattern.
#[cfg(feature = "control")]
pub(crate) enum Parts<'a> {
    Operation(Operation),
    /// The method, or `None` for any, and the path. `*` is a segment that matches any.
    Path(Option<&'a str>, String),
    AnyOf(&'a [RequestPattern]),
}

impl RequestPattern {
    /// Matches requests of this method, or `*` for any, and this path. A segment `*`, or one in braces such as `{id}`,
    /// matches any segment. The name of a query parameter can follow a question mark: the request must have it, with any
    /// value.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let any = |segment: &str| segment == "*" || (segment.starts_with('{') && segment.ends_with('}'));
        let (path, parameter) = path.split_once('?').map_or((path, None), |(path, name)| (path, Some(name.to_owned())));
        let segments = segments(path).map(|segment| (!any(segment)).then(|| segment.to_owned()));
        let method = (method != "*").then(|| method.to_ascii_uppercase());
        Self(Kind::Path { method, segments: segments.collect(), parameter })
    }

    /// Matches requests of any of these patterns. They share one bucket of a rate limit.
    #[must_use]
    pub fn any_of(patterns: impl IntoIterator<Item = Self>) -> Self {
        Self(Kind::AnyOf(patterns.into_iter().collect()))
    }

    #[cfg(feature = "control")]
    pub(crate) fn parts(&self) -> Parts<'_> {
        match &self.0 {
            Kind::Operation(operation) => Parts::Operation(*operation),
            Kind::Path { method, segments, parameter } => {
                let segments = segments.iter().map(|segment| segment.as_deref().unwrap_or("*"));
                let mut path = segments.fold(String::new(), |path, segment| path + "/" + segment);
                if let Some(parameter) = parameter {
                    path = path + "?" + parameter;
                }
                Parts::Path(method.as_deref(), path)
            }
            Kind::AnyOf(patterns) => Parts::AnyOf(patterns),
        }
    }

    /// Whether the pattern matches a request.
    pub(crate) fn matches(&self, line: &RequestLine<'_>) -> bool {
        match &self.0 {
            Kind::Operation(wanted) => line.operation == Some(*wanted),
            Kind::Path { method: wanted, segments: pattern, parameter } => {
                let mut pattern = pattern.iter();
                wanted.as_ref().is_none_or(|wanted| wanted == line.method)
                    && segments(line.path).all(|segment| {
                        pattern.next().is_some_and(|wanted| wanted.as_ref().is_none_or(|wanted| wanted == segment))
                    })
                    && pattern.next().is_none()
                    && parameter.as_ref().is_none_or(|wanted| line.query.get(wanted).is_some())
            }
            Kind::AnyOf(patterns) => patterns.iter().any(|pattern| pattern.matches(line)),
        }
    }
}

impl From<Operation> for RequestPattern {
    fn from(operation: Operation) -> Self {
        Self(Kind::Operation(operation))
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_matches('/').split('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &RequestPattern, operation: Option<Operation>, method: &str, target: &str) -> bool {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        pattern.matches(&RequestLine::new(operation, method, path, query))
    }

    #[test]
    fn path_matches_segment_by_segment() {
        let pattern = RequestPattern::new("get", "/api/v2/organizations/{id}/members");
        for (method, path, expected) in [
            ("GET", "/api/v2/organizations/org_1/members", true),
            ("POST", "/api/v2/organizations/org_1/members", false),
            ("GET", "/api/v2/organizations/org_1", false),
            ("GET", "/api/v2/organizations/org_1/members/1", false),
            ("GET", "/api/v2/organizations/org_1/invitations", false),
        ] {
            assert_eq!(matches(&pattern, None, method, path), expected, "{method} {path}");
        }
        assert!(matches(&RequestPattern::new("*", "/api/v2/*"), None, "PUT", "/api/v2/users"));
    }

    #[test]
    fn operation_matches_any_path() {
        let pattern = RequestPattern::from(Operation::Synchronize);
        assert!(matches(&pattern, Some(Operation::Synchronize), "POST", "/anywhere"));
        assert!(!matches(&pattern, Some(Operation::GetConfiguration), "POST", "/anywhere"));
        assert!(!matches(&pattern, None, "POST", "/anywhere"));
    }

    #[test]
    fn query_parameter_must_be_present() {
        let pattern = RequestPattern::new("GET", "/clients?q");
        for (target, expected) in [
            ("/clients?page=1&q=name:a*", true),
            ("/clients?q", true),
            ("/clients?page=1&qq=2", false),
            ("/clients", false),
        ] {
            assert_eq!(matches(&pattern, None, "GET", target), expected, "{target}");
        }
        assert!(matches(&RequestPattern::new("GET", "/clients"), None, "GET", "/clients?q=a"));
    }

    #[test]
    fn any_of_several_patterns_matches() {
        let writes =
            RequestPattern::any_of([RequestPattern::new("POST", "/a"), RequestPattern::new("PATCH", "/a/{id}")]);
        assert!(matches(&writes, None, "POST", "/a") && matches(&writes, None, "PATCH", "/a/1"));
        assert!(!matches(&writes, None, "PATCH", "/a"));
    }
}
