//! Parameters in the path, the query, headers and cookies.

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        release::Release,
        resolve::Node,
        shapes::Shapes,
    },
    Recorder, Standing, compare_required, compare_standing, required_or_not, shapes, spot,
    task::Position,
};
use crate::model::JsonTypes as Types;
use crate::{
    generate::MOST_ARGUMENTS,
    openapi::{
        Problem,
        operation::{Operation, Parameter},
    },
};

pub(super) fn compare<'o, 'n>(
    old: &Operation<'o>,
    new: &Operation<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    for (key, parameter) in &old.parameters {
        if let Some(other) = new.parameters.get(key) {
            compare_one(parameter, other, recorder)?;
        } else {
            let spot = spot(&place(parameter), &parameter.place.pointer, &new.place.pointer);
            let before = Some(describe(parameter, &mut recorder.old_shapes)?);
            // Whether the server passes over a parameter that it does not know is not said anywhere.
            let verdict = Verdict::new(Side::Request, Motion::Sideways, false);
            recorder.report(Kind::ParameterRemoved, spot, before, None, verdict);
        }
    }
    let optional = old.parameters.values().filter(|parameter| !parameter.required).count();
    for (key, parameter) in &new.parameters {
        if !old.parameters.contains_key(key) {
            let spot = spot(&place(parameter), &old.place.pointer, &parameter.place.pointer);
            let after = Some(describe(parameter, &mut recorder.new_shapes)?);
            let motion = if parameter.required { Motion::Narrower } else { Motion::Still };
            // A struct that takes many may grow; what are arguments may not.
            let grows = !parameter.required && optional > MOST_ARGUMENTS;
            let rust = if grows { Release::Minor } else { Release::Major };
            let verdict = Verdict::new(Side::Request, motion, false).making(rust);
            recorder.report(Kind::ParameterAdded, spot, None, after, verdict);
        }
    }
    Ok(())
}

fn compare_one<'o, 'n>(
    old: &Parameter<'o>,
    new: &Parameter<'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let place = place(new);
    let here = || spot(&place, &old.place.pointer, &new.place.pointer);
    let kinds = (Kind::ParameterRequired, Kind::ParameterOptional);
    let verdict = |motion| Verdict::new(Side::Request, motion, false);
    compare_required(kinds, (old.required, new.required), here, verdict, recorder);
    compare_standing(Standing::of(&old.place)?, Standing::of(&new.place)?, here, recorder);
    let has_media = [old, new].iter().any(|parameter| parameter.style.0.contains('/'));
    if old.style != new.style && (has_media || holds_several(new, &mut recorder.new_shapes)?) {
        let words =
            |(style, explode): (&str, bool)| Some(format!("{style}{}", if explode { ", exploded" } else { "" }));
        let verdict = Verdict::new(Side::Request, Motion::Sideways, false);
        let (before, after) = (words(old.style), words(new.style));
        recorder.report(Kind::ParameterStyleChanged, here(), before, after, verdict);
    }
    let position = Position::new(Side::Request, &place, !old.required);
    shapes::compare(&Node::new(old.schema.clone()), &Node::new(new.schema.clone()), position, recorder)
}

/// Only lists and objects are written differently in one style and another.
fn holds_several<'d>(parameter: &Parameter<'d>, shapes: &mut Shapes<'d>) -> Result<bool, Problem> {
    Ok(shapes.of(&Node::new(parameter.schema.clone()))?.types.meets(Types::ARRAY | Types::OBJECT))
}

fn place(parameter: &Parameter<'_>) -> String {
    format!("{} parameter {}", parameter.location, parameter.name)
}

fn describe<'d>(parameter: &Parameter<'d>, shapes: &mut Shapes<'d>) -> Result<String, Problem> {
    let summary = shapes.of(&Node::new(parameter.schema.clone()))?.summary();
    Ok(format!("{}, {summary}", required_or_not(parameter.required)))
}
