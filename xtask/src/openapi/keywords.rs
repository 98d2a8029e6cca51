//! Which keywords hold names that a document gives, and which hold data: what looks like a keyword in there is none.

/// Members that map names to parts: there `x-` is a name like any other.
pub(crate) const NAMED: [&str; 13] = [
    "properties",
    "patternProperties",
    "$defs",
    "dependentSchemas",
    "dependentRequired",
    "schemas",
    "responses",
    "parameters",
    "headers",
    "requestBodies",
    "pathItems",
    "content",
    "mapping",
];

/// Members whose value is data, or has names of its own.
pub(crate) const DATA: [&str; 6] = ["default", "enum", "const", "example", "examples", "security"];
