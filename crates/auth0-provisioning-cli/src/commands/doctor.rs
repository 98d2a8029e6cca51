//! `doctor`: checks what the other commands need, with a remedy for each problem.

use auth0_provisioning::{
    Advice, CheckResult, Client, ConnectionId, Diagnosis, LastRun, Requirement, RequirementStatus, RunState, Verb,
};
use serde_json::json;

use crate::{
    context::Context,
    duration,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone, count},
    resolve,
};

/// A check and its result.
pub(super) struct Finding {
    about: &'static str,
    check: String,
    /// `ok`, `failed`, `advice`, `unknown` or `not needed`.
    result: &'static str,
    detail: Option<String>,
    remedy: Option<String>,
}

impl Finding {
    fn new(about: &'static str, check: impl Into<String>, result: &'static str) -> Self {
        Self { about, check: check.into(), result, detail: None, remedy: None }
    }

    fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }

    fn of_failure(about: &'static str, check: &str, failure: Failure) -> Self {
        Self { remedy: failure.remedy, ..Self::new(about, check, "failed").detail(failure.reason) }
    }
}

type Field = Column<Finding>;

pub(super) const COLUMNS: &[Field] = &[
    Field::hidden("about", |it| json!(it.about)),
    Field::shown("check", |it| json!(it.check)),
    Field::shown("result", |it| json!(it.result)).cell(|it, _| {
        let tone = match it.result {
            "ok" => Tone::Good,
            "failed" => Tone::Bad,
            "advice" => Tone::Warning,
            _ => Tone::Dim,
        };
        Cell::new(it.result, tone)
    }),
    Field::shown("detail", |it| json!(it.detail)),
    Field::hidden("remedy", |it| json!(it.remedy)),
];

/// The commands that need the scopes of each verb.
const COMMANDS: [(Verb, &str); 7] = [
    (Verb::Read, "list, get, groups list, default-mapping, plan, export"),
    (Verb::Create, "create"),
    (Verb::Update, "groups add, remove, replace"),
    (Verb::Delete, "delete"),
    (Verb::Ensure, "update, apply"),
    (Verb::Synchronize, "sync --wait"),
    (Verb::Reconcile, "groups reconcile"),
];

pub(super) async fn run(given: Option<&str>, context: &mut Context) -> Result<ExitCode, Failure> {
    context.results.check(COLUMNS)?;
    // A stored token does not show whether the credentials still work, and which scopes are granted now.
    context.global.new_token |= context.environment.variable("AUTH0_PROVISIONING_REDIS").is_none();
    let client = context.client().await?;
    let diagnosis = client.diagnose().await;
    let is = |check, wanted: fn(&CheckResult) -> bool| diagnosis.check(check).is_some_and(wanted);
    let can_call = ["domain reachable", "token granted"]
        .iter()
        .all(|check| is(check, |result| matches!(result, CheckResult::Passed)));
    // A diagnosis has no error with a remedy; another call has.
    let token_remedy = if is("token granted", |result| matches!(result, CheckResult::Failed(_))) {
        let failure = client.directory_provisionings().page_size(1).next().await.err().map(Failure::from);
        failure.and_then(|failure| failure.remedy).map(|remedy| remedy.replace(" with `a0p doctor`", ""))
    } else {
        None
    };
    let mut findings = tenant_findings(&diagnosis, token_remedy.as_deref());
    // The demo has a clock of its own.
    findings.retain(|finding| finding.check != "clock" || !context.global.demo);
    if can_call {
        findings.extend(area_findings(&client).await);
        findings.extend(rate_limit_finding(&client));
        if let Some(given) = given {
            findings.extend(connection_findings(&client, given, context).await?);
        }
    } else if let Some(given) = given {
        // All calls would fail for the same reason.
        findings.push(Finding::new("connection", given, "unknown").detail("it was not read"));
    }
    write(context, &findings)
}

async fn connection_findings(client: &Client, given: &str, context: &Context) -> Result<Vec<Finding>, Failure> {
    let connection = match resolve::connection(client, given).await {
        Ok(connection) => connection,
        Err(failure) => return Ok(vec![Finding::of_failure("connection", given, failure)]),
    };
    let readiness = client.connection(&connection).readiness().await?;
    let requirements = readiness.requirements.iter();
    let mut findings: Vec<Finding> = requirements.map(|(it, status)| requirement_finding(*it, status, given)).collect();
    findings.extend(last_run(client, &connection, given, context).await?);
    let advice = readiness.advice.iter().filter(|it| **it != Advice::Deletions || !context.global.demo);
    findings.extend(advice.map(|it| Finding::new("connection", it.name(), "advice").remedy(it.to_string())));
    Ok(findings)
}

fn requirement_finding(requirement: Requirement, status: &RequirementStatus, given: &str) -> Finding {
    let finding = |result| Finding::new("connection", requirement.to_string(), result);
    match status {
        RequirementStatus::Met => finding("ok"),
        RequirementStatus::NotNeeded => finding("not needed"),
        RequirementStatus::Missing { found, remedy, .. } => {
            let remedy = match requirement {
                Requirement::Configuration => format!("create it with `a0p create {given}`"),
                Requirement::UsersApi | Requirement::GroupsApi => {
                    format!("turn on the connection's option {requirement}, in Auth0's dashboard or by the Deploy CLI")
                }
                Requirement::Connection => "list the connections with `a0p list`".to_owned(),
                _ => remedy.clone(),
            };
            finding("failed").detail(found).remedy(remedy)
        }
        RequirementStatus::Unknown(reason) => finding("unknown").detail(reason),
        _ => finding("unknown"),
    }
}

/// Returns the result of the last run, or `None` if there is no configuration.
async fn last_run(
    client: &Client,
    connection: &ConnectionId,
    given: &str,
    context: &Context,
) -> Result<Option<Finding>, Failure> {
    let configuration = match client.directory_provisioning(connection).get_if_configured().await {
        Ok(Some(configuration)) => configuration,
        Ok(None) => return Ok(None),
        // Another finding has this problem: a missing scope, or a feature that the connection lacks.
        Err(error) if error.status().is_some_and(|status| status.is_client_error()) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let finding = |result| Finding::new("connection", "last run", result);
    Ok(Some(match LastRun::of(&configuration) {
        None => finding("unknown")
            .detail("there was no run yet")
            .remedy(format!("start the first run with `a0p sync {given}`")),
        Some(run) if run.state == RunState::Failed => {
            finding("failed").detail(run.error.unwrap_or_else(|| "the last run failed".to_owned())).remedy(format!(
                "fix the cause in the directory (if its consent is missing, an administrator has to consent again on the \
                 connection's setup page), then run `a0p sync {given} --wait`; `a0p runs {given}` shows the affected users"
            ))
        }
        Some(_) => {
            let at = configuration.last_synchronization_at;
            finding("ok").detail(at.map(|at| duration::relative(at, context.now())).unwrap_or_default())
        }
    }))
}

fn write(context: &mut Context, findings: &[Finding]) -> Result<ExitCode, Failure> {
    context.list(COLUMNS, findings)?;
    for finding in findings.iter().filter(|finding| finding.result != "ok") {
        if let (true, Some(remedy)) = (context.results.is_table(), &finding.remedy) {
            context.messages.note(format!("{}: {remedy}", finding.check));
        }
    }
    let number = |result| findings.iter().filter(|finding| finding.result == result).count();
    let (note, code) = match (number("failed"), number("unknown")) {
        (0, 0) => ("No problem was found.".to_owned(), ExitCode::Done),
        (0, unknown) => {
            (format!("No problem was found; {} could not be made.", count(unknown, "check")), ExitCode::Done)
        }
        (failed, _) => (format!("{} found.", count(failed, "problem")), ExitCode::Failed),
    };
    context.messages.note(note);
    Ok(code)
}

fn tenant_findings(diagnosis: &Diagnosis, token_remedy: Option<&str>) -> Vec<Finding> {
    let checks = diagnosis.checks.iter().map(|check| {
        let finding = |result| Finding::new("tenant", check.name, result);
        match &check.result {
            CheckResult::Passed => finding("ok"),
            CheckResult::Failed(reason) => {
                finding("failed").detail(reason).remedy(tenant_remedy(check.name, token_remedy))
            }
            CheckResult::Skipped(reason) => finding("unknown").detail(reason),
            _ => finding("unknown"),
        }
    });
    let commands = COMMANDS.iter().map(|(verb, commands)| {
        let finding = |result| Finding::new("command", *commands, result);
        let missing = diagnosis.missing_scopes(*verb).join(" ");
        if !missing.is_empty() {
            let remedy = format!("grant {missing} to the application, and run it again with --new-token");
            return finding("failed").detail(format!("lacks {missing}")).remedy(remedy);
        }
        let is_known = verb.scopes().iter().all(|scope| diagnosis.scopes.contains_key(scope));
        finding(if is_known { "ok" } else { "unknown" })
    });
    checks.chain(commands).collect()
}

fn tenant_remedy<'a>(check: &str, token_remedy: Option<&'a str>) -> &'a str {
    match (check, token_remedy) {
        ("domain reachable" | "token granted", Some(remedy)) => remedy,
        ("clock", _) => "set this machine's clock, for example by NTP",
        ("domain reachable", _) => "check AUTH0_DOMAIN or the profile's domain, and the network",
        ("token granted", _) => "check client id and secret, or store others with `a0p login`",
        (scope, _) if scope.contains(':') => "grant the application this scope for the Auth0 Management API",
        _ => "check the tenant's plan and features in Auth0's dashboard",
    }
}

/// Checks the areas beside directory provisioning by the cheapest read of each.
async fn area_findings(client: &Client) -> [Finding; 3] {
    let connections = client.connections().page_size(1).next().await.map(drop);
    let logs = client.logs().latest().page_size(1).next().await.map(drop);
    let scim = client.scim_configurations().page_size(1).next().await.map(drop);
    [("connections by name", connections), ("runs, report", logs), ("scim, export; plan, apply of SCIM", scim)].map(
        |(check, result)| match result {
            Ok(()) => Finding::new("command", check, "ok"),
            Err(error) => {
                let mut finding = Finding::of_failure("command", check, error.into());
                // This command is no remedy for its own finding.
                finding.remedy = finding.remedy.filter(|remedy| !remedy.contains("`a0p doctor"));
                finding
            }
        },
    )
}

fn rate_limit_finding(client: &Client) -> Option<Finding> {
    let quota = client.quota()?;
    let finding = |result| {
        let detail = format!("{} of {} requests left", quota.remaining, quota.limit);
        Finding::new("tenant", "rate limit", result).detail(detail)
    };
    Some(match quota.remaining {
        0 => finding("failed").remedy("wait, or find out what else uses up the rate limit"),
        _ => finding("ok"),
    })
}
