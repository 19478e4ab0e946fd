//! Frames as bytes again: what is kept of a capture, so that a corrected
//! parser can read it another time.

use anji_evidence::Frame;
use anji_evidence::frame::{Encoder, Header};

/// The nonce that stands in kept captures; give it to
/// [`anji_evidence::read_bundle`] to read one.
pub const CAPTURE_NONCE: &str = "capture";

/// The frames as a stream of their own. Times, names and durations are left
/// out, so equal output has equal bytes.
pub fn encode_capture<'a>(frames: impl IntoIterator<Item = &'a Frame>) -> Vec<u8> {
    let none = || "-".to_owned();
    let header = Header { uid: 0, sudo: false, time: 0, host: none(), shell: none() };
    let mut encoder = Encoder::new(CAPTURE_NONCE, &header);
    frames.into_iter().for_each(|frame| encoder.frame(frame, None));
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_evidence::read_bundle;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_kept_capture_reads_back(
            data: Vec<u8>,
            diagnostics in "[ -~]{0,40}\n",
            exit in 0..256,
            truncated: bool,
            timed_out: bool,
        ) {
            let mut frame = Frame::empty("a.one");
            frame.data = data;
            frame.diagnostics = diagnostics.into_bytes();
            frame.exit = Some(exit);
            frame.truncated = truncated;
            frame.timed_out = timed_out;
            let bytes = encode_capture([&frame]);
            let (_, frames) = read_bundle(CAPTURE_NONCE, &bytes).expect("own stream");
            prop_assert_eq!(frames.get("a.one"), Some(&frame));
        }
    }
}
