//! The response after a fault: bytes, headers, and the script that sends them.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::sync::Notify;

use super::{Cut, Effect, Fault};
use crate::contract::contract;
use crate::operations::Operation;
use crate::response::Response;
use crate::response_body::{ResponseBody, Step};

impl Fault {
    /// Changes what the response says; how it is sent is [`Fault::script`]'s.
    pub(crate) fn distort(&self, operation: Option<Operation>, response: &mut Response) {
        match &self.effect {
            Effect::Truncate => response.body.truncate(response.body.len() / 2),
            Effect::Body(body) => response.body = body.clone().into(),
            Effect::ContentType(value) => set(response, CONTENT_TYPE.as_str(), value),
            Effect::Distort(distortion) => {
                let described = operation.and_then(|operation| contract().operation(operation.id()));
                let described = described.and_then(|described| described.response(response.status.as_u16()));
                let body = serde_json::from_slice::<Value>(&response.body);
                if let (Some(described), Ok(mut body)) = (described, body) {
                    distortion.apply(contract(), &described.schema_text, &mut body);
                    response.body = body.to_string().into();
                }
            }
            _ => {}
        }
        for (name, value) in &self.headers {
            set(response, name, value);
        }
    }

    /// How the body is sent; an error where nothing is sent at all.
    pub(crate) fn script(&self, body: Bytes, close: Arc<Notify>) -> io::Result<ResponseBody> {
        let length = body.len();
        match self.effect {
            Effect::Cut(Cut::BeforeRequest | Cut::BeforeResponse) => Err(io::ErrorKind::ConnectionAborted.into()),
            // A response without a body has no half: its connection is cut before it.
            Effect::Cut(Cut::WithinResponse) if length == 0 => Err(io::ErrorKind::ConnectionAborted.into()),
            Effect::Cut(Cut::WithinResponse) => {
                Ok(ResponseBody::scripted([Step::Send(body.slice(..length / 2)), Step::Flush, Step::Cut], length))
            }
            Effect::Cut(Cut::AfterResponse) if length == 0 => {
                close.notify_one();
                Ok(ResponseBody::whole(body))
            }
            Effect::Cut(Cut::AfterResponse) => {
                Ok(ResponseBody::scripted([Step::Tell(close), Step::Send(body)], length))
            }
            Effect::Slow { pieces, pause } => {
                let size = length.div_ceil(pieces).max(1);
                let starts = (0..length).step_by(size);
                let steps = starts
                    .flat_map(|start| [Step::Pause(pause), Step::Send(body.slice(start..length.min(start + size)))]);
                Ok(ResponseBody::scripted(steps, length))
            }
            _ => Ok(ResponseBody::whole(body)),
        }
    }
}

/// Sets a header; names and values that HTTP does not allow are left out.
fn set(response: &mut Response, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        response.headers.insert(name, value);
    }
}
