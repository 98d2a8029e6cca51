//! Declarative files of `a0p`.

use std::io::Cursor;

use a0p::Host;

use crate::{Reader, assert_has_reason, runtime::block_on};

/// The bytes are the file.
pub const READER: Reader = Reader {
    name: "declarations",
    reads: "declarative files, in YAML and JSON",
    run,
    samples: &[
        "connections:\n  - name: acme-workspace\n    directory_provisioning_configuration:\n      mapping:\n        \
         - {auth0: email, idp: primaryEmail}\n      synchronize_automatically: true\n",
        "{\"connections\":[{\"name\":\"a\",\"scim_configuration\":{\"mapping\":[],\"user_id_attribute\":\"x\"}}]}",
        "connections:\n  - name: a\n    directory_provisioning_configuration: null\n",
        "connections: [{name: a, directory_provisioning_configuration: {synchronized_groups: [{id: '1', name: n}]}}]",
    ],
};

fn run(data: &[u8]) {
    reads("a0p --demo plan -f - --allow-delete", data);
}

/// Runs a command line with this input. It must end with a documented code, and a failure must have a reason.
pub(super) fn reads(line: &str, data: &[u8]) {
    block_on(async {
        let (mut host, _, err) = Host::in_memory();
        host.stdin = Box::new(Cursor::new(data.to_vec()));
        let code = a0p::run(line.split_whitespace(), host).await;
        assert!(matches!(code, 0 | 1 | 3 | 64), "exit code {code}: {}", err.text());
        if code != 0 {
            assert_has_reason(&err.text());
        }
    });
}
