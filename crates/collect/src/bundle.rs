//! Frames as bytes again: what is kept of a capture, so that a corrected
//! parser can read it another time.

use anji_evidence::Frame;
use std::fmt::Write as _;

/// The nonce that stands in kept captures; give it to
/// [`anji_evidence::read_bundle`] to read one.
pub const CAPTURE_NONCE: &str = "capture";

/// The frames as a stream of their own. Times, names and durations are left
/// out, so equal output has equal bytes.
pub fn encode_capture<'a>(frames: impl IntoIterator<Item = &'a Frame>) -> Vec<u8> {
    let mut bytes = Vec::new();
    control(&mut bytes, format_args!("1 {CAPTURE_NONCE} begin uid=0 sudo=0 time=0 host=- shell=-"));
    let mut count = 0u64;
    for frame in frames {
        count += 1;
        encode_frame(frame, &mut bytes);
    }
    control(&mut bytes, format_args!("{CAPTURE_NONCE} end captures={count}"));
    bytes
}

fn encode_frame(frame: &Frame, bytes: &mut Vec<u8>) {
    control(bytes, format_args!("{CAPTURE_NONCE} B {}", frame.id));
    prefixed(b'|', &frame.data, bytes);
    prefixed(b'!', &frame.diagnostics, bytes);
    let exit = frame.exit.map_or_else(|| "-".to_owned(), |status| status.to_string());
    control(
        bytes,
        format_args!(
            "{CAPTURE_NONCE} E {} exit={exit} bytes={} truncated={} timeout={} ms=-",
            frame.id,
            frame.data.len(),
            u8::from(frame.truncated),
            u8::from(frame.timed_out)
        ),
    );
}

/// Each line with its prefix; a last line without a newline gets one, which
/// the byte count takes back.
fn prefixed(prefix: u8, data: &[u8], bytes: &mut Vec<u8>) {
    for line in data.split_inclusive(|&byte| byte == b'\n') {
        bytes.push(prefix);
        bytes.extend_from_slice(line);
    }
    if data.last().is_some_and(|&byte| byte != b'\n') {
        bytes.push(b'\n');
    }
}

fn control(bytes: &mut Vec<u8>, rest: std::fmt::Arguments<'_>) {
    let mut line = String::from("#anji ");
    // Writing to a String cannot fail.
    let _infallible = writeln!(line, "{rest}");
    bytes.extend_from_slice(line.as_bytes());
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
