#[automatically_derived]
impl ::chanx::Events for Paid {
    const ACTIONS: &'static [&'static str] = &[
        ::chanx::__private::event_variant::action::<Paid, Completed>(),
    ];
    fn decode(
        _action: &str,
        payload: ::chanx::__private::Payload<'_>,
    ) -> ::core::result::Result<Self, ::chanx::__private::InvalidPayload> {
        ::chanx::__private::event_variant::decode::<Paid, Completed>(payload)
            .map(Self::Completed)
    }
    fn encode(
        &self,
        encoder: ::chanx::__private::Encoder<'_>,
    ) -> ::core::result::Result<
        ::chanx::__private::Bytes,
        ::chanx::__private::EncodeError,
    > {
        match self {
            Self::Completed(message) => {
                ::chanx::__private::event_variant::encode::<
                    Paid,
                    Completed,
                >(message, encoder)
            }
        }
    }
    fn action(&self) -> &'static str {
        match self {
            Self::Completed(_) => {
                ::chanx::__private::event_variant::action::<Paid, Completed>()
            }
        }
    }
}
#[automatically_derived]
impl ::chanx::__private::event_variant::HeldBy<Paid> for Completed {}
#[automatically_derived]
impl ::core::convert::From<Completed> for Paid {
    fn from(message: Completed) -> Self {
        Self::Completed(message)
    }
}
const _: () = {
    const HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled {
            handler: "Completed",
            actions: &[::chanx::__private::event_variant::action::<Paid, Completed>()],
        },
    ];
    const _: () = ::chanx::__private::assert_free(HANDLED, "Completed");
};
