//! A stream that goes on while it is not polled.

use auth0_transport::Task;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

/// The items of a stream that a task drives from the first poll on. Items that are not taken yet are kept.
pub(crate) fn driven<T: Send + 'static>(mut items: BoxStream<'static, T>) -> BoxStream<'static, T> {
    let driven = async move {
        let (sender, receiver) = mpsc::unbounded_channel();
        let task = Task::spawn(async move {
            while let Some(item) = items.next().await {
                // The receiver is dropped together with the task.
                let _ = sender.send(item);
            }
        });
        stream::unfold((receiver, task), |(mut receiver, task)| async move {
            let Some(item) = receiver.recv().await else {
                Task::output(task.await);
                return None;
            };
            Some((item, (receiver, task)))
        })
    };
    stream::once(driven).flatten().boxed()
}
