//! The wire protocol, statement by statement, as a client sees it.

// Who answers.
mod desk;
mod room;
// What is said.
mod closes;
mod completion;
mod errors;
mod frames;
mod groups;
mod logs;
mod order;
mod rendering;
