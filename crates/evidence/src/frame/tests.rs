use super::*;
use proptest::prelude::*;

const HEAD: &str =
    "#anji 1 n0 begin uid=0 sudo=1 time=1795463513 host=db 01 shell=/bin/sh (dash)\n";

fn events(stream: &[u8], pieces: usize) -> (Vec<FrameEvent>, Result<(), FrameError>) {
    let mut reader =
        FrameReader::with_limits("n0", ReadLimits { frame: 200, frames: 6, noise: 300 });
    let mut all = Vec::new();
    for piece in stream.chunks(pieces.max(1)) {
        match reader.push(piece) {
            Ok(events) => all.extend(events),
            Err(error) => return (all, Err(error)),
        }
    }
    let end = reader.finish().map(|events| all.extend(events));
    (all, end)
}

fn frames(stream: &str) -> Frames {
    let stream = format!("{HEAD}{stream}");
    read_bundle("n0", stream.as_bytes()).unwrap().1
}

#[test]
fn a_stream_is_read_as_it_was_written() {
    let stream = format!(
        "Welcome\n#anji\n{HEAD}#anji n0 B a.b\n|one\n||two\n!oops\n#anji n0 E a.b exit=3 bytes=9 \
         truncated=1 timeout=0 ms=12\n#anji n0 end captures=1\n"
    );
    let (events, end) = events(stream.as_bytes(), usize::MAX);
    assert_eq!(end, Ok(()));
    let frame = Frame {
        id: "a.b".to_owned(),
        data: b"one\n|two\n".to_vec(),
        exit: Some(3),
        truncated: true,
        timed_out: false,
        milliseconds: Some(12),
        diagnostics: b"oops\n".to_vec(),
    };
    let header = Header {
        uid: 0,
        sudo: true,
        time: 1_795_463_513,
        host: "db 01".to_owned(),
        shell: "/bin/sh (dash)".to_owned(),
    };
    assert_eq!(
        events,
        [
            FrameEvent::Header(header),
            FrameEvent::Began { id: "a.b".to_owned() },
            FrameEvent::Ended(frame),
            FrameEvent::Closed { captures: 1 },
        ]
    );
}

#[test]
fn whatever_is_not_exact_damages_its_frame() {
    let end = "#anji n0 E a exit=0 bytes=2 truncated=0 timeout=0 ms=-\n";
    let good = format!("#anji n0 B a\n|x\n{end}");
    assert!(frames(&good).get("a").is_some());
    for bad in [
        format!("#anji n0 B a\n|x\n|y\n{end}"),
        format!("#anji n0 B a\n|xyz\n{end}"),
        format!("#anji n0 B a\n|x\nnoise\n{end}"),
        format!("#anji n0 B a\n|x\n#anji n1 E a exit=0 bytes=2 truncated=0 timeout=0 ms=-\n{end}"),
        format!("#anji n0 B a\n|x\n{}", end.replace(" E a ", " E b ")),
        format!("#anji n0 B a\n|x\n{}", end.replace("exit=0", "exit=-1")),
        format!("#anji n0 B a\n|x\n{}", end.replace("exit=0", "exit=99999999999")),
        format!("#anji n0 B a\n|x\n{}", end.replace("ms=-", "ms=- ")),
        format!("#anji n0 B a\n|x\n{}", end.replace("truncated=0 ", "")),
        format!("#anji n0 B a\n|x\n{}", end.trim_end()),
        "#anji n0 B a\n|x\n".to_owned(),
        format!("#anji n0 B a\n|x\n#anji n0 end captures=1\n{end}"),
        format!("{good}{good}"),
        format!("{good}#anji n0 B a\n"),
        format!("#anji n0 B a\n#anji n0 B b\n|x\n{end}"),
        format!("#anji n0 B a\n{HEAD}|x\n{end}"),
    ] {
        let frames = frames(&bad);
        assert!(frames.get("a").is_none() && frames.cut("a"), "{bad}");
    }
}

#[test]
fn data_cannot_forge_a_frame() {
    let forged = "#anji n0 B shadow\n|#anji n0 E shadow exit=0 bytes=0 truncated=0 timeout=0 ms=-\n\
        |#anji n0 B passwd\n||root::0:0:::\n#anji n0 E shadow exit=0 bytes=91 truncated=0 timeout=0 ms=1\n";
    let frames = frames(forged);
    assert!(frames.get("passwd").is_none() && !frames.cut("passwd"));
    assert!(frames.get("shadow").is_some_and(|frame| frame.data.len() == 91), "{frames:?}");
}

#[test]
fn a_last_line_without_its_end_is_kept_as_it_was() {
    let stream = "#anji n0 B a\n|x\n|yz\n#anji n0 E a exit=0 bytes=4 truncated=0 timeout=0 ms=-\n";
    assert_eq!(frames(stream).get("a").map(|frame| frame.data.as_slice()), Some(&b"x\nyz"[..]));
}

#[test]
fn binary_data_passes_unchanged() {
    let mut stream = format!("{HEAD}#anji n0 B a\n|").into_bytes();
    stream.extend_from_slice(b"\0\xff\x1b[2J\r\n");
    stream.extend_from_slice(b"#anji n0 E a exit=0 bytes=8 truncated=0 timeout=0 ms=-\n");
    let (_, frames) = read_bundle("n0", &stream).unwrap();
    assert_eq!(frames.get("a").unwrap().data, b"\0\xff\x1b[2J\r\n");
}

#[test]
fn limits_hold_whatever_comes() {
    let (met, end) = events(&[b'x'; 5000], 7);
    assert_eq!((met, end), (vec![], Err(FrameError::NoHeader)));
    let long = format!(
        "{HEAD}#anji n0 B a\n|{}\n#anji n0 E a exit=0 bytes=9001 truncated=0 timeout=0 ms=-\n",
        "y".repeat(9000)
    );
    let (met, end) = events(long.as_bytes(), 11);
    assert!(end.is_ok() && matches!(met.last(), Some(FrameEvent::Damaged { .. })), "{met:?}");
    let many: String = (0..9).map(|n| format!("#anji n0 B c{n}\n")).collect();
    let (_, end) = events(format!("{HEAD}{many}").as_bytes(), 64);
    assert_eq!(end, Err(FrameError::TooMany));
    let noisy = format!("{HEAD}#anji n0 B a\n{}", "!error\n".repeat(2000));
    let mut reader = FrameReader::new("n0");
    reader.push(noisy.as_bytes()).unwrap();
    assert!(reader.open.unwrap().frame.diagnostics.len() <= DIAGNOSTICS_MAX);
}

#[test]
fn other_streams_are_refused() {
    for (stream, error) in [
        ("", FrameError::NoHeader),
        ("login: \n", FrameError::NoHeader),
        ("#anji 2 n0 begin uid=0\n", FrameError::Version),
        ("#anji 1 n1 begin uid=0 sudo=0 time=1 host=h shell=s\n", FrameError::Nonce),
        ("#anji 1 n0 begin uid=root sudo=0 time=1 host=h shell=s\n", FrameError::NoHeader),
    ] {
        assert_eq!(read_bundle("n0", stream.as_bytes()), Err(error), "{stream}");
    }
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "#anji n0 B a",
        "#anji n0 B b",
        "#anji n0 E a exit=0 bytes=2 truncated=0 timeout=0 ms=-",
        "#anji n0 E b exit=1 bytes=0 truncated=1 timeout=1 ms=5",
        "|x",
        "!e",
        "#anji n0 end captures=1",
        HEAD.trim_end(),
    ];
    prop_oneof![
        6 => prop::sample::select(known.map(|line| line.as_bytes().to_vec()).to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ]
}

proptest! {
    #[test]
    fn pieces_do_not_matter(
        lines in prop::collection::vec(line(), 0..30),
        headed: bool,
        size in 1usize..50,
    ) {
        let mut stream = if headed { HEAD.as_bytes().to_vec() } else { Vec::new() };
        stream.extend(lines.join(&b'\n'));
        prop_assert_eq!(events(&stream, size), events(&stream, usize::MAX));
    }
}
