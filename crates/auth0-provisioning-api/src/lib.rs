//! Client for Auth0's inbound directory provisioning, generated from the project's OpenAPI contract.
