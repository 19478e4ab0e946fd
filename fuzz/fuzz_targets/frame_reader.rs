#![no_main]
//! The frame reader: total, bounded, and the same however the stream is cut.

use anji_evidence::frame::ReadLimits;
use anji_evidence::{FrameError, FrameEvent, FrameReader};

fn events(stream: &[u8], size: usize) -> (Vec<FrameEvent>, Result<(), FrameError>) {
    let limits = ReadLimits { frame: 2000, frames: 20, noise: 500 };
    let mut reader = FrameReader::with_limits("recording", limits);
    let mut all = Vec::new();
    for piece in stream.chunks(size.max(1)) {
        match reader.push(piece) {
            Ok(events) => all.extend(events),
            Err(error) => return (all, Err(error)),
        }
    }
    let end = reader.finish().map(|events| all.extend(events));
    (all, end)
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let size = input.first().map_or(1, |byte| usize::from(*byte));
    assert_eq!(events(input, size), events(input, usize::MAX));
});
