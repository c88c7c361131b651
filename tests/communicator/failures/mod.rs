//! The text with which a test fails.

mod causes;
mod connecting;
mod expecting;
mod receiving;
mod sending;

use std::future::Future;

use chanx_testing::Communicator;

use crate::room::{Room, app};

type Client = Communicator<Room>;

async fn connect() -> Client {
    Client::connect(&app().router, "/ws/room/lobby?user=ana").await
}

/// The text that a test fails with.
pub(crate) async fn failure(test: impl Future<Output = ()> + Send + 'static) -> String {
    let panic = tokio::spawn(test).await.unwrap_err().into_panic();
    *panic.downcast::<String>().unwrap()
}

/// True if a failure names a line, in whatever column.
pub(crate) fn starts_at(text: &str, file: &str, line: u32) -> bool {
    text.starts_with(&format!("{file}:{line}:"))
}
