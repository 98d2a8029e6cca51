//! Requests to the control API of the mock tenant.

use auth0_provisioning_mock::{Connection, MockTenant};

use crate::{
    Reader,
    exchange::{Chosen, request, survives},
    runtime::block_on,
};

/// The first byte selects method and path. The rest of the line extends the path, then comes the body.
pub const READER: Reader = Reader {
    name: "control_api",
    reads: "requests to the mock tenant's control API",
    run,
    samples: &[
        "\u{0}\n{\"connections\":[{\"name\":\"a\",\"strategy\":\"google-apps\"}]}",
        "\u{1}\n{\"advance\":\"PT1H\"}",
        "\u{2}\n{\"kind\":\"status\",\"status\":503,\"times\":2}",
        "\u{3}\n{\"status\":200,\"body\":{}}",
        "\u{5}?operation=get_connections&last=1\n",
        "\u{8}\n{\"synchronize_groups\":false}",
        "\u{e}\n{\"users\":[{\"id\":\"u\",\"fails\":{\"operation\":\"create\",\"reason\":\"x\"}}],\"groups\":[]}",
    ],
};

const TARGETS: [(&str, &str); 18] = [
    ("POST", "seed"),
    ("POST", "clock"),
    ("POST", "faults"),
    ("POST", "stubs"),
    ("POST", "expectations"),
    ("GET", "requests"),
    ("GET", "overview"),
    ("PUT", "state"),
    ("PATCH", "features"),
    ("PUT", "rate-limits"),
    ("POST", "tokens"),
    ("POST", "tokens/revoke"),
    ("PATCH", "connections/con_0123456789abcdef/setup"),
    ("PUT", "connections/con_0123456789abcdef/next-synchronization"),
    ("PUT", "connections/con_0123456789abcdef/directory"),
    ("PUT", "connections/con_0123456789abcdef/directory/groups/g"),
    ("PUT", "connections/con_0123456789abcdef/directory/users/u"),
    ("GET", ""),
];

fn run(data: &[u8]) {
    let Chosen { method, path, body } = Chosen::of(data, &TARGETS);
    block_on(async {
        let connection = Connection::google_apps("con_0123456789abcdef").configured();
        let tenant = MockTenant::builder().control().connection(connection).start().await.expect("it starts");
        let key = tenant.control_key().unwrap_or_default();
        let probe = request("GET", "/_mock/state", key, b"");
        survives(tenant.base_url(), &request(method, &format!("/_mock/{path}"), key, body), &probe).await;
    });
}
