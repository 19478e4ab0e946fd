//! Values as the product makes them: the starter pack's checks and pieces of results.

use anji_model::{
    BaselineVersion, CheckId, CheckInfo, CheckResult, ClauseId, ClauseLink, Digest, EvidenceKey,
    EvidenceType, EvidenceUse, FrameworkId, Guard, MappingStatus, Observation, Privilege,
    RawResult, Reason, ReasonCategory, RegisterId, ResultIdentity, RunCounts, RunId, RunSummary,
    Severity, Subject, SystemId, Term, Text,
};
use jiff::Timestamp;

/// Id, severity, zh, en, evidence, register.
type Row = (&'static str, Severity, &'static str, &'static str, &'static str, &'static str);

const CHECKS: [Row; 12] = [
    (
        "LNX-001",
        Severity::High,
        "SSH 不允许 root 直接登录",
        "SSH refuses direct logins of root",
        "sshd.effective",
        "",
    ),
    (
        "LNX-002",
        Severity::Critical,
        "SSH 拒绝空口令登录",
        "SSH refuses empty passwords",
        "sshd.effective",
        "",
    ),
    (
        "LNX-003",
        Severity::Critical,
        "没有可登录的空口令账户",
        "No account can log in with an empty password",
        "accounts",
        "",
    ),
    (
        "LNX-007",
        Severity::Medium,
        "登录会话空闲超时自动退出",
        "Idle login sessions end by themselves",
        "sshd.effective",
        "",
    ),
    (
        "LNX-009",
        Severity::Critical,
        "没有运行 telnet、rsh、rlogin、rexec、ftp、tftp 等明文远程服务",
        "No clear-text remote service (telnet, rsh, rlogin, rexec, ftp, tftp) is running",
        "sockets.listening",
        "",
    ),
    (
        "LNX-011",
        Severity::Critical,
        "UID 为 0 的本机账户只有 root",
        "Root is the only local account with UID 0",
        "accounts",
        "",
    ),
    (
        "LNX-012",
        Severity::Medium,
        "账户名、UID、组名、GID 均不重复",
        "Account names, UIDs, group names and GIDs are unique",
        "accounts",
        "",
    ),
    (
        "LNX-018",
        Severity::High,
        "口令文件、SSH 配置与主机密钥的权限安全",
        "Password files, SSH configuration and host keys have safe modes",
        "file.stat",
        "",
    ),
    (
        "LNX-019",
        Severity::Medium,
        "没有任何人可写的文件，也没有缺粘滞位的任何人可写目录",
        "No world-writable file, and no world-writable directory without the sticky bit",
        "file.walk",
        "",
    ),
    (
        "LNX-020",
        Severity::Medium,
        "SUID、SGID 程序都在核准清单内",
        "Every SUID and SGID program is on the approved list",
        "file.walk",
        "suid-files",
    ),
    (
        "LNX-030",
        Severity::High,
        "监听端口都在核准清单内",
        "Every listening port is on the approved list",
        "sockets.listening",
        "listening-sockets",
    ),
    (
        "LNX-034",
        Severity::High,
        "操作系统仍在安全支持期内",
        "The operating system still receives security support",
        "os.release",
        "",
    ),
];

const WHY_ZH: &str = "root 是人人知道名字、多人共用的账户。直接以 root 登录，日志里只看得到“root”，出了删库、改处方的事追不到人；口令被撞开一次，整台服务器就归了攻击者，勒索软件进入医院内网后常走这条路。";
const WHY_EN: &str = "Root is the account whose name everyone knows and several people share. A direct login leaves only \"root\" in the log, so a dropped table or an altered record cannot be traced to a person; one guessed password or one stolen key hands over the whole server.";
const FIX_ZH: &str = "先确认至少有一个具名账户能登录并能 sudo；再在 /etc/ssh/sshd_config（或 /etc/ssh/sshd_config.d/ 下的文件，注意每个 Match 段）写 PermitRootLogin no，用 sshd -t 检查，然后 systemctl reload ssh（红帽系为 sshd）。";
const FIX_EN: &str = "First make sure that a named account can log in and use sudo. Then set \"PermitRootLogin no\" in /etc/ssh/sshd_config (or a file in /etc/ssh/sshd_config.d/; mind every Match block), test with \"sshd -t\" and run \"systemctl reload ssh\" (\"sshd\" on Red Hat family systems).";

pub(crate) fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

pub(crate) fn check_id(id: &str) -> CheckId {
    CheckId::new(id).expect("test id")
}

pub(crate) fn register_id(id: &str) -> RegisterId {
    RegisterId::new(id).expect("test id")
}

pub(crate) fn run_id(id: &str) -> RunId {
    RunId::new(id).expect("test id")
}

pub(crate) fn key(kind: &str) -> EvidenceKey {
    EvidenceKey { kind: EvidenceType::new(kind).expect("test id"), selector: None }
}

/// The instant of the run that is shown: 07:30:05 in Beijing.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T23:30:05Z".parse().expect("test time")
}

pub(crate) fn yesterday() -> Timestamp {
    "2026-11-22T23:30:11Z".parse().expect("test time")
}

pub(crate) fn checks() -> Vec<CheckInfo> {
    CHECKS.iter().map(|row| check(*row)).collect()
}

pub(crate) fn check(row: Row) -> CheckInfo {
    let (id, severity, zh, en, _, register) = row;
    CheckInfo {
        id: check_id(id),
        alias: format!("linux-{}", id.to_lowercase()),
        revision: 1,
        pack: "host-linux".to_owned(),
        title: text(zh, en),
        why: text(WHY_ZH, WHY_EN),
        fix: text(FIX_ZH, FIX_EN),
        severity,
        guards: vec![Guard::Interruption, Guard::Data],
        clauses: vec![
            clause("gbt22239-2019", "8.1.4.1a", MappingStatus::Partial),
            clause("gbt39786-2021", "8.3a", MappingStatus::Automated),
        ],
        registers: if register.is_empty() { Vec::new() } else { vec![register_id(register)] },
        assertion: "sshd.contexts.all(c, c.permitrootlogin in params.allowed)".to_owned(),
        undecided: None,
    }
}

fn clause(framework: &str, clause: &str, status: MappingStatus) -> ClauseLink {
    ClauseLink {
        framework: FrameworkId::new(framework).expect("test id"),
        clause: ClauseId::new(clause).expect("test id"),
        status,
        how: text(
            "远程管理账户直接登录被拒绝，身份可以追到人；口令复杂度由其他检查项判定。",
            "Direct logins of the shared account are refused, so identity leads to a person; password strength is decided by other checks.",
        ),
    }
}

pub(crate) fn result(id: &str, raw: RawResult) -> CheckResult {
    let row = CHECKS.iter().find(|row| row.0 == id);
    let kind = row.map_or("accounts", |row| row.4);
    CheckResult {
        identity: ResultIdentity {
            baseline: BaselineVersion::new("starter@1").expect("test id"),
            system: SystemId::new("unassigned").expect("test id"),
            check: check_id(id),
            subject: Subject::local(),
            element: None,
        },
        revision: 1,
        severity: row.map_or(Severity::Medium, |row| row.1),
        raw,
        observed: Vec::new(),
        failed_terms: Vec::new(),
        failed_terms_total: 0,
        failed_terms_rest: None,
        reasons: Vec::new(),
        evidence: vec![EvidenceUse {
            key: key(kind),
            body: Some(Digest([0x3a; 32])),
            observed_at: Some(now()),
            privilege: Some(Privilege::Root),
            state: Some(Digest([0x4b; 32])),
            stale: false,
        }],
        valid_until: None,
        answer_until: None,
        inputs: Digest([1; 32]),
        parameters: Digest([2; 32]),
        statements: Digest([3; 32]),
    }
}

pub(crate) fn failing(id: &str, terms: Vec<Term>, total: u64) -> CheckResult {
    let mut result = result(id, RawResult::Fail);
    result.failed_terms = terms;
    result.failed_terms_total = total;
    result
}

pub(crate) fn unknown(id: &str, category: ReasonCategory, detail: &str) -> CheckResult {
    let mut result = result(id, RawResult::Unknown);
    let key = Some(result.evidence[0].key.clone());
    result.reasons = vec![Reason { category, key, detail: detail.to_owned() }];
    result
}

pub(crate) fn term(path: &str, observed: &str, operator: &str, allowed: &str) -> Term {
    Term {
        path: path.to_owned(),
        observed: observed.to_owned(),
        operator: operator.to_owned(),
        allowed: allowed.to_owned(),
    }
}

pub(crate) fn observation(path: &str, value: &str) -> Observation {
    Observation { path: path.to_owned(), value: value.to_owned() }
}

pub(crate) fn summary(run: &str, as_of: Timestamp, drift: u64) -> RunSummary {
    RunSummary {
        run: run_id(run),
        as_of,
        counts: RunCounts { records: 8, results: 12, drift },
        head: Digest([0x5c; 32]),
    }
}
