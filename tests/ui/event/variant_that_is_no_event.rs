//! A variant that holds what is not an event.

#[path = "../app.rs"]
mod app;

use app::PaymentCompleted;

#[derive(Clone, chanx::EventEnum)]
enum Any {
    Paid(PaymentCompleted),
    Text(String),
}

fn main() {}
