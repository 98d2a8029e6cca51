//! Names that Rust takes, made unique before anything is generated, so that one document always gives the same names.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};

/// Types of the generated code and of the prelude, which a schema of that name would hide.
const TYPES: [&str; 22] = [
    "Box",
    "Client",
    "Default",
    "Err",
    "Error",
    "Field",
    "From",
    "Into",
    "InvalidValue",
    "None",
    "Ok",
    "Operation",
    "Option",
    "Response",
    "Result",
    "Some",
    "String",
    "Timestamp",
    "UnknownMembers",
    "UnknownValue",
    "Value",
    "Vec",
];

/// Methods and constants that every client has.
const METHODS: [&str; 4] = ["all", "clone", "new", "transport"];

/// Variables of generated methods, and the field of members that a type does not name.
const VARIABLES: [&str; 7] = ["body", "members", "parameters", "query", "request", "response", "unknown"];

/// Names of one kind that are taken by now.
#[derive(Debug, Clone)]
pub struct Names {
    taken: BTreeSet<String>,
    case: fn(&str) -> String,
    suffix: &'static str,
}

impl Names {
    /// Of types.
    #[must_use]
    pub fn of_types() -> Self {
        Self { taken: owned(&TYPES), case: pascal, suffix: "Schema" }
    }

    /// Of methods.
    #[must_use]
    pub fn of_methods() -> Self {
        Self { taken: owned(&METHODS), case: snake, suffix: "_operation" }
    }

    /// Of the parameters of a method, and of the fields of a struct.
    #[must_use]
    pub fn of_variables() -> Self {
        Self { taken: owned(&VARIABLES), case: snake, suffix: "_value" }
    }

    /// Of the fields of a struct.
    #[must_use]
    pub fn of_fields() -> Self {
        Self { taken: owned(&["unknown"]), case: snake, suffix: "_value" }
    }

    /// Of variants.
    #[must_use]
    pub fn of_variants() -> Self {
        Self { taken: BTreeSet::new(), case: pascal, suffix: "Value" }
    }

    /// A name like `wanted` that is free, and is taken from now on.
    pub fn take(&mut self, wanted: &str) -> String {
        let first = (self.case)(wanted);
        let mut name = first.clone();
        let mut number = 1;
        while self.taken.contains(&name) {
            name = if number == 1 {
                (self.case)(&format!("{first}{}", self.suffix))
            } else {
                (self.case)(&format!("{first}{number}"))
            };
            number += 1;
        }
        self.taken.insert(name.clone());
        name
    }
}

fn owned(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// `some-thing` as the name of a type: `SomeThing`.
#[must_use]
pub fn pascal(name: &str) -> String {
    identifier(name, str::to_pascal_case, "X")
}

/// `someThing` as the name of a field or a method: `some_thing`.
#[must_use]
pub fn snake(name: &str) -> String {
    identifier(name, str::to_snake_case, "x")
}

/// An identifier that stays as it is where typify makes an identifier of it.
fn identifier(name: &str, case: fn(&str) -> String, prefix: &str) -> String {
    let mut name = once(name, case, prefix);
    // Runs of capitals become fewer each time.
    loop {
        let again = once(&name, case, prefix);
        if again == name {
            return name;
        }
        name = again;
    }
}

/// The rules of typify.
fn once(name: &str, case: fn(&str) -> String, prefix: &str) -> String {
    let signed = match name {
        "+1" => "plus1",
        "-1" => "minus1",
        name => name,
    };
    let plain: String = signed
        .replace('\'', "")
        .chars()
        .map(|one| if one.is_alphanumeric() || one == '_' { one } else { '-' })
        .collect();
    let mut name = case(&plain);
    if !name.starts_with(char::is_alphabetic) {
        name.insert_str(0, prefix);
    }
    let is_free = syn::parse_str::<syn::Ident>(&name).is_ok() && !["gen", "union", "Self"].contains(&name.as_str());
    if is_free { name } else { name + "_" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_meet_are_told_apart() {
        let mut names = Names::of_fields();
        let taken = ["fooBar", "foo_bar", "foo-bar", "type", "", "1st", "unknown"].map(|name| names.take(name));
        assert_eq!(taken, ["foo_bar", "foo_bar_value", "foo_bar2", "type_", "x", "x1st", "unknown_value"]);
    }

    #[test]
    fn what_the_generated_code_needs_is_not_given_away() {
        let mut names = Names::of_types();
        assert_eq!(
            ["Option", "option", "thing", "größe"].map(|name| names.take(name)),
            ["OptionSchema", "Option2", "Thing", "Größe"]
        );
    }

    #[test]
    fn a_name_stays_what_it_is() {
        for name in ["type", "a b", "+1", "x1st", "", "$ref", "self"] {
            assert_eq!((snake(&snake(name)), pascal(&pascal(name))), (snake(name), pascal(name)));
        }
    }
}
