//! `doctor`: whether everything is as the other commands need it, and what to do where it is not.

use auth0_provisioning::{
    Advice, CheckResult, Client, ConnectionId, Diagnosis, LastRun, Requirement, RequirementStatus, RunState, Verb,
    chrono::{DateTime, Utc},
};
use serde_json::json;

use super::Outcome;
use crate::{
    arguments,
    context::Context,
    duration,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone, count},
    resolve,
};

/// One thing that was looked at.
struct Finding {
    about: &'static str,
    check: String,
    result: &'static str,
    detail: Option<String>,
    remedy: Option<String>,
}

const COLUMNS: &[Column<Finding>] = &[
    Column::field("about", |it| json!(it.about)),
    Column::shown("check", |it| json!(it.check), "CHECK", |it, _| Cell::plain(&it.check)),
    Column::shown(
        "result",
        |it| json!(it.result),
        "RESULT",
        |it, _| {
            Cell::new(
                it.result,
                match it.result {
                    "ok" => Tone::Good,
                    "failed" => Tone::Bad,
                    "advice" => Tone::Warning,
                    _ => Tone::Dim,
                },
            )
        },
    ),
    Column::shown("detail", |it| json!(it.detail), "DETAIL", |it, _| Cell::optional(it.detail.clone())),
    Column::field("remedy", |it| json!(it.remedy)),
];

/// What the commands need, by the verb that they use.
const COMMANDS: [(Verb, &str); 7] = [
    (Verb::Read, "list, get, groups list, default-mapping, plan, export"),
    (Verb::Create, "create"),
    (Verb::Update, "groups add, remove, replace"),
    (Verb::Delete, "delete"),
    (Verb::Ensure, "update, apply"),
    (Verb::Synchronize, "sync --wait"),
    (Verb::Reconcile, "groups reconcile"),
];

pub(super) async fn run(arguments: &arguments::Doctor, context: &mut Context) -> Outcome {
    context.results.check(COLUMNS)?;
    // A token of yesterday says nothing about the credentials and scopes of today.
    context.global.new_token |= context.env("AUTH0_PROVISIONING_REDIS").is_none();
    let client = context.client().await?;
    let diagnosis = client.diagnose().await;
    let is_cut_off = ["domain reachable", "token granted"]
        .iter()
        .any(|check| !matches!(diagnosis.check(check), Some(CheckResult::Passed)));
    // Diagnosing does not keep the error, and that knows more.
    let is_refused = matches!(diagnosis.check("token granted"), Some(CheckResult::Failed(_)));
    let remedy = if is_refused { first_remedy(&client).await } else { None };
    let mut findings = of_tenant(&diagnosis, remedy.as_deref());
    // The demonstration has a time of its own.
    findings.retain(|finding| finding.check != "clock" || !context.global.demo);
    if is_cut_off {
        // Everything else would fail for the same reason.
        findings.extend(arguments.connection.as_ref().map(|given| Finding {
            about: "connection",
            check: given.clone(),
            result: "unknown",
            detail: Some("it was not read".to_owned()),
            remedy: None,
        }));
        return write(context, &findings);
    }
    findings.extend(around(&client).await);
    findings.extend(quota(&client));
    if let Some(given) = &arguments.connection {
        match resolve::connection(&client, given).await {
            Ok(connection) => {
                let readiness = client.connection(&connection).readiness().await?;
                let found = readiness.requirements.iter();
                findings.extend(found.map(|(requirement, met)| of_requirement(*requirement, met, given)));
                findings.extend(last_run(&client, &connection, given, context.now()).await?);
                let advice = readiness.advice.iter().filter(|it| **it != Advice::Deletions || !context.global.demo);
                findings.extend(advice.map(|advice| Finding {
                    about: "connection",
                    check: advice.name().to_owned(),
                    result: "advice",
                    detail: None,
                    remedy: Some(advice.to_string()),
                }));
            }
            Err(failure) => findings.push(Finding {
                about: "connection",
                check: given.clone(),
                result: "failed",
                detail: Some(failure.what),
                remedy: failure.remedy,
            }),
        }
    }
    write(context, &findings)
}

/// What helps against the failure of the first call.
async fn first_remedy(client: &Client) -> Option<String> {
    let failure = client.directory_provisionings().page_size(1).next().await.err().map(Failure::from)?;
    // That is this command.
    failure.remedy.map(|remedy| remedy.replace(" with `a0p doctor`", ""))
}

fn of_requirement(requirement: Requirement, fulfilment: &RequirementStatus, given: &str) -> Finding {
    let (result, detail, remedy) = match fulfilment {
        RequirementStatus::Met => ("ok", None, None),
        RequirementStatus::NotNeeded => ("not needed", None, None),
        RequirementStatus::Missing { found, remedy, .. } => {
            let remedy = match requirement {
                Requirement::Configuration => format!("create it with `a0p create {given}`"),
                Requirement::UsersApi | Requirement::GroupsApi => {
                    format!("turn on the connection's option {requirement}, in Auth0's dashboard or by the Deploy CLI")
                }
                Requirement::Connection => "see with `a0p list` what the connections are called".to_owned(),
                _ => remedy.clone(),
            };
            ("failed", Some(found.clone()), Some(remedy))
        }
        RequirementStatus::Unknown(why) => ("unknown", Some(why.clone()), None),
        _ => ("unknown", None, None),
    };
    Finding { about: "connection", check: requirement.to_string(), result, detail, remedy }
}

/// How the last run ended; nothing where there is no configuration to run.
async fn last_run(
    client: &Client,
    connection: &ConnectionId,
    given: &str,
    now: DateTime<Utc>,
) -> Result<Option<Finding>, Failure> {
    let configuration = match client.directory_provisioning(connection).get_if_configured().await {
        Ok(Some(configuration)) => configuration,
        // Reported already: it is forbidden, or the tenant refuses it because of what the connection lacks.
        Err(error) if error.status().is_some_and(|status| status.is_client_error()) => return Ok(None),
        Ok(None) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let finding = |result, detail: String, remedy: Option<String>| Finding {
        about: "connection",
        check: "last run".to_owned(),
        result,
        detail: Some(detail),
        remedy,
    };
    let Some(run) = LastRun::of(&configuration) else {
        let start = format!("start the first run with `a0p sync {given}`");
        return Ok(Some(finding("unknown", "there was no run yet".to_owned(), Some(start))));
    };
    if run.state == RunState::Failed {
        let error = run.error.clone().unwrap_or_else(|| "the last run failed".to_owned());
        let see = format!("`a0p runs {given}` shows for which users");
        let remedy = format!(
            "fix the reason in the directory (where its consent is missing, an administrator has to consent again on the \
             connection's setup page), then run `a0p sync {given} --wait`; {see}"
        );
        return Ok(Some(finding("failed", error, Some(remedy))));
    }
    let when = configuration.last_synchronization_at.map(|at| duration::relative(at, now)).unwrap_or_default();
    Ok(Some(finding("ok", when, None)))
}

fn write(context: &mut Context, findings: &[Finding]) -> Outcome {
    let now = context.now();
    context.results.list(COLUMNS, findings, now)?;
    let is = |result: &'static str| move |finding: &&Finding| finding.result == result;
    for finding in findings.iter().filter(|finding| finding.result != "ok") {
        if let (true, Some(remedy)) = (context.results.is_table(), &finding.remedy) {
            context.messages.note(&format!("{}: {remedy}", finding.check));
        }
    }
    let (failed, unknown) =
        (findings.iter().filter(is("failed")).count(), findings.iter().filter(is("unknown")).count());
    if failed > 0 {
        context.messages.note(&format!("{} found.", count(failed, "problem")));
        return Ok(ExitCode::Failed);
    }
    if unknown > 0 {
        context.messages.note(&format!("No problem was found; {} could not be made.", count(unknown, "check")));
    } else {
        context.messages.note("No problem was found.");
    }
    Ok(ExitCode::Done)
}

fn of_tenant(diagnosis: &Diagnosis, first: Option<&str>) -> Vec<Finding> {
    let checks = diagnosis.checks.iter().map(|check| {
        let (result, detail) = match &check.result {
            CheckResult::Passed => ("ok", None),
            CheckResult::Failed(reason) => ("failed", Some(reason.clone())),
            CheckResult::Skipped(reason) => ("unknown", Some(reason.clone())),
            _ => ("unknown", None),
        };
        let remedy = (result == "failed").then(|| remedy(check.name, first));
        Finding { about: "tenant", check: check.name.to_owned(), result, detail, remedy }
    });
    let verbs = COMMANDS.iter().map(|(verb, commands)| {
        let missing = diagnosis.missing_scopes(*verb);
        let known = verb.scopes().iter().all(|scope| diagnosis.scopes.contains_key(scope));
        let (result, detail) = match (missing.is_empty(), known) {
            (false, _) => ("failed", Some(format!("lacks {}", missing.join(" ")))),
            (true, true) => ("ok", None),
            (true, false) => ("unknown", None),
        };
        let remedy = (!missing.is_empty())
            .then(|| format!("grant {} to the application, and run it again with --new-token", missing.join(" ")));
        Finding { about: "command", check: (*commands).to_owned(), result, detail, remedy }
    });
    checks.chain(verbs).collect()
}

fn remedy(check: &str, first: Option<&str>) -> String {
    let remedy = match (check, first) {
        ("domain reachable" | "token granted", Some(first)) => first,
        ("clock", _) => "set this machine's clock, for example by NTP",
        ("domain reachable", _) => "check AUTH0_DOMAIN or the profile's domain, and the way to the network",
        ("token granted", _) => "check client id and secret; `a0p login` stores others",
        (scope, _) if scope.contains(':') => "grant the application this scope for the Auth0 Management API",
        _ => "check the tenant's plan and features in Auth0's dashboard",
    };
    remedy.to_owned()
}

/// Areas beside directory provisioning, by the cheapest read of each.
async fn around(client: &Client) -> Vec<Finding> {
    let connections = client.connections().page_size(1).next().await.map(drop);
    let logs = client.logs().latest().page_size(1).next().await.map(drop);
    let scim = client.scim_configurations().page_size(1).next().await.map(drop);
    let finding = |check: &str, result: Result<(), auth0_provisioning::Error>| {
        let failure = result.err().map(Failure::from);
        let result = if failure.is_none() { "ok" } else { "failed" };
        let (detail, remedy) = failure.map_or((None, None), |failure| (Some(failure.what), failure.remedy));
        let remedy = remedy.filter(|remedy| !remedy.contains("`a0p doctor"));
        Finding { about: "command", check: check.to_owned(), result, detail, remedy }
    };
    vec![
        finding("connections by name", connections),
        finding("runs, report", logs),
        finding("scim, export; plan, apply of SCIM", scim),
    ]
}

fn quota(client: &Client) -> Option<Finding> {
    let quota = client.quota()?;
    let reset = format!("{} of {} requests left", quota.remaining, quota.limit);
    let result = if quota.remaining == 0 { "failed" } else { "ok" };
    let remedy = (quota.remaining == 0).then(|| "wait, or find out what else uses up the rate limit".to_owned());
    Some(Finding { about: "tenant", check: "rate limit".to_owned(), result, detail: Some(reset), remedy })
}
