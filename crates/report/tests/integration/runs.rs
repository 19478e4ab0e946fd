//! Whole runs: typical ones, and the odd ones.

use crate::fixtures::{
    check_id, checks, failing, now, observation, register_id, result, run_id, summary, term, text,
    unknown, yesterday,
};
use anji_model::{
    Assessment, BaselineVersion, CheckResult, Conformance, Coverage, Digest, Drift, DriftCause,
    DriftKind, FailureCategory, NextStep, Privilege, RawResult, ReasonCategory, ResultSummary,
    RunReport, Subject, UnknownGroup, WeightTable,
};

const PERMISSION: ReasonCategory = ReasonCategory::Evidence(FailureCategory::Permission);

/// A report of `results`, scored as the product does.
pub(crate) fn report(mut results: Vec<CheckResult>) -> RunReport {
    results.sort_by(|a, b| a.identity.cmp(&b.identity));
    let mut conformance =
        Conformance { pass_weight: 0, fail_weight: 0, unknown_weight: 0, critical_failing: false };
    let mut coverage = Coverage::default();
    for result in &results {
        let weight = u64::from(WeightTable::default().of(result.severity));
        coverage.counts[result.raw as usize] += 1;
        match result.raw {
            RawResult::Pass => conformance.pass_weight += weight,
            RawResult::Fail => {
                conformance.fail_weight += weight;
                conformance.critical_failing |= result.severity == anji_model::Severity::Critical;
            }
            RawResult::Unknown | RawResult::Error => conformance.unknown_weight += weight,
            _ => {}
        }
    }
    RunReport {
        run: Some(run_id("20261123T233005Z-4f1c9a2b")),
        started_at: now(),
        ended_at: now(),
        subject: Subject::local(),
        subject_name: "his-db01 · Debian GNU/Linux 12 (bookworm)".to_owned(),
        baseline: BaselineVersion::new("starter@1").expect("test id"),
        program: "0.1.0".to_owned(),
        content: Digest([7; 32]),
        checks: checks(),
        unknown: groups(&results),
        assessment: Assessment { as_of: now(), results, conformance, coverage },
        compared_with: None,
        drift: Vec::new(),
        compared_results: 0,
        privilege: Privilege::Root,
        verdicts_with_more_rights: 0,
        next: Vec::new(),
        head: Some(Digest([0x3a; 32])),
        commands: Vec::new(),
        notices: Vec::new(),
    }
}

fn groups(results: &[CheckResult]) -> Vec<UnknownGroup> {
    let mut groups: Vec<UnknownGroup> = Vec::new();
    for result in results {
        let Some(reason) = result.reasons.first() else { continue };
        let id = result.identity.check.clone();
        match groups.iter_mut().find(|group| group.category == reason.category) {
            Some(group) => group.checks.push(id),
            None => groups.push(UnknownGroup {
                category: reason.category.clone(),
                example: reason.clone(),
                checks: vec![id],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.checks.len()));
    groups
}

/// Nothing at all.
pub(crate) fn empty() -> RunReport {
    let mut report = report(Vec::new());
    report.run = None;
    report.head = None;
    report.checks = Vec::new();
    report
}

fn suid_unknown() -> CheckResult {
    let category = ReasonCategory::NoRegister(register_id("suid-files"));
    let mut result = unknown("LNX-020", category, "");
    result.observed = ["mount", "passwd", "su", "umount", "newgrp"]
        .map(|name| {
            let entry = format!("4755 0:0 /usr/bin/{name}");
            observation(&format!("walk.entries[/usr/bin/{name}].entry"), &format!("\"{entry}\""))
        })
        .to_vec();
    result
}

fn sockets_unknown() -> CheckResult {
    let category = ReasonCategory::NoRegister(register_id("listening-sockets"));
    let mut result = unknown("LNX-030", category, "");
    result.observed = vec![observation(
        "sockets.listeners[tcp 0.0.0.0:22 sshd].entry",
        "\"tcp 0.0.0.0:22 sshd\"",
    )];
    result
}

fn world_writable(count: usize, total: u64) -> CheckResult {
    let terms = (0..count).map(|n| {
        let path = format!("walk.entries[/srv/pacs/incoming/2026-11/study-{n:04}].path");
        term(&path, &format!("\"/srv/pacs/incoming/2026-11/study-{n:04}\""), "in", "[]")
    });
    failing("LNX-019", terms.collect(), total)
}

/// A weakened guest, its first run, as root.
pub(crate) fn weak() -> RunReport {
    let mut report = report(vec![
        failing(
            "LNX-001",
            vec![
                term("sshd.contexts[base].permitrootlogin", "\"yes\"", "in", "[\"no\"]"),
                term(
                    "sshd.contexts[Address 10.20.0.0/16].permitrootlogin",
                    "\"prohibit-password\"",
                    "in",
                    "[\"no\"]",
                ),
            ],
            2,
        ),
        result("LNX-002", RawResult::Pass),
        failing(
            "LNX-003",
            vec![term("accounts.users[guest].password.state", "\"empty\"", "!=", "\"empty\"")],
            1,
        ),
        unknown(
            "LNX-007",
            ReasonCategory::Undecidable,
            "shell start files (TMOUT) are not read yet",
        ),
        unknown("LNX-009", ReasonCategory::Undecidable, "enabled units are not read yet"),
        failing("LNX-011", vec![term("accounts.users[toor].uid", "0", "!=", "0")], 1),
        result("LNX-012", RawResult::Pass),
        failing("LNX-018", vec![term("shadow.mode", "\"0644\"", "mode_within", "\"0640\"")], 1),
        world_writable(20, 20),
        suid_unknown(),
        sockets_unknown(),
        result("LNX-034", RawResult::Pass),
    ]);
    report.next = vec![
        NextStep::Repair(check_id("LNX-003")),
        NextStep::Repair(check_id("LNX-011")),
        NextStep::Adopt(register_id("suid-files")),
    ];
    report
}

/// As an ordinary user: everything that needs root is unknown.
pub(crate) fn unprivileged() -> RunReport {
    let ids = ["LNX-001", "LNX-002", "LNX-003", "LNX-018"];
    let mut results: Vec<CheckResult> =
        ids.iter().map(|id| unknown(id, PERMISSION, "sshd -T needs root")).collect();
    results.push(unknown("LNX-007", ReasonCategory::Undecidable, "shell start files are not read"));
    results.push(unknown(
        "LNX-019",
        ReasonCategory::Evidence(FailureCategory::TimedOut),
        "the walk ran out of its 120 s",
    ));
    results.push(unknown(
        "LNX-030",
        ReasonCategory::NoRegister(register_id("listening-sockets")),
        "",
    ));
    let mut fault = unknown("LNX-034", ReasonCategory::Fault, "step limit reached");
    fault.raw = RawResult::Error;
    results.push(fault);
    let mut report = report(results);
    report.privilege = Privilege::User;
    report.verdicts_with_more_rights = 4;
    report.next = vec![NextStep::MoreRights(4), NextStep::Adopt(register_id("listening-sockets"))];
    report
}

/// One failure for each way of comparing.
pub(crate) fn operators() -> RunReport {
    let terms = vec![
        term("sshd.maxauthtries", "6", "<=", "4"),
        term("sshd.logingracetime", "0", ">", "0"),
        term("sshd.clientaliveinterval", "0", ">=", "60"),
        term("now", "\"2026-11-23T23:30:05Z\"", "<", "\"2026-06-30\""),
        term("sshd.x11forwarding", "true", "==", "false"),
        term("accounts.users[ftp].shell", "\"/bin/sh\"", "not in", "[\"/bin/sh\",\"/bin/bash\"]"),
        term("accounts.users[his2].uid", "1001", "unique", "\"not as accounts.users[his].uid\""),
        term("os.kernel", "null", "has", "true"),
        term("accounts.compat_entries", "[\"+\"]", "has", "false"),
        term("sshd.ciphers", "\"3des-cbc\"", "not startsWith", "\"3des\""),
        term("sshd.banner", "\"none\"", "startsWith", "\"/\""),
        term("sshd.macs", "\"hmac-md5\"", "not contains", "\"md5\""),
        term("walk.roots", "[]", "exists", "\"\""),
        term("x.y", "1", "newer_operator", "2"),
    ];
    let total = terms.len() as u64;
    let ids = ["LNX-001", "LNX-002", "LNX-003", "LNX-011", "LNX-012"];
    let results = ids.iter().zip(terms.chunks(3)).map(|(id, terms)| {
        failing(id, terms.to_vec(), if *id == "LNX-012" { total } else { terms.len() as u64 })
    });
    report(results.collect())
}

/// The same as yesterday, all well.
pub(crate) fn unchanged() -> RunReport {
    let mut report =
        report(checks().iter().map(|check| result(check.id.as_str(), RawResult::Pass)).collect());
    report.compared_with = Some(summary("20261122T233011Z-9b0e77d1", yesterday(), 0));
    report.compared_results = 12;
    report
}

fn side(run: &str, result: CheckResult) -> Option<ResultSummary> {
    let as_of = if run.starts_with("20261123") { now() } else { yesterday() };
    Some(ResultSummary { run: run_id(run), as_of, result })
}

fn drift(
    kind: DriftKind,
    cause: DriftCause,
    before: Option<CheckResult>,
    after: Option<CheckResult>,
) -> Drift {
    let either = after.as_ref().or(before.as_ref()).expect("one side");
    let (identity, severity) = (either.identity.clone(), either.severity);
    let terms = |side: &Option<CheckResult>| {
        side.as_ref().map(|result| result.failed_terms.clone()).unwrap_or_default()
    };
    let (old, new) = (terms(&before), terms(&after));
    Drift {
        identity,
        severity,
        kind,
        cause,
        new_terms: new.iter().filter(|term| !old.contains(term)).cloned().collect(),
        gone_terms: old.iter().filter(|term| !new.contains(term)).cloned().collect(),
        before: before.and_then(|result| side("20261122T233011Z-9b0e77d1", result)),
        after: after.and_then(|result| side("20261123T233005Z-4f1c9a2b", result)),
    }
}

/// One change of every kind.
pub(crate) fn every_drift() -> Vec<Drift> {
    let mut was_1000 = result("LNX-011", RawResult::Pass);
    was_1000.observed = vec![observation("accounts.users[toor].uid", "1000")];
    let uid = failing("LNX-011", vec![term("accounts.users[toor].uid", "0", "!=", "0")], 1);
    let root = term("sshd.contexts[base].permitrootlogin", "\"yes\"", "in", "[\"no\"]");
    let mode = |mode: &str| {
        failing("LNX-018", vec![term("shadow.mode", mode, "mode_within", "\"0640\"")], 1)
    };
    let mut recovered = result("LNX-001", RawResult::Pass);
    recovered.observed = vec![observation("sshd.contexts[base].permitrootlogin", "\"no\"")];
    let listener = |entry: &str| {
        term(
            &format!("sockets.listeners[{entry}].entry"),
            &format!("\"{entry}\""),
            "in",
            "[\"tcp 0.0.0.0:22 sshd\"]",
        )
    };
    let mut lost = drift(
        DriftKind::EvidenceLost,
        DriftCause::Evidence,
        Some(result("LNX-002", RawResult::Pass)),
        Some(unknown("LNX-002", PERMISSION, "sudo: a password is required")),
    );
    if let Some(before) = &mut lost.before {
        before.run = run_id("20261120T233001Z-00aa11bb");
        before.as_of = "2026-11-20T23:30:01Z".parse().expect("test time");
    }
    vec![
        drift(DriftKind::Regressed, DriftCause::Evidence, Some(was_1000), Some(uid)),
        drift(
            DriftKind::Regressed,
            DriftCause::Time,
            Some(result("LNX-034", RawResult::Pass)),
            Some(failing("LNX-034", vec![term("now", "\"2026-11-23\"", "<", "\"2026-06-30\"")], 1)),
        ),
        lost,
        drift(
            DriftKind::Appeared,
            DriftCause::Content,
            None,
            Some(failing("LNX-030", vec![listener("tcp 0.0.0.0:4444 nc")], 1)),
        ),
        drift(
            DriftKind::Gone,
            DriftCause::Evidence,
            Some(failing("LNX-009", vec![listener("tcp 0.0.0.0:23 telnetd")], 1)),
            None,
        ),
        drift(
            DriftKind::Recovered,
            DriftCause::Evidence,
            Some(failing("LNX-001", vec![root], 1)),
            Some(recovered),
        ),
        drift(
            DriftKind::EvidenceRestored,
            DriftCause::Statement,
            Some(suid_unknown()),
            Some(result("LNX-020", RawResult::Pass)),
        ),
        drift(
            DriftKind::ValueMoved,
            DriftCause::Evidence,
            Some(mode("\"0644\"")),
            Some(mode("\"0666\"")),
        ),
        drift(
            DriftKind::ValueMoved,
            DriftCause::Evidence,
            Some(world_writable(1, 1)),
            Some(world_writable(6, 6)),
        ),
    ]
}

/// The weak guest on the day after.
pub(crate) fn changed() -> RunReport {
    let mut report = weak();
    report.compared_with = Some(summary("20261122T233011Z-9b0e77d1", yesterday(), 3));
    report.compared_results = 11;
    report.drift = every_drift();
    report.notices = vec![text(
        "系统时钟曾被调回，本次运行按上次运行之后的时间排序",
        "The clock was set back; this run is ordered after the last one",
    )];
    report
}

/// Names made to attack the reader's terminal, in every place that evidence reaches.
pub(crate) fn hostile() -> RunReport {
    let evil =
        "/srv/\x1b]0;owned\x07\x1b[2J\u{202e}gpj.exe\r\nPASS LNX-003\u{200b}\u{9b}31m`rm -rf /`";
    let mut fail = failing(
        "LNX-019",
        vec![term(&format!("walk.entries[{evil}].path"), &format!("\"{evil}\""), "in", evil)],
        u64::MAX,
    );
    fail.identity.element = Some(evil.to_owned());
    fail.observed = vec![observation(evil, &"A".repeat(100_000))];
    let long =
        failing("LNX-012", vec![term(&"/x".repeat(5_000), &"9".repeat(9_000), evil, evil)], 1);
    let unknown = unknown("LNX-034", PERMISSION, evil);
    let before = result("LNX-019", RawResult::Pass);
    let changes =
        vec![drift(DriftKind::Regressed, DriftCause::Evidence, Some(before), Some(fail.clone()))];
    let mut report = report(vec![fail, long, unknown]);
    report.subject = Subject::asset("root:/mnt/it's here").expect("test id");
    report.subject_name = format!("{evil} · Debian");
    report.drift = changes;
    report.compared_with = Some(summary("20261122T233011Z-9b0e77d1", yesterday(), 0));
    report.next = vec![NextStep::Repair(check_id("LNX-019"))];
    report
}

/// Three hundred results.
pub(crate) fn large() -> RunReport {
    let results = (0..300).map(|n| {
        let mut one = match n % 5 {
            0 => failing(
                "LNX-018",
                vec![term(&format!("files[{n}].mode"), "\"0666\"", "mode_within", "\"0640\"")],
                1,
            ),
            1 => unknown("LNX-003", PERMISSION, "cannot read /etc/shadow"),
            2 => result("LNX-034", RawResult::NotApplicable),
            _ => result("LNX-001", RawResult::Pass),
        };
        one.identity.check = check_id(&format!("GEN-{n:03}"));
        one
    });
    let mut report = report(results.collect());
    report.next = vec![NextStep::Repair(check_id("GEN-000"))];
    report.verdicts_with_more_rights = 60;
    report.privilege = Privilege::Sudo;
    report
}
