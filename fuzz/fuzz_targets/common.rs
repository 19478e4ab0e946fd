//! What the targets of the parsers share.

use anji_evidence::{Frame, Frames, find, read_bundle};
use anji_model::{AbsPath, EvidenceStatus, EvidenceType, Selector};

/// Parses one type from the input: a bundle as it stands, or the input cut into
/// one frame for each capture at lines that hold `%%` alone.
pub fn parse(kind: &str, input: &[u8]) {
    let Ok(name) = EvidenceType::new(kind) else { return };
    let Some(kind) = find(&name) else { return };
    let Ok(path) = AbsPath::new("/etc/shadow") else { return };
    let selector = Selector::Path(path);
    let captures = kind.captures(std::slice::from_ref(&selector));
    let frames = match read_bundle("recording", input) {
        Ok((_, frames)) => frames,
        Err(_) => {
            let (flags, mut rest) = input.split_first().map_or((0, input), |(f, r)| (*f, r));
            let mut frames = Frames::new();
            for capture in captures {
                let end = rest.windows(4).position(|w| w == b"\n%%\n");
                let (data, next) = match end {
                    Some(at) => (&rest[..=at], &rest[at + 4..]),
                    None => (rest, &[][..]),
                };
                frames.insert(Frame {
                    data: data.to_vec(),
                    exit: Some(if flags & 4 == 0 { 0 } else { i32::from(flags >> 3) + 20 }),
                    truncated: flags & 1 != 0,
                    timed_out: flags & 2 != 0,
                    ..Frame::empty(capture.id)
                });
                rest = next;
            }
            frames
        }
    };
    let parsed = kind.parse(Some(&selector), &frames);
    assert_eq!(parsed.status == EvidenceStatus::Collected, parsed.body.is_some());
    if let Some(body) = parsed.body {
        let text = std::str::from_utf8(&body).expect("bodies are text");
        assert!(!text.chars().any(char::is_control), "bodies are printable");
    }
}
