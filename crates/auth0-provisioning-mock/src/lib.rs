//! An Auth0 tenant in a box for directory provisioning: a library for tests, and a program.
