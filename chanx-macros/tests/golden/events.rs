#[automatically_derived]
impl ::chanx::EventSet for Paid {
    const ACTIONS: &'static [&'static ::chanx::__private::str] = &[
        ::chanx::__private::event_variant::action::<Paid, Completed>(),
    ];
    fn decode(
        _: &::chanx::__private::str,
        __chanx_payload: ::chanx::__private::Payload<'_>,
    ) -> ::chanx::__private::Result<Self, ::chanx::__private::InvalidPayload> {
        ::chanx::__private::event_variant::decode::<
            Paid,
            Completed,
        >(__chanx_payload)
            .map(Self::Completed)
    }
    fn encode(
        &self,
        __chanx_encoder: ::chanx::__private::Encoder<'_>,
    ) -> ::chanx::__private::Result<
        ::chanx::__private::Bytes,
        ::chanx::__private::EncodeError,
    > {
        match self {
            Self::Completed(__chanx_message) => {
                ::chanx::__private::event_variant::encode::<
                    Paid,
                    Completed,
                >(__chanx_message, __chanx_encoder)
            }
        }
    }
    fn action(&self) -> &'static ::chanx::__private::str {
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
impl ::chanx::__private::From<Completed> for Paid {
    fn from(__chanx_message: Completed) -> Self {
        Self::Completed(__chanx_message)
    }
}
const _: () = {
    const __CHANX_HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled::new(
            "Completed",
            &[::chanx::__private::event_variant::action::<Paid, Completed>()],
        ),
    ];
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "Completed");
};
