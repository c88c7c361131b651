//! The frames that a transport carries.

use crate::wire::CloseFrame;

#[test]
fn a_close_reason_is_cut_between_characters_to_what_a_close_frame_carries() {
    let fitting = "é".repeat(61);
    let long = "é".repeat(62);

    assert_eq!(CloseFrame::new(1000, fitting.clone()).reason, fitting);
    assert_eq!(CloseFrame::new(1000, long).reason, fitting);
    assert_eq!(CloseFrame::new(1000, "bye").reason, "bye");
}
