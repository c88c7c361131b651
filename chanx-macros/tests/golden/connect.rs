#[automatically_derived]
impl crate::web::Connect for Lobby {
    type Handshake = ();
    async fn connect(
        (): (),
    ) -> crate::web::__private::Result<Self, crate::web::Rejection> {
        crate::web::__private::Ok(
            <Self as crate::web::__private::Default>::default(),
        )
    }
}
