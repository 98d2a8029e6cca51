//! The example programs work, and the README of this crate shows their output.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking
#![allow(dead_code)] // each program is a module here, its `main` included

use std::{io, path::Path, process::ExitCode, time::Duration};

use auth0_provisioning::{Client, ErrorKind, VerbError};
use auth0_provisioning_mock::{Connection, Fault, MockTenant, Operation, Synchronization};

#[path = "../examples/alert.rs"]
mod alert;
#[path = "../examples/backup.rs"]
mod backup;
#[path = "../examples/journey.rs"]
mod journey;
#[path = "../examples/nightly_ensure.rs"]
mod nightly_ensure;
#[path = "../examples/quickstart.rs"]
mod quickstart;
#[path = "../examples/reconcile_groups.rs"]
mod reconcile_groups;
#[path = "../examples/tested_service.rs"]
mod tested_service;

const PROGRAMS: [(&str, &str, usize); 6] = [
    ("alert", include_str!("../examples/alert.rs"), 60),
    ("backup", include_str!("../examples/backup.rs"), 60),
    ("journey", include_str!("../examples/journey.rs"), 120),
    ("nightly_ensure", include_str!("../examples/nightly_ensure.rs"), 60),
    ("reconcile_groups", include_str!("../examples/reconcile_groups.rs"), 70),
    ("tested_service", include_str!("../examples/tested_service.rs"), 60),
];

fn client(tenant: &MockTenant) -> Client {
    let builder = Client::builder("tenant.example.com").unwrap();
    builder.base_url(tenant.base_url()).bearer_token(tenant.access_token()).build().unwrap()
}

/// Fails unless the README shows this output, and returns it.
fn shown_in_readme(output: &[u8]) -> String {
    let output = String::from_utf8(output.to_vec()).unwrap();
    let readme = include_str!("../README.md");
    assert!(readme.contains(output.trim()), "the README does not show\n{output}");
    output
}

#[test]
fn each_program_is_short() {
    for (name, program, lines) in PROGRAMS {
        assert!(program.lines().count() <= lines, "{name}");
    }
}

/// An output that its reader has closed, as `head` does.
struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn quickstart_succeeds_if_its_output_is_closed() {
    let tenant = MockTenant::start().await.unwrap();
    let configuration = quickstart::read(&client(&tenant), "con_0123456789abcdef").await.unwrap();
    let text = |code: ExitCode| format!("{code:?}");
    let closed = quickstart::print(&configuration, &mut Closed).map_err(Into::into);
    assert_eq!(text(quickstart::exit_code(closed)), text(ExitCode::SUCCESS));
    let another = quickstart::exit_code(Err(io::Error::from(io::ErrorKind::StorageFull).into()));
    assert_eq!(text(another), text(ExitCode::FAILURE));
}

#[tokio::test]
async fn nightly_ensure_reports_each_connection() {
    let tenant = nightly_ensure::tenant().await.unwrap();
    let file = include_str!("../examples/data/connections.json");
    let sorted = |output: Vec<u8>| {
        // Connections are written concurrently.
        let output = String::from_utf8(output).unwrap();
        let mut blocks: Vec<_> = output.split("con_").map(str::to_owned).collect();
        blocks.sort();
        blocks.join("con_")
    };
    let mut plan = Vec::new();
    assert!(nightly_ensure::nightly(&client(&tenant), file, true, &mut plan).await.unwrap());
    let mut done = Vec::new();
    assert!(nightly_ensure::nightly(&client(&tenant), file, false, &mut done).await.unwrap());
    let done = sorted(done);
    assert_eq!(done, sorted(plan));
    shown_in_readme(done.as_bytes());

    let mut again = Vec::new();
    assert!(nightly_ensure::nightly(&client(&tenant), file, false, &mut again).await.unwrap());
    assert_eq!(sorted(again), "con_design: unchanged\ncon_engineering: unchanged\ncon_sales: unchanged\n");
}

#[tokio::test]
async fn nightly_ensure_reports_failures_and_rejects_misspelled_files() {
    let tenant = nightly_ensure::tenant().await.unwrap();
    let file = r#"{ "con_design": {}, "con_nowhere": {} }"#;
    let mut output = Vec::new();
    assert!(!nightly_ensure::nightly(&client(&tenant), file, false, &mut output).await.unwrap());
    assert!(String::from_utf8(output).unwrap().contains("con_nowhere: post_directory-provisioning"));

    tenant.clear_requests();
    let misspelled = r#"{ "con_design": { "synchronize_groups": "selcted" } }"#;
    let error = nightly_ensure::nightly(&client(&tenant), misspelled, false, &mut Vec::new()).await.unwrap_err();
    assert!(error.to_string().contains("unknown value `selcted`"), "{error}");
    assert!(tenant.requests().is_empty());
}

#[tokio::test]
async fn alert_lists_failed_and_stale_connections() {
    let tenant = alert::tenant().await.unwrap();
    let client = client(&tenant);
    client.directory_provisioning(&"con_sales".parse().unwrap()).synchronize().await.unwrap();
    let mut output = Vec::new();
    alert::alert(&client, tenant.clock().now(), &mut output).await.unwrap();
    shown_in_readme(&output);

    let healthy =
        MockTenant::builder().connection(Connection::google_apps("con_a").synchronized_at(tenant.clock().now()));
    let healthy = healthy.start().await.unwrap();
    let mut output = Vec::new();
    alert::alert(&self::client(&healthy), tenant.clock().now(), &mut output).await.unwrap();
    assert!(output.is_empty());
}

#[tokio::test]
async fn reconcile_groups_reads_csv_and_json() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    for (file, changes) in [("groups.csv", 3), ("groups.json", 3)] {
        let tenant = reconcile_groups::tenant().await.unwrap();
        let groups = client(&tenant).directory_provisioning(&"con_0123456789abcdef".parse().unwrap()).groups();
        let mut output = Vec::new();
        reconcile_groups::reconcile(&groups, &data.join(file), &mut output).await.unwrap();
        assert_eq!(shown_in_readme(&output).lines().count(), changes + 1);
    }
}

#[tokio::test]
async fn backup_restores_deleted_and_changed_configurations() {
    let tenant = MockTenant::builder().connections(Connection::fleet(5)).start().await.unwrap();
    let client = client(&tenant);
    let export = backup::export(&client).await.unwrap();
    backup::damage(&client).await.unwrap();
    let mut output = Vec::new();
    backup::restore(&client, &export, &mut output).await.unwrap();
    shown_in_readme(&output);
    assert_eq!(backup::export(&client).await.unwrap(), export);
}

#[tokio::test]
async fn service_onboards_customer_although_response_is_lost() {
    let runs = Synchronization::completes_after(Duration::ZERO);
    let customer = Connection::google_apps("con_customer").synchronization(runs);
    let tenant = MockTenant::builder().connection(customer).start().await.unwrap();
    let service = tested_service::Onboarding { client: client(&tenant) };
    let connection = "con_customer".parse().unwrap();

    // The first response is lost, and the service succeeds anyway.
    tenant.fault(Fault::status_after_effect(503).on(Operation::CreateConfiguration));
    let run = service.onboard(&connection).await.unwrap();
    shown_in_readme(format!("con_customer: {}", run.state).as_bytes());

    let too_soon = service.onboard(&connection).await.unwrap_err();
    assert!(too_soon.is_retryable());

    let error = service.onboard(&"con_nowhere".parse().unwrap()).await.unwrap_err();
    assert!(!error.is_retryable());
    let tested_service::OnboardingError::Configuration(error) = error else { panic!("{error}") };
    assert_eq!(error.kind(), Some(ErrorKind::NotFound));
}

#[tokio::test]
async fn journey_deletes_the_connections_that_it_creates() {
    let tenant = MockTenant::builder().role("rol_editor", "Editor", "May edit").start().await.unwrap();
    let before = tenant.connection_ids();
    let mut output = Vec::new();
    journey::journey(&client(&tenant), &|connection| journey::fill(&tenant, connection), &mut output).await.unwrap();
    // The tenant generates the URL where an administrator consents.
    let output = String::from_utf8(output).unwrap();
    let output: Vec<_> = output.lines().map(|line| line.split(" at https://").next().unwrap()).collect();
    shown_in_readme(output.join("\n").as_bytes());
    assert_eq!(tenant.connection_ids(), before);
}
