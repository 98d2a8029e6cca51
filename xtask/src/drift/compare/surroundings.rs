//! What stands around the exchange: tags, servers, and how each way to authorize works.

use std::collections::BTreeSet;

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        release::Release,
    },
    Recorder, spot,
};
use crate::openapi::{
    Place, Problem,
    operation::{Operation, OperationName},
    servers,
};

/// What single operations say of it.
pub(super) fn compare(
    old: &Operation<'_>,
    new: &Operation<'_>,
    recorder: &mut Recorder<'_, '_>,
) -> Result<(), Problem> {
    let (before, after) = (tags(old)?, tags(new)?);
    if before != after {
        let spot = spot("", &old.place.pointer, &new.place.pointer);
        // The first names the module and the feature of a client of many.
        let first = |tags: &str| tags.split(", ").next().map(str::to_owned);
        let rust = if first(&before) == first(&after) { Release::Patch } else { Release::Major };
        recorder.report(Kind::TagsChanged, spot, Some(before), Some(after), Verdict::harmless().making(rust));
    }
    if old.servers.is_some() || new.servers.is_some() {
        compare_servers(&servers_of(old), &servers_of(new), recorder)?;
    }
    Ok(())
}

pub(super) fn tags(operation: &Operation<'_>) -> Result<String, Problem> {
    let tags = operation.place.elements_of("tags")?.into_iter().map(|tag| tag.string());
    Ok(tags.collect::<Result<Vec<_>, _>>()?.join(", "))
}

pub(super) fn servers<'d>(operation: &Operation<'d>) -> Result<BTreeSet<&'d str>, Problem> {
    urls(&servers_of(operation))
}

fn servers_of<'d>(operation: &Operation<'d>) -> Place<'d> {
    operation.servers.clone().unwrap_or_else(|| operation.place.top())
}

/// What holds for all operations: each document's servers, and the schemes that its operations name.
pub(super) fn compare_documents(
    old: &Place<'_>,
    new: &Place<'_>,
    schemes: BTreeSet<String>,
    recorder: &mut Recorder<'_, '_>,
) -> Result<(), Problem> {
    recorder.enter(OperationName::default());
    compare_servers(old, new, recorder)?;
    for name in schemes {
        let (Some(before), Some(after)) = (scheme(old, &name)?, scheme(new, &name)?) else { continue };
        let words = (describe(&before)?, describe(&after)?);
        if words.0 != words.1 {
            let spot = spot(&format!("security scheme {name}"), &before.pointer, &after.pointer);
            let verdict = Verdict::new(Side::Request, Motion::Sideways, false);
            recorder.report(Kind::SecuritySchemeChanged, spot, Some(words.0), Some(words.1), verdict);
        }
    }
    Ok(())
}

fn scheme<'d>(root: &Place<'d>, name: &str) -> Result<Option<Place<'d>>, Problem> {
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    schemes.and_then(|schemes| schemes.get(name)).map(Place::followed).transpose()
}

/// The addresses that an owner of servers names.
fn urls<'d>(owner: &Place<'d>) -> Result<BTreeSet<&'d str>, Problem> {
    let servers = owner.elements_of("servers")?.into_iter();
    servers.filter_map(|server| server.text("url").transpose()).collect()
}

fn compare_servers(old: &Place<'_>, new: &Place<'_>, recorder: &mut Recorder<'_, '_>) -> Result<(), Problem> {
    let (before, after) = (urls(old)?, urls(new)?);
    if before != after {
        let words = |urls: &BTreeSet<&str>| Some(urls.iter().copied().collect::<Vec<_>>().join(", "));
        let motion = if before.is_subset(&after) { Motion::Wider } else { Motion::Narrower };
        let spot = spot("servers", &old.pointer, &new.pointer);
        // The client goes to the tenant's domain, whatever the document says, but to the path that it said.
        let paths = |owner| servers::paths(owner).unwrap_or_default();
        let goes_on = paths(old).first().is_some_and(|path| paths(new).contains(path));
        let verdict = Verdict::new(Side::Request, motion, goes_on);
        recorder.report(Kind::ServersChanged, spot, words(&before), words(&after), verdict);
    }
    Ok(())
}

/// How a scheme works. Scopes are compared where operations name them, and the form of a token is the server's affair.
fn describe(scheme: &Place<'_>) -> Result<String, Problem> {
    let mut words = Vec::new();
    for key in ["type", "scheme", "in", "name", "openIdConnectUrl"] {
        words.extend(scheme.text(key)?.map(str::to_lowercase));
    }
    for (name, flow) in scheme.entries_of("flows")? {
        words.push(name.to_owned());
        for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
            words.extend(flow.text(key)?.map(|url| url.trim_end_matches('/').to_owned()));
        }
    }
    Ok(words.join(" "))
}
