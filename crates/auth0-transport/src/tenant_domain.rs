//! A tenant's domain, parsed.

use std::{fmt, str::FromStr};

/// The host name under which a tenant is reached, such as `acme.eu.auth0.com` or a custom domain.
///
/// A parsed value: lower-case, without scheme, port, path, user info or white space, so that no domain that a program
/// is given can lead a request, and the token with it, anywhere else.
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
    /// [`InvalidTenantDomain`], which says what was wrong and what to give instead.
    pub fn new(domain: impl AsRef<str>) -> Result<Self, InvalidTenantDomain> {
        domain.as_ref().parse()
    }

    /// The domain, lower-case.
    #[must_use]
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

impl TryFrom<&str> for TenantDomain {
    type Error = InvalidTenantDomain;

    fn try_from(domain: &str) -> Result<Self, Self::Error> {
        domain.parse()
    }
}

impl TryFrom<String> for TenantDomain {
    type Error = InvalidTenantDomain;

    fn try_from(domain: String) -> Result<Self, Self::Error> {
        domain.parse()
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

impl AsRef<str> for TenantDomain {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A text that is not a tenant's domain; its message shows what was wrong and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTenantDomain {
    given: String,
    fault: Fault,
}

impl fmt::Display for InvalidTenantDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { given, fault } = self;
        let what = match fault {
            Fault::Empty => "it is empty".to_owned(),
            Fault::Scheme => "leave out the scheme".to_owned(),
            Fault::UserInfo => "it holds user info or an `@`; give the host name alone".to_owned(),
            Fault::Path => "leave out the path, and the slash with it".to_owned(),
            Fault::QueryOrFragment => "leave out everything from the `?` or `#` on".to_owned(),
            Fault::Port => {
                "leave out the port; a server on another port is named with `base_url`, not by the domain".to_owned()
            }
            Fault::Space => "it holds white space or a control character".to_owned(),
            Fault::NotAscii => "write an international domain in its `xn--` form".to_owned(),
            Fault::Character(c) => format!("it holds {c:?}, which no host name may"),
            Fault::Label(label) => {
                format!("its part {label:?} is empty, longer than 63 characters, or starts or ends with a hyphen")
            }
            Fault::TooLong => "it is longer than 253 characters".to_owned(),
            Fault::OneLabel => "it has no dot: give the whole domain, not the tenant's name alone".to_owned(),
            Fault::IpAddress => "it is an IP address, not a host name".to_owned(),
        };
        write!(f, "{given:?} is not a tenant domain: {what} (expected something like \"acme.eu.auth0.com\")")
    }
}

impl std::error::Error for InvalidTenantDomain {}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Empty,
    Scheme,
    UserInfo,
    Path,
    QueryOrFragment,
    Port,
    Space,
    NotAscii,
    Character(char),
    Label(String),
    TooLong,
    OneLabel,
    IpAddress,
}

/// The most specific fault first: the error for a whole URL names its scheme, not its colon.
fn fault(domain: &str) -> Option<Fault> {
    if domain.is_empty() {
        return Some(Fault::Empty);
    }
    if domain.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some(Fault::Space);
    }
    if domain.contains("://") {
        return Some(Fault::Scheme);
    }
    if domain.contains('@') {
        return Some(Fault::UserInfo);
    }
    if domain.contains(['?', '#']) {
        return Some(Fault::QueryOrFragment);
    }
    if domain.contains(['/', '\\']) {
        return Some(Fault::Path);
    }
    if domain.starts_with('[') || domain.matches(':').count() > 1 {
        return Some(Fault::IpAddress);
    }
    if domain.contains(':') {
        return Some(Fault::Port);
    }
    if !domain.is_ascii() {
        return Some(Fault::NotAscii);
    }
    if let Some(c) = domain.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))) {
        return Some(Fault::Character(c));
    }
    if domain.len() > 253 {
        return Some(Fault::TooLong);
    }
    if let Some(label) = domain.split('.').find(|label| bad_label(label)) {
        return Some(Fault::Label(shown(label)));
    }
    let (_, last) = domain.rsplit_once('.').unwrap_or(("", domain));
    if reads_as_number(last) {
        return Some(Fault::IpAddress);
    }
    (!domain.contains('.')).then_some(Fault::OneLabel)
}

fn bad_label(label: &str) -> bool {
    label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-')
}

/// URL parsers take a host for an IPv4 address when its last label is a number, `0x7f` included.
fn reads_as_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.chars().all(|c| c.is_ascii_hexdigit()),
        None => label.chars().all(|c| c.is_ascii_digit()),
    }
}

/// What the message shows of the text it was given: bounded, and without a password that a whole URL may hold.
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
    fn domains_of_tenants_and_custom_domains_are_taken_in_lower_case() {
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
    fn everything_else_is_refused_with_what_was_wrong_and_the_remedy() {
        for (given, telling) in [
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
            assert!(message.contains(telling), "{given:?}: {message}");
            assert!(message.contains("acme.eu.auth0.com"), "{given:?}: {message}");
        }
        assert!(TenantDomain::new(format!("{}.com", "a".repeat(64))).is_err());
        assert!(TenantDomain::new(format!("{}com", "a.".repeat(130))).is_err());
    }

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        let message = TenantDomain::new("https://me:hunter2@acme.auth0.com").unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }
}
