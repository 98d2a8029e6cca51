//! The structure of a document in a line for each thing that it says: names, types, values, bounds, statuses, scopes,
//! and no prose.

use std::collections::{BTreeSet, HashSet};

use super::{
    coverage::Coverage,
    input::{Input, OperationKey},
    resolve::Node,
    shape::Additional,
    shapes::Shapes,
};
use crate::openapi::{
    Problem,
    operation::{Content, Operation},
    security::words,
};

/// What a document says of the operations that `coverage` names.
pub(super) fn fingerprint(input: &Input, coverage: &Coverage) -> Result<BTreeSet<String>, Problem> {
    let mut lines = Lines { shapes: Shapes::new(input), said: BTreeSet::new(), about: String::new() };
    for (key, site) in input.operations()?.iter().filter(|(key, site)| coverage.covers(key, site)) {
        let operation = input.in_file(site.look_into())?;
        lines.operation(key, &operation)?;
    }
    Ok(lines.said)
}

struct Lines<'d> {
    shapes: Shapes<'d>,
    said: BTreeSet<String>,
    /// What the next lines are about.
    about: String,
}

impl<'d> Lines<'d> {
    fn say(&mut self, what: &str) {
        self.said.insert(format!("{} {what}", self.about));
    }

    fn operation(&mut self, key: &OperationKey, operation: &Operation<'d>) -> Result<(), Problem> {
        self.about = format!("{} {}", key.method.to_uppercase(), key.path);
        self.say(&format!("is {}", operation.name.id.as_deref().unwrap_or("without id")));
        for requirement in &operation.security.requirements {
            self.say(&format!("lets in {}", words(requirement)));
        }
        for ((location, identity), parameter) in &operation.parameters {
            self.schema(&format!("{location} {identity}"), parameter.required, Node::new(parameter.schema.clone()))?;
        }
        if let Some(body) = &operation.body {
            self.content("takes", body.required, &body.content)?;
        }
        for (status, response) in &operation.responses {
            self.say(&format!("answers {status}"));
            if status.starts_with('2') {
                self.content(status, true, &response.content)?;
            }
        }
        // Failures look alike, whatever fails.
        "a failure".clone_into(&mut self.about);
        for (_, response) in operation.responses.iter().filter(|(status, _)| !status.starts_with('2')) {
            self.content("is", true, &response.content)?;
        }
        Ok(())
    }

    fn content(&mut self, place: &str, required: bool, content: &Content<'d>) -> Result<(), Problem> {
        content.iter().try_for_each(|(media_type, schema)| {
            self.schema(&format!("{place} {media_type}"), required, Node::new(schema.clone()))
        })
    }

    fn schema(&mut self, place: &str, required: bool, node: Node<'d>) -> Result<(), Problem> {
        let mut seen = HashSet::new();
        let mut waiting = vec![(place.to_owned(), required, node)];
        while let Some((place, required, node)) = waiting.pop() {
            let shape = self.shapes.of(&node)?;
            let mut words = vec![shape.summary()];
            words.extend((!required).then(|| "optional".to_owned()));
            words.extend(shape.closed().then(|| "closed".to_owned()));
            let constraints = shape.constraints.0.iter();
            words.extend(constraints.map(|(keyword, found)| format!("{keyword} {}", found.value)));
            self.say(&format!("{place}: {}", words.join(", ")));
            if !seen.insert(node.key()) {
                continue;
            }
            let below = |step: &str, required, node: &Node<'d>| (format!("{place}{step}"), required, node.clone());
            for (name, field) in &shape.fields {
                waiting.push(below(&format!(" {name}"), shape.required.contains(name), field));
            }
            waiting.extend(shape.items.iter().map(|items| below("[]", true, items)));
            if let Additional::Typed(values) = &shape.additional {
                waiting.push(below(" *", true, values));
            }
            for (index, branch) in shape.unions.iter().flatten().enumerate() {
                waiting.push(below(&format!(" <{index}>"), true, branch));
            }
        }
        Ok(())
    }
}
