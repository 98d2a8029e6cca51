//! The faults of the mock tenant.

use std::time::Duration;

use auth0_provisioning_mock::{Cut, Fault};

type Make = fn() -> Fault;

pub(crate) const FAULTS: &[(&str, Make)] = &[
    ("5 s late", || Fault::latency(Duration::from_secs(5))),
    ("10 min late", || Fault::latency(Duration::from_secs(600))),
    ("cut before the request", || Fault::cut(Cut::BeforeRequest)),
    ("cut before the response", || Fault::cut(Cut::BeforeResponse)),
    ("cut within the response", || Fault::cut(Cut::WithinResponse)),
    ("cut after the response", || Fault::cut(Cut::AfterResponse)),
    ("400", || Fault::status(400)),
    ("401", || Fault::status(401)),
    ("403", || Fault::status(403)),
    ("404", || Fault::status(404)),
    ("409", || Fault::status(409)),
    ("413", || Fault::status(413)),
    ("500", || Fault::status(500)),
    ("502", || Fault::status(502)),
    ("503", || Fault::status(503)),
    ("504", || Fault::status(504)),
    ("503, an hour", || Fault::status(503).header("retry-after", "3600")),
    ("503 after the effect", || Fault::status_after_effect(503)),
    ("429", Fault::rate_limited),
    ("429, 3 s", || Fault::retry_after(Duration::from_secs(3))),
    ("429, a day", || Fault::retry_after(Duration::from_secs(86_400))),
    ("token revoked", Fault::token_revoked),
    ("half a body", Fault::truncated_body),
    ("HTML", Fault::not_json),
    ("empty body", || Fault::body("")),
    ("another content type", || Fault::content_type("text/html")),
    ("slow body, 4 s", || Fault::slow_body(4, Duration::from_secs(1))),
    ("slow body, 20 min", || Fault::slow_body(2, Duration::from_secs(600))),
    ("unknown enum values", Fault::unknown_enum_values),
    ("new fields", Fault::extra_fields),
    ("null for absent", Fault::nulls_for_absent),
    ("an empty page", Fault::empty_page),
    ("an empty cursor", || Fault::next_cursor("")),
];
