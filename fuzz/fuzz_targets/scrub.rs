#![no_main]
//! The scrubber: total, twice is once, and frames stay whole.

use anji_evidence::frame::{Header, read_events};
use anji_evidence::scrub::scrub;
use anji_evidence::{Frame, read_bundle};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (header, frames) = read_events("recording", input).unwrap_or_else(|_| parts(input));
    let once = scrub(&header, &frames);
    let twice = scrub(&once.header, &once.frames);
    assert_eq!(once.frames, twice.frames);
    let (_, read) = read_bundle("recording", &once.encode("recording")).expect("own stream");
    assert!(once.frames.iter().all(|frame| read.get(&frame.id) == Some(frame)));
});

/// The input in three frames, cut at lines that hold `%%` alone.
fn parts(input: &[u8]) -> (Header, Vec<Frame>) {
    let mut rest = input;
    let ids = ["accounts.passwd", "accounts.group", "x.files"];
    let frames = ids.map(|id| {
        let end = rest.windows(4).position(|w| w == b"\n%%\n");
        let (data, next) = match end {
            Some(at) => (&rest[..=at], &rest[at + 4..]),
            None => (rest, &[][..]),
        };
        rest = next;
        Frame { data: data.to_vec(), exit: Some(0), ..Frame::empty(id) }
    });
    let (host, shell) = ("pacs01.hospital.cn".to_owned(), "dash".to_owned());
    (Header { uid: 0, sudo: false, time: 0, host, shell }, frames.into())
}
