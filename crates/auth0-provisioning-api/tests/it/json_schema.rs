//! The JSON Schema of each type, as schemars derives it, against the contract's schema of the same name. A difference is
//! tolerated under a name, with its reason; any other fails. The snapshot lists them.

use std::collections::BTreeSet;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

/// The types of all areas.
mod types {
    pub(crate) use auth0_provisioning_api::{
        connections::types::*, directory_provisioning::types::*, groups::types::*, logs::types::*, scim::types::*,
    };
}

fn contract() -> Value {
    serde_json::from_str(include_str!("../../../../openapi/auth0-provisioning.json")).unwrap()
}

fn derived<T: JsonSchema>() -> (String, Value) {
    let generator = SchemaSettings::draft2020_12().into_generator();
    (T::schema_name().into_owned(), generator.into_root_schema_for::<T>().to_value())
}

/// Every type that has a schema in the contract. A type that is missing here fails the test below.
fn all() -> Vec<(String, Value)> {
    vec![
        derived::<types::AddSynchronizedGroupsRequest>(),
        derived::<types::AssignGroupRolesRequest>(),
        derived::<types::ConnectedAccounts>(),
        derived::<types::Connection>(),
        derived::<types::ConnectionAuthentication>(),
        derived::<types::ConnectionClient>(),
        derived::<types::ConnectionClientChange>(),
        derived::<types::ConnectionClientChanges>(),
        derived::<types::ConnectionClientPage>(),
        derived::<types::ConnectionDeletion>(),
        derived::<types::ConnectionList>(),
        derived::<types::ConnectionMetadata>(),
        derived::<types::ConnectionOffsetPage>(),
        derived::<types::ConnectionOptions>(),
        derived::<types::ConnectionPage>(),
        derived::<types::ConnectionStrategy>(),
        derived::<types::CreateConnectionRequest>(),
        derived::<types::CreateDirectoryProvisioningRequest>(),
        derived::<types::CreateScimConfigurationRequest>(),
        derived::<types::CreateScimTokenRequest>(),
        derived::<types::CreatedScimToken>(),
        derived::<types::CrossAppAccessRequestingApp>(),
        derived::<types::CrossAppAccessResourceApp>(),
        derived::<types::CrossAppAccessResourceAppStatus>(),
        derived::<types::DirectoryProvisioning>(),
        derived::<types::DirectoryProvisioningDefaultMapping>(),
        derived::<types::DirectoryProvisioningMappingItem>(),
        derived::<types::DirectoryProvisioningPage>(),
        derived::<types::DirectorySynchronization>(),
        derived::<types::Group>(),
        derived::<types::GroupList>(),
        derived::<types::GroupMember>(),
        derived::<types::GroupMemberPage>(),
        derived::<types::GroupMemberType>(),
        derived::<types::GroupPage>(),
        derived::<types::GroupRolePage>(),
        derived::<types::GroupType>(),
        derived::<types::LogEvent>(),
        derived::<types::LogEventList>(),
        derived::<types::LogEventLocationInfo>(),
        derived::<types::LogEventPage>(),
        derived::<types::LogEventSecurityContext>(),
        derived::<types::RemoveGroupRolesRequest>(),
        derived::<types::RemoveSynchronizedGroupsRequest>(),
        derived::<types::Role>(),
        derived::<types::RoleType>(),
        derived::<types::ScimConfiguration>(),
        derived::<types::ScimConfigurationPage>(),
        derived::<types::ScimDefaultMapping>(),
        derived::<types::ScimMappingItem>(),
        derived::<types::ScimToken>(),
        derived::<types::ScimTokenList>(),
        derived::<types::ScimTokenScope>(),
        derived::<types::SynchronizeGroups>(),
        derived::<types::SynchronizedGroup>(),
        derived::<types::SynchronizedGroupId>(),
        derived::<types::SynchronizedGroupList>(),
        derived::<types::SynchronizedGroupPage>(),
        derived::<types::SynchronizedGroupQuery>(),
        derived::<types::SynchronizedGroupReference>(),
        derived::<types::SynchronizedGroupSelection>(),
        derived::<types::UpdateConnectionRequest>(),
        derived::<types::UpdateDirectoryProvisioningRequest>(),
        derived::<types::UpdateScimConfigurationRequest>(),
        derived::<types::UserGroup>(),
        derived::<types::UserGroupList>(),
        derived::<types::UserGroupPage>(),
    ]
}

/// Returns why a keyword of a derived schema may differ from the contract.
fn tolerance(keyword: &str, contract: Option<&Value>, derived: Option<&Value>) -> Option<&'static str> {
    let null_too = |one: &Value, two: &Value| *two == serde_json::json!([one, "null"]);
    match (keyword, contract, derived) {
        // An optional field that comes as null reads as absent.
        ("type", Some(one), Some(two)) if null_too(one, two) => Some("null reads as absent"),
        ("or null", None, Some(_)) => Some("null reads as absent"),
        // An empty object replaces a body that is null.
        ("type", Some(one), Some(two)) if null_too(two, one) => Some("no null for a body"),
        // Responses may gain fields.
        ("additionalProperties", Some(Value::Bool(false)), None) => Some("fields of tomorrow are passed over"),
        // Values that are not known yet are kept.
        ("enum", Some(_), None) => Some("open enumeration"),
        // Readers check nothing. Writers check in `FromStr`, or the API does.
        (
            "minLength" | "maxLength" | "pattern" | "minItems" | "maxItems" | "minimum" | "maximum" | "minProperties"
            | "maxProperties",
            Some(_),
            None,
        ) => Some("no check by schema"),
        ("format", Some(format), None) if format == "email" => Some("no check by schema"),
        // A checked string is a type of its own.
        ("$ref", None, Some(_)) => Some("wrapped text"),
        ("type", Some(text), None) if text == "string" => Some("wrapped text"),
        // Whole numbers have a size in Rust.
        ("format", None, Some(size)) if size == "int64" || size == "double" => Some("size of a number"),
        // A value that fits no variant is kept.
        ("oneOf", Some(_), None) | ("anyOf", None, Some(_)) => Some("open union"),
        // An absent field is not sent, which differs from null.
        ("default", None, Some(null)) if null.is_null() => Some("absent is not null"),
        _ => None,
    }
}

/// The differences between two schemas, by place, each with the name of its tolerance. Prose does not count, and
/// references are followed by name only.
fn compare(place: &str, contract: &Value, derived: &Value, out: &mut BTreeSet<String>) {
    let (contract, derived) = (keywords(contract), keywords(derived));
    let keys: BTreeSet<&String> = contract.keys().chain(derived.keys()).collect();
    for key in keys {
        let at = format!("{place}/{key}");
        match (contract.get(key), derived.get(key)) {
            (Some(Value::Object(one)), Some(Value::Object(two))) if key == "properties" => {
                assert_eq!(one.keys().collect::<BTreeSet<_>>(), two.keys().collect::<BTreeSet<_>>(), "{at}");
                one.iter().for_each(|(name, one)| compare(&format!("{at}/{name}"), one, &two[name], out));
            }
            (Some(one @ Value::Object(_)), Some(two @ Value::Object(_))) => compare(&at, one, two, out),
            (Some(Value::Array(one)), Some(Value::Array(two))) if key == "required" => {
                let set = |list: &[Value]| list.iter().map(Value::to_string).collect::<BTreeSet<_>>();
                assert_eq!(set(one), set(two), "{at}");
            }
            (one, two) if one == two => {}
            (one, two) => {
                let name = tolerance(key, one, two);
                let name = name.unwrap_or_else(|| panic!("{at}: {} became {}", word(one), word(two)));
                out.insert(format!("{name}: {at}"));
            }
        }
    }
}

fn word(value: Option<&Value>) -> String {
    value.map_or_else(|| "–".to_owned(), Value::to_string)
}

/// Returns the keywords that constrain values. `anyOf` of one reference and null becomes that reference, or null.
fn keywords(schema: &Value) -> Map<String, Value> {
    let mut keywords = schema.as_object().cloned().unwrap_or_default();
    if let Some(Value::Array(branches)) = keywords.get("anyOf")
        && let [reference, null] = branches.as_slice()
        && null["type"] == "null"
    {
        let reference = reference.clone();
        keywords.remove("anyOf");
        keywords.insert("or null".to_owned(), Value::Bool(true));
        keywords.extend(reference.as_object().cloned().unwrap_or_default());
    }
    keywords.retain(|key, value| {
        let is_prose = ["$schema", "$defs", "title", "description", "examples"].contains(&key.as_str());
        let says_nothing = key == "additionalProperties" && *value == true;
        !is_prose && !says_nothing && !key.starts_with("x-")
    });
    if let Some(Value::String(reference)) = keywords.get_mut("$ref") {
        *reference = reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    keywords
}

#[test]
fn types_say_what_the_contract_says() {
    let contract = contract();
    let mut tolerated = BTreeSet::new();
    for (name, derived) in all() {
        compare(&name, &contract["components"]["schemas"][&name], &derived, &mut tolerated);
    }
    insta::assert_snapshot!(tolerated.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn no_schema_is_left_out() {
    let contract = contract();
    let schemas = contract["components"]["schemas"].as_object().unwrap();
    // The transport reads errors, without a type of the contract.
    let expected: BTreeSet<&str> = schemas.keys().map(String::as_str).filter(|name| *name != "ErrorResponse").collect();
    let all = all();
    assert_eq!(all.iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>(), expected);
}
