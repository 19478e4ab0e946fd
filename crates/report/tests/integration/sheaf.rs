//! Reports of any size, as a hospital has them: hosts of several business
//! systems, the same numbers on every machine.

use crate::fixtures::{
    check_id, checks, failing, key, now, observation, register_id, result, run_id, summary, term,
    text, unknown,
};
use crate::runs;
use anji_model::{
    CheckId, CheckInfo, CheckResult, Collector, Digest, Drift, DriftCause, DriftKind,
    EvidenceRecord, EvidenceStatus, FailureCategory, FrameworkId, NextStep, Privilege, RawResult,
    ReasonCategory, ResultSummary, Severity, Subject, SystemId,
};
use anji_report::{HistoryView, ReportView, TrendView};
use jiff::ToSpan;
use std::collections::BTreeMap;

/// How many checks one host has in a large report.
const CHECKS_PER_HOST: usize = 280;

/// A report around `report`, with names, rule books, evidence, history and 30 days of trend.
pub(crate) fn around(report: anji_model::RunReport) -> ReportView {
    let subjects: BTreeMap<Subject, String> = report
        .assessment
        .results
        .iter()
        .map(|one| (one.identity.subject.clone(), name_of(&one.identity.subject)))
        .collect();
    let framework = |id: &str, zh, en| (FrameworkId::new(id).expect("test id"), text(zh, en));
    let history = report.assessment.results.iter().map(|one| (one.identity.clone(), history(one)));
    ReportView {
        made_at: now() + 90.minutes(),
        frameworks: BTreeMap::from([
            framework(
                "gbt22239-2019",
                "网络安全等级保护基本要求",
                "Baseline for classified protection",
            ),
            framework("gbt39786-2021", "信息系统密码应用基本要求", "Requirements for cryptography"),
        ]),
        records: subjects.keys().flat_map(records).collect(),
        history: history.collect(),
        trend: trend(&report),
        subjects,
        report,
    }
}

/// A report with `count` results.
pub(crate) fn sheaf(count: usize) -> ReportView {
    let known = checks();
    let per_host = CHECKS_PER_HOST.min(count.max(1));
    let checks: Vec<CheckInfo> = (0..per_host)
        .map(|n| CheckInfo { id: id_of(n), ..known[n % known.len()].clone() })
        .collect();
    let results = (0..count).map(|n| one(n % per_host, n / per_host, &checks[n % per_host]));
    let mut report = runs::report(results.collect());
    report.checks = checks;
    if count > per_host {
        report.subject_name = format!("hosts 001-{:03}", count.div_ceil(per_host));
    }
    let failing = report.assessment.results.iter().filter(|one| one.raw == RawResult::Fail);
    report.drift =
        failing.take(count / 100 + 3).enumerate().map(|(n, one)| drift(n, one)).collect();
    report.compared_with =
        Some(summary("20261122T233011Z-9b0e77d1", crate::fixtures::yesterday(), 3));
    report.compared_results = count as u64;
    let mut worst: Vec<_> =
        report.assessment.results.iter().filter(|one| one.raw == RawResult::Fail).collect();
    worst.sort_by_key(|one| std::cmp::Reverse(one.severity));
    report.next =
        worst.iter().map(|one| one.identity.check.clone()).map(NextStep::Repair).collect();
    report.next.dedup();
    report.next.truncate(2);
    report.next.push(NextStep::Adopt(register_id("suid-files")));
    around(report)
}

fn id_of(n: usize) -> CheckId {
    check_id(&format!("LNX-{:03}", n + 1))
}

fn name_of(subject: &Subject) -> String {
    match subject.id.strip_prefix("host-") {
        Some(number) => format!("his-app{number} (Debian GNU/Linux 12 (bookworm))"),
        None => "his-db01 (Debian GNU/Linux 12 (bookworm))".to_owned(),
    }
}

fn one(check: usize, host: usize, info: &CheckInfo) -> CheckResult {
    let mut one = match (check * 7 + host * 3) % 20 {
        0..=2 => {
            let path = format!("sshd.contexts[Match User backup{host}].permitrootlogin");
            failing("LNX-001", vec![term(&path, "\"yes\"", "in", "[\"no\"]")], 1)
        }
        3 => {
            let term = |n| {
                let path = format!("walk.files[/srv/share/影像归档/2026/{n}].mode");
                term(&path, "\"0666\"", "mode_within", "\"0755\"")
            };
            failing("LNX-019", (0..3).map(term).collect(), 12)
        }
        4 => unknown(
            "LNX-003",
            ReasonCategory::Evidence(FailureCategory::Permission),
            "cannot open /etc/shadow: Permission denied",
        ),
        5 => unknown("LNX-020", ReasonCategory::NoRegister(register_id("suid-files")), ""),
        6 => result("LNX-009", RawResult::NotApplicable),
        7 => result("LNX-034", RawResult::NotChecked),
        _ => result("LNX-011", RawResult::Pass),
    };
    one.identity.check = info.id.clone();
    one.severity = info.severity;
    one.identity.subject = match host {
        0 => Subject::local(),
        _ => Subject::asset(format!("host-{host:03}")).expect("test id"),
    };
    let system = ["his", "emr", "lis", "pacs", "integration"][host % 5];
    one.identity.system = SystemId::new(system).expect("test id");
    one.observed = vec![observation("sshd.version", "\"OpenSSH_9.2p1\"")];
    one
}

fn records(subject: &Subject) -> Vec<EvidenceRecord> {
    let kinds =
        ["accounts", "file.stat", "file.walk", "os.release", "sockets.listening", "sshd.effective"];
    let record = |kind: &&str| EvidenceRecord {
        key: key(kind),
        subject: subject.clone(),
        observed_at: now() - 4.seconds(),
        received_at: now() - 3.seconds(),
        collector: Collector { transport: "local".to_owned(), version: "0.1.0".to_owned() },
        privilege: Privilege::Root,
        status: EvidenceStatus::Collected,
        gaps: Vec::new(),
        parser_revision: 1,
        body: Some(Digest([0x3a; 32])),
        volatile: None,
        capture: Some(Digest([0x4c; 32])),
    };
    kinds.iter().map(record).collect()
}

fn history(one: &CheckResult) -> Vec<HistoryView> {
    let stretch = |run: &str, days: i64, raw| HistoryView {
        run: run_id(run),
        since: now() - (days * 24).hours(),
        last_run: run_id("20261123T233005Z-4f1c9a2b"),
        until: now(),
        privilege: Privilege::Root,
        raw,
        failed_terms_total: u64::from(raw == RawResult::Fail),
    };
    match one.raw {
        RawResult::Fail => vec![
            stretch("20261120T233007Z-77aa01c2", 3, RawResult::Fail),
            stretch("20261101T233002Z-0b3d9e11", 22, RawResult::Pass),
        ],
        raw => vec![stretch("20261101T233002Z-0b3d9e11", 22, raw)],
    }
}

/// Thirty days that end with the run; the rate climbs, falls once, and two days are missing.
fn trend(report: &anji_model::RunReport) -> Vec<TrendView> {
    let now_at = &report.assessment.conformance;
    let point = |ago: i64| {
        let mut conformance = now_at.clone();
        let worse =
            (now_at.pass_weight / 60) * u64::try_from((ago + 4 * (ago % 3)) / 2).unwrap_or(0);
        let worse = worse.min(now_at.pass_weight);
        conformance.pass_weight -= worse;
        conformance.fail_weight += worse;
        let mut changes = BTreeMap::new();
        for change in report.drift.iter().filter(|_| ago == 0) {
            *changes.entry(change.kind).or_insert(0) += 1;
        }
        if ago % 9 == 4 {
            changes.insert(DriftKind::Regressed, 2);
        }
        if ago % 7 == 2 && ago > 0 {
            changes.insert(DriftKind::Recovered, 3);
        }
        TrendView {
            run: run_id(&format!("202611{:02}T233005Z-00000000", (30 - ago).clamp(1, 30))),
            as_of: now() - (ago * 24).hours(),
            conformance: Some(conformance),
            changes: (ago < 29).then_some(changes),
        }
    };
    (0..30).rev().filter(|ago| *ago != 11 && *ago != 12).map(point).collect()
}

fn drift(n: usize, after: &CheckResult) -> Drift {
    let mut before = after.clone();
    before.raw = RawResult::Pass;
    before.failed_terms.clear();
    before.failed_terms_total = 0;
    let side = |run: &str, as_of, result| ResultSummary { run: run_id(run), as_of, result };
    let kinds = [DriftKind::Regressed, DriftKind::Appeared, DriftKind::ValueMoved];
    Drift {
        identity: after.identity.clone(),
        severity: after.severity,
        kind: kinds[n % kinds.len()],
        cause: DriftCause::Evidence,
        before: Some(side("20261122T233011Z-9b0e77d1", crate::fixtures::yesterday(), before)),
        after: Some(side("20261123T233005Z-4f1c9a2b", now(), after.clone())),
        new_terms: after.failed_terms.clone(),
        gone_terms: Vec::new(),
    }
}

/// Every result unknown, for several causes.
pub(crate) fn all_unknown() -> ReportView {
    let cause = |n: usize| match n % 4 {
        0 => ReasonCategory::Evidence(FailureCategory::Permission),
        1 => ReasonCategory::Evidence(FailureCategory::TimedOut),
        2 => ReasonCategory::Stale,
        _ => ReasonCategory::NoRegister(register_id("listening-sockets")),
    };
    let known = checks();
    let results = known
        .iter()
        .enumerate()
        .map(|(n, check)| unknown(check.id.as_str(), cause(n), "the account may not read it"));
    let mut report = runs::report(results.collect());
    report.privilege = Privilege::User;
    report.verdicts_with_more_rights = 3;
    report.next = vec![NextStep::MoreRights(3), NextStep::Adopt(register_id("listening-sockets"))];
    around(report)
}

/// Names as long as they can be, with and without places to break them.
pub(crate) fn long_names() -> ReportView {
    let mut view = sheaf(12);
    let long = "很长的主机名".repeat(40);
    let path = format!("/srv/{}/{}", "x".repeat(200), "目录/".repeat(80));
    view.report.subject_name = format!("{long} (Debian)");
    for name in view.subjects.values_mut() {
        name.clone_from(&view.report.subject_name);
    }
    for one in &mut view.report.assessment.results {
        for term in &mut one.failed_terms {
            term.path = format!("walk.files[{path}].mode");
            term.observed = format!("{path:?}");
        }
    }
    for check in &mut view.report.checks {
        check.title =
            text(&"口令文件的权限安全".repeat(12), &"a title that goes on and on ".repeat(9));
    }
    view
}

/// The strings that break careless renderers, in every place that evidence reaches.
pub(crate) fn hostile() -> ReportView {
    let megabyte = "A".repeat(1 << 20);
    let evil = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'; DROP TABLE runs; --",
        "=HYPERLINK(\"http://example.invalid\",\"click\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1+1",
        "\u{1b}[2J\u{1b}]0;title\u{7}",
        "\u{0}\u{1}\u{8}\u{b}\u{c}\u{1f}\u{7f}\u{85}\u{9b}",
        "\u{202e}gnp.exe\u{2066}\u{200b}\u{feff}",
        "]]><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>&y;",
        "</style></title></textarea>--><!--",
        "a\r\nb\u{2028}c\u{fffe}\u{ffff}",
        "_x0041_ \u{e000} \u{10ffff}",
        "[ok](//evil.example)",
        &megabyte,
    ];
    filled(evil.len() * 4, &evil)
}

/// A report with `texts` one after another wherever evidence reaches.
pub(crate) fn filled(count: usize, texts: &[impl AsRef<str>]) -> ReportView {
    let mut view = sheaf(count);
    let mut place = 0;
    let mut next = || {
        place += 1;
        texts[place % texts.len()].as_ref().to_owned()
    };
    view.report.subject_name = next();
    for name in view.subjects.values_mut() {
        *name = format!("{}{}", next(), texts[0].as_ref());
    }
    for one in &mut view.report.assessment.results {
        one.identity.element = Some(next());
        for term in &mut one.failed_terms {
            term.path = next();
            term.observed = next();
            term.operator = next();
            term.allowed = next();
        }
        for seen in &mut one.observed {
            seen.path = next();
            seen.value = next();
        }
        for reason in &mut one.reasons {
            reason.detail = next();
        }
    }
    for change in &mut view.report.drift {
        for term in &mut change.new_terms {
            term.path = next();
            term.observed = next();
        }
    }
    for record in &mut view.records {
        record.collector.transport = next();
        record.status =
            EvidenceStatus::Failed { category: FailureCategory::CommandFailed, detail: next() };
    }
    view
}

/// A critical failure and nothing else.
pub(crate) fn single() -> ReportView {
    let mut one = failing(
        "LNX-002",
        vec![term("sshd.contexts[base].permitemptypasswords", "true", "==", "false")],
        1,
    );
    one.severity = Severity::Critical;
    let mut report = runs::report(vec![one]);
    report.next = vec![NextStep::Repair(check_id("LNX-002"))];
    around(report)
}

/// Every report by name.
pub(crate) fn all() -> Vec<(&'static str, ReportView)> {
    vec![
        ("0", sheaf(0)),
        ("1", single()),
        ("300", sheaf(300)),
        ("10000", sheaf(10_000)),
        ("unknown", all_unknown()),
        ("long", long_names()),
        ("hostile", hostile()),
    ]
}
