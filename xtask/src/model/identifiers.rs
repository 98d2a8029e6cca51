//! Names that Rust takes, unique among those of their kind, so that one document always gives the same names.

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

/// The names of one kind that are taken.
#[derive(Clone, Debug)]
pub struct Names {
    taken: BTreeSet<String>,
    case: fn(&str) -> String,
    suffix: &'static str,
}

impl Names {
    fn new(taken: &[&str], case: fn(&str) -> String, suffix: &'static str) -> Self {
        Self { taken: taken.iter().map(|name| (*name).to_owned()).collect(), case, suffix }
    }

    /// Names of types.
    #[must_use]
    pub fn of_types() -> Self {
        Self::new(&TYPES, pascal, "Schema")
    }

    /// Names of methods.
    #[must_use]
    pub fn of_methods() -> Self {
        Self::new(&METHODS, snake, "_operation")
    }

    /// Names of the parameters of a method.
    #[must_use]
    pub fn of_variables() -> Self {
        Self::new(&VARIABLES, snake, "_value")
    }

    /// Names of the fields of a struct.
    #[must_use]
    pub fn of_fields() -> Self {
        Self::new(&["unknown"], snake, "_value")
    }

    /// Names of variants.
    #[must_use]
    pub fn of_variants() -> Self {
        Self::new(&[], pascal, "Value")
    }

    /// Takes a free name like `wanted`.
    pub fn take(&mut self, wanted: &str) -> String {
        let first = (self.case)(wanted);
        let second = std::iter::once((self.case)(&format!("{first}{}", self.suffix)));
        let numbered = (2_usize..).map(|number| (self.case)(&format!("{first}{number}")));
        let mut candidates = std::iter::once(first.clone()).chain(second).chain(numbered);
        let name = candidates.find(|name| !self.taken.contains(name)).unwrap_or_else(|| first.clone());
        self.taken.insert(name.clone());
        name
    }
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

/// An identifier that stays the same where an identifier is made of it again.
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
    let plain = signed.replace('\'', "");
    let plain = plain.replace(|one: char| !one.is_alphanumeric() && one != '_', "-");
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
    fn equal_names_get_a_suffix_then_a_number() {
        let mut names = Names::of_fields();
        let taken = ["fooBar", "foo_bar", "foo-bar", "type", "", "1st", "unknown"].map(|name| names.take(name));
        assert_eq!(taken, ["foo_bar", "foo_bar_value", "foo_bar2", "type_", "x", "x1st", "unknown_value"]);
    }

    #[test]
    fn names_of_generated_code_are_taken() {
        let mut names = Names::of_types();
        assert_eq!(
            ["Option", "option", "thing", "größe"].map(|name| names.take(name)),
            ["OptionSchema", "Option2", "Thing", "Größe"]
        );
    }

    #[test]
    fn a_name_stays_the_same() {
        for name in ["type", "a b", "+1", "x1st", "", "$ref", "self"] {
            assert_eq!((snake(&snake(name)), pascal(&pascal(name))), (snake(name), pascal(name)));
        }
    }
}
