//! Bytes that no honest target sends. Nothing may panic, nothing may be
//! passed off as complete, and what is printed must be printable.

use super::support::{absent, body, failed, frame, has_gap, parse, path, recording};
use anji_evidence::{Frame, Frames, Parsed, SelectorKind, registry};
use anji_model::{EvidenceStatus, FailureCategory, GapKind, Selector};
use proptest::prelude::*;
use std::time::Instant;

fn capture_ids() -> Vec<String> {
    let selectors = [path("/etc/shadow")];
    let all = registry().iter().flat_map(|kind| match kind.selector() {
        SelectorKind::None => kind.captures(&[]),
        SelectorKind::Path => kind.captures(&selectors),
    });
    all.map(|capture| capture.id).collect()
}

fn parse_all(frames: &Frames) -> Vec<Parsed> {
    let selector = path("/etc/shadow");
    registry()
        .iter()
        .map(|kind| {
            let selector: Option<&Selector> = match kind.selector() {
                SelectorKind::None => None,
                SelectorKind::Path => Some(&selector),
            };
            kind.parse(selector, frames)
        })
        .collect()
}

/// What is told to people holds no control characters.
fn assert_printable(parsed: &Parsed) {
    let details = parsed.gaps.iter().map(|gap| gap.detail.as_str());
    let status = match &parsed.status {
        EvidenceStatus::Failed { detail, .. } | EvidenceStatus::Absent { detail } => detail,
        _ => "",
    };
    for text in details.chain([status]) {
        assert!(!text.chars().any(char::is_control) && text.len() < 2000, "{text:?}");
    }
    if let Some(body) = &parsed.body {
        let text = std::str::from_utf8(body).unwrap();
        assert!(!text.chars().any(char::is_control));
        // Canonical JSON would show an escaped control character as \u.
        assert!(!text.contains("\\u00"), "{text}");
    }
}

#[test]
fn nothing_that_arrived_is_nothing_that_is_known() {
    for parsed in parse_all(&Frames::new()) {
        assert_eq!(failed(&parsed), FailureCategory::Incomplete);
    }
}

#[test]
fn garbage_is_never_complete_nor_absent() {
    let garbage: [&[u8]; 7] = [
        b"\0\0\0\xff\xfe",
        b"\x1b]0;title\x07\x1b[2J\x1b[31mroot::0:0\n",
        b"::::::::::\n",
        b"{\"users\": []}\n",
        b"//R\n//R /\n//f4755\n//X\n",
        b"permitrootlogin\n",
        b"bash: command not found\n",
    ];
    for data in garbage {
        let frames: Frames = capture_ids().iter().map(|id| frame(id, data)).collect();
        for (kind, parsed) in registry().iter().zip(parse_all(&frames)) {
            assert_printable(&parsed);
            assert!(!absent(&parsed), "{}: {data:?}", kind.name());
            let whole = parsed.status == EvidenceStatus::Collected && parsed.gaps.is_empty();
            // Any text is some account file: its lines are told as malformed.
            if whole && kind.name().as_str() == "accounts" {
                assert!(!body(&parsed)["malformed_lines"].as_array().unwrap().is_empty());
                continue;
            }
            assert!(!whole, "{}: {data:?}: {parsed:?}", kind.name());
        }
    }
}

#[test]
fn a_stopped_capture_is_never_complete() {
    let mut tried = 0;
    for host in ["debian12-default", "debian12-weak", "debian12-hardened"] {
        let whole = recording(host);
        for id in capture_ids() {
            for (truncated, timed_out) in [(true, false), (false, true)] {
                let Some(frame) = whole.get(&id) else { continue };
                for keep in [0, frame.data.len() / 2, frame.data.len().saturating_sub(1)] {
                    let data = frame.data[..keep].to_vec();
                    let cut = Frame { data, truncated, timed_out, ..frame.clone() };
                    let mut frames: Frames = whole.iter().cloned().collect();
                    frames.insert(cut);
                    let kind = registry().iter().find(|kind| {
                        let wanted = [path("/etc/shadow")];
                        kind.captures(&wanted).iter().any(|capture| capture.id == id)
                    });
                    let kind = kind.unwrap();
                    // The line of one path may well be whole in a cut capture.
                    if kind.selector() == SelectorKind::Path && keep > frame.data.len() / 3 {
                        continue;
                    }
                    let selector = path("/etc/shadow");
                    let parsed = kind.parse(Some(&selector), &frames);
                    let clean =
                        parsed.status == EvidenceStatus::Collected && parsed.gaps.is_empty();
                    assert!(!clean && !absent(&parsed), "{host} {id} {keep}: {parsed:?}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn a_missing_capture_is_never_complete() {
    let whole = recording("debian12-weak");
    let before = parse_all(&whole);
    for id in capture_ids() {
        let frames: Frames = whole.iter().filter(|frame| frame.id != id).cloned().collect();
        let after = parse_all(&frames);
        let changed: Vec<_> =
            after.iter().zip(&before).filter(|(after, before)| after != before).collect();
        let [(parsed, _)] = changed.as_slice() else { panic!("without {id}: {changed:?}") };
        let lacks = parsed.status != EvidenceStatus::Collected || !parsed.gaps.is_empty();
        assert!(lacks, "without {id}: {parsed:?}");
    }
}

#[test]
fn half_a_shadow_file_leaves_the_rest_unknown() {
    let mut shadow = frame("accounts.shadow", b"root:empty:1::::::\nadmin:set,sha");
    shadow.truncated = true;
    let passwd = frame("accounts.passwd", b"root:x:0:0:::\nadmin:x:1:1:::\n");
    let frames: Frames =
        [passwd, shadow, frame("accounts.group", b""), frame("accounts.nsswitch", b"")]
            .into_iter()
            .collect();
    let parsed = parse("accounts", None, &frames);
    let body = body(&parsed);
    assert_eq!(body["users"][1]["password"]["state"], "empty");
    assert!(body["users"][0]["password"].is_null());
    let category = FailureCategory::Truncated;
    assert!(has_gap(&parsed.gaps, "users[].password", GapKind::Unknown, category));
}

#[test]
fn sshd_is_absent_only_on_proof() {
    let mut settings = frame("sshd.settings", b"");
    settings.exit = Some(anji_evidence::status::ABSENT);
    let with = |presence: Frame| -> Frames { [settings.clone(), presence].into_iter().collect() };
    let of = |data: &[u8]| parse("sshd.effective", None, &with(frame("sshd.presence", data)));
    assert!(absent(&of(b"")));
    assert_eq!(failed(&of(b"config /etc/ssh/sshd_config\n")), FailureCategory::ToolMissing);
    assert_eq!(failed(&of(b"process sshd: x\n")), FailureCategory::ToolMissing);
    assert_eq!(failed(&of(b"hidden\n")), FailureCategory::Permission);
    let alone: Frames = [settings.clone()].into_iter().collect();
    assert_eq!(failed(&parse("sshd.effective", None, &alone)), FailureCategory::Incomplete);
    let stopped = Frame { timed_out: true, ..frame("sshd.presence", b"") };
    let parsed = parse("sshd.effective", None, &with(stopped));
    assert_eq!(failed(&parsed), FailureCategory::TimedOut);
}

#[test]
fn own_options_of_a_running_daemon_leave_lists_open() {
    let mut frames: Frames = recording("debian12-hardened").iter().cloned().collect();
    frames.insert(frame(
        "sshd.presence",
        b"binary /usr/sbin/sshd\nprocess /usr/sbin/sshd\t-f\t/root/own\t\n",
    ));
    let parsed = parse("sshd.effective", None, &frames);
    for list in ["contexts", "ports", "ciphers", "macs", "kexalgorithms", "hostkeys"] {
        assert!(has_gap(&parsed.gaps, list, GapKind::Partial, FailureCategory::Unsupported));
    }
}

#[test]
fn client_ports_are_no_drift() {
    let of = |port: u16, process: &str| {
        let data = format!(
            "range 32768 60999\nrights all\nudp UNCONN 0 0 0.0.0.0:{port} 0.0.0.0:* \
             users:((\"{process}\",pid=1{port},fd=5))\n"
        );
        let frames: Frames = [frame("sockets.listening", data.as_bytes())].into_iter().collect();
        parse("sockets.listening", None, &frames).body.unwrap()
    };
    assert_eq!(of(40000, "chronyd"), of(50000, "chronyd"));
    assert_ne!(of(40000, "chronyd"), of(40000, "nc"));
    assert_ne!(of(1000, "chronyd"), of(1001, "chronyd"));
}

#[test]
fn refused_fuse_mounts_are_no_gap_but_refused_folders_are() {
    let walk = |error: &str| {
        let data = format!(
            "//S /run/user/1000/doc\n//R /\n//f4755 0 0 /bin/su\n//X 1\n//E {error}\n//N 1\n"
        );
        let frames: Frames = [frame("file.walk", data.as_bytes())].into_iter().collect();
        parse("file.walk", None, &frames).gaps.len()
    };
    assert_eq!(walk("find: '/run/user/1000/doc': Permission denied"), 0);
    assert_eq!(walk("find: /run/user/1000/doc: Permission denied"), 0);
    assert_eq!(walk("find: '/root': Permission denied"), 1);
    assert_eq!(walk("find: '/x': Input/output error"), 1);
}

#[test]
fn long_input_is_read_in_linear_time() {
    let sizes = [
        ("accounts.passwd", "u:x:1:1:::\n"),
        ("accounts.shadow", "u:set,md5:1::::::\n"),
        ("accounts.group", "g:x:1:a,b\n"),
        ("sockets.listening", "tcp LISTEN 0 0 1.1.1.1:1 *:* users:((\"\"\"\"\"\"\"\"\n"),
        ("file.walk", "//f4755 0 0 /a\nb\n"),
        ("file.stat", "s 81a4 0 0 - - /x\n"),
        ("sshd.settings", "allowusers a b c\n"),
        ("sshd.config", "=Match User a\n=AllowUsers b\n=Include x\n"),
        ("sshd.presence", "process sshd: -o x [listener]\n"),
        ("os.release", "ID=x\n"),
        ("audit.state", "status\nenabled 1\npid 2\n"),
        ("audit.loaded", "-a always,exit -S a -F auid>=1 -k k\n"),
        ("audit.files", "//F - - - - /etc/audit/audit.rules\n -w /a -p wa\n//E 0\n"),
        ("log.tree", "f 81a4 0 0 1 /var/log/syslog.1\nt 2026-01-01 /var/log/syslog\n"),
        ("log.rotate", "//F - - - - /etc/logrotate.conf\n /a {\n weekly\n }\n//E 0\n"),
        ("log.programs", "process x\nargs syslogd\t-R\tx:1\n"),
        ("log.config", "//F - - - - /etc/rsyslog.conf\n *.* @@h\n if a then { @h\n//E 0\n"),
        ("time.state", "ask tracking\n 1,2,3,4,5,6,Normal\nexit 0\n"),
        ("time.zone", "link /zoneinfo/x\n"),
        ("time.files", "//F - - - - /etc/chrony.conf\n server a\n include b\n//E 0\n"),
    ];
    let begun = Instant::now();
    for (id, line) in sizes {
        let data = line.repeat((2 << 20) / line.len());
        let mut frames: Frames = recording("debian12-weak").iter().cloned().collect();
        frames.insert(frame(id, data.as_bytes()));
        frames.insert(Frame { id: id.to_owned(), ..frame(id, data.as_bytes()) });
        parse_all(&frames).iter().for_each(assert_printable);
        let one_line = vec![b'('; 2 << 20];
        frames.insert(frame(id, &one_line));
        parse_all(&frames).iter().for_each(assert_printable);
    }
    // Generous: a quadratic parser would take hours.
    assert!(begun.elapsed().as_secs() < 120, "{:?}", begun.elapsed());
}

/// Bytes that are nearly what a parser expects: a recording with pieces changed.
fn mutated() -> impl Strategy<Value = (usize, Vec<(prop::sample::Index, Vec<u8>)>)> {
    let pieces = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..6),
        prop::sample::select(
            [": ", "\n", "\t", "//", "-1", "99999999999999999999", "\\x", "~4 ", "=Match all\n"]
                .map(|s| s.as_bytes().to_vec())
                .to_vec()
        ),
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), pieces), 1..6);
    (0usize..6, edits)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_give_a_value(data: Vec<u8>, exit in -2i32..50, truncated: bool, timed_out: bool) {
        let frames: Frames = capture_ids()
            .into_iter()
            .map(|id| Frame { exit: Some(exit), truncated, timed_out, ..frame(&id, &data) })
            .collect();
        parse_all(&frames).iter().for_each(assert_printable);
    }

    #[test]
    fn nearly_right_bytes_give_a_value((host, edits) in mutated()) {
        let hosts = [
            "debian12-default", "debian12-default-unprivileged", "debian12-weak",
            "debian12-hardened", "debian12-minbase", "busybox-initramfs",
        ];
        let changed = recording(hosts[host]).iter().cloned().map(|mut frame| {
            for (at, piece) in &edits {
                let at = at.index(frame.data.len() + 1);
                frame.data.splice(at..at, piece.iter().copied());
            }
            frame
        }).collect::<Frames>();
        parse_all(&changed).iter().for_each(assert_printable);
    }
}
