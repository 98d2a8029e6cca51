//! Ways to authorize, and the scopes they need.

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        operation::{Alternative, Operation},
    },
    Recorder, spot,
};

pub(super) fn compare(old: &Operation<'_>, new: &Operation<'_>, recorder: &mut Recorder<'_, '_>) {
    let mut gone: Vec<&Alternative> = absent(&old.security, &new.security);
    let mut added: Vec<&Alternative> = absent(&new.security, &old.security);
    let here = || spot("security", old.security_pointer.clone(), new.security_pointer.clone());

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
        let covered = new.security.iter().any(|other| satisfies(alternative, other));
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
    old: &Alternative,
    new: &Alternative,
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

fn absent<'a>(ours: &'a [Alternative], theirs: &[Alternative]) -> Vec<&'a Alternative> {
    ours.iter().filter(|alternative| !theirs.contains(alternative)).collect()
}

/// Whether whoever can present `old` can present `new` too.
fn satisfies(old: &Alternative, new: &Alternative) -> bool {
    new.iter().all(|(scheme, scopes)| old.get(scheme).is_some_and(|held| scopes.is_subset(held)))
}

fn words(alternative: &Alternative) -> String {
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
