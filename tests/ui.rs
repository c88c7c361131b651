//! The compiler's errors for wrong declarations.
//!
//! Each file under `ui/<subject>/` makes one mistake, for which it is named;
//! its `.stderr` is the compiler's answer with the pinned toolchain.

#[test]
fn every_mistake_is_explained() {
    let cases = trybuild::TestCases::new();
    for subject in [
        "channel", "consumer", "event", "handler", "message", "part", "publish", "testing", "topic",
    ] {
        cases.compile_fail(format!("tests/ui/{subject}/*.rs"));
    }
    if cfg!(feature = "garde") {
        cases.compile_fail("tests/ui/garde/*.rs");
    }
}
