//! The faults that wait for a request.

use std::collections::VecDeque;

use super::Fault;
use crate::request_line::RequestLine;

#[derive(Debug, Default)]
pub(crate) struct FaultQueue(VecDeque<Fault>);

impl FaultQueue {
    pub(crate) fn push(&mut self, fault: Fault) {
        if fault.remaining != Some(0) {
            self.0.push_back(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the waiting faults, in order.
    #[cfg(feature = "control")]
    pub(crate) fn waiting(&self) -> impl ExactSizeIterator<Item = &Fault> {
        self.0.iter()
    }

    /// Takes the first fault that matches this request.
    pub(crate) fn take(&mut self, line: &RequestLine<'_>) -> Option<Fault> {
        let matches = |fault: &Fault| fault.requests.as_ref().is_none_or(|requests| requests.matches(line));
        let index = self.0.iter().position(matches)?;
        let fault = &mut self.0[index];
        fault.remaining = fault.remaining.map(|remaining| remaining - 1);
        if fault.remaining == Some(0) { self.0.remove(index) } else { Some(fault.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Effect;
    use crate::operations::Operation;

    #[test]
    fn request_takes_the_first_fault_that_matches() {
        let mut queue = FaultQueue::default();
        queue.push(Fault::status(503).times(2));
        queue.push(Fault::not_json().on(Operation::Synchronize));
        queue.push(Fault::none());
        queue.push(Fault::truncated_body().always());

        let mut taken = |operation| match queue
            .take(&RequestLine::new(Some(operation), "GET", "/", ""))
            .map(|fault| fault.effect)
        {
            Some(Effect::Status { .. }) => "status",
            Some(Effect::NotJson {}) => "body",
            Some(Effect::None {}) => "none",
            Some(Effect::TruncatedBody {}) => "truncate",
            _ => "nothing",
        };
        let get = Operation::GetConfiguration;
        let operations = [get, get, get, Operation::Synchronize, get, Operation::Synchronize];
        assert_eq!(operations.map(&mut taken), ["status", "status", "none", "body", "truncate", "truncate"]);
    }
}
