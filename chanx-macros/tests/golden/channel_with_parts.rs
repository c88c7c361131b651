impl Room {
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[::chanx::ws_handler(__in_channel)]
    async fn chat(&mut self, chat: Chat) {}
}
#[automatically_derived]
impl ::chanx::__private::OneChannelBlockPerConsumer for Room {
    const NAME: &'static ::chanx::__private::str = "room";
    const GROUPS: &'static [&'static ::chanx::__private::str] = &[];
    const TOPICS: &'static [&'static ::chanx::__private::str] = &[];
    fn define(__chanx_definition: &mut ::chanx::__private::Definition<Self>) {
        __chanx_definition.about(::chanx::__private::None, &[]);
        ::chanx::__private::Definition::message::<
            Chat,
            (),
        >(
            __chanx_definition,
            ::chanx::__private::HandlerDescription::new("chat"),
            ::chanx::__private::Handler::AtOnce(|
                __chanx_consumer,
                __chanx_message,
                __chanx_ctx|
            {
                let __chanx_reply = ::chanx::__private::at_once(
                    Self::chat(__chanx_consumer, __chanx_message),
                );
                ::chanx::__private::answer::<Self, ()>(__chanx_reply, __chanx_ctx)
            }),
        );
        ::chanx::__private::Definition::include::<Heartbeat>(__chanx_definition);
        ::chanx::__private::Definition::include::<Keyboard>(__chanx_definition);
    }
}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Chat {}
#[automatically_derived]
impl<
    __ChanxMember: ::chanx::__private::message_variant::HeldBy<Chat>,
> ::chanx::__private::ReceivesMember<__ChanxMember, Chat, 0usize> for Room {}
#[automatically_derived]
impl ::chanx::PartOf<Room> for Heartbeat {
    fn of(__chanx_whole: &mut Room) -> &mut Self {
        &mut __chanx_whole.parts.heartbeat
    }
}
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<
    __ChanxMessage: ::chanx::__private::ReceivedBy<Heartbeat, __ChanxVia>,
    __ChanxVia,
> ::chanx::__private::PartReceives<__ChanxMessage, Heartbeat, 0usize, __ChanxVia>
for Room {}
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<
    __ChanxEvent: ::chanx::HandledBy<Heartbeat, __ChanxVia>,
    __ChanxVia,
> ::chanx::__private::PartHandles<__ChanxEvent, Heartbeat, 0usize, __ChanxVia>
for Room {}
#[automatically_derived]
impl ::chanx::PartOf<Room> for Keyboard {
    fn of(__chanx_whole: &mut Room) -> &mut Self {
        &mut __chanx_whole.keyboard
    }
}
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<
    __ChanxMessage: ::chanx::__private::ReceivedBy<Keyboard, __ChanxVia>,
    __ChanxVia,
> ::chanx::__private::PartReceives<__ChanxMessage, Keyboard, 1usize, __ChanxVia>
for Room {}
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<
    __ChanxEvent: ::chanx::HandledBy<Keyboard, __ChanxVia>,
    __ChanxVia,
> ::chanx::__private::PartHandles<__ChanxEvent, Keyboard, 1usize, __ChanxVia>
for Room {}
const _: () = {
    const __CHANX_HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled::new(
            "chat",
            ::chanx::__private::received::<Room, Chat>(),
        ),
    ];
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "chat");
};
const _: () = {
    const __CHANX_OWN: &::chanx::__private::Taken = &::chanx::__private::Taken::new(
        &[
            ::chanx::__private::Handled::new(
                "Room::chat",
                ::chanx::__private::received::<Room, Chat>(),
            ),
        ],
        &[],
        &[],
    );
    const _: () = ::chanx::__private::assert_part_free(
        &[__CHANX_OWN],
        ::chanx::__private::taken::<Room, Heartbeat>(),
    );
    const _: () = ::chanx::__private::assert_part_free(
        &[__CHANX_OWN, ::chanx::__private::taken::<Room, Heartbeat>()],
        ::chanx::__private::taken::<Room, Keyboard>(),
    );
};
