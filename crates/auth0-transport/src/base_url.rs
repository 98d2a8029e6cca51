//! The origin of the tenant, and the URLs below it.

use url::{Host, Url};

use crate::{Error, TenantDomain};

/// The path of the Management API.
pub(crate) const API_PATH: &str = "/api/v2";

/// The origin of a tenant, with the URLs of its API and its token endpoint.
#[derive(Debug, Clone)]
pub(crate) struct BaseUrl {
    origin: Url,
    api: String,
    token: Url,
}

impl BaseUrl {
    pub(crate) fn of(domain: &TenantDomain) -> Result<Self, Error> {
        Self::parse(&format!("https://{domain}"))
    }

    /// Parses an origin. `http` is only allowed for loopback addresses.
    pub(crate) fn parse(origin: &str) -> Result<Self, Error> {
        let invalid = |why: &str| {
            let shown = without_user_info(origin);
            Error::invalid_configuration(format!(
                "{shown:?} is not a base URL: {why} (expected an origin such as \"https://acme.eu.auth0.com\" or \
                 \"http://127.0.0.1:8080\")"
            ))
        };
        let origin = Url::parse(origin.trim_end_matches('/')).map_err(|error| invalid(&error.to_string()))?;
        if !origin.username().is_empty() || origin.password().is_some() {
            return Err(invalid("it contains user info"));
        }
        if origin.path() != "/" || origin.query().is_some() || origin.fragment().is_some() {
            return Err(invalid("leave out path, query and fragment; /api/v2 and /oauth/token are added"));
        }
        match origin.scheme() {
            "https" => {}
            "http" if is_loopback(&origin) => {}
            "http" => {
                return Err(invalid(
                    "without TLS other machines could read the token; http is only allowed for loopback",
                ));
            }
            _ => return Err(invalid("its scheme is neither https nor http")),
        }
        let below = |path: &str| origin.join(path).map_err(|error| invalid(&error.to_string()));
        Ok(Self { api: below(API_PATH)?.into(), token: below("/oauth/token")?, origin })
    }

    /// Returns scheme, host, port and `/api/v2`, without a slash at the end.
    pub(crate) fn api(&self) -> &str {
        &self.api
    }

    /// Returns the URL of a path below the path of an API.
    pub(crate) fn below(&self, base_path: &str, path: &str) -> Url {
        let mut url = self.origin.clone();
        url.set_path(&[base_path, path].concat());
        url
    }

    pub(crate) fn token_endpoint(&self) -> &Url {
        &self.token
    }

    /// Returns whether a URL is below the path of an API. Other URLs never receive the token.
    pub(crate) fn covers(&self, base_path: &str, url: &Url) -> bool {
        let below = |base: &str| {
            url.as_str().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        };
        if base_path == API_PATH {
            return below(&self.api);
        }
        below(self.below(base_path, "").as_str().trim_end_matches('/'))
    }

    pub(crate) fn origin(&self) -> &Url {
        &self.origin
    }

    /// Returns host and port, such as `127.0.0.1:8080`.
    pub(crate) fn authority(&self) -> &str {
        self.origin.authority()
    }

    /// Returns whether requests stay on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.origin)
    }

    /// Returns whether requests are sent without TLS.
    #[cfg(feature = "rustls")]
    pub(crate) fn is_plain(&self) -> bool {
        self.origin.scheme() == "http"
    }

    pub(crate) fn host(&self) -> &str {
        self.origin.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> Option<u16> {
        self.origin.port_or_known_default()
    }
}

/// Returns the path below `/api/v2`, or the whole path of another API.
pub(crate) fn path_below_api(url: &Url) -> &str {
    url.path().strip_prefix(API_PATH).unwrap_or(url.path())
}

/// Returns the part of a URL that messages may show. Also accepts strings that are not URLs.
pub(crate) fn without_user_info(url: &str) -> &str {
    url.rsplit_once('@').map_or(url, |(_, host)| host)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{API_PATH, BaseUrl};

    #[test]
    fn api_and_token_endpoint_are_below_the_origin() {
        for (origin, api, token) in [
            ("https://acme.auth0.com", "https://acme.auth0.com/api/v2", "https://acme.auth0.com/oauth/token"),
            ("https://acme.auth0.com/", "https://acme.auth0.com/api/v2", "https://acme.auth0.com/oauth/token"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v2", "http://127.0.0.1:8080/oauth/token"),
            ("http://localhost:1", "http://localhost:1/api/v2", "http://localhost:1/oauth/token"),
            ("http://[::1]:9", "http://[::1]:9/api/v2", "http://[::1]:9/oauth/token"),
        ] {
            let base = BaseUrl::parse(origin).unwrap();
            assert_eq!((base.api(), base.token_endpoint().as_str()), (api, token));
        }
    }

    #[test]
    fn encoded_path_is_not_changed() {
        let base = BaseUrl::parse("https://acme.auth0.com").unwrap();
        for (path, whole) in [
            ("/clients", "https://acme.auth0.com/api/v2/clients"),
            ("/clients/a%2F..%2Fb%3Fc", "https://acme.auth0.com/api/v2/clients/a%2F..%2Fb%3Fc"),
            ("/clients/a?b#c", "https://acme.auth0.com/api/v2/clients/a%3Fb%23c"),
            ("/clients/ä/", "https://acme.auth0.com/api/v2/clients/%C3%A4/"),
        ] {
            let url = base.below(API_PATH, path);
            assert_eq!(url.as_str(), whole);
            assert!(base.covers(API_PATH, &url));
        }
        let out = base.below(API_PATH, "/../../oauth/token");
        assert!(!base.covers(API_PATH, &out), "`..` leaves the API, which is checked before sending");
    }

    #[test]
    fn http_is_only_allowed_for_loopback() {
        for origin in [
            "http://acme.auth0.com",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://10.0.0.1",
            "http://[::2]",
            "ftp://127.0.0.1",
            "http://me:pw@127.0.0.1",
            "https://acme.auth0.com/api/v2",
            "https://acme.auth0.com?x",
            "acme.auth0.com",
            "",
        ] {
            let error = BaseUrl::parse(origin).unwrap_err();
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }

    #[test]
    fn covers_only_urls_below_the_api() {
        let base = BaseUrl::parse("https://acme.auth0.com").unwrap();
        for (url, covered) in [
            ("https://acme.auth0.com/api/v2/clients?x=1", true),
            ("https://acme.auth0.com/api/v2", true),
            ("https://acme.auth0.com/api/v2/../../oauth/token", false),
            ("https://acme.auth0.com/api/v20/clients", false),
            ("https://acme.auth0.com:8443/api/v2/clients", false),
            ("https://acme.auth0.com.evil.example/api/v2/clients", false),
            ("http://acme.auth0.com/api/v2/clients", false),
        ] {
            assert_eq!(base.covers(API_PATH, &url.parse().unwrap()), covered, "{url}");
        }
    }

    #[test]
    fn covers_urls_below_the_path_of_another_api() {
        let base = BaseUrl::parse("https://acme.auth0.com").unwrap();
        for (base_path, path, whole) in [
            ("/me/v1", "/factors", "https://acme.auth0.com/me/v1/factors"),
            ("/me v1", "/factors", "https://acme.auth0.com/me%20v1/factors"),
            ("", "/userinfo", "https://acme.auth0.com/userinfo"),
        ] {
            let url = base.below(base_path, path);
            assert_eq!(url.as_str(), whole);
            assert!(base.covers(base_path, &url));
        }
        let elsewhere = "https://acme.auth0.com.evil.example/userinfo".parse().unwrap();
        assert!(!base.covers("", &elsewhere) && !base.covers("/me/v1", &base.below("/me/v12", "/factors")));
    }
}
