//! Seed files of the mock tenant, in YAML and JSON.

use auth0_provisioning_mock::MockTenant;

use crate::{Reader, assert_has_reason, runtime::block_on};

/// The bytes are the file.
pub const READER: Reader = Reader {
    name: "seeds",
    reads: "seed files of the mock tenant",
    run,
    samples: &[
        "connections:\n  - id: con_0123456789abcdef\n    name: acme\n    strategy: google-apps\n    configuration: {}\n",
        "{\"tenant\":{\"name\":\"a\"},\"connections\":[{\"name\":\"a\",\"strategy\":\"okta\"}],\"features\":{}}",
        "a: &a [*a, *a]\n",
        "clock: 2026-05-05T12:00:00Z\nrate_limit: {burst: 10, per_second: 0}\n",
        include_str!("../../../auth0-provisioning-mock/assets/company.yaml"),
    ],
};

fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match MockTenant::builder().seed_file(text) {
        Err(error) => assert_has_reason(&error.to_string()),
        Ok(builder) => block_on(async {
            match builder.start().await {
                Ok(tenant) => drop(tenant.connection_ids()),
                Err(error) => assert_has_reason(&error.to_string()),
            }
        }),
    }
}
