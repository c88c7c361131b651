#[automatically_derived]
impl crate::web::Consumer for Lobby {
    type Handshake = ();
    async fn connect(
        (): Self::Handshake,
    ) -> ::core::result::Result<Self, crate::web::Rejection> {
        ::core::result::Result::Ok(<Self as ::core::default::Default>::default())
    }
}
