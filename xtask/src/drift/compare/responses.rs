//! Status codes, and what comes with them.

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        resolve::Node,
        suggestion::Release,
    },
    Recorder,
    bodies::{Contents, compare_contents, preferred},
    required_or_not,
    shapes::{self, Position},
    spot,
};
use crate::openapi::{
    Problem,
    operation::{Operation, Response},
};

pub(super) fn compare<'o, 'n>(
    old: &Operation<'o>,
    new: &Operation<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let remaining =
        old.responses.keys().any(|status| side(status) == Side::Success && new.responses.contains_key(status));
    // What a method returns is the body of the first success.
    let rust = if returns(old) == returns(new) { Release::Patch } else { Release::Major };
    // A range of statuses, or the default, says the same of each of them.
    let is_range = |status: &str| status.ends_with("XX") || status == "DEFAULT";
    for (status, old_response) in &old.responses {
        let place = format!("response {status}");
        let like = stand_in(status, old, new);
        if like != Some(status.as_str()) {
            let spot = spot(&place, &old_response.pointer, &new.place.pointer);
            let verdict = changed(status, remaining || like.is_some_and(is_range)).making(rust);
            recorder.report(Kind::StatusRemoved, spot, Some(status.clone()), None, verdict);
        }
        let Some(like) = like else { continue };
        let new_response = &new.responses[like];
        let contents = Contents {
            old: &old_response.content,
            new: &new_response.content,
            old_pointer: &old_response.pointer,
            new_pointer: &new_response.pointer,
            rust,
        };
        let position = Position::new(side(status), &place, false);
        compare_contents(&contents, &position, recorder)?;
        compare_headers(&position, old_response, new_response, recorder)?;
    }
    for (status, response) in &new.responses {
        if !old.responses.contains_key(status) {
            let spot = spot(&format!("response {status}"), &old.place.pointer, &response.pointer);
            recorder.report(
                Kind::StatusAdded,
                spot,
                None,
                Some(status.clone()),
                changed(status, is_range(status)).making(rust),
            );
        }
    }
    Ok(())
}

/// The status of `new` that speaks of what `old` says of `status`: the same, its range, for a failure the default, and
/// for the only success the only other one.
fn stand_in<'c>(status: &str, old: &Operation<'_>, new: &'c Operation<'_>) -> Option<&'c str> {
    let has = |status: &str| new.responses.get_key_value(status).map(|(known, _)| known.as_str());
    let found = has(status).or_else(|| has(&format!("{}XX", status.get(..1)?)));
    if side(status) == Side::Failure {
        return found.or_else(|| has("DEFAULT"));
    }
    let successes =
        |operation: &Operation<'_>| operation.responses.keys().filter(|status| side(status) == Side::Success).count();
    let other = || new.responses.keys().find(|status| side(status) == Side::Success).map(String::as_str);
    found.or_else(|| other().filter(|_| successes(old) == 1 && successes(new) == 1))
}

/// Whether a method returns something, and in which media type.
fn returns<'c>(operation: &'c Operation<'_>) -> Option<&'c str> {
    let (_, response) = operation.responses.iter().find(|(status, _)| side(status) == Side::Success)?;
    preferred(&response.content).map(String::as_str)
}

fn compare_headers<'o, 'n>(
    position: &Position,
    old: &Response<'o>,
    new: &Response<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    for (name, header) in &old.headers {
        let place = format!("{} header {name}", position.place);
        let Some(other) = new.headers.get(name) else {
            let spot = spot(&place, &header.place.pointer, &new.pointer);
            let verdict = Verdict::new(Side::Success, Motion::Sideways, !recorder.reads.name(name));
            recorder.report(Kind::HeaderRemoved, spot, Some(required_or_not(header.required)), None, verdict);
            continue;
        };
        let (before, after) = (Node::new(header.schema.clone()), Node::new(other.schema.clone()));
        // Nothing but our own code reads headers, and it takes a number or leaves it.
        shapes::compare(&before, &after, Position::new(Side::Failure, &place, !header.required), recorder)?;
    }
    for (name, header) in new.headers.iter().filter(|(name, _)| !old.headers.contains_key(*name)) {
        let spot = spot(&format!("{} header {name}", position.place), &old.pointer, &header.place.pointer);
        let after = Some(required_or_not(header.required));
        recorder.report(Kind::HeaderAdded, spot, None, after, Verdict::harmless());
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
