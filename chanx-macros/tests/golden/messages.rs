#[automatically_derived]
impl ::chanx::Messages for Incoming {
    const ACTIONS: &'static [&'static str] = &[
        ::chanx::__private::message_variant::action::<Incoming, Ping>(),
        ::chanx::__private::message_variant::action::<Incoming, Chat>(),
    ];
    fn decode(
        action: &str,
        payload: ::chanx::__private::Payload<'_>,
    ) -> ::core::result::Result<Self, ::chanx::__private::InvalidPayload> {
        if action == ::chanx::__private::message_variant::action::<Incoming, Ping>() {
            return ::chanx::__private::message_variant::decode::<Incoming, Ping>(payload)
                .map(Self::Ping);
        }
        ::chanx::__private::message_variant::decode::<Incoming, Chat>(payload)
            .map(Self::Chat)
    }
    fn encode(
        &self,
        encoder: ::chanx::__private::Encoder<'_>,
    ) -> ::core::result::Result<
        ::chanx::__private::Bytes,
        ::chanx::__private::EncodeError,
    > {
        match self {
            Self::Ping(message) => {
                ::chanx::__private::message_variant::encode::<
                    Incoming,
                    Ping,
                >(message, encoder)
            }
            Self::Chat(message) => {
                ::chanx::__private::message_variant::encode::<
                    Incoming,
                    Chat,
                >(message, encoder)
            }
        }
    }
    fn describe(messages: &mut ::std::vec::Vec<::chanx::__private::MessageDescription>) {
        messages.push(::chanx::__private::message_variant::describe::<Incoming, Ping>());
        messages.push(::chanx::__private::message_variant::describe::<Incoming, Chat>());
    }
}
#[automatically_derived]
impl ::chanx::__private::message_variant::HeldBy<Incoming> for Ping {}
#[automatically_derived]
impl ::core::convert::From<Ping> for Incoming {
    fn from(message: Ping) -> Self {
        Self::Ping(message)
    }
}
#[automatically_derived]
impl ::chanx::__private::message_variant::HeldBy<Incoming> for Chat {}
#[automatically_derived]
impl ::core::convert::From<Chat> for Incoming {
    fn from(message: Chat) -> Self {
        Self::Chat(message)
    }
}
const _: () = {
    const HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled {
            handler: "Ping",
            actions: &[::chanx::__private::message_variant::action::<Incoming, Ping>()],
        },
        ::chanx::__private::Handled {
            handler: "Chat",
            actions: &[::chanx::__private::message_variant::action::<Incoming, Chat>()],
        },
    ];
    const _: () = ::chanx::__private::assert_free(HANDLED, "Ping");
    const _: () = ::chanx::__private::assert_free(HANDLED, "Chat");
};
