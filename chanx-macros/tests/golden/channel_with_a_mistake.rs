impl Room {
    #[::chanx::ws_handler(__in_channel)]
    async fn chat(&mut self) {}
    #[::chanx::ws_handler(__in_channel)]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }
}
::core::compile_error! {
    "a handler takes a message by value: add a parameter such as `message: Chat`; `&mut` means the context"
}
#[automatically_derived]
impl ::chanx::Channel for Room {
    const NAME: &'static str = "room";
    const GROUPS: &'static [&'static str] = &[];
    fn define(definition: &mut ::chanx::__private::Definition<Self>) {
        definition.about(::core::option::Option::None, &[]);
        ::chanx::__private::Definition::message::<
            Ping,
            Pong,
        >(
            definition,
            ::chanx::__private::HandlerDescription::new("ping"),
            |consumer, message, ctx| ::chanx::__private::Box::pin(async move {
                let reply = Self::ping(consumer, message).await;
                ::chanx::__private::answer::<Self, Pong>(reply, ctx)
            }),
        );
    }
}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Room> for Ping {}
const _: () = {
    const HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled {
            handler: "ping",
            actions: ::chanx::__private::received::<Room, Ping>(),
        },
    ];
    const _: () = ::chanx::__private::assert_free(HANDLED, "ping");
};
