//! The domain of a tenant.

use std::{fmt, str::FromStr};

/// The host name of a tenant, such as `acme.eu.auth0.com` or a custom domain.
///
/// It is lower-case, without scheme, port, path, user info or white space. No value can therefore send a request, with its
/// token, to another place.
///
/// ```
/// use auth0_transport::TenantDomain;
///
/// let domain: TenantDomain = "Acme.EU.auth0.com".parse()?;
/// assert_eq!(domain.as_str(), "acme.eu.auth0.com");
/// assert!("https://acme.eu.auth0.com/".parse::<TenantDomain>().is_err());
/// # Ok::<(), auth0_transport::InvalidTenantDomain>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantDomain(Box<str>);

impl TenantDomain {
    /// Parses a domain.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidTenantDomain`], which names the fault.
    pub fn new(domain: impl AsRef<str>) -> Result<Self, InvalidTenantDomain> {
        domain.as_ref().parse()
    }

    /// Returns the domain in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantDomain {
    type Err = InvalidTenantDomain;

    fn from_str(domain: &str) -> Result<Self, Self::Err> {
        match fault(domain) {
            None => Ok(Self(domain.to_ascii_lowercase().into_boxed_str())),
            Some(fault) => Err(InvalidTenantDomain { given: shown(domain), fault }),
        }
    }
}

impl fmt::Display for TenantDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TenantDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TenantDomain({})", self.0)
    }
}

/// The error for a string that is not a tenant's domain. Its message names the fault and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTenantDomain {
    given: String,
    fault: String,
}

impl fmt::Display for InvalidTenantDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { given, fault } = self;
        write!(f, "{given:?} is not a tenant domain: {fault} (expected something like \"acme.eu.auth0.com\")")
    }
}

impl std::error::Error for InvalidTenantDomain {}

/// Returns the most specific fault. The error for a whole URL names its scheme, not its colon.
fn fault(domain: &str) -> Option<String> {
    const IP_ADDRESS: &str = "it is an IP address, not a host name";
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let last = domain.rsplit('.').next().unwrap_or_default();
    let fault = if domain.is_empty() {
        "it is empty"
    } else if domain.chars().any(|c| c.is_whitespace() || c.is_control()) {
        "it contains white space or a control character"
    } else if domain.contains("://") {
        "leave out the scheme"
    } else if domain.contains('@') {
        "it contains user info or an `@`; use only the host name"
    } else if domain.contains(['?', '#']) {
        "leave out everything from the `?` or `#` on"
    } else if domain.contains(['/', '\\']) {
        "leave out the path and its slash"
    } else if domain.starts_with('[') || domain.matches(':').count() > 1 {
        IP_ADDRESS
    } else if domain.contains(':') {
        "leave out the port; set a server on another port with `base_url`"
    } else if !domain.is_ascii() {
        "write an international domain in its `xn--` form"
    } else if let Some(c) = domain.chars().find(|c| !is_name(*c)) {
        return Some(format!("it contains {c:?}, which is not allowed in a host name"));
    } else if domain.len() > 253 {
        "it is longer than 253 characters"
    } else if let Some(label) = domain.split('.').find(|label| is_bad_label(label)) {
        let label = shown(label);
        return Some(format!(
            "its part {label:?} is empty, longer than 63 characters, or starts or ends with a hyphen"
        ));
    } else if is_number(last) {
        IP_ADDRESS
    } else if !domain.contains('.') {
        "it has no dot: use the whole domain, not only the tenant's name"
    } else {
        return None;
    };
    Some(fault.to_owned())
}

fn is_bad_label(label: &str) -> bool {
    label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-')
}

/// Returns whether a label is a number, such as `0x7f`. URL parsers read a host with such a last label as an IPv4 address.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.chars().all(|c| c.is_ascii_hexdigit()),
        None => label.chars().all(|c| c.is_ascii_digit()),
    }
}

/// Returns the start of a string, without a password that a whole URL may contain.
fn shown(text: &str) -> String {
    let visible = match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => text.to_owned(),
    };
    match visible.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &visible[..end]),
        None => visible,
    }
}

#[cfg(test)]
mod tests {
    use super::TenantDomain;

    #[test]
    fn domain_is_parsed_in_lower_case() {
        for (given, expected) in [
            ("acme.eu.auth0.com", "acme.eu.auth0.com"),
            ("ACME.us.Auth0.com", "acme.us.auth0.com"),
            ("login.example.co.uk", "login.example.co.uk"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("1password.auth0.com", "1password.auth0.com"),
        ] {
            assert_eq!(TenantDomain::new(given).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn error_names_the_fault_and_an_example() {
        for (given, expected) in [
            ("", "empty"),
            ("https://acme.auth0.com", "leave out the scheme"),
            ("HTTP://acme.auth0.com/api/v2", "leave out the scheme"),
            ("acme.auth0.com/", "leave out the path"),
            ("acme.auth0.com\\x", "leave out the path"),
            ("acme.auth0.com:8443", "leave out the port"),
            ("evil.example@acme.auth0.com", "user info"),
            ("acme.auth0.com?x=1", "`?` or `#`"),
            ("acme.auth0.com#x", "`?` or `#`"),
            (" acme.auth0.com", "white space"),
            ("acme.auth0.com\n", "white space"),
            ("acme..auth0.com", "part \"\""),
            ("acme.auth0.com.", "part \"\""),
            ("-acme.auth0.com", "hyphen"),
            ("acme-.auth0.com", "hyphen"),
            ("ac_me.auth0.com", "'_'"),
            ("bücher.example", "xn--"),
            ("acme", "no dot"),
            ("127.0.0.1", "IP address"),
            ("127.1", "IP address"),
            ("acme.0x7f", "IP address"),
            ("[::1]", "IP address"),
            ("::1", "IP address"),
            ("%61cme.auth0.com", "'%'"),
        ] {
            let message = TenantDomain::new(given).unwrap_err().to_string();
            assert!(message.contains(expected), "{given:?}: {message}");
            assert!(message.contains("acme.eu.auth0.com"), "{given:?}: {message}");
        }
        assert!(TenantDomain::new(format!("{}.com", "a".repeat(64))).is_err());
        assert!(TenantDomain::new(format!("{}com", "a.".repeat(130))).is_err());
    }

    #[test]
    fn error_omits_a_password() {
        let message = TenantDomain::new("https://me:hunter2@acme.auth0.com").unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }
}
