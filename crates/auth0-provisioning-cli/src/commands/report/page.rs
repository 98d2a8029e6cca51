//! The page, a file that loads nothing from the network.

use std::{fmt::Write as _, time::Duration};

use auth0_provisioning::chrono::{DateTime, Utc};

use super::{Condition, Entry, bars, html::escape};
use crate::{
    commands::runs::{Run, SEARCH_LIMIT},
    duration,
};

const STYLE: &str = include_str!("page.css");

pub(super) fn render(entries: &[Entry], tenant: &str, stale: Duration, now: DateTime<Utc>) -> String {
    let time = now.format("%Y-%m-%d %H:%M UTC");
    let tenant = escape(tenant);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Directory provisioning of {tenant}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Directory provisioning of {tenant}</h1>\n<div class=\"quiet\">as of {time}</div>\n"
    );
    page += &sums(entries, stale);
    if entries.is_empty() {
        page.push_str("<p>No connection has directory provisioning.</p>\n");
    }
    for entry in entries {
        page += &article(entry, now);
    }
    let version = env!("CARGO_PKG_VERSION");
    let _ = write!(
        page,
        "<footer>Made by a0p {version}. Each bar is a run; its height is its duration. Runs come from the tenant's log, which is \
         kept for some days; {SEARCH_LIMIT}.</footer>\n</main>\n</body>\n</html>\n"
    );
    page
}

fn sums(entries: &[Entry], stale: Duration) -> String {
    let count = |condition| entries.iter().filter(|entry| entry.condition == condition).count();
    let item = |class: &str, number: usize, text: &str| {
        let none = if number == 0 { " none" } else { "" };
        format!("<li class=\"{class}{none}\"><b>{number}</b>{text}</li>\n")
    };
    let stale_text = format!("stale: no success for {}", duration::rough(stale));
    format!(
        "<ul class=\"sums\">\n{}{}{}{}</ul>\n",
        item("failing", count(Condition::Failing), "failing"),
        item("stale", count(Condition::Stale), &stale_text),
        item("stale", count(Condition::NeverRan), "never ran"),
        item("healthy", count(Condition::Healthy), "healthy"),
    )
}

fn article(entry: &Entry, now: DateTime<Utc>) -> String {
    let (class, badge) = match entry.condition {
        Condition::Failing => ("failing", "✗ failing"),
        Condition::Stale => ("stale", "! stale"),
        Condition::NeverRan => ("never-ran", "! never ran"),
        Condition::Healthy => ("healthy", "✓ healthy"),
    };
    let it = &entry.configuration;
    let mut html = format!(
        "<article class=\"{class}\">\n<div class=\"head\"><h2>{}</h2><span class=\"badge\">{badge}</span>\
         <code class=\"quiet\">{}</code></div>\n",
        escape(&it.connection_name),
        escape(&it.connection_id),
    );
    if let Some(error) = &it.last_synchronization_error {
        let _ = writeln!(html, "<p class=\"error\">{}</p>", escape(error));
    }
    for advice in auth0_provisioning::Health::from(it).advice(now) {
        let _ = writeln!(html, "<p class=\"quiet\">Advice: {}</p>", escape(&advice.to_string()));
    }
    html.push_str("<div class=\"body\">\n<dl>\n");
    let last = it.last_synchronization_at.map_or("never".to_owned(), |at| {
        let age = if at > now { String::new() } else { format!(" ({} before)", age(at, now)) };
        format!("{}{age}", time(at))
    });
    let groups = it.synchronize_groups.as_ref().map_or("off".to_owned(), ToString::to_string);
    for (term, value) in [
        ("Last run", last),
        ("Starts", if it.synchronize_automatically { "automatically" } else { "by hand" }.to_owned()),
        ("Groups", escape(&groups)),
        ("Strategy", escape(&it.strategy)),
    ] {
        let _ = writeln!(html, "<div><dt>{term}</dt><dd>{value}</dd></div>");
    }
    html.push_str("</dl>\n");
    if !entry.runs.is_empty() {
        let bars = bars::render(&entry.runs);
        let _ =
            writeln!(html, "<figure>{bars}<figcaption>Last runs: ✓ completed, ✗ failed, … other</figcaption></figure>");
    }
    html.push_str("</div>\n");
    if !entry.runs.is_empty() {
        html += &table(&entry.runs);
    }
    html.push_str("</article>\n");
    html
}

/// Formats a time without reference to now, because the page is read later.
fn time(at: DateTime<Utc>) -> String {
    format!("<time datetime=\"{}\">{}</time>", at.to_rfc3339(), at.format("%Y-%m-%d %H:%M UTC"))
}

/// Formats the age at the time of the page.
fn age(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    duration::rough(now.signed_duration_since(at).to_std().unwrap_or_default())
}

fn table(runs: &[Run]) -> String {
    let mut html = String::from(
        "<details><summary>Runs</summary>\n<div class=\"scroll\"><table>\n\
         <colgroup><col class=\"time\"><col class=\"state\"><col class=\"took\"><col class=\"users\"><col></colgroup>\n\
         <tr><th>Started</th><th>State</th><th>Took</th><th>Users</th><th>Reason</th></tr>\n",
    );
    for run in runs {
        let started = run.report.started_at.map_or(String::new(), time);
        let took = run.report.duration().map(duration::exact).unwrap_or_default();
        let failed = run.failed_users().filter(|users| *users > 0);
        let users = failed.map(|users| format!("{users} failed")).unwrap_or_default();
        let mut reason = run.reason().map(escape).unwrap_or_default();
        for user in run.report.user_errors() {
            let _ = write!(reason, "<br><code>{}</code> {}", escape(&user.identity_user_id), escape(&user.reason));
        }
        let state = format!("{} {}", bars::sign(run.report.state), run.report.state);
        let _ = writeln!(
            html,
            "<tr><td class=\"number\">{started}</td><td>{state}</td><td class=\"number\">{took}</td>\
             <td class=\"number\">{users}</td><td>{reason}</td></tr>"
        );
    }
    html.push_str("</table></div></details>\n");
    html
}
