#[automatically_derived]
impl ::chanx::Event for PaymentCompleted {
    const ACTION: &'static ::chanx::__private::str = "payment_completed";
}
