//! Requests to the API of the mock tenant.

use auth0_provisioning_mock::{Connection, MockTenant};

use crate::{
    Reader,
    exchange::{Chosen, request, survives},
    runtime::block_on,
};

const ID: &str = "con_0123456789abcdef";

/// The first byte selects method and path. The rest of the line extends the path, then comes the body.
pub const READER: Reader = Reader {
    name: "requests",
    reads: "requests to the mock tenant's API",
    run,
    samples: &[
        "\u{0}?take=1&from=x\n",
        "\u{1}\n{\"mapping\":[{\"auth0\":\"email\",\"idp\":\"mail\"}],\"synchronize_automatically\":true}",
        "\u{6}\n{\"groups\":[{\"id\":\"1\"}]}",
        "\u{d}\n{\"name\":\"a\",\"strategy\":\"okta\",\"options\":{\"domain\":\"a.example\"}}",
        "\u{13}\n{\"mapping\":[{\"auth0\":\"email\",\"scim\":\"emails\"}],\"user_id_attribute\":\"externalId\"}",
        "\u{10}/%FF?%FF=1\n",
        "\u{10}?q=type:directory_sync_failed AND date:[* TO 2026]&per_page=1\n",
    ],
};

const TARGETS: [(&str, &str); 22] = [
    ("GET", "/connections/con_0123456789abcdef/directory-provisioning"),
    ("POST", "/connections/con_0123456789abcdef/directory-provisioning"),
    ("PATCH", "/connections/con_0123456789abcdef/directory-provisioning"),
    ("DELETE", "/connections/con_0123456789abcdef/directory-provisioning"),
    ("GET", "/connections/con_0123456789abcdef/directory-provisioning/default-mapping"),
    ("GET", "/connections/con_0123456789abcdef/directory-provisioning/synchronized-groups"),
    ("PUT", "/connections/con_0123456789abcdef/directory-provisioning/synchronized-groups"),
    ("POST", "/connections/con_0123456789abcdef/directory-provisioning/synchronized-groups"),
    ("DELETE", "/connections/con_0123456789abcdef/directory-provisioning/synchronized-groups"),
    ("POST", "/connections/con_0123456789abcdef/directory-provisioning/synchronizations"),
    ("GET", "/connections-directory-provisionings"),
    ("GET", "/connections"),
    ("PATCH", "/connections/con_0123456789abcdef"),
    ("POST", "/connections"),
    ("GET", "/connections/"),
    ("PATCH", "/connections/con_0123456789abcdef/clients"),
    ("GET", "/logs"),
    ("GET", "/groups"),
    ("POST", "/groups/grp_1/roles"),
    ("POST", "/connections/con_0123456789abcdef/scim-configuration"),
    ("POST", "/connections/con_0123456789abcdef/scim-configuration/tokens"),
    ("GET", "/"),
];

fn run(data: &[u8]) {
    let Chosen { method, path, body } = Chosen::of(data, &TARGETS);
    block_on(async {
        let connection = Connection::google_apps(ID).configured();
        let tenant = MockTenant::builder().connection(connection).start().await.expect("it starts");
        let request = |method, path: &str, body| request(method, path, tenant.access_token(), body);
        let probe = request("GET", "/api/v2/connections", b"".as_slice());
        let length = survives(tenant.base_url(), &request(method, &format!("/api/v2{path}"), body), &probe).await;
        assert!(length < 1 << 20, "a response of {length} bytes");
    });
}
