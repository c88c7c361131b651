//! What a reader of the document sees, and how it is served.

mod contents;
mod hostile;
mod kitchen_sink;
mod names;
mod recursive;
mod request;
mod schemas;
mod served;
mod several;
mod written;
