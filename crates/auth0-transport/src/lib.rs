//! How to talk to an Auth0 tenant: domain, credentials, token, pacing, retries and one error type.
