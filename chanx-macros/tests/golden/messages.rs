#[automatically_derived]
impl ::chanx::MessageSet for Incoming {
    const ACTIONS: &'static [&'static ::chanx::__private::str] = &[
        ::chanx::__private::message_variant::action::<Incoming, Ping>(),
        ::chanx::__private::message_variant::action::<Incoming, Chat>(),
    ];
    fn decode(
        __chanx_action: &::chanx::__private::str,
        __chanx_payload: ::chanx::__private::Payload<'_>,
    ) -> ::chanx::__private::Result<Self, ::chanx::__private::InvalidPayload> {
        if __chanx_action
            == ::chanx::__private::message_variant::action::<Incoming, Ping>()
        {
            return ::chanx::__private::message_variant::decode::<
                Incoming,
                Ping,
            >(__chanx_payload)
                .map(Self::Ping);
        }
        ::chanx::__private::message_variant::decode::<
            Incoming,
            Chat,
        >(__chanx_payload)
            .map(Self::Chat)
    }
    fn encode(
        &self,
        __chanx_encoder: ::chanx::__private::Encoder<'_>,
    ) -> ::chanx::__private::Result<
        ::chanx::__private::Bytes,
        ::chanx::__private::EncodeError,
    > {
        match self {
            Self::Ping(__chanx_message) => {
                ::chanx::__private::message_variant::encode::<
                    Incoming,
                    Ping,
                >(__chanx_message, __chanx_encoder)
            }
            Self::Chat(__chanx_message) => {
                ::chanx::__private::message_variant::encode::<
                    Incoming,
                    Chat,
                >(__chanx_message, __chanx_encoder)
            }
        }
    }
    fn describe(
        __chanx_messages: &mut ::chanx::__private::Vec<
            ::chanx::__private::MessageDescription,
        >,
    ) {
        __chanx_messages
            .push(
                ::chanx::__private::message_variant::describe::<Incoming, Ping>(),
            );
        __chanx_messages
            .push(
                ::chanx::__private::message_variant::describe::<Incoming, Chat>(),
            );
    }
}
#[automatically_derived]
impl ::chanx::__private::message_variant::HeldBy<Incoming> for Ping {
    type Place = ::chanx::__private::Place<0usize>;
}
#[automatically_derived]
impl ::chanx::__private::From<Ping> for Incoming {
    fn from(__chanx_message: Ping) -> Self {
        Self::Ping(__chanx_message)
    }
}
#[automatically_derived]
impl ::chanx::__private::message_variant::HeldBy<Incoming> for Chat {
    type Place = ::chanx::__private::Place<1usize>;
}
#[automatically_derived]
impl ::chanx::__private::From<Chat> for Incoming {
    fn from(__chanx_message: Chat) -> Self {
        Self::Chat(__chanx_message)
    }
}
const _: () = {
    const __CHANX_HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled::new(
            "Ping",
            &[::chanx::__private::message_variant::action::<Incoming, Ping>()],
        ),
        ::chanx::__private::Handled::new(
            "Chat",
            &[::chanx::__private::message_variant::action::<Incoming, Chat>()],
        ),
    ];
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "Ping");
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "Chat");
};
