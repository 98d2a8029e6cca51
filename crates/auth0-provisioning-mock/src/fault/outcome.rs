//! The response after a fault: bytes, headers, and how they are sent.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::sync::Notify;

use super::distortion::distort;
use super::{Cut, Effect, Fault};
use crate::contract::contract;
use crate::operations::Operation;
use crate::response::Response;
use crate::response_body::{ResponseBody, Step};

const HTML: &[u8] = b"<html><body>Bad gateway</body></html>";

impl Fault {
    /// Changes headers and body of a response. [`Fault::script`] decides how they are sent.
    pub(crate) fn distort(&self, operation: Option<Operation>, response: &mut Response) {
        match &self.effect {
            Effect::TruncatedBody {} => response.body.truncate(response.body.len() / 2),
            Effect::Body { body } => response.body = body.clone().into(),
            Effect::NotJson {} => response.body = Bytes::from_static(HTML),
            Effect::ContentType { content_type } => set(response, CONTENT_TYPE.as_str(), content_type),
            effect @ (Effect::UnknownEnumValues {}
            | Effect::ExtraFields {}
            | Effect::NullsForAbsent {}
            | Effect::NextCursor { .. }) => {
                let contract_of = operation.and_then(|operation| contract().operation(operation.id()));
                let known = contract_of.and_then(|known| known.response(response.status.as_u16()));
                let body = serde_json::from_slice::<Value>(&response.body);
                if let (Some(known), Ok(mut body)) = (known, body) {
                    distort(effect, contract(), &known.schema_text, &mut body);
                    response.body = body.to_string().into();
                }
            }
            _ => {}
        }
        for (name, value) in &self.headers {
            set(response, name, value);
        }
    }

    /// Returns how the body is sent, or an error if the connection is cut before the response.
    pub(crate) fn script(&self, body: Bytes, close: Arc<Notify>) -> io::Result<ResponseBody> {
        let length = body.len();
        match self.effect {
            Effect::Cut { at: Cut::BeforeRequest | Cut::BeforeResponse } => {
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            // An empty body cannot be cut in half.
            Effect::Cut { at: Cut::WithinResponse } if length == 0 => Err(io::ErrorKind::ConnectionAborted.into()),
            Effect::Cut { at: Cut::WithinResponse } => {
                Ok(ResponseBody::scripted([Step::Send(body.slice(..length / 2)), Step::Flush, Step::Cut], length))
            }
            Effect::Cut { at: Cut::AfterResponse } if length == 0 => {
                close.notify_one();
                Ok(ResponseBody::whole(body))
            }
            Effect::Cut { at: Cut::AfterResponse } => {
                Ok(ResponseBody::scripted([Step::Notify(close), Step::Send(body)], length))
            }
            Effect::SlowBody { pieces, pause } => {
                let size = length.div_ceil(pieces.max(1)).max(1);
                let starts = (0..length).step_by(size);
                let steps = starts
                    .flat_map(|start| [Step::Pause(pause), Step::Send(body.slice(start..length.min(start + size)))]);
                Ok(ResponseBody::scripted(steps, length))
            }
            _ => Ok(ResponseBody::whole(body)),
        }
    }
}

/// Sets a header. A name or value that HTTP does not allow is ignored.
fn set(response: &mut Response, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        response.headers.insert(name, value);
    }
}
