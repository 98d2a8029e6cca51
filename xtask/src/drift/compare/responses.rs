//! Status codes, and what comes with them.

use super::{
    super::finding::{Kind, Motion, Side, Verdict},
    Recorder,
    bodies::{Contents, compare_contents},
    shapes::Position,
    spot,
};
use crate::openapi::{Problem, operation::Operation};

pub(super) fn compare<'o, 'n>(
    old: &Operation<'o>,
    new: &Operation<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let remaining =
        old.responses.keys().any(|status| side(status) == Side::Success && new.responses.contains_key(status));
    for (status, old_response) in &old.responses {
        let place = format!("response {status}");
        let Some(new_response) = new.responses.get(status) else {
            let spot = spot(&place, old_response.pointer.clone(), new.place.pointer.clone());
            let verdict = changed(status, remaining);
            recorder.report(Kind::StatusRemoved, spot, Some(status.clone()), None, verdict);
            continue;
        };
        let contents = Contents {
            old: &old_response.content,
            new: &new_response.content,
            old_pointer: &old_response.pointer,
            new_pointer: &new_response.pointer,
        };
        compare_contents(&contents, &Position::new(side(status), &place, false), recorder)?;
    }
    for (status, response) in &new.responses {
        if !old.responses.contains_key(status) {
            let place = format!("response {status}");
            let spot = spot(&place, old.place.pointer.clone(), response.pointer.clone());
            let verdict = changed(status, false);
            recorder.report(Kind::StatusAdded, spot, None, Some(status.clone()), verdict);
        }
    }
    Ok(())
}

/// The client takes the documented success for one and every other status for a failure, documented or not.
fn changed(status: &str, tolerated: bool) -> Verdict {
    match side(status) {
        Side::Success => Verdict::new(Side::Success, Motion::Sideways, tolerated),
        _ => Verdict::harmless(),
    }
}

fn side(status: &str) -> Side {
    if status.starts_with('2') { Side::Success } else { Side::Failure }
}
