//! A small hospital to store: one host, seen day by day.

use anji_model::{
    AbsPath, AuditOutcome, BaselineVersion, Body, CheckId, CheckResult, Digest, DriftKind,
    EvidenceKey, EvidenceRecord, EvidenceType, Privilege, Register, RegisterId, ResultIdentity,
    RunId, Selector, Snapshot, Subject, SystemId,
};
use anji_store::{CommandRecord, DriftCounts, NewAudit, NewRun, Store, StoreError, StoredRun};
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;

pub(crate) fn digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

pub(crate) fn instant(day: i64) -> Timestamp {
    let first: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    first + (day * 24).hours()
}

/// A run with everything it owns.
#[derive(Clone)]
pub(crate) struct Day {
    pub(crate) id: RunId,
    pub(crate) at: Timestamp,
    pub(crate) privilege: Privilege,
    pub(crate) snapshots: Vec<Snapshot>,
    pub(crate) results: Vec<CheckResult>,
    pub(crate) commands: Vec<CommandRecord>,
    pub(crate) drift: DriftCounts,
}

impl Day {
    /// Day `day` of a host with `checks` checks on which nothing changes; every third check fails.
    pub(crate) fn quiet(day: i64, checks: usize) -> Self {
        Self::new(day, checks, Subject::local(), Privilege::Root)
    }

    pub(crate) fn new(day: i64, checks: usize, subject: Subject, privilege: Privilege) -> Self {
        let at = instant(day);
        let mut snapshot = Snapshot::empty(subject.clone());
        for (index, key) in keys().into_iter().enumerate() {
            let ms = i64::try_from(index).unwrap() * 137;
            record(&mut snapshot, key, at + ms.milliseconds(), privilege, "same");
        }
        let results = (0..checks).map(|n| result(n, &snapshot)).collect();
        let command = |n: usize| CommandRecord {
            subject: subject.clone(),
            capture: format!("capture.{n}"),
            exit: (n % 5 != 4).then_some(0),
            bytes: 100 * n as u64,
            ms: Some((day.unsigned_abs() * 31 + n as u64 * 7) % 97),
            truncated: false,
            timed_out: n % 5 == 4,
        };
        Self {
            id: RunId::new(format!(
                "20261123T010000Z-{:04}-{:x}",
                day,
                digest(subject.id.as_bytes()).0[0]
            ))
            .unwrap(),
            at,
            privilege,
            snapshots: vec![snapshot],
            results,
            commands: (0..6).map(command).collect(),
            drift: DriftCounts::count([DriftKind::Regressed, DriftKind::Gone]),
        }
    }

    /// The same day with another os.release body, and another word for check 1.
    pub(crate) fn changed(mut self) -> Self {
        let at = self.at;
        let snapshot = &mut self.snapshots[0];
        let old = &snapshot.records[&keys()[0]];
        for name in [old.body, old.capture].into_iter().flatten() {
            snapshot.bodies.remove(&name);
        }
        record(snapshot, keys().remove(0), at, self.privilege, "upgraded");
        self.results = (0..self.results.len()).map(|n| result(n, snapshot)).collect();
        self.results[1].raw = anji_model::RawResult::Unknown;
        self
    }

    pub(crate) fn put(&self, store: &mut Store) -> Result<StoredRun, StoreError> {
        store.write(|writer| writer.put_run(&self.new_run()))
    }

    pub(crate) fn new_run(&self) -> NewRun<'_> {
        NewRun {
            run: self.id.clone(),
            started_at: self.at,
            ended_at: self.at + 3.seconds(),
            as_of: self.at + 2.seconds(),
            baseline: baseline(),
            program: "0.1.0".to_owned(),
            content: digest(b"content"),
            parameters: digest(b"parameters"),
            plan: digest(b"plan"),
            privilege: self.privilege,
            snapshots: &self.snapshots,
            results: &self.results,
            commands: &self.commands,
            drift: self.drift.clone(),
            names: &NO_NAMES,
        }
    }

    /// The records as they should come back.
    pub(crate) fn records(&self) -> Vec<EvidenceRecord> {
        self.snapshots.iter().flat_map(|snapshot| snapshot.records.values().cloned()).collect()
    }
}

static NO_NAMES: BTreeMap<Subject, String> = BTreeMap::new();

pub(crate) fn baseline() -> BaselineVersion {
    BaselineVersion::new("starter@1").unwrap()
}

pub(crate) fn keys() -> Vec<EvidenceKey> {
    let key = |kind: &str, path: Option<&str>| EvidenceKey {
        kind: EvidenceType::new(kind).unwrap(),
        selector: path.map(|path| Selector::Path(AbsPath::new(path).unwrap())),
    };
    vec![
        key("os.release", None),
        key("accounts", None),
        key("file.stat", Some("/etc/shadow")),
        key("file.stat", Some("/etc/passwd")),
        key("sockets.listening", None),
    ]
}

fn record(snapshot: &mut Snapshot, key: EvidenceKey, at: Timestamp, rights: Privilege, word: &str) {
    let mut keep = |text: String| {
        let body: Body = Arc::from(text.into_bytes());
        let name = digest(&body);
        snapshot.bodies.insert(name, body);
        name
    };
    let filler = "a line of evidence that repeats\n".repeat(20);
    let body = keep(format!("{{\"key\":\"{key}\",\"rights\":\"{rights:?}\",\"word\":\"{word}\"}}"));
    let volatile =
        (key.kind.as_str() == "sockets.listening").then(|| keep(format!("{{\"pids\":\"{at}\"}}")));
    let capture = keep(format!("{key} {word} {rights:?}\n{filler}"));
    let record = json!({
        "key": key, "subject": snapshot.subject, "observed_at": at,
        "received_at": at + 250.milliseconds(),
        "collector": {"transport": "local", "version": "0.1.0"},
        "privilege": rights, "status": {"state": "collected"},
        "parser_revision": 1, "body": body, "volatile": volatile, "capture": capture,
    });
    snapshot.records.insert(key, serde_json::from_value(record).unwrap());
}

pub(crate) fn identity(n: usize, subject: &Subject) -> ResultIdentity {
    ResultIdentity {
        baseline: baseline(),
        system: SystemId::new("unassigned").unwrap(),
        check: CheckId::new(format!("LNX-{n:03}")).unwrap(),
        subject: subject.clone(),
        element: None,
    }
}

fn result(n: usize, snapshot: &Snapshot) -> CheckResult {
    let key = &keys()[n % keys().len()];
    let record = &snapshot.records[key];
    let fails = n.is_multiple_of(3);
    let term = json!({"path": format!("value[{n}]"), "observed": "\"yes\"", "operator": "in",
        "allowed": "[\"no\"]"});
    let terms = if fails { vec![term] } else { Vec::new() };
    // Some hold as long as their evidence is fresh, some for ever, one until a fixed date.
    let valid_until = match n % 3 {
        0 => Some(record.observed_at + 86_400.seconds()),
        1 => None,
        _ => Some("2028-06-30T00:00:00Z".parse().unwrap()),
    };
    serde_json::from_value(json!({
        "identity": identity(n, &snapshot.subject), "revision": 1, "severity": "high",
        "raw": if fails { "fail" } else { "pass" },
        "observed": [{"path": format!("value[{n}]"), "value": "\"yes\""}],
        "failed_terms": terms, "failed_terms_total": terms.len(), "reasons": [],
        "evidence": [{"key": key, "body": record.body, "observed_at": record.observed_at}],
        "valid_until": valid_until, "inputs": digest(b"inputs"),
        "parameters": digest(b"parameters"), "statements": digest(b"statements"),
    }))
    .unwrap()
}

pub(crate) fn register(version: u32, values: &[&str]) -> Register {
    let entries: Vec<_> = values.iter().map(|value| json!({"value": value})).collect();
    serde_json::from_value(json!({
        "id": RegisterId::new("suid-files").unwrap(), "subject": Subject::local(),
        "version": version, "entries": entries, "adopted_from": null,
        "approval": {"recorded_by": "li", "approved_by": null, "at": instant(0), "reason": null},
    }))
    .unwrap()
}

pub(crate) fn audit(use_case: &str) -> NewAudit {
    NewAudit {
        at: instant(0),
        actor: "li".to_owned(),
        use_case: use_case.to_owned(),
        object: "asset:local".to_owned(),
        outcome: AuditOutcome::Done,
        detail: "from a test".to_owned(),
    }
}

/// A store with some of everything in `dir`, captures of the first days removed.
pub(crate) fn fill(dir: &std::path::Path) -> Store {
    let mut store = Store::open(dir).unwrap();
    for day in 0..3 {
        Day::quiet(day, 6).put(&mut store).unwrap();
    }
    store
        .write(|writer| {
            writer.put_register(&register(1, &["a", "b"]), "register.adopt")?;
            writer.put_register(&register(2, &["a"]), "register.edit")?;
            writer.append_audit(&audit("evidence.export"))?;
            writer.put_setting("capture-days", "30", "li", instant(0))?;
            writer.put_setting("language", "zh", "li", instant(0))?;
            writer.put_setting("capture-days", "60", "li", instant(1))?;
            writer.begin_epoch("restored a backup", "li", instant(2))?;
            writer.prune_captures(instant(2), "anji", instant(2))
        })
        .map(|removed| assert_eq!(removed, 2))
        .unwrap();
    Day::quiet(3, 6).changed().put(&mut store).unwrap();
    Day::new(4, 4, Subject::asset("root:/mnt").unwrap(), Privilege::User).put(&mut store).unwrap();
    store.write(|writer| writer.append_audit(&audit("evidence.export"))).map(drop).unwrap();
    store
}

/// This test binary, to run `test` alone in another process on the store in `dir`.
pub(crate) fn child(test: &str, dir: &std::path::Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env("ANJI_TEST_STORE", dir);
    command
}

/// The store that a parent process handed to this test; `None` in an ordinary test run.
pub(crate) fn handed() -> Option<std::path::PathBuf> {
    std::env::var_os("ANJI_TEST_STORE").map(Into::into)
}

/// Tells the parent process something.
pub(crate) fn tell(word: &str) {
    use std::io::Write;
    let mut output = std::io::stdout().lock();
    writeln!(output, "\ntold {word}").unwrap();
}

/// What a child process told in its output.
pub(crate) fn told(output: &str) -> Vec<String> {
    // A line cut by a kill has no newline and tells nothing.
    let whole = output.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    whole.filter_map(|line| line.strip_prefix("told ").map(str::to_owned)).collect()
}

/// Random numbers that a seed gives again (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn fresh() -> Self {
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).unwrap();
        Self(u64::from_le_bytes(seed))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }
}

/// The problems of a report as text, for messages.
pub(crate) fn problems(report: &anji_store::VerifyReport) -> String {
    report.problems.iter().map(|problem| format!("{problem}\n")).collect()
}
