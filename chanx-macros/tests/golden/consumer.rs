#[automatically_derived]
impl crate::web::Consumer for Lobby {}
