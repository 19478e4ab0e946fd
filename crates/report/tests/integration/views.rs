//! The smaller reports.

use crate::fixtures::{
    checks, failing, key, now, register_id, run_id, summary, term, text, yesterday,
};
use crate::{examination, queries, readable, runs};
use anji_model::{
    AbsPath, Approval, AuditEntry, AuditOutcome, Capture, CollectionPlan, Collector, Diagnostic,
    Digest, EvidenceKey, EvidenceRecord, EvidenceStatus, EvidenceType, FailureCategory, Gap,
    GapKind, Limits, Plan, Privilege, RawResult, Register, RegisterEntry, RunSummary, Selector,
    Served, Source, Subject, WantedEvidence,
};
use anji_report::{
    DiffView, EvidenceItem, EvidenceView, ExplainView, ExplainedResult, HistoryView, LintView,
    ParamView, ProgressView, Style, VerifyProblem, VerifyProblemKind, VerifyView, terminal,
};
use jiff::ToSpan;
use std::collections::BTreeMap;

/// Every smaller report by name.
pub(crate) fn all(style: &Style) -> Vec<(&'static str, String)> {
    let live = live(style);
    vec![
        ("live", live),
        ("line-progress", terminal::progress(&progress(), style)),
        ("diff-changed", terminal::diff(&diff(true), style)),
        ("diff-unchanged", terminal::diff(&diff(false), style)),
        ("explain-failing", terminal::explain(&explain(), style)),
        ("explain-never", terminal::explain(&explain_never(), style)),
        ("evidence", terminal::evidence(&evidence(), style)),
        ("doctor", terminal::doctor(&examination::lacking(), style)),
        ("doctor-well", terminal::doctor(&examination::well(), style)),
        ("query", queries::shown(style)),
        ("plan", terminal::plan(&plan(), &checks(), style)),
        ("plan-empty", terminal::plan(&plan_empty(), &[], style)),
        ("lint", terminal::lint(&lint(), style)),
        ("lint-clean", terminal::lint(&lint_clean(), style)),
        ("verify-holds", terminal::verify(&verify(false), style)),
        ("verify-broken", terminal::verify(&verify(true), style)),
        ("registers", terminal::registers(&registers(), style)),
        ("registers-none", terminal::registers(&[], style)),
        ("register", terminal::register(&registers()[0], style)),
        ("runs", terminal::runs(&run_list(), style)),
        ("runs-none", terminal::runs(&[], style)),
        ("audit", terminal::audit(&audit(), style)),
    ]
}

fn live(style: &Style) -> String {
    let checks = checks();
    let report = runs::changed();
    let mut text = String::new();
    for result in report.assessment.results.iter().chain(&runs::unprivileged().assessment.results) {
        let check = checks.iter().find(|check| check.id == result.identity.check);
        text.push_str(&terminal::live_line(result, check.expect("known check"), style));
        text.push('\n');
    }
    text
}

fn progress() -> ProgressView {
    ProgressView { done: 9, total: 12, current: Some("walk.files".to_owned()), seconds: 14 }
}

pub(crate) fn diff(changed: bool) -> DiffView {
    DiffView {
        subject_name: "his-db01".to_owned(),
        before: Some(summary("20261122T233011Z-9b0e77d1", yesterday(), 3)),
        after: summary("20261123T233005Z-4f1c9a2b", now(), 9),
        drift: if changed { runs::every_drift() } else { Vec::new() },
        compared: 12,
        checks: checks(),
    }
}

pub(crate) fn explain() -> ExplainView {
    let check = checks().remove(0);
    let mut failing = failing(
        "LNX-001",
        vec![term("sshd.contexts[base].permitrootlogin", "\"yes\"", "in", "[\"no\"]")],
        1,
    );
    failing.valid_until = Some("2026-11-24T23:30:05Z".parse().expect("test time"));
    failing.observed =
        vec![crate::fixtures::observation("sshd.contexts[User backup].permitrootlogin", "\"no\"")];
    ExplainView {
        params: vec![ParamView {
            name: "allowed".to_owned(),
            value: "[\"no\"]".to_owned(),
            overrides: Some("[\"no\",\"prohibit-password\"]".to_owned()),
        }],
        evidence: vec![key("sshd.effective")],
        results: vec![ExplainedResult {
            run: Some(run_id("20261123T233005Z-4f1c9a2b")),
            as_of: now(),
            subject_name: "his-db01".to_owned(),
            result: failing,
            history: vec![
                history(
                    "20261123T233005Z-4f1c9a2b",
                    [0, 0],
                    Privilege::User,
                    RawResult::Unknown,
                    0,
                ),
                history("20261120T233001Z-00aa11bb", [3, 0], Privilege::Root, RawResult::Fail, 1),
                history("20261101T233002Z-5d5d5d5d", [22, 4], Privilege::Root, RawResult::Pass, 0),
                history("20261030T233002Z-5d5d5d5e", [24, 24], Privilege::Root, RawResult::Fail, 2),
            ],
        }],
        check,
    }
}

/// A stretch that began and ended so many days ago.
fn history(
    run: &str,
    days: [i64; 2],
    privilege: Privilege,
    raw: RawResult,
    failed_terms_total: u64,
) -> HistoryView {
    let [since, until] = days.map(|days| now() - (days * 24).hours());
    let last_run = if since == until { run } else { "20261123T233005Z-4f1c9a2b" };
    let last_run = run_id(last_run);
    HistoryView { run: run_id(run), since, last_run, until, privilege, raw, failed_terms_total }
}

pub(crate) fn explain_never() -> ExplainView {
    let mut check = checks().remove(3);
    check.undecided = Some(text("还没有读取 shell 启动文件", "shell start files are not read yet"));
    ExplainView {
        check,
        params: Vec::new(),
        evidence: vec![key("sshd.effective")],
        results: Vec::new(),
    }
}

pub(crate) fn evidence() -> EvidenceView {
    let body = serde_json::json!({
        "id": "debian", "product": "debian 12",
        "kernel": {"release": "6.1.0-\u{1b}[31m", "sysname": "Linux"},
    });
    let gap = Gap {
        path: "users[].password".to_owned(),
        kind: GapKind::Unknown,
        category: FailureCategory::Permission,
        detail: "cannot open /etc/shadow".to_owned(),
    };
    let failed = EvidenceStatus::Failed {
        category: FailureCategory::Permission,
        detail: "sshd -T needs root".to_owned(),
    };
    let absent = EvidenceStatus::Absent { detail: "no such file".to_owned() };
    EvidenceView {
        run: run_id("20261123T233005Z-4f1c9a2b"),
        subject_name: "his-db01".to_owned(),
        items: vec![
            EvidenceItem {
                record: record("accounts", EvidenceStatus::Collected, vec![gap]),
                body: None,
                title: None,
                value: None,
                pruned: false,
                hidden: 0,
            },
            EvidenceItem {
                record: record("file.stat", absent, Vec::new()),
                body: None,
                title: Some(text("文件属性", "Properties of a file")),
                value: None,
                pruned: true,
                hidden: 0,
            },
            EvidenceItem {
                record: record("sshd.effective", failed, Vec::new()),
                body: None,
                title: None,
                value: None,
                pruned: false,
                hidden: 0,
            },
            EvidenceItem {
                record: record("os.release", EvidenceStatus::Collected, Vec::new()),
                body: Some(body),
                title: Some(text("操作系统", "Operating system")),
                value: Some(readable::os()),
                pruned: false,
                hidden: 3,
            },
            EvidenceItem {
                record: record("accounts", EvidenceStatus::Collected, Vec::new()),
                body: Some(serde_json::json!({})),
                title: Some(text("账户和组", "Accounts and groups")),
                value: Some(readable::accounts()),
                pruned: false,
                hidden: 3,
            },
            EvidenceItem {
                record: record("mounts", EvidenceStatus::Collected, Vec::new()),
                body: Some(serde_json::json!({})),
                title: None,
                value: Some(readable::mounts()),
                pruned: false,
                hidden: 0,
            },
        ],
        elements_max: Some(4),
    }
}

fn record(kind: &str, status: EvidenceStatus, gaps: Vec<Gap>) -> EvidenceRecord {
    let collected = status == EvidenceStatus::Collected;
    EvidenceRecord {
        key: key(kind),
        subject: Subject::local(),
        observed_at: now(),
        received_at: now(),
        collector: Collector { transport: "local".to_owned(), version: "0.1.0".to_owned() },
        privilege: Privilege::User,
        status,
        gaps,
        parser_revision: 1,
        body: collected.then_some(Digest([0x3a; 32])),
        volatile: None,
        capture: None,
    }
}

pub(crate) fn plan() -> Plan {
    let shadow = EvidenceKey {
        kind: EvidenceType::new("file.stat").expect("test id"),
        selector: Some(Selector::Path(AbsPath::new("/etc/shadow").expect("test path"))),
    };
    let keys = [key("accounts"), shadow, key("sshd.effective")];
    let limits = Limits { bytes_max: 4 << 20, timeout_seconds: 30, age_seconds_max: 86_400 };
    let checks = checks();
    let served = |ids: &[usize]| {
        ids.iter()
            .map(|n| Served { check: checks[*n].id.clone(), clauses: checks[*n].clauses.clone() })
            .collect::<Vec<_>>()
    };
    let serves: BTreeMap<_, _> =
        keys.iter().cloned().zip([served(&[2, 5, 6]), served(&[7]), served(&[0, 1])]).collect();
    let capture = |id: &str, source, sudo: &[&str]| Capture {
        id: id.to_owned(),
        command: "true".to_owned(),
        source,
        bytes_max: 65_536,
        timeout_seconds: 20,
        sudo: if sudo.is_empty() {
            Vec::new()
        } else {
            vec![sudo.iter().map(|&s| s.to_owned()).collect()]
        },
    };
    Plan {
        collection: CollectionPlan {
            subject: Subject::local(),
            root: None,
            wanted: keys.into_iter().map(|key| WantedEvidence { key, limits }).collect(),
            captures: vec![
                capture("accounts.passwd", Source::Files, &[]),
                capture("sshd.effective", Source::Live, &["/usr/sbin/sshd", "-T"]),
            ],
        },
        serves,
    }
}

pub(crate) fn plan_empty() -> Plan {
    Plan {
        collection: CollectionPlan {
            subject: Subject::asset("root:/mnt/image").expect("test id"),
            root: Some(AbsPath::new("/mnt/image").expect("test path")),
            wanted: Vec::new(),
            captures: Vec::new(),
        },
        serves: BTreeMap::new(),
    }
}

pub(crate) fn lint() -> LintView {
    let long = format!(
        "  assert: {} && sshd.maxauthtrys <= params.max # {}",
        "sshd.usepam && ".repeat(8),
        "x".repeat(90)
    );
    let column = long.find("maxauthtrys").expect("in the line") + 1;
    let diagnostic =
        |code: &str, line, column, length, line_text: &str, message, help| Diagnostic {
            code: code.to_owned(),
            file: "content/packs/host-linux/ssh.yaml".to_owned(),
            line,
            column,
            length,
            line_text: line_text.to_owned(),
            message,
            help,
        };
    LintView {
        files: 5,
        checks: 0,
        diagnostics: vec![
            diagnostic(
                "unknown-field",
                12,
                3,
                6,
                "  asert: sshd.contexts.all(c, true)",
                text("检查项没有字段“asert”", "a check has no field \"asert\""),
                Some(text("是不是“assert”？", "did you mean \"assert\"?")),
            ),
            diagnostic(
                "missing-language",
                16,
                11,
                6,
                "\ttitle: {zh: No\u{202e}}",
                text("缺少英文", "the English text is missing"),
                None,
            ),
            diagnostic(
                "cel-field",
                128,
                column,
                11,
                &long,
                text(
                    "证据类型 sshd.effective 没有字段“maxauthtrys”",
                    "evidence type sshd.effective has no field \"maxauthtrys\"",
                ),
                Some(text("是不是“maxauthtries”？", "did you mean \"maxauthtries\"?")),
            ),
            diagnostic(
                "yaml",
                200,
                1,
                1,
                "",
                text("文件在这里突然结束", "the file ends here unexpectedly"),
                None,
            ),
        ],
    }
}

pub(crate) fn lint_clean() -> LintView {
    LintView { files: 5, checks: 12, diagnostics: Vec::new() }
}

pub(crate) fn verify(broken: bool) -> VerifyView {
    let problem = |kind, object: &str, detail: &str| VerifyProblem {
        kind,
        run: Some(run_id("20261122T233011Z-9b0e77d1")),
        object: object.to_owned(),
        detail: detail.to_owned(),
    };
    VerifyView {
        runs: 14,
        records: 112,
        results: 168,
        bodies: 31,
        pruned: 9,
        audit_entries: 1,
        registers: 2,
        public_key: Some("ab".repeat(32)),
        head: Some(Digest([0x3a; 32])),
        expected_head: broken.then_some(Digest([0x77; 32])),
        problems: if broken {
            vec![
                problem(
                    VerifyProblemKind::Form,
                    "file.stat[/etc/shadow] of asset:local",
                    "it stands in runs 3 to 5",
                ),
                problem(VerifyProblemKind::Head, "", ""),
            ]
        } else {
            Vec::new()
        },
    }
}

pub(crate) fn registers() -> Vec<Register> {
    let register = |id: &str, entries: &[&str], approved_by: Option<&str>| Register {
        id: register_id(id),
        subject: Subject::local(),
        version: 2,
        entries: entries.iter().map(|&value| RegisterEntry { value: value.to_owned() }).collect(),
        adopted_from: approved_by.is_none().then(|| run_id("20261122T233011Z-9b0e77d1")),
        approval: Approval {
            recorded_by: "root (sudo: wang)".to_owned(),
            approved_by: approved_by.map(str::to_owned),
            at: yesterday(),
            reason: approved_by.is_none().then(|| "first list after review".to_owned()),
        },
    };
    vec![
        register("suid-files", &["4755 0:0 /usr/bin/mount", "4755 0:0 /usr/bin/su\u{1b}[8m"], None),
        register("listening-sockets", &[], Some("li")),
    ]
}

pub(crate) fn run_list() -> Vec<RunSummary> {
    vec![
        summary("20261123T233005Z-4f1c9a2b", now(), 9),
        summary("20261122T233011Z-9b0e77d1", yesterday(), 1),
    ]
}

pub(crate) fn audit() -> Vec<AuditEntry> {
    let entry = |sequence, use_case: &str, outcome, detail: &str| AuditEntry {
        sequence,
        at: now(),
        actor: "root (sudo: wang)".to_owned(),
        use_case: use_case.to_owned(),
        object: "suid-files of asset:local".to_owned(),
        outcome,
        detail: detail.to_owned(),
        previous: None,
        hash: Digest([0x11; 32]),
    };
    vec![
        entry(1, "register.adopt", AuditOutcome::Done, "24 entries"),
        entry(2, "evidence.personal", AuditOutcome::Refused, ""),
    ]
}

/// Imported vulnerability data of every kind.
pub(crate) fn vulns() -> anji_report::VulnsView {
    let set = |name: &str, advisories, exploited, complete: &[&str]| anji_report::VulnSetView {
        source: anji_model::VulnSource {
            name: name.to_owned(),
            as_of_day: 20_781,
            digest: Digest([7; 32]),
            complete: complete.iter().map(|name| (*name).to_owned()).collect(),
        },
        advisories,
        exploited,
    };
    let why = anji_model::Text {
        zh: "没有修复版本的漏洞".to_owned(),
        en: "flaws without a fixed version".to_owned(),
    };
    anji_report::VulnsView {
        sets: vec![
            set("cisa-kev", 0, 1400, &[]),
            set("csaf RHSA-2026:3339", 2, 0, &[]),
            set("debian-oval debian 12", 41_022, 0, &["debian 12"]),
        ],
        skipped: vec![(why, 7)],
    }
}
