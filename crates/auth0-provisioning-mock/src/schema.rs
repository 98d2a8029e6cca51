//! Schemas of the contract. Without the feature `validation`, every value fits every schema.

use serde_json::Value;

#[cfg(feature = "validation")]
mod messages;

/// A compiled schema of the contract.
pub(crate) struct Schema {
    #[cfg(feature = "validation")]
    validator: jsonschema::Validator,
}

/// The reason why a value does not fit its schema.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// The reason in the words of the API, with the value.
    pub(crate) message: String,
    /// The reason without the value.
    pub(crate) masked: String,
    /// The place of the value, as a JSON pointer.
    pub(crate) pointer: String,
}

impl Schema {
    /// Compiles a schema of the document. A `$ref` in the schema points into the document.
    #[cfg(feature = "validation")]
    pub(crate) fn compile(schema: &Value, document: &Value) -> Result<Self, String> {
        let mut schema = schema.as_object().ok_or("a schema is not an object")?.clone();
        let schemas = document.pointer("/components/schemas").unwrap_or(&Value::Null);
        schema.insert("components".to_owned(), serde_json::json!({ "schemas": schemas }));
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(&Value::Object(schema)).map_err(|error| error.to_string())?;
        Ok(Self { validator })
    }

    #[cfg(not(feature = "validation"))]
    #[allow(clippy::unnecessary_wraps)] // the signature of the function with `validation`
    pub(crate) fn compile(_: &Value, _: &Value) -> Result<Self, String> {
        Ok(Self {})
    }

    /// Returns an error if the value does not fit.
    #[cfg(feature = "validation")]
    pub(crate) fn check(&self, value: &Value) -> Result<(), Mismatch> {
        self.validator.validate(value).map_err(|error| Mismatch {
            message: messages::message(&error),
            masked: error.masked().to_string(),
            pointer: error.instance_path().as_str().to_owned(),
        })
    }

    #[cfg(not(feature = "validation"))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)] // the signature of the method with `validation`
    pub(crate) fn check(&self, _: &Value) -> Result<(), Mismatch> {
        Ok(())
    }
}
