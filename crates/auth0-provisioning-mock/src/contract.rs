//! The contract: what it states about each operation, ready to check requests and responses.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use crate::cause::Cause;
use crate::schema::Schema;

/// A copy of the project's contract. `cargo xtask generate` writes it.
const DOCUMENT: &str = include_str!("../assets/contract.json");

/// Returns the contract, which is read once for each process.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Result<Contract, String>> = LazyLock::new(|| Contract::read(DOCUMENT));
    match &*CONTRACT {
        Ok(contract) => contract,
        // The document is part of this crate, and every test reads it. Each of them fails with the reason.
        Err(problem) => panic!("cannot read assets/contract.json: {problem}"),
    }
}

pub(crate) struct Contract {
    document: Value,
    /// By operation id.
    operations: HashMap<String, OperationContract>,
}

/// What the contract states about one operation.
pub(crate) struct OperationContract {
    /// In upper case.
    pub(crate) method: String,
    /// Below `/api/v2`, with names in braces for ids.
    pub(crate) path: String,
    /// One of them is enough.
    pub(crate) scopes: Vec<String>,
    /// The ids in the path, in order.
    pub(crate) ids: Vec<ParameterContract>,
    pub(crate) body: Option<BodyContract>,
    /// Query parameters by name.
    pub(crate) query: BTreeMap<String, ParameterContract>,
    responses: HashMap<u16, ResponseContract>,
    error_responses: HashMap<Cause, ErrorResponse>,
}

/// What the contract states about an id in the path or a query parameter.
pub(crate) struct ParameterContract {
    pub(crate) name: String,
    pub(crate) description: String,
    /// The schema of one value, if several may be sent.
    pub(crate) schema: Schema,
    pub(crate) repeats: bool,
    pub(crate) is_connection_id: bool,
}

pub(crate) struct BodyContract {
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    /// The schema in the document.
    pub(crate) schema_text: Value,
}

pub(crate) struct ResponseContract {
    /// Absent if the response has no body.
    pub(crate) schema: Option<Schema>,
    /// The schema in the document.
    pub(crate) schema_text: Value,
    /// The headers that the response always has.
    pub(crate) headers: Vec<String>,
}

/// An example of an error response in the contract.
#[derive(Clone, Debug)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) text: Bytes,
}

impl Contract {
    /// Reads the document, or names the part that this crate was not written for.
    fn read(document: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(document).map_err(|error| format!("it is not JSON: {error}"))?;
        let reader = Reader { document: &document };
        let mut operations = HashMap::new();
        for (path, item) in entries(&document["paths"]) {
            for (method, operation) in entries(item) {
                if let Some(id) = operation["operationId"].as_str() {
                    let read = reader.operation(method, path, &item["parameters"], operation);
                    operations.insert(id.to_owned(), read.map_err(|problem| format!("operation {id}: {problem}"))?);
                }
            }
        }
        Ok(Self { document, operations })
    }

    /// Returns the schema that this schema refers to, or the schema itself.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        Reader { document: &self.document }.resolve(schema)
    }

    /// Returns the description of the value at `pointer` in a value of this schema; empty if there is none.
    pub(crate) fn description<'a>(&'a self, schema: &'a Value, pointer: &str) -> &'a str {
        let mut description = "";
        let mut schema = schema;
        for part in pointer.split('/').skip(1) {
            let resolved = self.resolve(schema);
            let Some(inner) = resolved.get("properties").and_then(|all| all.get(part)).or(resolved.get("items")) else {
                return "";
            };
            let own = inner["description"].as_str();
            description = own.or(self.resolve(inner)["description"].as_str()).unwrap_or_default();
            schema = inner;
        }
        description
    }

    /// Returns the strategies that a connection may have.
    #[cfg(feature = "control")]
    pub(crate) fn strategies(&self) -> Vec<&str> {
        let names = self.document["components"]["schemas"]["ConnectionStrategy"]["enum"].as_array();
        names.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub(crate) fn operation(&self, id: &str) -> Option<&OperationContract> {
        self.operations.get(id)
    }

    /// Returns every operation with its id.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &OperationContract)> {
        self.operations.iter().map(|(id, operation)| (id.as_str(), operation))
    }
}

impl OperationContract {
    /// Returns the error response for this cause, or `None` if the operation does not list it.
    pub(crate) fn error_response(&self, cause: Cause) -> Option<&ErrorResponse> {
        self.error_responses.get(&cause)
    }

    pub(crate) fn response(&self, status: u16) -> Option<&ResponseContract> {
        self.responses.get(&status)
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
        common_parameters: &'a Value,
        operation: &'a Value,
    ) -> Result<OperationContract, String> {
        let mut query = BTreeMap::new();
        let mut ids = Vec::new();
        for parameter in items(common_parameters).chain(items(&operation["parameters"])) {
            let known = self.parameter(parameter)?;
            if self.resolve(parameter)["in"] == "query" {
                query.insert(known.name.clone(), known);
            } else {
                ids.push(known);
            }
        }
        let body = match &operation["requestBody"] {
            Value::Null => None,
            body => {
                let schema = &body["content"]["application/json"]["schema"];
                let required = body["required"] == true;
                Some(BodyContract { required, schema: self.schema(schema)?, schema_text: schema.clone() })
            }
        };
        let mut responses = HashMap::new();
        let mut error_responses = HashMap::new();
        for (status, response) in entries(&operation["responses"]) {
            let status: StatusCode = status.parse().map_err(|_| format!("`{status}` is not a status"))?;
            let response = self.resolve(response);
            let content = &response["content"]["application/json"];
            responses.insert(status.as_u16(), self.response(response, &content["schema"])?);
            for (name, example) in entries(&content["examples"]) {
                if status.is_success() {
                    continue;
                }
                let cause = Cause::named(name)
                    .ok_or_else(|| format!("the cause `{name}` is unknown; run `cargo xtask generate`"))?;
                let body = self.resolve(example)["value"].clone();
                let text = Bytes::from(body.to_string());
                error_responses.insert(cause, ErrorResponse { status, body, text });
            }
        }
        Ok(OperationContract {
            method: method.to_uppercase(),
            path: path.to_owned(),
            scopes: scopes(operation),
            ids,
            body,
            query,
            responses,
            error_responses,
        })
    }

    fn parameter(&self, parameter: &'a Value) -> Result<ParameterContract, String> {
        let resolved = self.resolve(parameter);
        let schema = &resolved["schema"];
        let of_one = schema.get("items");
        Ok(ParameterContract {
            name: text(resolved, "name"),
            description: text(resolved, "description"),
            schema: self.schema(of_one.unwrap_or(schema))?,
            repeats: of_one.is_some(),
            is_connection_id: text(parameter, "$ref").ends_with("/ConnectionId"),
        })
    }

    fn response(&self, response: &'a Value, schema: &'a Value) -> Result<ResponseContract, String> {
        // `Retry-After` is the only header in the contract that a response may lack.
        let headers = entries(&response["headers"]).map(|(name, _)| name.clone()).filter(|name| name != "retry-after");
        Ok(ResponseContract {
            schema: if schema.is_null() { None } else { Some(self.schema(schema)?) },
            schema_text: schema.clone(),
            headers: headers.collect(),
        })
    }

    fn schema(&self, schema: &Value) -> Result<Schema, String> {
        Schema::compile(schema, self.document)
    }

    fn resolve(&self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        target.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// Returns the scopes of the operation's OAuth 2 security scheme.
fn scopes(operation: &Value) -> Vec<String> {
    let scopes = items(&operation["security"]).flat_map(|scheme| items(&scheme["oAuth2ClientCredentials"]));
    scopes.filter_map(Value::as_str).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_bodies_repeat_their_status() {
        for (id, operation) in contract().operations() {
            for (cause, response) in &operation.error_responses {
                let name = cause.name();
                assert_eq!(response.body["statusCode"], response.status.as_u16(), "{name} of {id}");
            }
        }
    }

    #[test]
    fn unknown_cause_is_named_with_its_operation() {
        let problem = |document: &str| Contract::read(document).err().unwrap();
        let problem_of_cause = problem(&DOCUMENT.replace("invalid_mapping", "new_cause"));
        assert!(problem_of_cause.contains("_directory-provisioning: the cause `new_cause`"), "{problem_of_cause}");
        assert!(problem("").starts_with("it is not JSON"));
    }
}
