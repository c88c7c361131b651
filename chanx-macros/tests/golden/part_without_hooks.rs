#[automatically_derived]
impl crate::web::Part for Heartbeat {}
