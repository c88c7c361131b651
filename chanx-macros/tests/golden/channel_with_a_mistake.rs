impl Room {
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[::chanx::ws_handler(__in_channel)]
    async fn chat(&mut self) {}
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[::chanx::ws_handler(__in_channel)]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}
::core::compile_error! {
    "a handler takes a message by value: add a parameter such as `message: Chat`; `&mut` means the context"
}
#[automatically_derived]
impl ::chanx::__private::OneChannelBlockPerConsumer for Room {
    const NAME: &'static ::chanx::__private::str = "room";
    const GROUPS: &'static [&'static ::chanx::__private::str] = &[];
    const TOPICS: &'static [&'static ::chanx::__private::str] = &[];
    fn define(__chanx_definition: &mut ::chanx::__private::Definition<Self>) {
        __chanx_definition.about(::chanx::__private::None, &[]);
        ::chanx::__private::Definition::message::<
            Ping,
            Pong,
        >(
            __chanx_definition,
            ::chanx::__private::HandlerDescription::new("ping"),
            ::chanx::__private::Handler::AtOnce(|
                __chanx_consumer,
                __chanx_message,
                __chanx_ctx|
            {
                let __chanx_reply = ::chanx::__private::at_once(
                    Self::ping(__chanx_consumer, __chanx_message),
                );
                ::chanx::__private::answer::<Self, Pong>(__chanx_reply, __chanx_ctx)
            }),
        );
    }
}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Ping {}
#[automatically_derived]
impl<
    __ChanxMember: ::chanx::__private::message_variant::HeldBy<Ping>,
> ::chanx::__private::ReceivesMember<__ChanxMember, Ping, 0usize> for Room {}
const _: () = {
    const __CHANX_HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled::new(
            "ping",
            ::chanx::__private::received::<Room, Ping>(),
        ),
    ];
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "ping");
};
