//! The response after a fault: bytes, headers, and the script that sends them.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::sync::Notify;

use super::{Cut, Effect, Fault};
use crate::answer::Answer;
use crate::answer_body::{AnswerBody, Step};
use crate::contract::contract;
use crate::operations::Operation;

impl Fault {
    /// Changes what the answer says; how it is sent is [`Fault::script`]'s.
    pub(crate) fn distort(&self, operation: Option<Operation>, answer: &mut Answer) {
        match &self.effect {
            Effect::Truncate => answer.body.truncate(answer.body.len() / 2),
            Effect::Body(body) => answer.body = body.clone().into(),
            Effect::ContentType(value) => set(answer, CONTENT_TYPE.as_str(), value),
            Effect::Distort(distortion) => {
                let described = operation.and_then(|operation| contract().operation(operation.id()));
                let described = described.and_then(|described| described.answer(answer.status.as_u16()));
                let body = serde_json::from_slice::<Value>(&answer.body);
                if let (Some(described), Ok(mut body)) = (described, body) {
                    distortion.apply(contract(), &described.schema_text, &mut body);
                    answer.body = body.to_string().into();
                }
            }
            _ => {}
        }
        for (name, value) in &self.headers {
            set(answer, name, value);
        }
    }

    /// How the body is sent; an error where nothing is sent at all.
    pub(crate) fn script(&self, body: Bytes, close: Arc<Notify>) -> io::Result<AnswerBody> {
        let length = body.len();
        match self.effect {
            Effect::Cut(Cut::BeforeRequest | Cut::BeforeAnswer) => Err(io::ErrorKind::ConnectionAborted.into()),
            // A response without a body has no half: its connection is cut before it.
            Effect::Cut(Cut::WithinAnswer) if length == 0 => Err(io::ErrorKind::ConnectionAborted.into()),
            Effect::Cut(Cut::WithinAnswer) => {
                Ok(AnswerBody::scripted([Step::Send(body.slice(..length / 2)), Step::Flush, Step::Cut], length))
            }
            Effect::Cut(Cut::AfterAnswer) if length == 0 => {
                close.notify_one();
                Ok(AnswerBody::whole(body))
            }
            Effect::Cut(Cut::AfterAnswer) => Ok(AnswerBody::scripted([Step::Tell(close), Step::Send(body)], length)),
            Effect::Slow { pieces, pause } => {
                let size = length.div_ceil(pieces).max(1);
                let starts = (0..length).step_by(size);
                let steps = starts
                    .flat_map(|start| [Step::Pause(pause), Step::Send(body.slice(start..length.min(start + size)))]);
                Ok(AnswerBody::scripted(steps, length))
            }
            _ => Ok(AnswerBody::whole(body)),
        }
    }
}

/// Sets a header; names and values that HTTP does not allow are left out.
fn set(answer: &mut Answer, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        answer.headers.insert(name, value);
    }
}
