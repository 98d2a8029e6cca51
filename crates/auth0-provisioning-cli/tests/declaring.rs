//! Files: plans, what is applied, what is exported, and what the schema says of them.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod support;

use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation};
use support::{Ran, Setup, google, input, standing, terminal, writes};

const FILE: &str = "
connections:
  - name: acme-design
    strategy: google-apps
    directory_provisioning_configuration:
      synchronize_automatically: true
      synchronize_groups: selected
      synchronized_groups:
        - { id: g1, name: Design, email: design@acme.example, direct_members_count: 4 }
        - { id: g2 }
  - name: acme-sales
    strategy: google-apps
    options: { domain: acme.example }
    directory_provisioning_configuration:
      synchronize_groups: selected
      mapping:
        - { auth0: email, idp: primaryEmail }
        - { auth0: blocked, idp: archived }
      synchronized_groups:
        - { id: s1, name: Sales }
  - name: acme-old
    directory_provisioning_configuration: null
  - name: acme-okta
    strategy: okta
    scim_configuration: { user_id_attribute: userName }
  - name: acme-other
    strategy: google-apps
clients: []
";

async fn tenant() -> MockTenant {
    let rows = [("email", "primaryEmail"), ("blocked", "suspended"), ("name", "name.fullName")];
    standing()
        .connection(google("con_1", "acme-design"))
        .connection(google("con_2", "acme-sales").configured().mapping(&rows).synchronizes_groups(["s1", "s2"]))
        .connection(google("con_3", "acme-old").configured())
        .connection(Connection::with_strategy("con_4", "okta").name("acme-okta").scim_configured())
        .connection(google("con_5", "acme-other").configured())
        .start()
        .await
        .unwrap()
}

fn told(setup: &Setup, runs: &[Ran]) -> String {
    let text: Vec<String> = runs.iter().map(ToString::to_string).collect();
    text.join("\n").replace(setup.folder.path().to_str().unwrap(), "DIR")
}

#[tokio::test]
async fn a_plan_shows_what_an_apply_then_does() {
    let tenant = tenant().await;
    let setup = Setup::of(&tenant);
    let file = setup.file("acme.yaml", FILE);
    let mut runs = vec![setup.a0p_with(&format!("a0p plan -f {file} --detailed-exitcode"), terminal(100)).await];
    runs.push(setup.a0p(&format!("a0p plan -f {file} --output ndjson")).await);
    assert_eq!(writes(&tenant), [""; 0]);
    runs.push(setup.a0p(&format!("a0p apply -f {file} --no-input")).await);
    runs.push(setup.a0p(&format!("a0p apply -f {file} --max-removals 0 --yes")).await);
    assert_eq!(writes(&tenant), [""; 0]);
    runs.push(setup.a0p_with(&format!("a0p apply -f {file} --allow-delete --yes"), terminal(100)).await);
    let mut written = writes(&tenant);
    written.sort();
    let expected = [
        "200 patch_directory-provisioning",
        "200 patch_scim-configuration",
        "201 post_directory-provisioning",
        "204 delete_directory-provisioning",
        "204 delete_synchronized-groups",
        "204 post_synchronized-groups",
        "204 post_synchronized-groups",
    ];
    assert_eq!(written, expected);
    runs.push(setup.a0p(&format!("a0p apply -f {file} --allow-delete --yes")).await);
    runs.push(setup.a0p(&format!("a0p plan -f {file} --detailed-exitcode")).await);
    assert_eq!(writes(&tenant), [""; 0], "a second run writes nothing");
    insta::assert_snapshot!("declared", told(&setup, &runs));
}

#[tokio::test]
async fn what_is_exported_is_planned_without_a_change() {
    let tenant = tenant().await;
    let setup = Setup::of(&tenant);
    for format in ["deploy-cli", "json"] {
        let exported = setup.a0p(&format!("a0p export --format {format}")).await;
        assert_eq!(exported.code, 0, "{exported}");
        let planned = setup.a0p_with("a0p plan -f - --detailed-exitcode", |host| input(host, &exported.out)).await;
        assert_eq!((planned.code, planned.out.as_str()), (0, ""), "{planned}");
    }
    let mut runs = Vec::new();
    for line in
        ["a0p export acme-sales acme-okta", "a0p export --format terraform acme-sales", "a0p export acme-nowhere"]
    {
        runs.push(setup.a0p(line).await);
    }
    insta::assert_snapshot!("exported", told(&setup, &runs));
}

#[tokio::test]
async fn the_schema_accepts_what_is_read() {
    let schema = support::a0p("a0p schema").await;
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let file: serde_json::Value = serde_yaml_ng::from_str(FILE).unwrap();
    assert!(validator.is_valid(&file));
    let wrong = serde_json::json!({ "connections": [{ "name": "a", "directory_provisioning_configuration": { "mappings": [] } }] });
    assert!(!validator.is_valid(&wrong));
    // Whether serde_json keeps the order of members depends on what else is built.
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!("schema", schema) });
}

#[tokio::test]
async fn what_cannot_be_used_is_told_with_its_place() {
    let tenant = tenant().await;
    let setup = Setup::of(&tenant);
    let mut runs = Vec::new();
    for text in [
        "connections:\n  - name: acme-design\n    directory_provisioning_configuration: { synchronise_groups: all }\n",
        "connections:\n  - name: acme-nowhere\n    directory_provisioning_configuration: {}\n",
        "connections: [{ name: a }, { name: a }]\n",
        "connections: [{ name: 'a-##ENV##' }]\n",
        "connections: [{ name: a, name: b }]\n",
    ] {
        let file = setup.file("wrong.yaml", text);
        runs.push(setup.a0p(&format!("a0p plan -f {file}")).await);
    }
    runs.push(setup.a0p("a0p plan -f nowhere.yaml").await);
    insta::assert_snapshot!("wrong_files", told(&setup, &runs));
}

#[tokio::test]
async fn a_failure_of_one_connection_leaves_the_others_alone_and_a_second_run_does_the_rest() {
    let tenant = tenant().await;
    let setup = Setup::of(&tenant);
    let file = setup.file("acme.yaml", FILE);
    tenant.fault(Fault::status(400).on(Operation::AddSynchronizedGroups).times(1));
    let failed = setup.a0p(&format!("a0p apply -f {file} --yes")).await;
    assert_eq!(failed.code, 1, "{failed}");
    assert!(failed.err.contains("1 of 3 connections failed"), "{failed}");
    let mended = setup.a0p(&format!("a0p apply -f {file} --yes")).await;
    assert_eq!(mended.code, 0, "{mended}");
    let planned = setup.a0p(&format!("a0p plan -f {file} --detailed-exitcode")).await;
    assert_eq!(planned.code, 0, "{planned}");
}

#[tokio::test]
async fn an_export_replaces_no_file_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenant.yaml");
    let export = format!("a0p --demo export --to {}", file.display());
    assert_eq!(support::a0p(&export).await.code, 0);
    std::fs::write(&file, "edited").unwrap();
    let refused = support::a0p(&export).await;
    assert_eq!(refused.code, 64, "{refused}");
    assert!(refused.err.contains("pass --force to replace it"), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "edited");
    assert_eq!(support::a0p(&format!("{export} --force")).await.code, 0);
    assert!(std::fs::read_to_string(&file).unwrap().contains("acme-sales"));
}
