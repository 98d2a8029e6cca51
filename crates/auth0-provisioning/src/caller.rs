//! What the handles around directory provisioning make their calls with.

use std::future::Future;

use auth0_provisioning_api as api;
use auth0_transport::{Error, Response};

use crate::{call_limit::CallLimit, deadline::Deadline};

/// The generated client, under the limit of calls in flight that its handles share.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) api: api::Client,
    pub(crate) calls: CallLimit,
}

impl Caller {
    /// The same with calls that end by a deadline.
    pub(crate) fn until(&self, deadline: Deadline) -> Self {
        Self { api: deadline.bounds(&self.api), calls: self.calls.clone() }
    }

    /// Makes a call as soon as the limit of calls in flight allows it.
    pub(crate) async fn call<T>(&self, call: impl Future<Output = Result<Response<T>, Error>>) -> Result<T, Error> {
        let in_flight = self.calls.acquire().await;
        let answer = call.await;
        drop(in_flight);
        answer.map(Response::into_inner)
    }
}
