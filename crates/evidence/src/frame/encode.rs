//! Frames as a stream again.

use super::{Frame, FrameError, FrameEvent, FrameReader, Header};
use std::fmt::Write as _;

/// Writes a stream as a script would have written it. Reading it gives the
/// same frames back.
#[derive(Debug)]
pub struct Encoder {
    nonce: String,
    bytes: Vec<u8>,
    count: u64,
}

impl Encoder {
    /// A stream that bears `nonce`.
    pub fn new(nonce: &str, header: &Header) -> Self {
        let Header { uid, sudo, time, host, shell } = header;
        let sudo = u8::from(*sudo);
        let mut bytes = Vec::new();
        let begin = format_args!(
            "#anji 1 {nonce} begin uid={uid} sudo={sudo} time={time} host={host} shell={shell}"
        );
        control(&mut bytes, begin);
        Self { nonce: nonce.to_owned(), bytes, count: 0 }
    }

    /// Appends a frame, with `took` as its run time in milliseconds.
    pub fn frame(&mut self, frame: &Frame, took: Option<u64>) {
        self.count += 1;
        let (nonce, bytes) = (&self.nonce, &mut self.bytes);
        control(bytes, format_args!("#anji {nonce} B {}", frame.id));
        prefixed(b'|', &frame.data, bytes);
        prefixed(b'!', &frame.diagnostics, bytes);
        let exit = frame.exit.map_or_else(|| "-".to_owned(), |status| status.to_string());
        let took = took.map_or_else(|| "-".to_owned(), |ms| ms.to_string());
        let end = format_args!(
            "#anji {nonce} E {} exit={exit} bytes={} truncated={} timeout={} ms={took}",
            frame.id,
            frame.data.len(),
            u8::from(frame.truncated),
            u8::from(frame.timed_out)
        );
        control(bytes, end);
    }

    /// The whole stream.
    pub fn finish(mut self) -> Vec<u8> {
        let end = format_args!("#anji {} end captures={}", self.nonce, self.count);
        control(&mut self.bytes, end);
        self.bytes
    }
}

/// A header and its frames as one stream.
pub fn encode_bundle<'a>(
    nonce: &str,
    header: &Header,
    frames: impl IntoIterator<Item = &'a Frame>,
) -> Vec<u8> {
    let mut encoder = Encoder::new(nonce, header);
    frames.into_iter().for_each(|frame| encoder.frame(frame, frame.milliseconds));
    encoder.finish()
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

fn control(bytes: &mut Vec<u8>, line: std::fmt::Arguments<'_>) {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _infallible = writeln!(text, "{line}");
    bytes.extend_from_slice(text.as_bytes());
}

/// The header and the whole frames of a stream, in their order.
///
/// # Errors
/// [`FrameError`] when the stream cannot be read.
pub fn read_events(nonce: &str, bytes: &[u8]) -> Result<(Header, Vec<Frame>), FrameError> {
    let mut reader = FrameReader::new(nonce);
    let mut events = reader.push(bytes)?;
    events.extend(reader.finish()?);
    let mut header = None;
    let mut frames = Vec::new();
    for event in events {
        match event {
            FrameEvent::Header(met) => header = Some(met),
            FrameEvent::Ended(frame) => frames.push(frame),
            // What came twice is not to be trusted.
            FrameEvent::Damaged { id, .. } => frames.retain(|frame: &Frame| frame.id != id),
            FrameEvent::Began { .. } | FrameEvent::Closed { .. } => {}
        }
    }
    Ok((header.ok_or(FrameError::NoHeader)?, frames))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_frame_that_came_twice_is_left_out() {
        let frame = Frame { exit: Some(0), ..Frame::empty("a") };
        let header = Header {
            uid: 0,
            sudo: false,
            time: 1,
            host: "h".to_owned(),
            shell: "dash nul=kept".to_owned(),
        };
        let bytes = encode_bundle("recording", &header, [&frame, &frame]);
        let (met, frames) = read_events("recording", &bytes).unwrap();
        assert_eq!((met, frames), (header, Vec::new()));
    }

    proptest! {
        #[test]
        fn a_stream_reads_back(
            data: Vec<u8>,
            diagnostics in "[ -~]{0,40}\n",
            exit in 0..256,
            truncated: bool,
            timed_out: bool,
            milliseconds: Option<u64>,
        ) {
            let frame = Frame {
                id: "a.one".to_owned(),
                data,
                diagnostics: diagnostics.into_bytes(),
                exit: Some(exit),
                truncated,
                timed_out,
                milliseconds,
            };
            let (host, shell) = ("h01".to_owned(), "dash".to_owned());
            let header = Header { uid: 7, sudo: true, time: -1, host, shell };
            let bytes = encode_bundle("capture", &header, [&frame]);
            let (met, frames) = read_events("capture", &bytes).expect("own stream");
            prop_assert_eq!((met, frames), (header, vec![frame]));
        }
    }
}
