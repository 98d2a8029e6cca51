//! The contract: what it says of each operation, ready to check requests and responses.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use bytes::Bytes;
use http::StatusCode;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::cause::Cause;

// Outside of the package: whoever publishes this crate has to bring the document in.
const DOCUMENT: &str = include_str!("../../../openapi/auth0-provisioning.json");

/// The contract, read and compiled once for the whole process.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
        // The document is part of this program, and every test of this crate reads it.
        #[allow(clippy::expect_used)]
        Contract::read(DOCUMENT).expect("the embedded contract describes every operation")
    });
    &CONTRACT
}

pub(crate) struct Contract {
    document: Value,
    /// By operation id.
    operations: HashMap<String, OperationContract>,
}

/// What the contract says of one operation.
pub(crate) struct OperationContract {
    pub(crate) id: String,
    /// In upper case.
    pub(crate) method: String,
    /// Below `/api/v2`, with names in braces where ids are.
    pub(crate) path: String,
    /// One of them is enough.
    pub(crate) scopes: Vec<String>,
    /// The ids in the path, in their order.
    pub(crate) ids: Vec<ParameterContract>,
    pub(crate) body: Option<BodyContract>,
    /// Query parameters by name.
    pub(crate) query: BTreeMap<String, ParameterContract>,
    answers: HashMap<u16, AnswerContract>,
    refusals: HashMap<Cause, Refusal>,
}

/// What the contract says of an id in the path or of a query parameter.
pub(crate) struct ParameterContract {
    pub(crate) name: String,
    pub(crate) description: String,
    /// Of one value, where several may be sent.
    pub(crate) schema: Validator,
    pub(crate) repeats: bool,
    pub(crate) is_connection_id: bool,
}

pub(crate) struct BodyContract {
    pub(crate) required: bool,
    pub(crate) schema: Validator,
    /// The same schema as the document has it.
    pub(crate) schema_text: Value,
}

pub(crate) struct AnswerContract {
    /// Absent if the response has no body.
    pub(crate) schema: Option<Validator>,
    /// The same schema as the document has it.
    pub(crate) schema_text: Value,
    /// The headers that the response always has.
    pub(crate) headers: Vec<String>,
}

/// The response to a rejected request, from the contract's example.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) text: Bytes,
}

impl Contract {
    /// Reads the document, or names what of it this crate was not written for.
    fn read(document: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(document).map_err(|error| format!("is not JSON: {error}"))?;
        let reader = Reader { document: &document };
        let mut operations = HashMap::new();
        for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let Some(item) = item.as_object() else { continue };
            for (method, description) in item {
                let Some(id) = description.get("operationId").and_then(Value::as_str) else { continue };
                let read = reader.operation(method, path, item, description);
                let operation = read.ok_or_else(|| format!("says of {id} what cannot be read"))?;
                operations.insert(operation.id.clone(), operation);
            }
        }
        Ok(Self { document, operations })
    }

    /// The schema behind this one's `$ref`, or the schema itself.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        Reader { document: &self.document }.resolve(schema).unwrap_or(schema)
    }

    /// What the contract says in words of the value at `pointer` in a value of this schema; empty where it says nothing.
    pub(crate) fn description<'a>(&'a self, schema: &'a Value, pointer: &str) -> &'a str {
        let mut told = "";
        let mut schema = schema;
        for part in pointer.split('/').skip(1) {
            let resolved = self.resolve(schema);
            let Some(inner) = resolved.get("properties").and_then(|all| all.get(part)).or(resolved.get("items")) else {
                return "";
            };
            told = inner
                .get("description")
                .or(self.resolve(inner).get("description"))
                .and_then(Value::as_str)
                .unwrap_or("");
            schema = inner;
        }
        told
    }

    /// The strategies that a connection may have.
    #[cfg(feature = "control")]
    pub(crate) fn strategies(&self) -> Vec<&str> {
        let names = self.document.pointer("/components/schemas/ConnectionStrategy/enum").and_then(Value::as_array);
        names.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// What the contract says of the operation with this id; `None` where it does not describe it.
    pub(crate) fn operation(&self, id: &str) -> Option<&OperationContract> {
        self.operations.get(id)
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &OperationContract> {
        self.operations.values()
    }
}

impl OperationContract {
    /// How the operation refuses a request for this cause; `None` where the contract does not list the cause.
    pub(crate) fn refusal(&self, cause: Cause) -> Option<&Refusal> {
        self.refusals.get(&cause)
    }

    pub(crate) fn answer(&self, status: u16) -> Option<&AnswerContract> {
        self.answers.get(&status)
    }
}

struct Reader<'a> {
    document: &'a Value,
}

impl<'a> Reader<'a> {
    fn operation(
        &self,
        method: &str,
        path: &str,
        item: &'a Map<String, Value>,
        description: &'a Value,
    ) -> Option<OperationContract> {
        let mut query = BTreeMap::new();
        let mut ids = Vec::new();
        let parameters = [item.get("parameters"), description.get("parameters")];
        for parameter in parameters.into_iter().flatten().filter_map(Value::as_array).flatten() {
            let told = self.resolve(parameter)?;
            let known = self.parameter(parameter, told)?;
            match told.get("in")?.as_str()? {
                "query" => {
                    query.insert(known.name.clone(), known);
                }
                _ => ids.push(known),
            }
        }
        let body = match description.get("requestBody") {
            Some(body) => Some(BodyContract {
                required: body.get("required").and_then(Value::as_bool).unwrap_or(false),
                schema: self.validator(json_content(body)?.get("schema")?)?,
                schema_text: json_content(body)?.get("schema")?.clone(),
            }),
            None => None,
        };
        let mut answers = HashMap::new();
        let mut refusals = HashMap::new();
        for (status, answer) in description.get("responses")?.as_object()? {
            let status: StatusCode = status.parse().ok()?;
            let answer = self.resolve(answer)?;
            answers.insert(status.as_u16(), self.answer(answer)?);
            for (name, example) in json_content(answer).and_then(named_examples).into_iter().flatten() {
                let cause = Cause::named(name)?;
                let body = self.resolve(example)?.get("value")?.clone();
                let text = Bytes::from(body.to_string());
                refusals.insert(cause, Refusal { status, body, text });
            }
        }
        Some(OperationContract {
            id: description.get("operationId")?.as_str()?.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            scopes: scopes(description)?,
            ids,
            body,
            query,
            answers,
            refusals,
        })
    }

    fn parameter(&self, parameter: &Value, told: &Value) -> Option<ParameterContract> {
        let schema = told.get("schema")?;
        let of_one = schema.get("items");
        let reference = parameter.get("$ref").and_then(Value::as_str).unwrap_or_default();
        Some(ParameterContract {
            name: told.get("name")?.as_str()?.to_owned(),
            description: told.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
            schema: self.validator(of_one.unwrap_or(schema))?,
            repeats: of_one.is_some(),
            is_connection_id: reference.ends_with("/ConnectionId"),
        })
    }

    fn answer(&self, answer: &'a Value) -> Option<AnswerContract> {
        let schema_text = json_content(answer).and_then(|content| content.get("schema"));
        let schema = match schema_text {
            Some(schema) => Some(self.validator(schema)?),
            None => None,
        };
        let schema_text = schema_text.cloned().unwrap_or_default();
        let headers = answer.get("headers").and_then(Value::as_object).into_iter().flatten();
        // `Retry-After` is the one header that a described response may lack.
        let headers = headers.map(|(name, _)| name.clone()).filter(|name| name != "retry-after").collect();
        Some(AnswerContract { schema, schema_text, headers })
    }

    /// Compiles a schema of the document; `$ref`s in it go on pointing into the document.
    fn validator(&self, schema: &Value) -> Option<Validator> {
        let mut schema = schema.as_object()?.clone();
        schema.insert("components".to_owned(), json!({ "schemas": self.document.pointer("/components/schemas")? }));
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(&Value::Object(schema))
            .ok()
    }

    fn resolve(&self, value: &'a Value) -> Option<&'a Value> {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.document.pointer(reference.strip_prefix('#')?),
            None => Some(value),
        }
    }
}

fn json_content(value: &Value) -> Option<&Value> {
    value.get("content")?.get("application/json")
}

fn named_examples(content: &Value) -> Option<&Map<String, Value>> {
    content.get("examples")?.as_object()
}

/// The scopes of the operation's OAuth 2 alternative.
fn scopes(description: &Value) -> Option<Vec<String>> {
    let alternatives = description.get("security")?.as_array()?;
    let scopes = alternatives.iter().find_map(|alternative| alternative.get("oAuth2ClientCredentials"))?.as_array()?;
    scopes.iter().map(|scope| scope.as_str().map(String::from)).collect()
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;

    #[test]
    fn every_cause_belongs_to_an_operation_and_tells_the_status_it_is_listed_under() {
        for &cause in Cause::VARIANTS {
            let known = contract().operations.values().filter_map(|operation| operation.refusal(cause));
            let statuses: Vec<_> =
                known.map(|refusal| (refusal.status.as_u16(), refusal.body["statusCode"].clone())).collect();
            assert!(!statuses.is_empty(), "{} belongs to no operation", cause.name());
            assert!(statuses.iter().all(|(status, told)| told == status), "{}: {statuses:?}", cause.name());
        }
    }

    #[test]
    fn a_document_with_an_unknown_cause_is_refused_by_the_name_of_its_operation() {
        let refusal = |document: &str| Contract::read(document).err().unwrap();
        let unknown = DOCUMENT.replace("invalid_mapping", "new_cause");
        let refused = refusal(&unknown);
        assert!(refused.ends_with("_directory-provisioning what cannot be read"), "{refused}");
        assert!(refusal("").starts_with("is not JSON"));
    }
}
