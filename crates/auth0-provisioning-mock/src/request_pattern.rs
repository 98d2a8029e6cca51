//! Which requests something concerns.

use crate::operations::Operation;

/// Which requests something concerns: those of one operation, or those with one method and path.
///
/// ```
/// use auth0_provisioning_mock::{Operation, RequestPattern};
///
/// let rotation = RequestPattern::new("POST", "/api/v2/keys/signing/rotate");
/// let members = RequestPattern::new("*", "/api/v2/organizations/{id}/members");
/// let runs = RequestPattern::from(Operation::Synchronize);
/// # let _ = (rotation, members, runs);
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
    },
}

impl RequestPattern {
    /// Requests with this method, `*` for any, and this path from its first slash on. A segment `*`, or one in braces
    /// such as `{id}`, stands for any one segment.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let any = |segment: &str| segment == "*" || (segment.starts_with('{') && segment.ends_with('}'));
        let segments = segments(path).map(|segment| (!any(segment)).then(|| segment.to_owned()));
        let method = (method != "*").then(|| method.to_ascii_uppercase());
        Self(Kind::Path { method, segments: segments.collect() })
    }

    /// The operation, or else the method, if it is one, and the path; a segment that any one matches is `*`.
    #[cfg(feature = "control")]
    pub(crate) fn named(&self) -> (Option<Operation>, Option<&str>, Option<String>) {
        match &self.0 {
            Kind::Operation(operation) => (Some(*operation), None, None),
            Kind::Path { method, segments } => {
                let segments = segments.iter().map(|segment| segment.as_deref().unwrap_or("*"));
                let path = segments.fold(String::new(), |path, segment| path + "/" + segment);
                (None, method.as_deref(), Some(path))
            }
        }
    }

    pub(crate) fn matches(&self, operation: Option<Operation>, method: &str, path: &str) -> bool {
        match &self.0 {
            Kind::Operation(wanted) => operation == Some(*wanted),
            Kind::Path { method: wanted, segments: pattern } => {
                let mut pattern = pattern.iter();
                wanted.as_ref().is_none_or(|wanted| wanted == method)
                    && segments(path).all(|segment| {
                        pattern.next().is_some_and(|wanted| wanted.as_ref().is_none_or(|wanted| wanted == segment))
                    })
                    && pattern.next().is_none()
            }
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
}
