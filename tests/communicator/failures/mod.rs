//! What a test is told when it fails.

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
async fn failure(test: impl Future<Output = ()> + Send + 'static) -> String {
    let panic = tokio::spawn(test).await.unwrap_err().into_panic();
    *panic.downcast::<String>().unwrap()
}

/// Whether a failure names a line, in a column that does not matter.
fn starts_at(text: &str, file: &str, line: u32) -> bool {
    text.starts_with(&format!("{file}:{line}:"))
}
