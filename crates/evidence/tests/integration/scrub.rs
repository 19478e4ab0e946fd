//! The scrubber over every committed recording: nothing personal stands in
//! them but what is listed with its reason.

use super::support::repository;
use anji_evidence::scrub::scrub_bundle;
use anji_model::Personal;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const ALLOWED: &str = "testdata/not-personal.txt";

/// What looks personal and is not: kind and text, with the reason.
fn allowed() -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(repository().join(ALLOWED)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let mut fields = line.split('\t');
            let mut field = || fields.next().unwrap_or_default().to_owned();
            let (kind, text, reason) = (field(), field(), field());
            let known = Personal::ALL.iter().any(|one| one.word() == kind);
            assert!(known && reason.split(' ').count() >= 3, "{ALLOWED}: {line}");
            ((kind, text), reason)
        })
        .collect()
}

fn recordings() -> Vec<(String, Vec<u8>)> {
    let folder = repository().join("testdata/recordings");
    let mut found: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path.join("bundle.txt")).unwrap())
        })
        .collect();
    found.sort();
    assert!(found.len() >= 10, "only {} recordings", found.len());
    found
}

#[test]
fn no_recording_holds_anything_personal() {
    let allowed = allowed();
    let mut met = BTreeSet::new();
    let mut problems = Vec::new();
    for (name, bytes) in recordings() {
        let scrubbed = scrub_bundle("recording", &bytes).unwrap();
        for one in scrubbed.replaced {
            // A process's number tells nothing once the process is gone.
            if one.kind == Personal::Process {
                continue;
            }
            let mut key = (one.kind.word().to_owned(), one.text);
            let any = (key.0.clone(), "*".to_owned());
            if allowed.contains_key(&any) {
                key = any;
            }
            if !allowed.contains_key(&key) {
                problems.push(format!("{name}: {}\t{}", key.0, key.1));
            }
            met.insert(key);
        }
    }
    assert!(
        problems.is_empty(),
        "scrub these, or list them in {ALLOWED} with the reason: {problems:#?}"
    );
    let stale: Vec<_> = allowed.keys().filter(|key| !met.contains(*key)).collect();
    assert!(stale.is_empty(), "in no recording any more, remove from {ALLOWED}: {stale:#?}");
    assert!(met.len() >= 10, "only {} findings: does the scrubber work?", met.len());
}

#[test]
fn scrubbing_twice_is_scrubbing_once() {
    for (name, bytes) in recordings() {
        let once = scrub_bundle("recording", &bytes).unwrap();
        let again = scrub_bundle("recording", &once.encode("recording")).unwrap();
        assert_eq!(once.header, again.header, "{name}");
        assert_eq!(once.frames, again.frames, "{name}");
        let left: Vec<_> =
            again.replaced.iter().filter(|one| one.kind != Personal::Process).collect();
        assert!(left.is_empty(), "{name}: {left:?}");
    }
}
