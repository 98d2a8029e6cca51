//! The commands that read: stdout, stderr and exit code.

use std::time::Duration;

use crate::support::{CONNECTION, Setup, a0p, frozen, google, session, terminal};
use auth0_provisioning::chrono::{TimeDelta, Utc};
use auth0_provisioning_mock::{Connection, Cut, Fault, Synchronization};

#[tokio::test]
async fn a_terminal_of_80_columns() {
    let lines = [
        "a0p --demo list",
        "a0p --demo list --stale 24h",
        "a0p --demo list --failed",
        "a0p --demo list --strategy okta",
        "a0p --demo list --fields connection_id,state",
        "a0p --demo get acme-sales",
        "a0p --demo default-mapping acme-sales",
        "a0p --demo runs --limit 6",
        "a0p --demo runs acme-retail-stores-and-franchise-partners --failed --limit 2",
        "a0p --demo runs acme-new-hires",
        "a0p --demo groups list acme-sales",
        "a0p --demo groups list acme-sales --search Part",
        "a0p --demo groups list acme-workspace",
        "a0p --demo scim list",
        "a0p --demo scim events acme-okta",
        "a0p --demo scim token list acme-okta",
        "a0p --demo doctor",
        "a0p --demo doctor acme-labs",
    ];
    insta::assert_snapshot!("terminal_80", session(&lines, terminal(80)).await);
}

#[tokio::test]
async fn a_terminal_of_200_columns() {
    let lines = ["a0p --demo list", "a0p --demo runs --limit 6", "a0p --demo scim list"];
    insta::assert_snapshot!("terminal_200", session(&lines, terminal(200)).await);
}

#[tokio::test]
async fn readme_shows_the_output_of_the_demo() {
    let list = crate::support::a0p_with("a0p --demo list", terminal(120)).await;
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&format!("```text\n{}```", list.out)), "{list}");
}

#[tokio::test]
async fn formats_without_a_terminal() {
    let lines = [
        "a0p --demo list --fields connection_name,state,last_synchronization_at,last_synchronization_error",
        "a0p --demo list --output csv --fields connection_name,last_synchronization_error",
        "a0p --demo list --output json --failed --fields connection_name,last_synchronization_status",
        "a0p --demo get acme-sales --fields connection_id,connection_name,synchronize_automatically,updated_at",
        "a0p --demo runs acme-retail-stores-and-franchise-partners --limit 1",
        "a0p --demo groups list acme-sales --output csv",
        "a0p --demo scim token list acme-okta --output json",
        "a0p --demo list --failed --strategy okta --output json",
    ];
    insta::assert_snapshot!("pipe", session(&lines, |_| {}).await);
}

#[tokio::test]
async fn missing_objects_have_a_remedy() {
    let lines = [
        "a0p --demo get acme-nowhere",
        "a0p --demo get con_0000000000000000",
        "a0p --demo get con_!",
        "a0p --demo list --fields nmae",
        "a0p list",
        "a0p --profile other list",
    ];
    insta::assert_snapshot!("errors", session(&lines, |_| {}).await);
}

#[tokio::test]
async fn unusable_files_have_a_remedy() {
    let setup = Setup::of(&frozen().start().await.unwrap());
    let [file, absent] = ["groups.csv", "absent/page"].map(|name| setup.folder.path().join(name).display().to_string());
    std::fs::write(&file, b"id,name\ng1,Caf\xe9\n").unwrap();
    for (line, code, remedy) in [
        (format!("a0p --demo groups add acme-labs --file {file}"), 64, "save it as UTF-8"),
        (format!("a0p --demo groups add acme-labs --file {absent}"), 64, "or give `-` to read stdin"),
        (format!("a0p --demo plan -f {file}"), 64, "save it as UTF-8"),
        (format!("a0p --demo plan -f {absent}"), 64, "check the path"),
        (format!("a0p --demo apply -f {absent} --yes"), 64, "check the path"),
        (format!("a0p mock --seed-file {absent}"), 64, "check the path"),
        (format!("a0p --demo report --html {absent}"), 64, "check the path"),
        (format!("a0p --demo export --to {absent}"), 64, "check the path"),
        (format!("a0p --demo scim token create acme-okta --to {absent}"), 64, "check the path"),
        (format!("a0p --demo scim token create acme-okta --to {file}"), 1, "name a file that does not exist yet"),
    ] {
        let ran = a0p(&line).await;
        assert!(ran.code == code && ran.err.contains(remedy), "{line}\n{ran}");
    }
    assert_eq!(a0p("a0p --demo runs --limit 0").await.code, 64, "a limit of 0 is wrong usage");
}

#[tokio::test]
async fn missing_scopes_are_named() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let token = tenant.token_with_scopes(&["read:directory_provisionings"]);
    let secret = setup.folder.path().join("secrets/test.json");
    std::fs::write(secret, serde_json::json!({ "secret": token }).to_string()).unwrap();
    let refused = setup.a0p(&format!("a0p delete {CONNECTION} --yes")).await;
    insta::assert_snapshot!("missing_scope", refused);
    let doctor = setup.a0p_with("a0p doctor", terminal(100)).await;
    assert_eq!(doctor.code, 1);
    assert!(doctor.err.contains("grant delete:directory_provisionings"), "{doctor}");
}

#[tokio::test]
async fn failed_runs_have_their_own_search() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    setup.a0p("a0p runs --failed").await;
    setup.a0p(&format!("a0p runs {CONNECTION} --failed")).await;
    let requests = tenant.requests();
    let queries: Vec<String> = requests.iter().map(|it| it.query.replace("%3A", ":")).collect();
    assert!(queries.iter().all(|query| query.contains("type:directory_sync_failed")), "{queries:?}");
    assert!(queries[1].contains(CONNECTION), "{queries:?}");
}

#[tokio::test]
async fn scim_shows_endpoint_and_events() {
    let entra = Connection::with_strategy("con_entra", "waad").name("acme-entra").scim_configured();
    let tenant = frozen().connection(entra).start().await.unwrap();
    let request = serde_json::json!({
        "method": "POST", "path": "/scim/v2/connections/con_entra/Users", "body": { "userName": "kim@acme.test" },
    });
    for (kind, description) in [("sscim", ""), ("fscim", "The email is taken")] {
        let details = serde_json::json!({ "request": request });
        tenant.log_event(serde_json::json!({ "type": kind, "description": description, "details": details }));
    }
    let setup = Setup::of(&tenant);
    let shown = setup.a0p("a0p scim get acme-entra --output csv --fields endpoint_url").await;
    assert!(shown.out.ends_with("/scim/v2/connections/con_entra?aadOptscim062020\n"), "{shown}");
    let fields = "--output csv --fields succeeded,subject,description";
    let failed = setup.a0p(&format!("a0p scim events acme-entra --failed {fields}")).await;
    assert_eq!(failed.out, "succeeded,subject,description\nfalse,kim@acme.test,The email is taken\n", "{failed}");
    assert_eq!(setup.a0p(&format!("a0p scim events {fields}")).await.out.lines().count(), 3);
}

#[tokio::test]
async fn missed_deletions_are_stale_at_any_age() {
    let forty_days_ago = Utc::now() - TimeDelta::days(40);
    let tenant = frozen().connection(google(CONNECTION, "acme").synchronized_at(forty_days_ago)).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let listed = setup.a0p("a0p list --stale 60d --fields connection_name").await;
    assert!(listed.out.contains("acme"), "{listed}");
    assert!(listed.err.contains("1 connection: no run for 20 days: users deleted in the directory"), "{listed}");
    assert!(listed.err.contains("1 connection: automatic runs are off"), "{listed}");
    let doctor = setup.a0p("a0p doctor acme --output csv --fields check,result").await;
    assert!(doctor.out.contains("deletions,advice\n") && doctor.out.contains("consent,advice\n"), "{doctor}");
}

/// Replaces the token of the profile.
fn use_token(setup: &Setup, token: &str) {
    let secret = setup.folder.path().join("secrets/test.json");
    std::fs::write(secret, serde_json::json!({ "secret": token }).to_string()).unwrap();
}

#[tokio::test]
async fn export_names_what_it_left_out() {
    let okta = Connection::with_strategy("con_0123456789okta00", "okta").name("acme-okta");
    let google = google(CONNECTION, "acme").synchronizes_groups(["g1"]);
    let tenant = frozen().connections([okta.scim_configured(), google]).start().await.unwrap();
    let setup = Setup::of(&tenant);
    use_token(&setup, &tenant.token_with_scopes(&["read:directory_provisionings"]));
    let terraform = setup.a0p("a0p export --format terraform").await;
    assert_eq!((terraform.code, terraform.out.contains("\"g1\"")), (0, true), "{terraform}");
    for format in ["deploy-cli", "json"] {
        let exported = setup.a0p(&format!("a0p export --format {format}")).await;
        assert!(exported.code == 0 && exported.out.contains("acme"), "{exported}");
        assert!(!exported.out.contains("scim") && !exported.out.contains("null"), "{exported}");
        for named in ["scim_configuration of all connections", "read:scim_config", "read:connections"] {
            assert!(exported.err.contains(named), "{named}\n{exported}");
        }
    }
    let unknown = setup.a0p("a0p export acme-okta").await;
    assert!(unknown.code == 4 && unknown.err.contains("read:scim_config"), "it may have one: {unknown}");
    use_token(&setup, &tenant.token_with_scopes(&["read:scim_config"]));
    let scim = setup.a0p("a0p export").await;
    assert!(scim.code == 0 && scim.out.contains("acme-okta"), "{scim}");
    assert!(
        !scim.out.contains("directory_provisioning") && scim.err.contains("read:directory_provisionings"),
        "{scim}"
    );
    use_token(&setup, &tenant.token_with_scopes(&["read:logs"]));
    assert_eq!(setup.a0p("a0p export").await.code, 4);
}

#[tokio::test]
async fn rate_limit_has_its_own_exit_code() {
    let tenant = frozen().connection(google(CONNECTION, "acme").configured()).start().await.unwrap();
    let setup = Setup::of(&tenant);
    tenant.fault(Fault::retry_after(Duration::from_secs(3600)).always());
    let refused = setup.a0p("a0p list").await;
    assert_eq!(refused.code, 5, "{refused}");
    assert!(refused.err.contains("try: run it again in "), "{refused}");
}

#[tokio::test]
async fn report_loads_nothing_from_the_network() {
    let report = a0p("a0p --demo report --html -").await;
    assert_eq!(report.code, 0);
    for text in ["acme-warehouse", "failing", "The email is taken", "prefers-color-scheme: dark", "consent was revoked"]
    {
        assert!(report.out.contains(text), "{text}");
    }
    assert!(!report.out.contains("http://") && !report.out.contains("https://") && !report.out.contains("<script"));
    let (failing, healthy) = (report.out.find("acme-warehouse"), report.out.find("acme-sales"));
    assert!(failing < healthy, "the worst come first");
    assert!(!report.out.contains(" ago"), "a page is read later");
    insta::assert_snapshot!("report", report.out);
}

#[tokio::test]
async fn doctor_finds_failed_run() {
    let revoked = Synchronization::fails_after(Duration::ZERO, "The directory denied access: the consent was revoked");
    let connections = [
        google(CONNECTION, "acme").configured().synchronization(revoked),
        google("con_2", "acme-new").configured(),
        google("con_3", "acme-bare"),
    ];
    let tenant = frozen().connections(connections).start().await.unwrap();
    let setup = Setup::of(&tenant);
    setup.a0p("a0p sync acme").await;
    let failed = setup.a0p_with("a0p doctor acme", terminal(120)).await;
    assert_eq!(failed.code, 1, "{failed}");
    for named in ["last run", "the consent was revoked", "consent again", "`a0p sync acme --wait`"] {
        assert!(failed.out.contains(named) || failed.err.contains(named), "{named}\n{failed}");
    }
    let never = setup.a0p("a0p doctor acme-new --fields check,result,detail").await;
    assert!(
        never.out.contains(r#"{"check":"last run","result":"unknown","detail":"there was no run yet"}"#),
        "{never}"
    );
    let bare = setup.a0p_with("a0p doctor acme-bare", terminal(120)).await;
    assert!(bare.code == 1 && bare.err.contains("configuration: create it with `a0p create acme-bare`"), "{bare}");
    for ran in [failed, never, bare] {
        let text = format!("{}{}", ran.out, ran.err);
        assert!(!text.contains("::") && !text.contains("change_options") && !text.contains("ensure("), "{text}");
    }
}

#[tokio::test]
async fn unreachable_tenant_is_one_problem() {
    let tenant = frozen().start().await.unwrap();
    let setup = Setup::of(&tenant);
    tenant.fault(Fault::cut(Cut::BeforeRequest).always());
    let ran = setup.a0p("a0p doctor acme -o json").await;
    let findings: Vec<serde_json::Value> = serde_json::from_str(&ran.out).unwrap();
    let failed: Vec<_> = findings.iter().filter(|it| it["result"] == "failed").collect();
    assert_eq!((ran.code, failed.len()), (1, 1), "{ran}");
    assert!(!failed[0]["remedy"].as_str().unwrap().contains("doctor"), "{ran}");
}
