//! The commands that change one thing: their requests, results and errors.

use std::time::Duration;

use crate::support::{CONNECTION, Ran, Setup, frozen, google, input, terminal, writes};
use auth0_provisioning_mock::{Connection, DirectoryUser, Fault, MockTenant, Operation, Synchronization};

/// Joins the output of several commands.
fn joined(runs: &[Ran]) -> String {
    runs.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn creates_updates_and_deletes_a_configuration() {
    let tenant = frozen().connection(google(CONNECTION, "acme")).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let fields = "--fields connection_name,synchronize_automatically,synchronize_groups";
    let mut runs = Vec::new();
    for line in [
        format!("a0p create acme --groups all {fields}"),
        "a0p create acme".to_owned(),
        "a0p update acme --automatic true --groups selected --dry-run".to_owned(),
        format!("a0p update acme --automatic true --groups selected {fields}"),
        format!("a0p update acme --automatic true {fields}"),
        "a0p update acme".to_owned(),
        "a0p update acme --map email --groups off".to_owned(),
        "a0p delete acme --no-input".to_owned(),
        "a0p delete acme --yes".to_owned(),
        "a0p delete acme --yes".to_owned(),
    ] {
        runs.push(setup.a0p(&line).await);
    }
    insta::assert_snapshot!("life", joined(&runs));
    let expected = [
        "201 post_directory-provisioning",
        "409 post_directory-provisioning",
        "200 patch_directory-provisioning",
        "204 delete_directory-provisioning",
    ];
    assert_eq!(writes(&tenant), expected);
}

#[tokio::test]
async fn repeated_user_field_in_mapping_is_rejected() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    for line in ["create acme", "update acme", "update acme --dry-run"] {
        let ran = setup.a0p(&format!("a0p {line} --map email=a --map email=b")).await;
        assert!(ran.code == 64 && ran.err.contains("a second time"), "{ran}");
    }
    assert!(tenant.requests().is_empty());
}

#[tokio::test]
async fn delete_asks_for_confirmation() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    for (reply, code) in [("n\n", 1), ("\n", 1), ("", 1), ("y\n", 0)] {
        let deleted = setup
            .a0p_with("a0p delete acme", |host| {
                host.stdin_is_terminal = true;
                input(host, reply);
            })
            .await;
        assert_eq!(deleted.code, code, "{reply:?}: {deleted}");
        assert!(deleted.err.contains("[y/N]"), "{deleted}");
    }
    assert_eq!(writes(&tenant), ["204 delete_directory-provisioning"]);
}

#[tokio::test]
async fn groups_come_from_arguments_files_and_stdin() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let csv = setup.file("groups.csv", "id,name\ng3,Sales\ng4,Support\n");
    let json = setup.file("groups.json", r#"{ "groups": [{ "id": "g1", "name": "Engineering" }] }"#);
    let mut runs = Vec::new();
    for line in [
        "a0p groups add acme g1 g2".to_owned(),
        format!("a0p groups add acme --file {csv}"),
        "a0p groups remove acme g2".to_owned(),
        format!("a0p groups reconcile acme --file {json} --dry-run"),
        format!("a0p groups reconcile acme --file {json} --max-removals 1"),
        format!("a0p groups reconcile acme --file {json}"),
        format!("a0p groups reconcile acme --file {json} --yes"),
        "a0p groups list acme".to_owned(),
        "a0p groups add acme g-1".to_owned(),
        "a0p groups replace acme g7".to_owned(),
        "a0p groups replace acme g7 --yes".to_owned(),
    ] {
        runs.push(setup.a0p(&line).await);
    }
    runs.push(setup.a0p_with("a0p groups reconcile acme --file -", |host| input(host, "")).await);
    let line = "a0p groups reconcile acme --file - --max-removals 3";
    runs.push(setup.a0p_with(line, |host| input(host, "g8\ng9\n")).await);
    let folder = setup.folder.path().to_str().unwrap();
    insta::assert_snapshot!("groups", joined(&runs).replace(folder, "DIR"));
}

#[tokio::test]
async fn sync_starts_runs_and_waits() {
    let at_once = || Synchronization::completes_after(Duration::ZERO);
    let failing = DirectoryUser::new("lee@acme.example").fails("The email is taken");
    let builder = frozen()
        .connection(google(CONNECTION, "acme").configured().synchronization(at_once()))
        .connection(google("con_2", "acme-labs").configured().synchronization(at_once()).directory_user("u1", failing));
    let tenant = builder.start().await.unwrap();
    let setup = Setup::of(&tenant);
    // The mock tenant chooses the ids of runs.
    let fields = "--fields connection_name,state,duration_seconds,failed_users,error";
    let mut runs = vec![setup.a0p(&format!("a0p sync acme {fields}")).await];
    runs.push(setup.a0p(&format!("a0p sync acme --wait {fields}")).await);
    tenant.clock().advance(Duration::from_secs(3600));
    runs.push(setup.a0p(&format!("a0p sync acme acme-labs --wait {fields}")).await);
    tenant.clock().advance(Duration::from_secs(3600));
    runs.push(setup.a0p_with(&format!("a0p sync acme-labs --wait {fields}"), terminal(80)).await);
    runs.push(setup.a0p("a0p sync acme-labs --timeout 1m").await);
    assert_eq!(runs.iter().map(|ran| ran.code).collect::<Vec<_>>(), [0, 1, 6, 6, 64], "{}", joined(&runs));
    insta::assert_snapshot!("sync", joined(&runs));
}

#[tokio::test]
async fn sync_timeout_reports_the_state_of_the_run() {
    let google = google(CONNECTION, "acme").configured().synchronization(Synchronization::hangs());
    let tenant = MockTenant::builder().connection(google).start().await.unwrap();
    let setup = Setup::of(&tenant);
    for (timeout, state, remedy) in
        [("0s", "not_started", "try: wait longer with --timeout"), ("1s", "running", "try: the run may still end")]
    {
        let ran = setup.a0p(&format!("a0p sync acme --wait --timeout {timeout} --fields state")).await;
        assert_eq!((ran.code, ran.out), (1, format!("{{\"state\":\"{state}\"}}\n")), "{}", ran.err);
        assert!(ran.err.contains(remedy), "{}", ran.err);
    }
}

#[tokio::test]
async fn empty_list_needs_allow_empty() {
    let tenant =
        frozen().connection(google(CONNECTION, "acme").synchronizes_groups(["g1", "g2"])).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let empty = setup.a0p_with("a0p groups replace acme --file - --yes", |host| input(host, "")).await;
    assert!(empty.code == 1 && empty.err.contains("pass --allow-empty"), "{empty}");
    let headed = setup.a0p_with("a0p groups replace acme --file - --yes", |host| input(host, "\nid\ng1\n")).await;
    assert_eq!((headed.code, headed.err.as_str()), (0, "0 groups added, 0 updated, 1 removed, 1 kept.\n"), "{headed}");
    assert!(setup.a0p("a0p groups list acme --fields id").await.out.contains("\"g1\""));
    let line = "a0p groups replace acme --file - --yes --allow-empty";
    assert_eq!(setup.a0p_with(line, |host| input(host, "")).await.code, 0);
}

#[tokio::test]
async fn rotate_shows_the_new_secret_once() {
    let okta = Connection::with_strategy("con_0123456789okta00", "okta").name("acme-okta").scim_configured();
    let tenant = frozen().connection(okta).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let hidden = crate::support::a0p("a0p --demo scim token rotate acme-okta --yes --fields token_id").await;
    assert_eq!(hidden.code, 64, "{hidden}");
    assert!(hidden.err.contains("is shown once"), "{hidden}");
    let none = setup.a0p("a0p scim token rotate acme-okta --yes").await;
    assert_eq!(none.code, 3, "{none}");
    let undecided = setup.a0p("a0p scim token rotate acme-okta").await;
    assert_eq!(undecided.code, 64, "{undecided}");
    assert!(undecided.err.contains("--keep-old"));

    let demo = "a0p --demo scim token rotate acme-okta --lifetime 30d --output json";
    let revoked = crate::support::a0p(&format!("{demo} --yes")).await;
    let issued: serde_json::Value = serde_json::from_str(&revoked.out).unwrap();
    assert!(issued["token"].as_str().unwrap().starts_with("tok_"));
    assert_ne!(issued["token_id"], issued["replaces"]);
    assert_eq!((revoked.code, revoked.err.as_str()), (0, "Revoked the old token.\n"));
    let kept = crate::support::a0p(&format!("{demo} --keep-old")).await;
    assert_eq!(kept.err, "The old token is still valid.\n");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let filed = crate::support::a0p(&format!("{demo} --yes --to {}", file.display())).await;
    assert_eq!(filed.code, 0, "{filed}");
    let secret = std::fs::read_to_string(&file).unwrap();
    assert!(secret.starts_with("tok_") && !filed.out.contains(secret.trim()), "{filed}");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600);
    let there = crate::support::a0p(&format!("{demo} --yes --to {}", file.display())).await;
    assert_eq!(there.code, 1, "{there}");
    assert!(there.err.contains("name a file that does not exist yet"), "{there}");
    let unknown = crate::support::a0p("a0p --demo scim token rotate acme-okta tok_0 --yes").await;
    assert_eq!(unknown.code, 3, "{unknown}");
}

#[tokio::test]
async fn scim_tokens_are_created_and_revoked() {
    let okta = Connection::with_strategy("con_0123456789okta00", "okta").name("acme-okta").scim_configured();
    let tenant = frozen().connection(okta).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let created = setup.a0p("a0p scim token create acme-okta --scope get:users --lifetime 30d").await;
    assert_eq!(created.code, 0, "{created}");
    let issued: serde_json::Value = serde_json::from_str(&created.out).unwrap();
    assert!(issued["token"].as_str().unwrap().starts_with("tok_") && issued["replaces"].is_null(), "{issued}");
    let listed = setup.a0p("a0p scim token list acme-okta --fields scopes").await;
    assert_eq!(listed.out, "{\"scopes\":[\"get:users\"]}\n");
    let id = issued["token_id"].as_str().unwrap();
    assert_eq!(setup.a0p("a0p scim token create acme-okta --lifetime 15m").await.code, 64);
    assert_eq!(setup.a0p("a0p scim token create acme-okta").await.code, 0);
    let missing = setup.a0p("a0p scim token create con_0").await;
    assert!(missing.code == 3 && missing.err.contains("`a0p scim get con_0`"), "{missing}");
    for refused in ["create acme-okta", "revoke acme-okta tok_0 --yes"] {
        let ran = setup.a0p(&format!("a0p scim token {refused}")).await;
        assert!(ran.err.contains("`a0p scim token list acme-okta`"), "{ran}");
    }
    assert_eq!(setup.a0p(&format!("a0p scim token revoke acme-okta {id}")).await.code, 64);
    assert_eq!(setup.a0p(&format!("a0p scim token revoke acme-okta {id} --yes")).await.code, 0);
    assert_eq!(setup.a0p("a0p scim token list acme-okta").await.out.lines().count(), 1, "the second one");
}

#[tokio::test]
async fn selected_groups_are_kept_and_counted() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let named = setup.file("named.csv", "id,name\ng1,Engineering\n");
    assert_eq!(setup.a0p(&format!("a0p groups add acme --file {named}")).await.code, 0);
    writes(&tenant);
    for (line, expected_note, records) in [
        ("add acme g1", "0 groups added, 0 updated, 1 already selected.\n", &[("keep", "unchanged")][..]),
        (
            "add acme g1 g2",
            "1 group added, 0 updated, 1 already selected.\n",
            &[("add", "done"), ("keep", "unchanged")],
        ),
        ("remove acme g2 g9", "1 group removed, 1 not selected.\n", &[("remove", "done"), ("keep", "unchanged")]),
        ("remove acme g9", "0 groups removed, 1 not selected.\n", &[("keep", "unchanged")]),
        ("add acme --file -", "No group is given: nothing was changed.\n", &[]),
        ("remove acme --file -", "No group is given: nothing was changed.\n", &[]),
    ] {
        let ran = setup.a0p(&format!("a0p groups {line} -o json")).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, expected_note), "{ran}");
        let written: Vec<serde_json::Value> = serde_json::from_str(&ran.out).unwrap();
        let expected: Vec<_> = written.iter().map(|it| (&it["action"], &it["state"])).collect();
        let records: Vec<(serde_json::Value, serde_json::Value)> =
            records.iter().map(|(action, state)| ((*action).into(), (*state).into())).collect();
        assert_eq!(expected, records.iter().map(|(action, state)| (action, state)).collect::<Vec<_>>(), "{ran}");
    }
    assert_eq!(writes(&tenant), ["204 post_synchronized-groups", "204 delete_synchronized-groups"]);
    let kept = setup.a0p("a0p groups list acme --fields name").await;
    assert_eq!(kept.out, "{\"name\":\"Engineering\"}\n", "an id alone does not clear the name");
    assert_eq!(setup.a0p("a0p groups replace acme g1 g3 --yes").await.code, 0);
    let kept = setup.a0p("a0p groups list acme --fields name --search Eng").await;
    assert_eq!(kept.out, "{\"name\":\"Engineering\"}\n");
}

#[tokio::test]
async fn write_without_read_scope_reports_unknown_selection() {
    let google = google(CONNECTION, "acme").synchronizes_groups(["g1"]);
    let tenant = frozen().connection(google).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let secret = setup.folder.path().join("secrets/test.json");
    let token = tenant.token_with_scopes(&["update:directory_provisionings"]);
    std::fs::write(secret, serde_json::json!({ "secret": token }).to_string()).unwrap();
    for (line, note) in [
        ("add", "2 groups added or updated."),
        ("remove", "2 groups removed if they were selected."),
        ("replace --yes", "2 groups; the selection before is unknown."),
    ] {
        let ran = setup.a0p(&format!("a0p groups {line} {CONNECTION} g1 g7")).await;
        assert!(ran.code == 0 && ran.err.ends_with(&format!("{note}\n")), "{ran}");
        assert!(ran.err.contains("without read:directory_provisionings, it is unknown"), "{ran}");
    }
    let expected = ["204 post_synchronized-groups", "204 delete_synchronized-groups", "204 put_synchronized-groups"];
    assert_eq!(writes(&tenant), expected);
}

#[tokio::test]
async fn partial_failure_reports_state_of_each_group() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    tenant.fault(Fault::none().on(Operation::AddSynchronizedGroups));
    tenant.fault(Fault::status(403).on(Operation::AddSynchronizedGroups));
    let ids = (0..150).map(|number| format!("g{number}")).collect::<Vec<_>>().join("\n");
    let line = "a0p groups add acme --file - -o csv --fields state";
    let failed = setup.a0p_with(line, |host| input(host, &ids)).await;
    let in_state = |state: &str| failed.out.lines().filter(|line| *line == state).count();
    assert_eq!((failed.code, in_state("done"), in_state("not_done")), (4, 100, 50), "{failed}");
    assert!(failed.err.contains("done: add g0, ") && failed.err.contains("; not done: add "), "{failed}");
    let again = setup.a0p_with("a0p groups add acme --file -", |host| input(host, &ids)).await;
    assert_eq!(again.err, "50 groups added, 0 updated, 100 already selected.\n");
}

#[tokio::test]
async fn conflicting_duplicates_of_arguments_are_rejected() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    for command in ["add", "remove", "replace --yes", "reconcile --yes"] {
        let line = format!("a0p groups {command} acme --file -");
        let refused = setup.a0p_with(&line, |host| input(host, "id,name\ng1,One\ng1,Other\n")).await;
        assert!(refused.code == 64 && refused.err.contains("the group g1 is there twice"), "{refused}");
    }
    assert_eq!(setup.a0p("a0p groups add acme g1 g1").await.err, "1 group added, 0 updated, 0 already selected.\n");
}

#[tokio::test]
async fn ignored_change_of_selection_is_a_failure() {
    let google = google(CONNECTION, "acme").synchronizes_groups(["g1"]);
    let tenant = frozen().check_responses(false).connection(google).start().await.unwrap();
    let setup = Setup::of(&tenant);
    for (line, operation) in [
        ("add acme g7", Operation::AddSynchronizedGroups),
        ("remove acme g1", Operation::RemoveSynchronizedGroups),
        ("replace acme g1 g7 --yes", Operation::ReplaceSynchronizedGroups),
    ] {
        tenant.fault(Fault::status(204).on(operation));
        let ran = setup.a0p(&format!("a0p groups {line}")).await;
        assert!(ran.code == 1 && ran.err.contains("without making them"), "{ran}");
    }
}

#[tokio::test]
async fn reconcile_asks_before_it_removes() {
    let tenant =
        frozen().connection(google(CONNECTION, "acme").synchronizes_groups(["g1", "g2"])).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let refused = setup.a0p("a0p groups reconcile acme g1").await;
    assert!(refused.code == 64 && refused.err.contains("--yes"), "{refused}");
    for (reply, code) in [("n\n", 1), ("y\n", 0)] {
        let ran = setup
            .a0p_with("a0p groups reconcile acme g1", |host| {
                host.stdin_is_terminal = true;
                input(host, reply);
            })
            .await;
        assert!(ran.code == code && ran.err.contains("Remove 1 group"), "{ran}");
    }
    assert_eq!(setup.a0p("a0p groups reconcile acme g1 g3").await.code, 0, "nothing is removed");
    assert_eq!(writes(&tenant), ["204 delete_synchronized-groups", "204 post_synchronized-groups"]);
}

#[tokio::test]
async fn commands_that_write_have_records() {
    let okta = Connection::with_strategy("con_0123456789okta00", "okta").name("acme-okta").scim_configured();
    let tenant = frozen().connections([okta, google(CONNECTION, "acme").configured()]).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let planned = setup.a0p("a0p update acme --groups all --dry-run -o json --fields field,from,to").await;
    let changes: serde_json::Value = serde_json::from_str(&planned.out).unwrap();
    assert_eq!(changes, serde_json::json!([{ "field": "synchronize_groups", "from": "off", "to": "all" }]));
    let created = setup.a0p("a0p scim token create acme-okta --fields token_id,token").await;
    let id = serde_json::from_str::<serde_json::Value>(&created.out).unwrap()["token_id"].as_str().unwrap().to_owned();
    let revoked =
        setup.a0p(&format!("a0p scim token revoke acme-okta {id} --yes --fields action,token_id,state")).await;
    assert_eq!(revoked.out, format!("{{\"action\":\"revoke\",\"token_id\":\"{id}\",\"state\":\"done\"}}\n"));
    let deleted = setup.a0p("a0p delete acme --yes --fields connection_name,resource,action,state").await;
    let expected = "{\"connection_name\":\"acme\",\"resource\":\"directory_provisioning\",\"action\":\"delete\",\"state\":\"done\"}\n";
    assert_eq!(deleted.out, expected);
    let listed = setup.a0p("a0p scim list").await;
    assert!(listed.out.contains("\"updated_at\"") && !listed.out.contains("updated_on"), "{listed}");
    writes(&tenant);
    for line in ["delete acme --yes", "groups add acme g1", "create acme", "scim token create acme-okta"] {
        assert_eq!(setup.a0p(&format!("a0p {line} --fields nope")).await.code, 64);
    }
    assert_eq!(writes(&tenant), [""; 0], "an unknown field fails before any write");
}

#[tokio::test]
async fn failed_token_creation_leaves_no_file() {
    let okta = Connection::with_strategy("con_0123456789okta00", "okta").name("acme-okta").scim_configured();
    let tenant = frozen().connection(okta).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let file = setup.folder.path().join("token");
    assert_eq!(setup.a0p("a0p scim token create acme-okta").await.code, 0);
    for command in ["create acme-okta", "rotate acme-okta --yes"] {
        tenant.fault(Fault::status(403).on(Operation::CreateScimToken));
        let line = format!("a0p scim token {command} --to {}", file.display());
        let refused = setup.a0p(&line).await;
        assert!(refused.code != 0 && !file.exists(), "{refused}");
        let again = setup.a0p(&line).await;
        assert_eq!(again.code, 0, "{again}");
        assert!(std::fs::read_to_string(&file).unwrap().starts_with("tok_"));
        std::fs::remove_file(&file).unwrap();
        let listed = setup.a0p("a0p scim token list acme-okta --fields token_id -o csv").await;
        let id = listed.out.lines().nth(1).unwrap();
        assert_eq!(setup.a0p(&format!("a0p scim token revoke acme-okta {id} --yes")).await.code, 0);
    }
}

#[tokio::test]
async fn repeated_connection_gets_one_run() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let ran = Setup::of(&tenant).a0p(&format!("a0p sync acme {CONNECTION} acme --fields state")).await;
    assert_eq!((ran.code, ran.out.as_str()), (0, "{\"state\":\"requested\"}\n"), "{ran}");
    assert_eq!(writes(&tenant), ["201 post_synchronizations"]);
}
