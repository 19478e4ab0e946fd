//! Every wanted key has exactly one record, and a worse stream never makes a
//! surer one.

use crate::support::{
    Played, capture, collect_named, collect_over, host_keys, key, nonce, plan_for, run_script,
    shells,
};
use anji_collect::{CAPTURE_NONCE, Collected, Progress, collect, render_script};
use anji_evidence::{find, read_bundle};
use anji_model::{
    CollectionPlan, EvidenceKey, EvidenceRecord, EvidenceStatus, FailureCategory, Privilege,
};
use anji_transport::{Ended, LocalShell};
use jiff::Timestamp;
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

#[test]
fn this_host_gives_the_same_records_under_every_shell() {
    let keys: Vec<_> =
        host_keys().into_iter().filter(|k| k.kind.as_str() != "sockets.listening").collect();
    let plan = plan_for(&keys, None);
    let mut first: Option<BTreeMap<EvidenceKey, _>> = None;
    for (name, shell) in shells() {
        let collected = collect_over(&shell, &plan);
        assert!(collected.log.iter().all(|entry| entry.damaged.is_none()), "{name}");
        assert_eq!(collected.log.len(), plan.captures.len(), "{name}");
        assert_eq!(collected.host.uid, Some(rustix::process::geteuid().as_raw()));
        assert!(!collected.host.host_name.is_empty());
        let seen: BTreeMap<_, _> = collected
            .snapshot
            .records
            .into_values()
            .map(|r| {
                (r.key.clone(), (r.status, r.gaps, r.body, r.privilege, r.collector.transport))
            })
            .collect();
        let release = &seen[&key("os.release", None)];
        assert_eq!(
            (&release.0, release.4.as_str()),
            (&EvidenceStatus::Collected, "local"),
            "{name}"
        );
        match &first {
            None => first = Some(seen),
            Some(first) => assert_eq!(first, &seen, "{name}"),
        }
    }
}

#[test]
fn records_come_while_later_captures_run() {
    let keys = [key("os.release", None), key("file.stat", Some("/etc"))];
    let mut plan = plan_for(&keys, None);
    plan.captures.sort_by_key(|capture| capture.id.starts_with("file.stat"));
    let order = RefCell::new(Vec::new());
    let (_, shell) = shells().remove(0);
    let name = nonce();
    let collected = collect_named(&shell, &plan, &name, &mut |progress| {
        order.borrow_mut().push(match progress {
            Progress::Connected(host) => format!("connected {:?}", host.uid.is_some()),
            Progress::CaptureBegan(id) => format!("began {id}"),
            Progress::CaptureEnded(log) => format!("ended {}", log.capture),
            Progress::Record(record, body) => {
                assert_eq!(body.is_some(), record.body.is_some());
                format!("record {}", record.key.kind)
            }
        });
    });
    let order = order.into_inner();
    let at = |text: &str| {
        order.iter().position(|line| line == text).unwrap_or_else(|| panic!("{text} in {order:?}"))
    };
    assert_eq!(at("connected true"), 0);
    assert!(at("record os.release") < at("began file.stat"), "{order:?}");
    assert_eq!(at("record file.stat"), order.len() - 1);
    for record in collected.snapshot.records.values() {
        assert!(record.observed_at < record.received_at);
    }
}

#[test]
fn a_kept_capture_gives_the_same_body_again() {
    let (_, shell) = shells().remove(0);
    let collected = collect_over(&shell, &plan_for(&host_keys(), None));
    let mut seen = 0;
    for record in collected.snapshot.records.values() {
        let Some(capture) = record.capture else { continue };
        let bytes = &collected.snapshot.bodies[&capture];
        let (_, frames) = read_bundle(CAPTURE_NONCE, bytes).expect("kept capture");
        let kind = find(&record.key.kind).expect("registered");
        let parsed = kind.parse(record.key.selector.as_ref(), &frames);
        assert_eq!(parsed.status, record.status, "{}", record.key);
        assert_eq!(parsed.gaps, record.gaps, "{}", record.key);
        assert_eq!(parsed.body.map(|body| anji_evidence::digest(&body)), record.body);
        seen += 1;
    }
    assert!(seen >= 5, "{seen} captures were kept");
}

fn all_failed(collected: &Collected, category: FailureCategory) {
    assert!(!collected.snapshot.records.is_empty());
    for record in collected.snapshot.records.values() {
        let EvidenceStatus::Failed { category: met, detail } = &record.status else {
            panic!("{}: {:?}", record.key, record.status);
        };
        assert_eq!(*met, category, "{}: {detail}", record.key);
        assert!(record.body.is_none() && !detail.is_empty());
        assert_eq!(record.privilege, Privilege::User);
    }
}

#[test]
fn a_run_that_gives_nothing_fails_every_record() {
    let plan = plan_for(&host_keys(), None);
    let missing = LocalShell::with_command("/no/such/shell", []);
    all_failed(&collect_over(&missing, &plan), FailureCategory::Unreachable);
    let silent = LocalShell::with_command("/bin/sh", ["-c", "cat >/dev/null"]);
    all_failed(&collect_over(&silent, &plan), FailureCategory::Incomplete);
    let refusing = LocalShell::with_command("/bin/sh", ["-c", "echo no shell here >&2; exit 1"]);
    let collected = collect_over(&refusing, &plan);
    all_failed(&collected, FailureCategory::Incomplete);
    let told = format!("{:?}", collected.snapshot.records);
    assert!(told.contains("no shell here") && told.contains("status 1"), "{told}");
    // Garbage without end: the reader gives up long before the time limit.
    let garbage = LocalShell::with_command("/bin/sh", ["-c", "yes garbage"]);
    all_failed(&collect_over(&garbage, &plan), FailureCategory::Incomplete);
    let played = Played { bytes: b"\xff\x00#anji\n".repeat(1000), ended: Ended::Exited(0) };
    all_failed(&collect_over(&played, &plan), FailureCategory::Incomplete);
    let late = Played { bytes: Vec::new(), ended: Ended::TimedOut };
    all_failed(&collect_over(&late, &plan), FailureCategory::TimedOut);
}

#[test]
fn unknown_types_and_missing_captures_fail() {
    let mut plan = plan_for(&[key("os.release", None), key("accounts", None)], None);
    plan.captures.retain(|capture| !capture.id.starts_with("accounts.passwd"));
    plan.wanted.push(anji_model::WantedEvidence {
        key: key("no.such.type", None),
        limits: plan.wanted[0].limits,
    });
    let (_, shell) = shells().remove(0);
    let collected = collect_over(&shell, &plan);
    let category = |kind: &str| match &collected.snapshot.records[&key(kind, None)].status {
        EvidenceStatus::Failed { category, .. } => Some(*category),
        _ => None,
    };
    assert_eq!(category("no.such.type"), Some(FailureCategory::Unsupported));
    assert_eq!(category("accounts"), Some(FailureCategory::Incomplete));
    assert_eq!(category("os.release"), None);
}

/// A whole stream of this host, with the nonce that it bears.
fn recorded(plan: &CollectionPlan) -> (String, Vec<u8>, Collected) {
    let (_, shell) = shells().remove(0);
    let ran = run_script(&shell, &render_script(plan), Duration::from_secs(60));
    let played = Played { bytes: ran.bytes.clone(), ended: Ended::Exited(0) };
    let whole = collect_named(&played, plan, &ran.nonce, &mut |_| {});
    (ran.nonce, ran.bytes, whole)
}

/// Whether `worse` says nothing that `whole` does not say.
fn no_surer(worse: &EvidenceRecord, whole: &EvidenceRecord) -> bool {
    match &worse.status {
        EvidenceStatus::Failed { .. } => true,
        EvidenceStatus::Absent { .. } => worse.status == whole.status,
        EvidenceStatus::Collected => {
            let same = worse.body == whole.body && worse.gaps == whole.gaps;
            whole.status == EvidenceStatus::Collected
                && (same || worse.gaps.len() > whole.gaps.len())
        }
    }
}

fn check_worse(plan: &CollectionPlan, nonce: &str, bytes: Vec<u8>, whole: &Collected, what: &str) {
    let played = Played { bytes, ended: Ended::Exited(0) };
    let collected = collect_named(&played, plan, nonce, &mut |_| {});
    for (key, record) in &collected.snapshot.records {
        let whole = &whole.snapshot.records[key];
        assert!(no_surer(record, whole), "{what}: {key}: {record:?} of {whole:?}");
    }
}

#[test]
fn a_stream_cut_anywhere_never_makes_a_surer_record() {
    let small = plan_for(
        &[
            key("os.release", None),
            key("file.stat", Some("/etc/shadow")),
            key("file.stat", Some("/no/such")),
        ],
        None,
    );
    let (nonce, bytes, whole) = recorded(&small);
    for cut in 0..bytes.len() {
        check_worse(&small, &nonce, bytes[..cut].to_vec(), &whole, &format!("cut at {cut}"));
    }
    let host = plan_for(&host_keys(), None);
    let (nonce, bytes, whole) = recorded(&host);
    for cut in (0..bytes.len()).step_by(1 + bytes.len() / 400) {
        check_worse(&host, &nonce, bytes[..cut].to_vec(), &whole, &format!("cut at {cut}"));
    }
}

#[test]
fn a_stream_without_some_of_its_lines_never_makes_a_surer_record() {
    let plan = plan_for(&host_keys(), None);
    let (nonce, bytes, whole) = recorded(&plan);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&b| b == b'\n').collect();
    let property = |gone: Vec<prop::sample::Index>| {
        let gone: Vec<_> = gone.iter().map(|index| index.index(lines.len())).collect();
        let kept = lines.iter().enumerate().filter(|(at, _)| !gone.contains(at));
        let bytes = kept.flat_map(|(_, line)| line.iter().copied()).collect();
        check_worse(&plan, &nonce, bytes, &whole, &format!("without lines {gone:?}"));
        Ok(())
    };
    let config = proptest::test_runner::Config {
        cases: 150,
        failure_persistence: None,
        ..Default::default()
    };
    proptest::test_runner::TestRunner::new(config)
        .run(&prop::collection::vec(any::<prop::sample::Index>(), 1..6), property)
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn foreign_frames_are_not_believed() {
    let plan = plan_for(&[key("os.release", None)], None);
    let (nonce, bytes, whole) = recorded(&plan);
    let text = String::from_utf8(bytes).expect("ascii");
    let forged = "NAME=Forged\n";
    let frame = |nonce: &str, id: &str| {
        format!(
            "#anji {nonce} B {id}\n|{forged}#anji {nonce} E {id} exit=0 bytes={} truncated=0 timeout=0 ms=1\n",
            forged.len()
        )
    };
    let (header, rest) = text.split_once('\n').expect("header");
    for (what, stream) in [
        ("wrong nonce", text.replace(&nonce, "other")),
        ("foreign frame first", format!("{header}\n{}{rest}", frame("other", "os.release.file"))),
        ("foreign id", format!("{header}\n{}{rest}", frame(&nonce, "shell.history"))),
        ("twice", format!("{}{}", text, frame(&nonce, "os.release.file"))),
        (
            "twice before the end",
            format!("{header}\n{rest}").replace(
                &format!("#anji {nonce} end"),
                &format!("{}#anji {nonce} end", frame(&nonce, "os.release")),
            ),
        ),
    ] {
        check_worse(&plan, &nonce, stream.into_bytes(), &whole, what);
    }
}

#[test]
fn damage_after_the_record_takes_it_back() {
    let plan = plan_for(&[key("os.release", None), key("file.stat", Some("/etc"))], None);
    let (nonce, bytes, _) = recorded(&plan);
    let text = String::from_utf8(bytes).expect("ascii");
    let id =
        plan.captures.iter().find(|c| c.id.starts_with("os.release")).expect("capture").id.clone();
    let again = format!(
        "#anji {nonce} B {id}\n#anji {nonce} E {id} exit=0 bytes=0 truncated=0 timeout=0 ms=1\n"
    );
    let stream = text.replace(&format!("#anji {nonce} end"), &format!("{again}#anji {nonce} end"));
    let played = Played { bytes: stream.into_bytes(), ended: Ended::Exited(0) };
    let mut made = 0;
    let collected = collect_named(&played, &plan, &nonce, &mut |progress| {
        if let Progress::Record(record, _) = progress {
            made += u32::from(record.key == key("os.release", None));
        }
    });
    assert_eq!(made, 2);
    let record = &collected.snapshot.records[&key("os.release", None)];
    assert!(
        !matches!(record.status, EvidenceStatus::Collected) || !record.gaps.is_empty(),
        "{record:?}"
    );
}

#[test]
fn limits_become_their_own_categories() {
    let mut plan = plan_for(&[key("file.stat", Some("/etc")), key("os.release", None)], None);
    for one in &mut plan.captures {
        let body = if one.id.starts_with("file.stat") { "yes" } else { "sleep 60" };
        *one = anji_model::Capture { bytes_max: 100, timeout_seconds: 1, ..capture(&one.id, body) };
    }
    let (_, shell) = shells().remove(0);
    let collected = collect_over(&shell, &plan);
    let category = |key: EvidenceKey| match &collected.snapshot.records[&key].status {
        EvidenceStatus::Failed { category, .. } => *category,
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(category(key("os.release", None)), FailureCategory::TimedOut);
    assert_eq!(category(key("file.stat", Some("/etc"))), FailureCategory::Truncated);
    assert!(collected.log.iter().any(|entry| entry.timed_out));
    assert!(collected.log.iter().any(|entry| entry.truncated && entry.bytes == 100));
}

#[test]
fn an_empty_plan_gives_an_empty_snapshot() {
    let (_, shell) = shells().remove(0);
    let plan = plan_for(&[], None);
    let now = || Timestamp::UNIX_EPOCH;
    let collected = collect(&plan, &shell, &now, &nonce(), &mut |_| {});
    assert!(collected.snapshot.records.is_empty() && collected.log.is_empty());
    assert!(collected.host.uid.is_some());
}
