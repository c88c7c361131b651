/// Real-time chat.
impl Room {
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
    #[::chanx::ws_handler(__in_channel)]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
    #[cfg(feature = "payments")]
    #[::chanx::event_handler(__in_channel)]
    async fn paid(&mut self, ctx: &mut Context<Self>, event: PaymentCompleted) {}
}
#[automatically_derived]
impl ::chanx::Channel for Room {
    const NAME: &'static str = "room";
    const GROUPS: &'static [&'static str] = &["lobby"];
    fn define(definition: &mut ::chanx::__private::Definition<Self>) {
        definition.about(::core::option::Option::Some("Real-time chat."), &["chat"]);
        definition.sends::<Joined>();
        ::chanx::__private::Definition::message::<
            Chat,
            Result<(), HandlerError>,
        >(
                definition,
                ::chanx::__private::HandlerDescription::new("chat")
                    .with_summary("Send a line to the room.")
                    .with_description("Everyone sees it."),
                |consumer, message, ctx| ::chanx::__private::Box::pin(async move {
                    let reply = Self::chat(
                            consumer,
                            message,
                            ::chanx::__private::lend::<Self, Context<Self>>(ctx),
                        )
                        .await;
                    ::chanx::__private::answer::<
                        Self,
                        Result<(), HandlerError>,
                    >(reply, ctx)
                }),
            )
            .sends::<Joined>()
            .sends::<Line>();
        ::chanx::__private::assert_shared::<Self>();
        ::chanx::__private::Definition::message::<
            Ping,
            Pong,
        >(
            definition,
            ::chanx::__private::HandlerDescription::new("ping")
                .with_summary("Answer.")
                .with_tags(&["health"]),
            |consumer, message, ctx| ::chanx::__private::Box::pin(async move {
                let reply = Self::ping(consumer, message).await;
                ::chanx::__private::answer::<Self, Pong>(reply, ctx)
            }),
        );
        #[cfg(feature = "payments")]
        ::chanx::__private::Definition::event::<
            PaymentCompleted,
            (),
        >(
            definition,
            ::chanx::__private::HandlerDescription::new("paid"),
            |consumer, message, ctx| ::chanx::__private::Box::pin(async move {
                let reply = Self::paid(
                        consumer,
                        ::chanx::__private::lend::<Self, Context<Self>>(ctx),
                        message,
                    )
                    .await;
                ::chanx::__private::answer::<Self, ()>(reply, ctx)
            }),
        );
        ::chanx::__private::Definition::passthrough::<Announcement>(definition);
    }
}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Chat {}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Ping {}
#[cfg(feature = "payments")]
#[automatically_derived]
impl ::chanx::HandledBy<Room> for PaymentCompleted {}
#[automatically_derived]
impl ::chanx::HandledBy<Room> for Announcement {}
#[automatically_derived]
impl ::chanx::SentBy<Room> for Joined {}
#[automatically_derived]
impl ::chanx::SentBy<Room> for Line {}
const _: () = {
    const HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled {
            handler: "chat",
            actions: ::chanx::__private::received::<Room, Chat>(),
        },
        ::chanx::__private::Handled {
            handler: "ping",
            actions: ::chanx::__private::received::<Room, Ping>(),
        },
    ];
    const _: () = ::chanx::__private::assert_free(HANDLED, "chat");
    const _: () = ::chanx::__private::assert_free(HANDLED, "ping");
};
const _: () = {
    const HANDLED: &[::chanx::__private::Handled] = &[
        #[cfg(feature = "payments")]
        ::chanx::__private::Handled {
            handler: "paid",
            actions: ::chanx::__private::handled::<Room, PaymentCompleted>(),
        },
        ::chanx::__private::Handled {
            handler: "passthrough(Announcement)",
            actions: ::chanx::__private::handled::<Room, Announcement>(),
        },
    ];
    #[cfg(feature = "payments")]
    const _: () = ::chanx::__private::assert_free(HANDLED, "paid");
    const _: () = ::chanx::__private::assert_free(HANDLED, "passthrough(Announcement)");
};
