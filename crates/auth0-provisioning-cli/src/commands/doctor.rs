//! `doctor`: whether everything is as the other commands need it, and what to do where it is not.

use auth0_provisioning::{Advice, CheckResult, Client, Diagnosis, Fulfilment, Verb};
use serde_json::json;

use super::Outcome;
use crate::{
    arguments,
    context::Context,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone},
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
    // A token of yesterday says nothing about the credentials and scopes of today.
    context.global.new_token |= context.env("AUTH0_PROVISIONING_REDIS").is_none();
    let client = context.client().await?;
    let mut findings = of_tenant(&client.diagnose().await);
    // The demonstration has a time of its own.
    findings.retain(|finding| finding.check != "clock" || !context.global.demo);
    findings.extend(around(&client).await);
    findings.extend(quota(&client));
    if let Some(given) = &arguments.connection {
        match resolve::connection(&client, given).await {
            Ok(connection) => {
                let readiness = client.readiness(&connection).await?;
                findings.extend(readiness.requirements.iter().map(|(requirement, met)| {
                    let (result, detail, remedy) = match met {
                        Fulfilment::Met => ("ok", None, None),
                        Fulfilment::NotNeeded => ("not needed", None, None),
                        Fulfilment::Missing { found, remedy, .. } => {
                            ("failed", Some(found.clone()), Some(remedy.clone()))
                        }
                        Fulfilment::Unknown(why) => ("unknown", Some(why.clone()), None),
                        _ => ("unknown", None, None),
                    };
                    Finding { about: "connection", check: requirement.to_string(), result, detail, remedy }
                }));
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

fn write(context: &mut Context, findings: &[Finding]) -> Outcome {
    let now = context.now();
    context.results.list(COLUMNS, findings, now)?;
    let failed: Vec<&Finding> = findings.iter().filter(|finding| finding.result == "failed").collect();
    for finding in findings.iter().filter(|finding| ["failed", "advice"].contains(&finding.result)) {
        if let (true, Some(remedy)) = (context.results.is_table(), &finding.remedy) {
            context.messages.note(&format!("{}: {remedy}", finding.check));
        }
    }
    if failed.is_empty() {
        context.messages.note("Everything is as it should be.");
        return Ok(ExitCode::Done);
    }
    Ok(ExitCode::Failed)
}

fn of_tenant(diagnosis: &Diagnosis) -> Vec<Finding> {
    let checks = diagnosis.checks.iter().map(|check| {
        let (result, detail) = match &check.result {
            CheckResult::Passed => ("ok", None),
            CheckResult::Failed(reason) => ("failed", Some(reason.clone())),
            CheckResult::Skipped(reason) => ("unknown", Some(reason.clone())),
            _ => ("unknown", None),
        };
        let remedy = (result == "failed").then(|| remedy(check.name).to_owned());
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

fn remedy(check: &str) -> &'static str {
    match check {
        "clock" => "set this machine's clock, for example by NTP",
        "domain reachable" => "check AUTH0_DOMAIN or the profile's domain, and the way to the network",
        "token granted" => "check client id and secret; `a0p login` stores others",
        scope if scope.contains(':') => "grant the application this scope for the Auth0 Management API",
        _ => "check the tenant's plan and features in Auth0's dashboard",
    }
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
