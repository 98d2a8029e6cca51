//! The contract: what it says of each operation, ready to judge requests and answers by.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use bytes::Bytes;
use http::StatusCode;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::cause::Cause;
use crate::operation::Operation;

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
    operations: HashMap<Operation, OperationContract>,
}

/// What the contract says of one operation.
pub(crate) struct OperationContract {
    pub(crate) scope: String,
    pub(crate) body: Option<BodyContract>,
    /// Query parameters by name.
    pub(crate) query: BTreeMap<String, Validator>,
    answers: HashMap<u16, AnswerContract>,
    refusals: HashMap<Cause, Refusal>,
}

pub(crate) struct BodyContract {
    pub(crate) required: bool,
    pub(crate) schema: Validator,
}

pub(crate) struct AnswerContract {
    /// Absent where the answer has no body.
    pub(crate) schema: Option<Validator>,
    /// The same schema as the document has it.
    pub(crate) schema_text: Value,
    /// The headers that the answer always has.
    pub(crate) headers: Vec<String>,
}

/// The answer to a refused request, from the contract's example.
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
        let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
        for item in items.filter_map(Value::as_object) {
            for description in item.values() {
                let Some(id) = description.get("operationId").and_then(Value::as_str) else { continue };
                let known = Operation::OF_CONTRACT.into_iter().find(|known| known.id() == id);
                let operation = known.ok_or_else(|| format!("has the operation {id}, which no file answers"))?;
                let read = reader.operation(item, description);
                operations.insert(operation, read.ok_or_else(|| format!("says of {id} what cannot be read"))?);
            }
        }
        match Operation::OF_CONTRACT.into_iter().find(|operation| !operations.contains_key(operation)) {
            Some(operation) => Err(format!("lacks the operation {}", operation.id())),
            None => Ok(Self { document, operations }),
        }
    }

    /// The schema behind this one's `$ref`, or the schema itself.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        Reader { document: &self.document }.resolve(schema).unwrap_or(schema)
    }

    /// What the contract says of `operation`; `None` for the token endpoint and the connections resource.
    pub(crate) fn operation(&self, operation: Operation) -> Option<&OperationContract> {
        self.operations.get(&operation)
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
    fn operation(&self, item: &'a Map<String, Value>, description: &'a Value) -> Option<OperationContract> {
        let mut query = BTreeMap::new();
        let parameters = [item.get("parameters"), description.get("parameters")];
        for parameter in parameters.into_iter().flatten().filter_map(Value::as_array).flatten() {
            let parameter = self.resolve(parameter)?;
            if parameter.get("in")? == "query" {
                query.insert(parameter.get("name")?.as_str()?.to_owned(), self.validator(parameter.get("schema")?)?);
            }
        }
        let body = match description.get("requestBody") {
            Some(body) => Some(BodyContract {
                required: body.get("required").and_then(Value::as_bool).unwrap_or(false),
                schema: self.validator(json_content(body)?.get("schema")?)?,
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
                let cause = Cause::ALL.into_iter().find(|cause| cause.name() == name)?;
                let body = self.resolve(example)?.get("value")?.clone();
                let text = Bytes::from(body.to_string());
                refusals.insert(cause, Refusal { status, body, text });
            }
        }
        Some(OperationContract { scope: scope(description)?.to_owned(), body, query, answers, refusals })
    }

    fn answer(&self, answer: &'a Value) -> Option<AnswerContract> {
        let schema_text = json_content(answer).and_then(|content| content.get("schema"));
        let schema = match schema_text {
            Some(schema) => Some(self.validator(schema)?),
            None => None,
        };
        let schema_text = schema_text.cloned().unwrap_or_default();
        let headers = answer.get("headers").and_then(Value::as_object).into_iter().flatten();
        // `Retry-After` is the one header that a described answer may lack.
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

/// The scope that the operation's OAuth 2 alternative asks for.
fn scope(description: &Value) -> Option<&str> {
    let alternatives = description.get("security")?.as_array()?;
    alternatives.iter().find_map(|alternative| alternative.get("oAuth2ClientCredentials")?.get(0)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_belongs_to_an_operation_and_tells_the_status_it_is_listed_under() {
        for cause in Cause::ALL {
            let known = contract().operations.values().filter_map(|operation| operation.refusal(cause));
            let statuses: Vec<_> =
                known.map(|refusal| (refusal.status.as_u16(), refusal.body["statusCode"].clone())).collect();
            assert!(!statuses.is_empty(), "{} belongs to no operation", cause.name());
            assert!(statuses.iter().all(|(status, told)| told == status), "{}: {statuses:?}", cause.name());
        }
    }

    #[test]
    fn a_document_with_an_unknown_cause_or_operation_or_without_one_is_refused_by_name() {
        let refusal = |document: &str| Contract::read(document).err().unwrap();
        assert!(refusal(&DOCUMENT.replace("invalid_mapping", "new_cause")).ends_with(" what cannot be read"));
        let renamed = DOCUMENT.replace("post_synchronizations", "another");
        assert_eq!(refusal(&renamed), "has the operation another, which no file answers");
        assert_eq!(refusal(r#"{"paths": {}}"#), "lacks the operation get_directory-provisioning");
        assert!(refusal("").starts_with("is not JSON"));
    }
}
