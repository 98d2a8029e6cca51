//! Unions: which variants came and went, and those that stayed in detail.

use super::{
    super::{
        finding::{Kind, Motion, Side, Verdict},
        resolve::Node,
        shape::Shape,
        variants,
    },
    Recorder,
    task::{Task, Tasks},
};
use crate::openapi::Problem;

/// Compares the unions of two shapes. Says whether that was all there is to compare: where one side is a union and
/// the other is not, the plain one stands for a union of itself.
pub(super) fn compare<'o, 'n>(
    task: &Task<'o, 'n>,
    old: &Shape<'o>,
    new: &Shape<'n>,
    tasks: &mut Tasks<'o, 'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<bool, Problem> {
    match (&old.unions[..], &new.unions[..]) {
        ([], []) => Ok(false),
        // What stands beside the branches is compared, and not each branch without it.
        ([], [branches]) | ([branches], []) if !old.fields.is_empty() && !new.fields.is_empty() => {
            let words = |shape: &Shape<'_>| Some(if shape.unions.is_empty() { "plain" } else { "a union" }.to_owned());
            let spot = task.position.spot(task.old.pointer(), task.new.pointer());
            let verdict = Verdict::new(task.position.side, Motion::Sideways, branches.is_empty());
            recorder.report(Kind::CompositionChanged, spot, words(old), words(new), verdict);
            Ok(false)
        }
        ([], [branches]) => {
            compare_branches(task, std::slice::from_ref(&task.old), branches, tasks, recorder)?;
            Ok(true)
        }
        ([branches], []) => {
            compare_branches(task, branches, std::slice::from_ref(&task.new), tasks, recorder)?;
            Ok(true)
        }
        (old_unions, new_unions) => {
            for (old_branches, new_branches) in old_unions.iter().zip(new_unions) {
                compare_branches(task, old_branches, new_branches, tasks, recorder)?;
            }
            if old_unions.len() != new_unions.len() {
                let words = |unions: &[_]| Some(format!("{} unions at once", unions.len()));
                let spot = task.position.spot(task.old.pointer(), task.new.pointer());
                let verdict = Verdict::new(task.position.side, Motion::Sideways, false);
                let (before, after) = (words(old_unions), words(new_unions));
                recorder.report(Kind::CompositionChanged, spot, before, after, verdict);
            }
            Ok(false)
        }
    }
}

fn compare_branches<'o, 'n>(
    task: &Task<'o, 'n>,
    old: &[Node<'o>],
    new: &[Node<'n>],
    tasks: &mut Tasks<'o, 'n>,
    recorder: &mut Recorder<'o, 'n>,
) -> Result<(), Problem> {
    let pairs = variants::pairs((old, &mut recorder.old_shapes), (new, &mut recorder.new_shapes))?;
    for (index, branch) in old.iter().enumerate() {
        if pairs.iter().all(|(taken, _)| *taken != index) {
            let position = task.position.at_variant(index);
            let spot = position.spot(branch.pointer(), task.new.pointer());
            let motion = Motion::Narrower;
            let before = Some(recorder.old_shapes.of(branch)?.summary());
            recorder.report(Kind::VariantRemoved, spot, before, None, Verdict::new(position.side, motion, false));
        }
    }
    for (index, branch) in new.iter().enumerate() {
        if pairs.iter().all(|(_, taken)| *taken != index) {
            let position = task.position.at_variant(index);
            let spot = position.spot(task.old.pointer(), branch.pointer());
            let motion = if position.side == Side::Request { Motion::Still } else { Motion::Wider };
            let after = Some(recorder.new_shapes.of(branch)?.summary());
            recorder.report(Kind::VariantAdded, spot, None, after, Verdict::new(position.side, motion, false));
        }
    }
    for (old_index, new_index) in pairs {
        tasks.push_back(Task {
            old: old[old_index].clone(),
            new: new[new_index].clone(),
            position: task.position.at_variant(new_index),
        });
    }
    Ok(())
}
