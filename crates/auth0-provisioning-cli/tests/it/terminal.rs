//! Terminals, pipes, and interruptions.

use std::{
    io::{self, Write},
    time::Duration,
};

use crate::support::{CONNECTION, Setup, a0p_with, frozen, google, terminal, writes};
use a0p::Interrupt;
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation, Synchronization};
use console::measure_text_width;

#[tokio::test]
async fn colour_is_for_terminals() {
    let on_terminal = |variable: Option<&'static str>| {
        move |host: &mut a0p::Host| {
            host.stdout_is_terminal = true;
            host.env = Box::new(move |name| (Some(name) == variable).then(|| "1".to_owned()));
        }
    };
    let coloured = |ran: &crate::support::Ran| ran.out.contains('\x1b');
    assert!(coloured(&a0p_with("a0p --demo list", on_terminal(None)).await));
    assert!(!coloured(&a0p_with("a0p --demo list", on_terminal(Some("NO_COLOR"))).await));
    assert!(!coloured(&a0p_with("a0p --demo list --color never", on_terminal(None)).await));
    assert!(coloured(&a0p_with("a0p --demo list --color always -o table", |_| {}).await));
    assert!(!coloured(&a0p_with("a0p --demo list -o table", |_| {}).await));
}

/// A stream that cannot be written.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn closed_pipe_is_no_failure() {
    for line in ["a0p --demo list", "a0p --help", "a0p completions bash", "a0p --demo export"] {
        let ran = a0p_with(line, |host| host.stdout = Box::new(Broken(io::ErrorKind::BrokenPipe))).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran}");
    }
}

#[tokio::test]
async fn unwritable_results_are_a_failure() {
    for line in ["a0p --demo list", "a0p --help", "a0p completions bash", "a0p man", "a0p schema"] {
        let ran = a0p_with(line, |host| host.stdout = Box::new(Broken(io::ErrorKind::StorageFull))).await;
        assert!(ran.code == 1 && ran.err.contains("the results cannot be written"), "{ran}");
    }
}

/// Runs a command line with a closed pipe for its results.
async fn unread(setup: &Setup, line: &str) -> crate::support::Ran {
    setup.a0p_with(line, |host| host.stdout = Box::new(Broken(io::ErrorKind::BrokenPipe))).await
}

#[tokio::test]
async fn failures_are_reported_despite_a_closed_pipe() {
    let okta = Connection::with_strategy("con_0123456789okta00", "okta").name("acme-okta").scim_configured();
    let failing = Synchronization::fails_after(Duration::ZERO, "no consent");
    let google = google(CONNECTION, "acme").configured().synchronization(failing);
    let tenant = frozen().connections([okta, google]).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let failed = unread(&setup, "a0p sync acme --wait").await;
    assert!(failed.code == 6 && failed.err.contains("no consent"), "{failed}");

    let file = setup.file(
        "file.yaml",
        "connections: [{name: acme, directory_provisioning_configuration: {synchronize_automatically: true}}]",
    );
    assert_eq!(unread(&setup, &format!("a0p plan -f {file} --detailed-exitcode")).await.code, 2);
    tenant.fault(Fault::status(400).on(Operation::UpdateConfiguration));
    let failed = unread(&setup, &format!("a0p apply -f {file} --yes")).await;
    assert!(failed.code == 1 && failed.err.contains("1 of 1 connection failed"), "{failed}");

    let lost = unread(&setup, "a0p scim token create acme-okta").await;
    assert!(lost.code == 1 && lost.err.contains("the new token was revoked again"), "{lost}");
    let secret = setup.folder.path().join("secret");
    let written = unread(&setup, &format!("a0p scim token create acme-okta --to {}", secret.display())).await;
    assert_eq!(written.code, 0, "{written}");
    assert!(std::fs::read_to_string(secret).unwrap().starts_with("tok_"));
    assert_eq!(setup.a0p("a0p scim token list acme-okta").await.out.lines().count(), 1, "the one in the file");
}

#[tokio::test]
async fn control_characters_of_the_tenant_are_replaced() {
    let mapping = [("email", "evil\u{1b}[2J\u{7}")];
    let tenant = frozen().connection(google(CONNECTION, "acme").mapping(&mapping)).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let updated = setup.a0p_with("a0p update acme --map email=primaryEmail", terminal(80)).await;
    assert!(updated.code == 0 && updated.err.contains("evil"), "{updated}");
    assert!(!updated.err.contains(['\u{1b}', '\u{7}']), "{updated}");
}

#[tokio::test]
async fn empty_results_have_a_message_and_data() {
    let okta = Connection::with_strategy(CONNECTION, "okta");
    let tenant = frozen().connection(okta).start().await.unwrap();
    let setup = Setup::of(&tenant);
    let listed = setup.a0p_with("a0p list", terminal(80)).await;
    assert_eq!((listed.code, listed.out.as_str()), (0, ""));
    assert!(listed.err.contains("a0p create"), "{listed}");
    assert_eq!(setup.a0p("a0p list -o json").await.out, "[]\n");
    assert_eq!(setup.a0p("a0p list").await.out, "");
    assert_eq!(setup.a0p("a0p list -o csv --fields connection_id").await.out, "connection_id\n");
    assert_eq!(setup.a0p("a0p list --quiet").await.err, "");
    let page = setup.a0p("a0p report --html -").await;
    assert!(page.out.contains("No connection has directory provisioning"), "{page}");
}

#[tokio::test]
async fn thousand_rows_fit_the_width() {
    let tenant = frozen().check_responses(false).connections(Connection::fleet(1000)).start().await.unwrap();
    let setup = Setup::of(&tenant);
    for width in [80, 200] {
        let table = setup.a0p_with("a0p list", terminal(width)).await;
        assert_eq!(table.out.lines().count(), 1001);
        assert!(table.out.lines().all(|line| measure_text_width(line) <= width));
    }
    assert_eq!(setup.a0p("a0p list").await.out.lines().count(), 1000);
    assert_eq!(tenant.requests().len(), 30, "a call for each hundred");
}

/// Runs a command line, and interrupts it while it waits to retry this operation.
async fn interrupted_in(operation: Operation, tenant: &MockTenant, setup: &Setup, line: &str) -> crate::support::Ran {
    tenant.clear_requests();
    tenant.fault(Fault::retry_after(Duration::from_secs(60)).on(operation).always());
    let (asked, requested) = tokio::sync::oneshot::channel();
    let watch = async {
        while !tenant.requests().iter().any(|it| it.operation == Some(operation) && it.status == 429) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let _ = asked.send(());
    };
    let run = setup.a0p_with(line, |host| {
        host.interrupt = Interrupt::when(async {
            let _ = requested.await;
        });
    });
    let (interrupted, ()) = tokio::join!(run, watch);
    interrupted
}

#[tokio::test]
async fn interrupted_write_reports_unknown_state() {
    let okta = Connection::with_strategy("con_0123456789okta00", "okta").name("acme-okta").scim_configured();
    let tenant = frozen()
        .connection(google("con_1", "acme-new"))
        .connection(google(CONNECTION, "acme").synchronizes_groups(["g1"]))
        .connection(google("con_2", "acme-old").configured())
        .connection(okta);
    let tenant = tenant.start().await.unwrap();
    let setup = Setup::of(&tenant);
    for (line, operation, open, record) in [
        ("create acme-new", Operation::CreateConfiguration, "create the directory provisioning of acme-new", "create"),
        (
            "update acme --automatic true",
            Operation::UpdateConfiguration,
            "update the directory provisioning of acme",
            "update",
        ),
        (
            "delete acme-old --yes",
            Operation::DeleteConfiguration,
            "delete the directory provisioning of acme-old",
            "delete",
        ),
        ("groups replace acme g7 --yes", Operation::ReplaceSynchronizedGroups, "add g7, remove g1", "add"),
        ("groups reconcile acme g7 --yes", Operation::AddSynchronizedGroups, "add g7, remove g1", "add"),
        ("groups add acme g7", Operation::AddSynchronizedGroups, "add g7", "add"),
        ("groups remove acme g1", Operation::RemoveSynchronizedGroups, "remove g1", "remove"),
        ("scim token create acme-okta", Operation::CreateScimToken, "create the new token of acme-okta", "create"),
        (
            "scim token revoke acme-okta tok_1 --yes",
            Operation::DeleteScimToken,
            "revoke the tok_1 token of acme-okta",
            "revoke",
        ),
    ] {
        let ran = interrupted_in(operation, &tenant, &setup, &format!("a0p {line}")).await;
        let account = format!("done: nothing; not known: {open}");
        assert!(ran.code == 1 && ran.err.contains(&account), "{ran}");
        let first: serde_json::Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
        assert_eq!((&first["action"], &first["state"]), (&record.into(), &"unknown".into()), "{ran}");
    }
    let run = interrupted_in(Operation::Synchronize, &tenant, &setup, "a0p sync acme acme-old -o json").await;
    let records: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(run.code == 1 && records[0]["state"] == "unknown" && records[1]["connection_name"] == "acme-old", "{run}");
}

const TWO: &str = "
connections:
  - name: acme-a
    directory_provisioning_configuration:
      { synchronize_groups: selected, synchronize_automatically: true, synchronized_groups: [{ id: g1 }] }
  - name: acme-b
    directory_provisioning_configuration:
      { synchronize_groups: selected, synchronize_automatically: true, synchronized_groups: [{ id: g1 }, { id: g2 }] }
  - name: acme-c
    directory_provisioning_configuration: { synchronize_groups: all }
";

#[tokio::test]
async fn interrupted_apply_reports_and_can_be_repeated() {
    let tenant = frozen()
        .connection(google("con_1", "acme-a"))
        .connection(google(CONNECTION, "acme-b"))
        .connection(google("con_3", "acme-c"));
    let tenant = tenant.start().await.unwrap();
    let setup = Setup::of(&tenant);
    let file = setup.file("acme.yaml", TWO);
    let line = format!("a0p apply -f {file} --yes -o json");
    tenant.fault(Fault::none().on(Operation::AddSynchronizedGroups).times(1));
    let interrupted = interrupted_in(Operation::AddSynchronizedGroups, &tenant, &setup, &line).await;
    assert_eq!(interrupted.code, 1, "{interrupted}");
    assert!(interrupted.err.contains("error: interrupted"), "{interrupted}");
    let account = "done: acme-a; not known: acme-b; not done: acme-c";
    assert!(interrupted.err.contains(account), "{interrupted}");
    let records: serde_json::Value = serde_json::from_str(&interrupted.out).unwrap();
    let expected = serde_json::json!([
        ["acme-a", "done", "created", 1, 0, 0, "done"],
        ["acme-b", "unknown", "created", 0, 2, 0, "not_done"],
        ["acme-c", "not_done", "not_done", 0, 0, 0, "unchanged"],
    ]);
    let fields = [
        "connection_name",
        "state",
        "directory_provisioning",
        "groups_added",
        "groups_unknown",
        "groups_not_done",
        "automatic_runs_last",
    ];
    let found: Vec<Vec<&serde_json::Value>> =
        records.as_array().unwrap().iter().map(|record| fields.iter().map(|field| &record[*field]).collect()).collect();
    assert_eq!(serde_json::json!(found), expected);
    tenant.clear_faults();
    let configuration = setup.a0p("a0p get acme-b --fields synchronize_automatically").await;
    assert_eq!(
        configuration.out, "{\"synchronize_automatically\":false}\n",
        "no run finds only some of the groups selected"
    );
    writes(&tenant);
    let again = setup.a0p(&line).await;
    assert_eq!(again.code, 0, "{again}");
    let expected =
        ["204 post_synchronized-groups", "200 patch_directory-provisioning", "201 post_directory-provisioning"];
    assert_eq!(writes(&tenant), expected);
    assert_eq!(setup.a0p(&format!("a0p plan -f {file} --detailed-exitcode")).await.code, 0);
}
