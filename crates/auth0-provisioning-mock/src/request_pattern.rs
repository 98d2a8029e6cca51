//! Which requests something concerns.

use crate::operations::Operation;

/// Which requests something concerns: those of one operation, those with one method and path, or those of several patterns.
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
        /// `None` for any.
        method: Option<String>,
        /// `None` for any segment.
        segments: Vec<Option<String>>,
        /// A query parameter that has to be there.
        parameter: Option<String>,
    },
    AnyOf(Vec<RequestPattern>),
}

/// A pattern by its parts, as it was made.
#[cfg(feature = "control")]
pub(crate) enum Named<'a> {
    Operation(Operation),
    /// The method, if it is one, and the path; a segment that any one matches is `*`.
    Path(Option<&'a str>, String),
    AnyOf(&'a [RequestPattern]),
}

impl RequestPattern {
    /// Requests with this method, `*` for any, and this path from its first slash on. A segment `*`, or one in braces
    /// such as `{id}`, stands for any one segment. What follows a question mark is the name of a query parameter that the
    /// request has to have, whatever its value.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let any = |segment: &str| segment == "*" || (segment.starts_with('{') && segment.ends_with('}'));
        let (path, parameter) = path.split_once('?').map_or((path, None), |(path, name)| (path, Some(name.to_owned())));
        let segments = segments(path).map(|segment| (!any(segment)).then(|| segment.to_owned()));
        let method = (method != "*").then(|| method.to_ascii_uppercase());
        Self(Kind::Path { method, segments: segments.collect(), parameter })
    }

    /// Requests of any of these patterns. A rate limit of such a pattern is one bucket that they share.
    #[must_use]
    pub fn any_of(patterns: impl IntoIterator<Item = Self>) -> Self {
        Self(Kind::AnyOf(patterns.into_iter().collect()))
    }

    #[cfg(feature = "control")]
    pub(crate) fn named(&self) -> Named<'_> {
        match &self.0 {
            Kind::Operation(operation) => Named::Operation(*operation),
            Kind::Path { method, segments, parameter } => {
                let segments = segments.iter().map(|segment| segment.as_deref().unwrap_or("*"));
                let mut path = segments.fold(String::new(), |path, segment| path + "/" + segment);
                if let Some(parameter) = parameter {
                    path = path + "?" + parameter;
                }
                Named::Path(method.as_deref(), path)
            }
            Kind::AnyOf(patterns) => Named::AnyOf(patterns),
        }
    }

    /// Whether the pattern is that of a request; `target` is its path, and its query if it has one.
    pub(crate) fn matches(&self, operation: Option<Operation>, method: &str, target: &str) -> bool {
        match &self.0 {
            Kind::Operation(wanted) => operation == Some(*wanted),
            Kind::Path { method: wanted, segments: pattern, parameter } => {
                let (path, query) = target.split_once('?').unwrap_or((target, ""));
                let has = |wanted: &String| query.split('&').any(|pair| pair.split('=').next() == Some(wanted));
                let mut pattern = pattern.iter();
                wanted.as_ref().is_none_or(|wanted| wanted == method)
                    && segments(path).all(|segment| {
                        pattern.next().is_some_and(|wanted| wanted.as_ref().is_none_or(|wanted| wanted == segment))
                    })
                    && pattern.next().is_none()
                    && parameter.as_ref().is_none_or(has)
            }
            Kind::AnyOf(patterns) => patterns.iter().any(|pattern| pattern.matches(operation, method, target)),
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

    #[test]
    fn a_path_matches_segment_by_segment() {
        let pattern = RequestPattern::new("get", "/api/v2/organizations/{id}/members");
        let matches = |method, path| pattern.matches(None, method, path);
        assert!(matches("GET", "/api/v2/organizations/org_1/members"));
        assert!(!matches("POST", "/api/v2/organizations/org_1/members"));
        assert!(!matches("GET", "/api/v2/organizations/org_1"));
        assert!(!matches("GET", "/api/v2/organizations/org_1/members/1"));
        assert!(!matches("GET", "/api/v2/organizations/org_1/invitations"));
        assert!(RequestPattern::new("*", "/api/v2/*").matches(None, "PUT", "/api/v2/users"));
    }

    #[test]
    fn an_operation_matches_whatever_its_path() {
        let pattern = RequestPattern::from(Operation::Synchronize);
        assert!(pattern.matches(Some(Operation::Synchronize), "POST", "/anywhere"));
        assert!(!pattern.matches(Some(Operation::GetConfiguration), "POST", "/anywhere"));
        assert!(!pattern.matches(None, "POST", "/anywhere"));
    }

    #[test]
    fn a_query_parameter_may_have_to_be_there() {
        let searches = RequestPattern::new("GET", "/api/v2/clients?q");
        assert!(searches.matches(None, "GET", "/api/v2/clients?page=1&q=name:a*"));
        assert!(searches.matches(None, "GET", "/api/v2/clients?q"));
        assert!(!searches.matches(None, "GET", "/api/v2/clients?page=1&qq=2"));
        assert!(!searches.matches(None, "GET", "/api/v2/clients"));
        assert!(RequestPattern::new("GET", "/api/v2/clients").matches(None, "GET", "/api/v2/clients?q=a"));
    }

    #[test]
    fn any_of_several_patterns_matches() {
        let writes =
            RequestPattern::any_of([RequestPattern::new("POST", "/a"), RequestPattern::new("PATCH", "/a/{id}")]);
        assert!(writes.matches(None, "POST", "/a") && writes.matches(None, "PATCH", "/a/1"));
        assert!(!writes.matches(None, "PATCH", "/a"));
    }
}
