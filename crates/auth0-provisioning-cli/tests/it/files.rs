//! The commands around files: `plan`, `apply`, `export` and `schema`.

use crate::support::{Ran, Setup, frozen, google, input, terminal, writes};
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation};

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
    frozen()
        .connection(google("con_1", "acme-design"))
        .connection(google("con_2", "acme-sales").configured().mapping(&rows).synchronizes_groups(["s1", "s2"]))
        .connection(google("con_3", "acme-old").configured())
        .connection(Connection::with_strategy("con_4", "okta").name("acme-okta").scim_configured())
        .connection(google("con_5", "acme-other").configured())
        .start()
        .await
        .unwrap()
}

fn joined(setup: &Setup, runs: &[Ran]) -> String {
    let text: Vec<String> = runs.iter().map(ToString::to_string).collect();
    text.join("\n").replace(setup.folder.path().to_str().unwrap(), "DIR")
}

#[tokio::test]
async fn plan_shows_what_apply_does() {
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
        // One of them turns on automatic runs, once the groups are selected.
        "200 patch_directory-provisioning",
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
    insta::assert_snapshot!("declared", joined(&setup, &runs));
}

#[tokio::test]
async fn exported_file_has_no_changes() {
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
    insta::assert_snapshot!("exported", joined(&setup, &runs));
}

#[tokio::test]
async fn schema_accepts_files() {
    let schema = crate::support::a0p("a0p schema").await;
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let file: serde_json::Value = serde_yaml_ng::from_str(FILE).unwrap();
    assert!(validator.is_valid(&file));
    let wrong = serde_json::json!({ "connections": [{ "name": "a", "directory_provisioning_configuration": { "mappings": [] } }] });
    assert!(!validator.is_valid(&wrong));
    // Features of other crates decide whether serde_json keeps the order of properties.
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!("schema", schema) });
}

#[tokio::test]
async fn errors_name_file_and_place() {
    let tenant = tenant().await;
    let setup = Setup::of(&tenant);
    let mut runs = Vec::new();
    for text in [
        "connections:\n  - name: acme-design\n    directory_provisioning_configuration: { synchronise_groups: all }\n",
        "connections:\n  - name: acme-nowhere\n    directory_provisioning_configuration: {}\n",
        "connections: [{ name: a }, { name: a }]\n",
        "connections: [{ name: 'a-##ENV##' }]\n",
        "connections: [{ name: a, name: b }]\n",
        "connections:\n  - name: acme-design\n    directory_provisioning_configuration: ##DIRECTORY##\n",
        "connections: [!include nowhere.yaml]\n",
        "connections: [!env CONNECTION]\n",
        "connections: !include wrong.yaml\n",
    ] {
        let file = setup.file("wrong.yaml", text);
        runs.push(setup.a0p(&format!("a0p plan -f {file}")).await);
    }
    runs.push(setup.a0p("a0p plan -f nowhere.yaml").await);
    insta::assert_snapshot!("wrong_files", joined(&setup, &runs));
}

#[tokio::test]
async fn second_apply_finishes_after_a_failure() {
    let tenant = tenant().await;
    let setup = Setup::of(&tenant);
    let file = setup.file("acme.yaml", FILE);
    tenant.fault(Fault::status(400).on(Operation::AddSynchronizedGroups).times(1));
    let failed = setup.a0p(&format!("a0p apply -f {file} --yes")).await;
    assert_eq!(failed.code, 1, "{failed}");
    assert!(failed.err.contains("1 of 3 connections failed"), "{failed}");
    let finished = setup.a0p(&format!("a0p apply -f {file} --yes")).await;
    assert_eq!(finished.code, 0, "{finished}");
    let planned = setup.a0p(&format!("a0p plan -f {file} --detailed-exitcode")).await;
    assert_eq!(planned.code, 0, "{planned}");
}

#[tokio::test]
async fn export_replaces_a_file_only_with_force() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenant.yaml");
    let export = format!("a0p --demo export --to {}", file.display());
    assert_eq!(crate::support::a0p(&export).await.code, 0);
    std::fs::write(&file, "edited").unwrap();
    let refused = crate::support::a0p(&export).await;
    assert_eq!(refused.code, 64, "{refused}");
    assert!(refused.err.contains("pass --force to replace it"), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "edited");
    assert_eq!(crate::support::a0p(&format!("{export} --force")).await.code, 0);
    assert!(std::fs::read_to_string(&file).unwrap().contains("acme-sales"));
}

/// Sets environment variables.
fn with_variables(variables: &'static [(&'static str, &'static str)]) -> impl Fn(&mut a0p::Host) {
    move |host| {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name);
        host.env = Box::new(move |name| value(name).map(|(_, value)| (*value).to_owned()));
    }
}

#[tokio::test]
async fn placeholder_without_value_changes_nothing() {
    let google = google("con_1", "acme").synchronizes_groups(["g1", "g2"]);
    let okta = Connection::with_strategy("con_4", "okta").name("acme-okta").scim_configured();
    let tenant = frozen().connections([google, okta]).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let directory =
        |value: &str| format!("connections:\n  - name: acme\n    directory_provisioning_configuration: {value}\n");
    for (text, named) in [
        (directory("##DIRECTORY##"), "DIRECTORY"),
        (directory("\n      ##DIRECTORY##"), "DIRECTORY"),
        (directory("&it ##DIRECTORY##"), "DIRECTORY"),
        (directory("##my directory.1##"), "my directory.1"),
        (directory("@@DIRECTORY@@"), "DIRECTORY"),
        (directory("'##DIRECTORY##'"), "DIRECTORY"),
        (directory("##EMPTY##"), "EMPTY"),
        (directory("{ synchronize_groups: ##MODE## }"), "MODE"),
        (directory("\n      synchronize_groups: ##MODE##\n      synchronized_groups: ##GROUPS##"), "MODE"),
        (directory("{ synchronize_groups: selected, synchronized_groups: [ ##GROUPS## ] }"), "GROUPS"),
        (directory("{ synchronize_groups: selected, synchronized_groups: [\n  ##GROUPS##\n ] }"), "GROUPS"),
        (directory("{ mapping: [ { auth0: email, idp: ##IDP## } ] }"), "IDP"),
        ("connections: [ { name: acme-okta, scim_configuration: ##SCIM## } ]\n".to_owned(), "SCIM"),
        ("name: acme-okta\nscim_configuration: ##SCIM##\n".to_owned(), "SCIM"),
        ("connections:\n- ##CONNECTION##\n".to_owned(), "CONNECTION"),
        ("connections: ##CONNECTIONS##\n".to_owned(), "CONNECTIONS"),
        (
            r#"{ "connections": [{ "name": "acme", "directory_provisioning_configuration": ##DIRECTORY## }] }"#
                .to_owned(),
            "DIRECTORY",
        ),
    ] {
        let file = setup.file("a.yaml", &text);
        for line in [format!("a0p apply -f {file} --allow-delete -y"), format!("a0p plan -f {file} --allow-delete")] {
            let refused = setup.a0p_with(&line, with_variables(&[("EMPTY", "")])).await;
            assert_eq!(refused.code, 64, "{text}\n{refused}");
            assert!(refused.err.contains(named), "{text}\n{refused}");
            assert!(refused.err.contains("AUTH0_KEYWORD_REPLACE_MAPPINGS"), "{text}\n{refused}");
        }
    }
    assert_eq!(writes(&tenant), [""; 0]);
}

#[tokio::test]
async fn only_a_written_null_deletes() {
    let google = google("con_1", "acme").configured();
    let okta = Connection::with_strategy("con_4", "okta").name("acme-okta").scim_configured();
    let tenant = frozen().connections([google, okta]).start().await.unwrap();
    let setup = Setup::of(&tenant);
    for text in [
        "connections:\n  - name: acme\n    directory_provisioning_configuration:\n",
        "connections:\n  - name: acme\n    directory_provisioning_configuration: # later\n    strategy: google-apps\n",
        "connections:\n  - directory_provisioning_configuration:\n    name: acme\n",
        "name: acme-okta\n'scim_configuration':\n",
    ] {
        let file = setup.file("a.yaml", text);
        let refused = setup.a0p(&format!("a0p apply -f {file} --allow-delete -y")).await;
        assert!(refused.code == 64 && refused.err.contains("there is no value; write null"), "{text}\n{refused}");
    }
    assert_eq!(writes(&tenant), [""; 0]);
    let null = "connections:\n- name: acme\n  directory_provisioning_configuration: null\n- name: acme-okta\n  scim_configuration: ~\n";
    let file = setup.file("a.yaml", null);
    assert_eq!(setup.a0p(&format!("a0p apply -f {file} -y")).await.code, 0);
    assert_eq!(writes(&tenant), [""; 0]);
    assert_eq!(setup.a0p(&format!("a0p apply -f {file} --allow-delete -y")).await.code, 0);
    assert_eq!(writes(&tenant), ["204 delete_directory-provisioning", "204 delete_scim-configuration"]);
}

#[tokio::test]
async fn replaces_placeholders_and_ignores_comments() {
    let tenant = frozen().connection(google("con_1", "acme").synchronizes_groups(["g1", "g2"])).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let mappings =
        ("AUTH0_KEYWORD_REPLACE_MAPPINGS", r#"{"DIRECTORY":{"synchronize_groups":"off"},"MODE":"off","GROUPS":[]}"#);
    for (text, variables) in [
        ("connections:\n  - name: acme\n    directory_provisioning_configuration: ##DIRECTORY##\n", vec![mappings]),
        (
            "connections:\n  - name: acme\n    directory_provisioning_configuration:\n      synchronize_groups: ##MODE##\n      \
             synchronized_groups: ##GROUPS##\n",
            vec![mappings],
        ),
        (
            "connections:\n  - name: ##NAME##\n    directory_provisioning_configuration: { synchronize_groups: \"@@MODE@@\" }\n",
            vec![("NAME", "acme"), ("MODE", "off")],
        ),
        (
            "##PRODUCTION##\n# ##X##\nclients: ##CLIENTS##\nconnections: ##ALL##\n  ##FIRST##\n  - name: acme ##X##\n    \
             options: { client_secret: ##SECRET## }\n    ##DIRECTORY##\n    directory_provisioning_configuration: { \
             synchronize_groups: off }\n##END##\n",
            vec![],
        ),
    ] {
        let file = setup.file("a.yaml", text);
        let adjust = |host: &mut a0p::Host| {
            let variables: Vec<(String, String)> =
                variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            host.env =
                Box::new(move |name| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()));
        };
        let planned = setup.a0p_with(&format!("a0p plan -f {file} --fields field,from,to"), adjust).await;
        let expected = "{\"field\":\"synchronize_groups\",\"from\":\"selected\",\"to\":\"off\"}\n";
        assert_eq!((planned.code, planned.out.as_str()), (0, expected), "{text}\n{planned}");
    }
}

#[tokio::test]
async fn include_paths_are_relative_to_the_file() {
    let tenant = frozen().connection(google("con_1", "acme-workspace").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    std::fs::create_dir_all(setup.folder.path().join("parts/inner")).unwrap();
    setup.file("parts/connections.yaml", "- name: acme-workspace\n  options: !include nowhere.yaml\n  directory_provisioning_configuration: !include inner/##PART##.yaml\n");
    setup.file(
        "parts/one.yaml",
        "name: acme-workspace\ndirectory_provisioning_configuration: { synchronize_automatically: ##AUTOMATIC## }\n",
    );
    setup.file("parts/inner/on.yaml", "{ synchronize_automatically: true }\n");
    setup.file("parts/inner/on.json", "{ \"synchronize_automatically\": true }\n");
    setup.file("parts/circle.yaml", "- !include inner/back.yaml\n");
    setup.file("parts/inner/back.yaml", "!include ../circle.yaml\n");
    setup.file("parts/self.yaml", "connections: !include self.yaml\n");
    let run = async |text: &str| {
        let file = setup.file("tenant.yaml", text);
        let variables = with_variables(&[("PART", "on"), ("AUTOMATIC", "true")]);
        setup.a0p_with(&format!("a0p plan -f {file} --fields connection_name,field,to"), variables).await
    };
    for text in [
        "connections: !include parts/connections.yaml\nclients: !include parts/clients.yaml\n",
        "connections: [!include parts/one.yaml]\n",
        "connections:\n  - !include 'parts/one.yaml'\n",
        "connections:\n  - name: acme-workspace\n    directory_provisioning_configuration: { <<: !include parts/inner/on.json }\n",
        "!include parts/one.yaml\n",
    ] {
        let planned = run(text).await;
        let expected = "{\"connection_name\":\"acme-workspace\",\"field\":\"synchronize_automatically\",\"to\":true}\n";
        assert_eq!((planned.code, planned.out.as_str()), (0, expected), "{text}\n{planned}");
    }
    for (text, named) in [
        ("connections: !include parts/circle.yaml\n", ["circle.yaml -> ", "back.yaml -> "]),
        ("connections: !include parts/self.yaml\n", ["self.yaml -> ", "in a circle"]),
        ("connections: !include parts/nowhere.yaml\n", ["tenant.yaml includes", "nowhere.yaml"]),
        ("connections: !include\n", ["tenant.yaml", "!include needs the path"]),
        ("connections: !import a.yaml\n", ["tenant.yaml", "!import"]),
    ] {
        let refused = run(text).await;
        assert_eq!(refused.code, 64, "{text}\n{refused}");
        assert!(named.iter().all(|named| refused.err.contains(named)), "{text}\n{refused}");
    }
}

#[tokio::test]
async fn groups_have_effect_only_in_selected_mode() {
    let off = google("con_1", "acme").synchronizes_groups(["g1", "g2"]);
    let tenant = frozen().connection(off).start().await.unwrap();
    let setup = Setup::of(&tenant);
    assert_eq!(setup.a0p("a0p update acme --groups off").await.code, 0);
    writes(&tenant);
    tenant.fault(Fault::status(403).on(Operation::ListSynchronizedGroups).always());
    for mode in ["synchronize_groups: off,", "synchronize_groups: 'off',", "synchronize_groups: false,", ""] {
        let text = format!(
            "connections: [ {{ name: acme, directory_provisioning_configuration: {{ {mode} synchronized_groups: [{{ id: g1 }}, \
             {{ id: g9 }}] }} }} ]\n"
        );
        let file = setup.file("a.yaml", &text);
        let planned = setup.a0p(&format!("a0p plan -f {file} --detailed-exitcode")).await;
        assert_eq!((planned.code, planned.out.as_str()), (0, ""), "{planned}");
        assert!(planned.err.contains("acme") && planned.err.contains("synchronize_groups: selected"), "{planned}");
        let applied = setup.a0p(&format!("a0p apply -f {file} -y")).await;
        assert_eq!(applied.code, 0, "{applied}");
        assert_eq!(writes(&tenant), [""; 0]);
    }
    let all = "name: acme\ndirectory_provisioning_configuration: { synchronize_groups: all, synchronized_groups: [{ id: g9 }] }\n";
    let file = setup.file("a.yaml", all);
    assert_eq!(setup.a0p(&format!("a0p apply -f {file} -y")).await.code, 0);
    assert_eq!(writes(&tenant), ["200 patch_directory-provisioning"]);
}

#[tokio::test]
async fn automatic_runs_start_after_the_selection() {
    let tenant = frozen().connection(google("con_1", "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let file = setup.file(
        "a.yaml",
        "name: acme\ndirectory_provisioning_configuration: { synchronize_automatically: true, synchronize_groups: selected, \
         synchronized_groups: [{ id: g1 }] }\n",
    );
    let line = format!("a0p apply -f {file} -y --fields state,directory_provisioning,groups_added,groups_not_done");
    tenant.fault(Fault::status(403).on(Operation::AddSynchronizedGroups));
    let failed = setup.a0p(&line).await;
    let expected =
        "{\"state\":\"failed\",\"directory_provisioning\":\"not_done\",\"groups_added\":0,\"groups_not_done\":1}\n";
    assert_eq!((failed.code, failed.out.as_str()), (4, expected), "{failed}");
    assert_eq!(writes(&tenant), ["403 post_synchronized-groups"]);
    assert_eq!(setup.a0p(&line).await.code, 0);
    assert_eq!(writes(&tenant), ["204 post_synchronized-groups", "200 patch_directory-provisioning"]);
}

#[tokio::test]
async fn conflicting_duplicates_in_files_are_rejected() {
    let tenant = frozen().connection(google("con_1", "acme").synchronizes_groups(["g2"])).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let file = |groups: &str| {
        setup.file(
            "a.yaml",
            &format!(
                "name: acme\ndirectory_provisioning_configuration: {{ synchronize_groups: selected, synchronized_groups: {groups} }}\n"
            ),
        )
    };
    let twice = file("[{ id: g1, name: A }, { id: g2 }, { id: g1, name: B }]");
    let refused = setup.a0p(&format!("a0p apply -f {twice} -y")).await;
    assert!(
        refused.code == 64 && refused.err.contains("synchronized_groups: the group g1 is there twice"),
        "{refused}"
    );
    assert_eq!(writes(&tenant), [""; 0]);
    let same = file("[{ id: g1, name: A }, { id: g2 }, { id: g1, name: A }]");
    let applied = setup.a0p(&format!("a0p apply -f {same} -y --fields groups_added,groups_updated")).await;
    assert_eq!(applied.out, "{\"groups_added\":1,\"groups_updated\":0}\n", "{applied}");
    let renamed = file("[{ id: g1, name: B }, { id: g2 }]");
    let planned = setup.a0p(&format!("a0p plan -f {renamed}")).await;
    assert!(planned.err.contains("groups: 0 to add, 1 to update, 0 to remove"), "{planned}");
    let applied = setup.a0p(&format!("a0p apply -f {renamed} -y --fields groups_added,groups_updated")).await;
    assert_eq!(applied.out, "{\"groups_added\":0,\"groups_updated\":1}\n", "{applied}");
}

#[tokio::test]
async fn ignored_write_is_a_failure() {
    let google = google("con_1", "acme").synchronizes_groups(["g1"]);
    let tenant = frozen().check_responses(false).connection(google).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let groups = "name: acme\ndirectory_provisioning_configuration: { synchronize_groups: selected, synchronized_groups: [{ id: g1, name: New }, { id: g2 }] }\n";
    let file = setup.file("a.yaml", groups);
    tenant.fault(Fault::status(204).on(Operation::AddSynchronizedGroups));
    let applied =
        setup.a0p(&format!("a0p apply -f {file} -y --fields state,groups_added,groups_updated,groups_not_done")).await;
    assert_eq!(applied.code, 1, "{applied}");
    let expected = "{\"state\":\"failed\",\"groups_added\":0,\"groups_updated\":0,\"groups_not_done\":2}\n";
    assert_eq!(applied.out, expected, "{applied}");
    assert!(
        applied.err.contains("without making them: add g2, update g1") || applied.err.contains("update g1, add g2"),
        "{applied}"
    );
    let body = setup.a0p("a0p get acme -o json").await.out;
    let found: serde_json::Value = serde_json::from_str(&body).unwrap();
    let response = serde_json::json!({
        "connection_id": "con_1", "connection_name": "acme", "strategy": "google-apps", "mapping": found["mapping"],
        "synchronize_automatically": false, "synchronize_groups": "selected",
        "created_at": found["created_at"], "updated_at": found["updated_at"],
    });
    tenant.fault(Fault::body(response.to_string()).on(Operation::UpdateConfiguration));
    let file = setup.file("a.yaml", "name: acme\ndirectory_provisioning_configuration: { synchronize_groups: all }\n");
    let applied = setup.a0p(&format!("a0p apply -f {file} -y --fields state,directory_provisioning")).await;
    assert_eq!(applied.code, 1, "{applied}");
    assert!(applied.out.contains("\"state\":\"failed\""), "{applied}");
}

#[tokio::test]
async fn missing_scope_fails_before_any_write() {
    let okta = Connection::with_strategy("con_4", "okta").name("acme-okta").scim_configured();
    let tenant = frozen().connections([google("con_1", "acme").configured(), okta]).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let scopes = ["read:connections", "read:directory_provisionings", "update:directory_provisionings"];
    let secret = setup.folder.path().join("secrets/test.json");
    std::fs::write(secret, serde_json::json!({ "secret": tenant.token_with_scopes(&scopes) }).to_string()).unwrap();
    let google =
        "connections:\n  - name: acme\n    directory_provisioning_configuration: { synchronize_groups: all }\n";
    let scim = format!("{google}  - name: acme-okta\n    scim_configuration: {{ user_id_attribute: externalId }}\n");
    let file = setup.file("b.yaml", &scim);
    let refused = setup.a0p(&format!("a0p apply -f {file} -y")).await;
    assert!(refused.code == 4 && refused.err.contains("read:scim_config"), "{refused}");
    assert_eq!(writes(&tenant), [""; 0]);
    let file = setup.file("a.yaml", google);
    assert_eq!(setup.a0p(&format!("a0p apply -f {file} -y")).await.code, 0);
    assert!(tenant.requests().iter().all(|request| !request.path.contains("scim")));
}
