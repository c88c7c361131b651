impl Keyboard {
    #[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)]
    #[::chanx::ws_handler(__in_channel)]
    async fn typed(&mut self, typed: Typed) {}
}
#[automatically_derived]
impl ::chanx::__private::OneHandlersBlockPerPart for Keyboard {
    const TAKEN: &'static ::chanx::__private::Taken = &::chanx::__private::Taken::new(
        &[
            ::chanx::__private::Handled::new(
                "Keyboard::typed",
                ::chanx::__private::received::<Keyboard, Typed>(),
            ),
        ],
        &[],
        &[::chanx::__private::taken::<Keyboard, Senses>()],
    );
    fn define(__chanx_definition: &mut ::chanx::__private::Definition<Self>) {
        __chanx_definition.sends::<Stopped>();
        ::chanx::__private::Definition::message::<
            Typed,
            (),
        >(
            __chanx_definition,
            ::chanx::__private::HandlerDescription::new("typed"),
            ::chanx::__private::Handler::AtOnce(|
                __chanx_consumer,
                __chanx_message,
                __chanx_ctx|
            {
                let __chanx_reply = ::chanx::__private::at_once(
                    Self::typed(__chanx_consumer, __chanx_message),
                );
                ::chanx::__private::answer::<Self, ()>(__chanx_reply, __chanx_ctx)
            }),
        );
        ::chanx::__private::Definition::include::<Senses>(__chanx_definition);
        ::chanx::__private::Definition::<Keyboard>::hooks(__chanx_definition);
    }
}
#[automatically_derived]
impl ::chanx::__private::ReceivedBy<Keyboard> for Typed {}
#[automatically_derived]
impl ::chanx::SentBy<Keyboard> for Stopped {}
#[automatically_derived]
impl<
    __ChanxMember: ::chanx::__private::message_variant::HeldBy<Typed>,
> ::chanx::__private::ReceivesMember<__ChanxMember, Typed, 0usize> for Keyboard {}
::chanx::__private::sent_members! {
    __private, [], Keyboard, Stopped, 0usize, [], []
}
#[automatically_derived]
impl ::chanx::PartOf<Keyboard> for Senses {
    fn of(__chanx_whole: &mut Keyboard) -> &mut Self {
        &mut __chanx_whole.senses
    }
}
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<
    __ChanxMessage: ::chanx::__private::ReceivedBy<Senses, __ChanxVia>,
    __ChanxVia,
> ::chanx::__private::PartReceives<__ChanxMessage, Senses, 0usize, __ChanxVia>
for Keyboard {}
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<
    __ChanxEvent: ::chanx::HandledBy<Senses, __ChanxVia>,
    __ChanxVia,
> ::chanx::__private::PartHandles<__ChanxEvent, Senses, 0usize, __ChanxVia>
for Keyboard {}
const _: () = {
    const __CHANX_HANDLED: &[::chanx::__private::Handled] = &[
        ::chanx::__private::Handled::new(
            "typed",
            ::chanx::__private::received::<Keyboard, Typed>(),
        ),
    ];
    const _: () = ::chanx::__private::assert_free(__CHANX_HANDLED, "typed");
};
const _: () = {
    const __CHANX_OWN: &::chanx::__private::Taken = &::chanx::__private::Taken::new(
        &[
            ::chanx::__private::Handled::new(
                "Keyboard::typed",
                ::chanx::__private::received::<Keyboard, Typed>(),
            ),
        ],
        &[],
        &[],
    );
    const _: () = ::chanx::__private::assert_part_free(
        &[__CHANX_OWN],
        ::chanx::__private::taken::<Keyboard, Senses>(),
    );
};
