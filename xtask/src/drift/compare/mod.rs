//! Two documents, operation by operation.

mod bodies;
mod contents;
mod parameters;
mod recorder;
mod responses;
mod security;
mod shapes;
mod surroundings;
mod task;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use self::recorder::Recorder;
use super::{
    coverage::Coverage,
    finding::{Finding, Kind, Motion, Side, Spot, Verdict},
    input::Input,
};
use crate::openapi::{
    Place, Pointer, Problem,
    operation::{Operation, OperationName, Site},
};

/// What a comparison found.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) findings: Vec<Finding>,
    /// The operations that both documents have.
    pub(super) common: Vec<OperationName>,
}

/// Compares what `coverage` says of two documents. The findings are sorted.
pub(super) fn compare<'d>(old: &'d Input, new: &'d Input, coverage: &Coverage) -> Result<Comparison, Problem> {
    let (old_sites, new_sites) = (old.operations()?, new.operations()?);
    let mut recorder = Recorder::new(old, new);
    let mut common = Vec::new();
    let mut schemes = BTreeSet::new();
    let keys = old_sites.iter().chain(&new_sites).filter(|(key, site)| coverage.covers(key, site));
    for key in keys.map(|(key, _)| key).collect::<BTreeSet<_>>() {
        match (old_sites.get(key), new_sites.get(key)) {
            (Some(old_site), Some(new_site)) => {
                let before = old.in_file(old_site.look_into())?;
                old.in_file(check(&before))?;
                let after = new.in_file(new_site.look_into())?;
                recorder.enter(after.name.clone());
                new.in_file(compare_operations(&before, &after, &mut recorder))?;
                common.push(after.name);
                schemes.extend(before.security.requirements.into_iter().flat_map(BTreeMap::into_keys));
            }
            (Some(site), None) => report_alone(site, Kind::OperationRemoved, &mut recorder),
            (None, Some(site)) => report_alone(site, Kind::OperationAdded, &mut recorder),
            (None, None) => {}
        }
    }
    if !common.is_empty() {
        new.in_file(surroundings::compare_documents(&old.root(), &new.root(), schemes, &mut recorder))?;
    }
    let mut findings = recorder.findings;
    findings.sort_by(|one, other| one.order().cmp(&other.order()));
    Ok(Comparison { findings, common })
}

fn report_alone(site: &Site<'_>, kind: Kind, recorder: &mut Recorder<'_, '_>) {
    let name = site.name();
    recorder.enter(name.clone());
    let pointer = &site.operation.pointer;
    let nowhere = Pointer::root().child("paths");
    let description = Some(name.id.unwrap_or_else(|| format!("{} {}", name.method, name.path)));
    let (spot, before, after, motion) = if kind == Kind::OperationRemoved {
        (spot("", pointer, &nowhere), description, None, Motion::Sideways)
    } else {
        (spot("", &nowhere, pointer), None, description, Motion::Still)
    };
    recorder.report(kind, spot, before, after, Verdict::new(Side::Exchange, motion, false));
}

/// Reads what is compared without shapes, so that a problem there is told of the right file.
fn check(operation: &Operation<'_>) -> Result<(), Problem> {
    Standing::of(&operation.place)?;
    operation.parameters.values().try_for_each(|parameter| Standing::of(&parameter.place).map(drop))?;
    surroundings::tags(operation)?;
    surroundings::servers(operation).map(drop)
}

fn compare_operations<'o, 'n>(
    old: &Operation<'o>,
    new: &Operation<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let here = || spot("", &old.place.pointer, &new.place.pointer);
    if old.name.id != new.name.id {
        let ids = (old.name.id.clone(), new.name.id.clone());
        recorder.report(Kind::OperationIdChanged, here(), ids.0, ids.1, Verdict::harmless());
    }
    compare_standing(Standing::of(&old.place)?, Standing::of(&new.place)?, here, recorder);
    surroundings::compare(old, new, recorder)?;
    security::compare(old, new, recorder);
    parameters::compare(old, new, recorder)?;
    bodies::compare_requests(old, new, recorder)?;
    responses::compare(old, new, recorder)
}

/// The lifecycle that is stated, and whether it is deprecated.
#[derive(Clone, Copy)]
struct Standing<'d>(Option<&'d str>, bool);

impl<'d> Standing<'d> {
    fn of(place: &Place<'d>) -> Result<Self, Problem> {
        Ok(Self(place.text("x-release-lifecycle")?, place.flag("deprecated")?))
    }
}

/// Documents state the lifecycle of what is not generally available; nothing said and `GA` mean the same.
fn compare_standing(old: Standing<'_>, new: Standing<'_>, here: impl Fn() -> Spot, recorder: &mut Recorder<'_, '_>) {
    let stage = |Standing(lifecycle, _): Standing<'_>| lifecycle.unwrap_or("GA").to_uppercase();
    if stage(old) != stage(new) {
        let stages = (old.0.unwrap_or("GA").to_owned(), new.0.unwrap_or("GA").to_owned());
        let (before, after) = (Some(stages.0), Some(stages.1));
        recorder.report(Kind::LifecycleChanged, here(), before, after, Verdict::harmless());
    }
    if old.1 != new.1 {
        let words = |Standing(_, deprecated)| Some(if deprecated { "deprecated" } else { "in use" }.to_owned());
        recorder.report(Kind::DeprecationChanged, here(), words(old), words(new), Verdict::harmless());
    }
}

fn spot(place: &str, old_pointer: &Pointer, new_pointer: &Pointer) -> Spot {
    Spot { place: place.to_owned(), old_pointer: old_pointer.clone(), new_pointer: new_pointer.clone() }
}

/// Tells that something is required now, or no longer.
fn compare_required(
    (now, no_longer): (Kind, Kind),
    (was, is): (bool, bool),
    spot: impl FnOnce() -> Spot,
    verdict: impl FnOnce(Motion) -> Verdict,
    recorder: &mut Recorder<'_, '_>,
) {
    if was != is {
        let (kind, motion) = if is { (now, Motion::Narrower) } else { (no_longer, Motion::Wider) };
        recorder.report(kind, spot(), Some(required_or_not(was)), Some(required_or_not(is)), verdict(motion));
    }
}

/// What an added or removed thing is called in `before` and `after`.
fn required_or_not(required: bool) -> String {
    if required { "required" } else { "optional" }.to_owned()
}
