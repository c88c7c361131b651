#[automatically_derived]
impl ::chanx::Event for PaymentCompleted {
    const ACTION: &'static str = "payment_completed";
}
