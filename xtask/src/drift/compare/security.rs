//! Ways to authorize, and the scopes of which each needs one.

use super::{
    super::finding::{Kind, Motion, Side, Verdict},
    Recorder, spot,
};
use crate::openapi::{
    operation::Operation,
    security::{Requirement, words},
};

pub(super) fn compare(old: &Operation<'_>, new: &Operation<'_>, recorder: &mut Recorder<'_, '_>) {
    let mut gone: Vec<&Requirement> = absent(&old.security.requirements, &new.security.requirements);
    let mut added: Vec<&Requirement> = absent(&new.security.requirements, &old.security.requirements);
    let here = || spot("security", &old.security.pointer, &new.security.pointer);

    // The same schemes with other scopes are the same way to authorize.
    gone.retain(|requirement| {
        let Some(position) = added.iter().position(|other| other.keys().eq(requirement.keys())) else { return true };
        compare_scopes(requirement, added.remove(position), &here, recorder);
        false
    });

    // Whoever used a way that is gone is refused, unless what they present is enough for another one.
    for requirement in gone {
        let covered = new.security.requirements.iter().any(|other| satisfies(requirement, other));
        let motion = if covered { Motion::Still } else { Motion::Narrower };
        let verdict = Verdict::new(Side::Request, motion, false);
        recorder.report(Kind::SecurityRemoved, here(), Some(words(requirement)), None, verdict);
    }
    for requirement in added {
        recorder.report(Kind::SecurityAdded, here(), None, Some(words(requirement)), Verdict::harmless());
    }
}

/// A scope more is one choice more, unless none was needed; a scope less refuses those who have it alone, unless none
/// is needed any more.
fn compare_scopes(
    old: &Requirement,
    new: &Requirement,
    here: &impl Fn() -> super::Spot,
    recorder: &mut Recorder<'_, '_>,
) {
    let verdict =
        |harmless| if harmless { Verdict::harmless() } else { Verdict::new(Side::Request, Motion::Narrower, false) };
    for (scheme, old_scopes) in old {
        let Some(new_scopes) = new.get(scheme) else { continue };
        let named = |scope: &String| Some(format!("{scheme}: {scope}"));
        for scope in old_scopes.difference(new_scopes) {
            recorder.report(Kind::ScopeRemoved, here(), named(scope), None, verdict(new_scopes.is_empty()));
        }
        for scope in new_scopes.difference(old_scopes) {
            recorder.report(Kind::ScopeAdded, here(), None, named(scope), verdict(!old_scopes.is_empty()));
        }
    }
}

fn absent<'a>(ours: &'a [Requirement], theirs: &[Requirement]) -> Vec<&'a Requirement> {
    ours.iter().filter(|requirement| !theirs.contains(requirement)).collect()
}

/// Whether whoever can present `old` can present `new` too.
fn satisfies(old: &Requirement, new: &Requirement) -> bool {
    new.iter().all(|(scheme, scopes)| {
        let enough = |held: &std::collections::BTreeSet<_>| !held.is_empty() && held.is_subset(scopes);
        old.get(scheme).is_some_and(|held| scopes.is_empty() || enough(held))
    })
}
