#[automatically_derived]
impl ::chanx::Message for Chat {
    const ACTION: &'static ::chanx::__private::str = "say";
    fn validate(
        &self,
    ) -> ::chanx::__private::Result<
        (),
        ::chanx::__private::Vec<::chanx::__private::Violation>,
    > {
        ::chanx::__private::garde_validate(self)
    }
    fn describe() -> ::chanx::__private::MessageDescription {
        ::chanx::__private::MessageDescription::of::<Self>()
            .with_name("Chat")
            .with_shape(::chanx::__private::MessageShape::Fields)
            .with_description("A line typed by a user.")
            .with_example::<Self>(&Chat::new("hello"))
    }
}
