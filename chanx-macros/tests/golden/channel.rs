/// Real-time chat.
impl Room {
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    /// Send a line to the room.
    ///
    /// Everyone sees it.
    #[::chanx::ws_handler(__in_channel)]
    async fn chat(
        &mut self,
        chat: Chat,
        ctx: &mut Context<Self>,
    ) -> Result<(), HandlerError> {
        Ok(())
    }
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[::chanx::ws_handler(__in_channel)]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[::chanx::ws_handler(__in_channel)]
    async fn find(&mut self, find: Find) -> Option<Found> {
        self.shelf.find(find).await
    }
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[::chanx::ws_handler(__in_channel)]
    #[instrument]
    async fn hello(&mut self, _: Hello) {}
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[cfg(feature = "payments")]
    #[::chanx::event_handler(__in_channel)]
    async fn paid(&mut self, ctx: &mut Context<Self>, event: PaymentCompleted) {}
}
#[automatically_derived]
impl ::chanx::__private::OneChannelBlockPerConsumer for Room {
    const NAME: &'static ::chanx::__private::str = "room";
    const GROUPS: &'static [&'static ::chanx::__private::str] = &["lobby"];
    const TOPICS: &'static [&'static ::chanx::__private::str] = &[];
    fn define(__chanx_definition: &mut ::chanx::__private::Definition<Self>) {
        __chanx_definition
            .about(::chanx::__private::Some("Real-time chat."), &["chat"]);
        __chanx_definition.sends::<Joined>();
        ::chanx::__private::Definition::message::<
            Chat,
            Result<(), HandlerError>,
        >(
                __chanx_definition,
                ::chanx::__private::HandlerDescription::new("chat")
                    .with_summary("Send a line to the room.")
                    .with_description("Everyone sees it."),
                ::chanx::__private::Handler::AtOnce(|
                    __chanx_consumer,
                    __chanx_message,
                    __chanx_ctx|
                {
                    let __chanx_reply = ::chanx::__private::at_once(
                        Self::chat(
                            __chanx_consumer,
                            __chanx_message,
                            ::chanx::__private::lend::<
                                Self,
                                Context<Self>,
                            >(__chanx_ctx),
                        ),
                    );
                    ::chanx::__private::answer::<
                        Self,
                        Result<(), HandlerError>,
                    >(__chanx_reply, __chanx_ctx)
                }),
            )
            .sends::<Joined>()
            .sends::<Line>();
        ::chanx::__private::assert_shared::<Self>();
        ::chanx::__private::Definition::message::<
            Ping,
            Pong,
        >(
            __chanx_definition,
            ::chanx::__private::HandlerDescription::new("ping")
                .with_summary("Answer.")
                .with_tags(&["health"]),
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
        ::chanx::__private::Definition::message::<
            Find,
            Option<Found>,
        >(
            __chanx_definition,
            ::chanx::__private::HandlerDescription::new("find"),
            ::chanx::__private::Handler::Waiting(|
                __chanx_consumer,
                __chanx_message,
                __chanx_ctx|
            ::chanx::__private::Box::pin(async move {
                let __chanx_reply = Self::find(__chanx_consumer, __chanx_message).await;
                ::chanx::__private::answer::<
                    Self,
                    Option<Found>,
                >(__chanx_reply, __chanx_ctx)
            })),
        );
        ::chanx::__private::Definition::message::<
            Hello,
            (),
        >(
            __chanx_definition,
            ::chanx::__private::HandlerDescription::new("hello"),
            ::chanx::__private::Handler::Waiting(|
                __chanx_consumer,
                __chanx_message,
                __chanx_ctx|
            ::chanx::__private::Box::pin(async move {
                let __chanx_reply = Self::hello(__chanx_consumer, __chanx_message).await;
                ::chanx::__private::answer::<Self, ()>(__chanx_reply, __chanx_ctx)
            })),
        );
        #[cfg(feature = "payments")]
        ::chanx::__private::Definition::event::<
            PaymentCompleted,
            (),
        >(
            __chanx_definition,
            ::chanx::__private::HandlerDescription::new("paid"),
            ::chanx::__private::Handler::AtOnce(|
                __chanx_consumer,
                __chanx_message,
                __chanx_ctx|
            {
                let __chanx_reply = ::chanx::__private::at_once(
                    Self::paid(
                        __chanx_consumer,
                        ::chanx::__private::lend::<
                            Self,
                            Context<Self>,
                        >(__chanx_ctx),
                        __chanx_message,
                    ),
                );
                ::chanx::__private::answer::<Self, ()>(__chanx_reply, __chanx_ctx)
            }),
        );
        ::chanx::__private::Definition::passthrough::<
            Announcement,
        >(__chanx_definition);
    }
}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Chat {}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Ping {}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Find {}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Hello {}
#[cfg(feature = "payments")]
#[automatically_derived]
impl ::chanx::HandledBy<Room> for PaymentCompleted {}
#[automatically_derived]
impl ::chanx::HandledBy<Room> for Announcement {}
#[automatically_derived]
impl ::chanx::SentBy<Room> for Joined {}
#[automatically_derived]
impl ::chanx::SentBy<Room> for Line {}
#[automatically_derived]
impl<
    __ChanxMember: ::chanx::__private::message_variant::HeldBy<Chat>,
> ::chanx::__private::ReceivesMember<__ChanxMember, Chat, 0usize> for Room {}
#[automatically_derived]
impl<
    __ChanxMember: ::chanx::__private::message_variant::HeldBy<Ping>,
> ::chanx::__private::ReceivesMember<__ChanxMember, Ping, 1usize> for Room {}
#[automatically_derived]
impl<
    __ChanxMember: ::chanx::__private::message_variant::HeldBy<Find>,
> ::chanx::__private::ReceivesMember<__ChanxMember, Find, 2usize> for Room {}
#[automatically_derived]
impl<
    __ChanxMember: ::chanx::__private::message_variant::HeldBy<Hello>,
> ::chanx::__private::ReceivesMember<__ChanxMember, Hello, 3usize> for Room {}
::chanx::__private::sent_members! {
    __private, [], Room, Joined, 0usize, [], [::chanx::__private::sent:: <
    Room, Line > ()]
}
::chanx::__private::sent_members! {
    __private, [], Room, Line, 1usize, [::chanx::__private::sent:: < Room,
    Joined > ()], []
}
const _: () = {
    const __CHANX_HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled::new(
            "chat",
            ::chanx::__private::received::<Room, Chat>(),
        ),
        ::chanx::__private::Handled::new(
            "ping",
            ::chanx::__private::received::<Room, Ping>(),
        ),
        ::chanx::__private::Handled::new(
            "find",
            ::chanx::__private::received::<Room, Find>(),
        ),
        ::chanx::__private::Handled::new(
            "hello",
            ::chanx::__private::received::<Room, Hello>(),
        ),
    ];
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "chat");
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "ping");
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "find");
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "hello");
};
const _: () = {
    const __CHANX_HANDLED: &[::chanx::__private::Handled] = &[
        #[cfg(feature = "payments")]
        ::chanx::__private::Handled::new(
            "paid",
            ::chanx::__private::handled::<Room, PaymentCompleted>(),
        ),
        ::chanx::__private::Handled::new(
            "passthrough(Announcement)",
            ::chanx::__private::handled::<Room, Announcement>(),
        ),
    ];
    #[cfg(feature = "payments")]
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "paid");
    const _: () = ::chanx::__private::assert_free(
        __CHANX_HANDLED,
        "passthrough(Announcement)",
    );
};
