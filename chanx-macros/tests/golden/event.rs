#[automatically_derived]
impl ::chanx::Event for PaymentCompleted {
    const ACTION: &'static ::chanx::__private::str = "payment_completed";
    fn read(
        payload: ::chanx::__private::Payload<'_>,
    ) -> ::chanx::__private::Result<Self, ::chanx::__private::InvalidPayload> {
        use ::chanx::__private::ReadEvent as _;
        ::chanx::__private::Reading::<Self>::of_chanx_event()
            .read_chanx_event(payload)
    }
}
