//! Ways to authorize, and the scopes they need.

use super::{
    super::finding::{Kind, Motion, Side, Verdict},
    Recorder, spot,
};
use crate::openapi::{operation::Operation, security::Requirement};

pub(super) fn compare(old: &Operation<'_>, new: &Operation<'_>, recorder: &mut Recorder<'_, '_>) {
    let mut gone: Vec<&Requirement> = absent(&old.security.requirements, &new.security.requirements);
    let mut added: Vec<&Requirement> = absent(&new.security.requirements, &old.security.requirements);
    let here = || spot("security", old.security.pointer.clone(), new.security.pointer.clone());

    // The same schemes with other scopes are the same way to authorize.
    let mut index = 0;
    while index < gone.len() {
        let like = added.iter().position(|other| other.keys().eq(gone[index].keys()));
        let Some(position) = like else {
            index += 1;
            continue;
        };
        compare_scopes(gone.remove(index), added.remove(position), &here, recorder);
    }

    // Whoever used a way that is gone is refused, unless what they present is enough for another one.
    for alternative in gone {
        let covered = new.security.requirements.iter().any(|other| satisfies(alternative, other));
        let motion = if covered { Motion::Still } else { Motion::Narrower };
        let verdict = Verdict::new(Side::Request, motion, false);
        recorder.report(Kind::SecurityRemoved, here(), Some(words(alternative)), None, verdict);
    }
    for alternative in added {
        let verdict = Verdict::harmless();
        recorder.report(Kind::SecurityAdded, here(), None, Some(words(alternative)), verdict);
    }
}

fn compare_scopes(
    old: &Requirement,
    new: &Requirement,
    here: &impl Fn() -> super::Spot,
    recorder: &mut Recorder<'_, '_>,
) {
    for (scheme, old_scopes) in old {
        let Some(new_scopes) = new.get(scheme) else { continue };
        for scope in old_scopes.difference(new_scopes) {
            let before = Some(format!("{scheme}: {scope}"));
            recorder.report(Kind::ScopeRemoved, here(), before, None, Verdict::harmless());
        }
        for scope in new_scopes.difference(old_scopes) {
            let after = Some(format!("{scheme}: {scope}"));
            let verdict = Verdict::new(Side::Request, Motion::Narrower, false);
            recorder.report(Kind::ScopeAdded, here(), None, after, verdict);
        }
    }
}

fn absent<'a>(ours: &'a [Requirement], theirs: &[Requirement]) -> Vec<&'a Requirement> {
    ours.iter().filter(|alternative| !theirs.contains(alternative)).collect()
}

/// Whether whoever can present `old` can present `new` too.
fn satisfies(old: &Requirement, new: &Requirement) -> bool {
    new.iter().all(|(scheme, scopes)| old.get(scheme).is_some_and(|held| scopes.is_subset(held)))
}

fn words(alternative: &Requirement) -> String {
    if alternative.is_empty() {
        return "none needed".to_owned();
    }
    let schemes: Vec<String> = alternative
        .iter()
        .map(|(scheme, scopes)| {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            match scopes[..] {
                [] => scheme.clone(),
                _ => format!("{scheme} ({})", scopes.join(", ")),
            }
        })
        .collect();
    schemes.join(" and ")
}
