//! Every word of the reports, Chinese and English side by side. A sentence is
//! one entry, so that no line is put together from halves of two languages.
//!
//! `{name}` is filled in; text between backticks is a command to type.

use crate::layout::{Paint, Span, command, glued, text};
use crate::view::VerifyProblemKind;
use anji_model::{
    AuditOutcome, DriftCause, DriftKind, FailureCategory, GapKind, Guard, Lang, MappingStatus,
    Privilege, RawResult, ReasonCategory, Severity, Source,
};

/// One entry in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

impl Phrase {
    /// The entry as it stands.
    pub(crate) fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The entry with its places filled in.
    pub(crate) fn fill(self, lang: Lang, values: &[(&str, &str)]) -> String {
        fill(self.get(lang), values)
    }

    /// The entry for documents, where commands stand without their backticks.
    pub(crate) fn plain(self, lang: Lang, values: &[(&str, &str)]) -> String {
        fill(&self.get(lang).replace('`', ""), values)
    }

    /// The entry as spans; what is filled in never becomes a command.
    pub(crate) fn spans(self, lang: Lang, values: &[(&str, &str)]) -> Vec<Span> {
        spans(self.get(lang), values)
    }
}

/// One entry that counts: `{n}` is the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) zh: &'static str,
    pub(crate) one: &'static str,
    pub(crate) other: &'static str,
}

impl Counted {
    fn template(self, lang: Lang, n: u64) -> &'static str {
        match (lang, n) {
            (Lang::Zh, _) => self.zh,
            (Lang::En, 1) => self.one,
            (Lang::En, _) => self.other,
        }
    }

    /// The entry for `n`.
    pub(crate) fn get(self, lang: Lang, n: u64) -> String {
        fill(self.template(lang, n), &[("n", &grouped(n))])
    }

    /// The entry for `n` for documents, where commands stand without their backticks.
    pub(crate) fn plain(self, lang: Lang, n: u64, values: &[(&str, &str)]) -> String {
        let number = grouped(n);
        let mut all = vec![("n", number.as_str())];
        all.extend_from_slice(values);
        fill(&self.template(lang, n).replace('`', ""), &all)
    }

    /// The entry for `n` with its other places filled in.
    pub(crate) fn fill(self, lang: Lang, n: u64, values: &[(&str, &str)]) -> String {
        let number = grouped(n);
        let mut all = vec![("n", number.as_str())];
        all.extend_from_slice(values);
        fill(self.template(lang, n), &all)
    }

    /// The same as spans.
    pub(crate) fn spans(self, lang: Lang, n: u64, values: &[(&str, &str)]) -> Vec<Span> {
        let number = grouped(n);
        let mut all = vec![("n", number.as_str())];
        all.extend_from_slice(values);
        spans(self.template(lang, n), &all)
    }
}

/// A number with thin groups: `12`, `1,234`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Fills in one pass, so that a value that looks like a place stays as it is.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = tail;
    }
    out + rest
}

fn spans(template: &str, values: &[(&str, &str)]) -> Vec<Span> {
    let mut spans = Vec::new();
    for (place, piece) in template.split('`').enumerate() {
        match place % 2 {
            0 => prose(piece, values, &mut spans),
            _ => spans.push(command(format!("`{}`", fill(piece, values)))),
        }
    }
    spans
}

/// Text outside commands. Values that are one thing, such as quoted strings
/// and times, stay on one line where they fit.
fn prose(template: &str, values: &[(&str, &str)], spans: &mut Vec<Span>) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        spans.push(text(before));
        let Some((name, tail)) = after.split_once('}') else { break };
        let value = values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        let one_thing = value.starts_with(|c: char| c == '"' || c.is_ascii_digit());
        spans.push(if one_thing { glued(value, Paint::Plain) } else { text(value) });
        rest = tail;
    }
    spans.push(text(rest));
}

const fn phrase(zh: &'static str, en: &'static str) -> Phrase {
    Phrase { zh, en }
}

macro_rules! phrases {
    ($($name:ident = $zh:literal, $en:literal;)*) => {
        $(pub(crate) const $name: Phrase = phrase($zh, $en);)*
        #[cfg(test)]
        pub(crate) const PHRASES: &[(&str, Phrase)] = &[$((stringify!($name), $name)),*];
    };
}

macro_rules! counted {
    ($($name:ident = $zh:literal, $one:literal, $other:literal;)*) => {
        $(pub(crate) const $name: Counted = Counted { zh: $zh, one: $one, other: $other };)*
        #[cfg(test)]
        pub(crate) const COUNTED: &[(&str, Counted)] = &[$((stringify!($name), $name)),*];
    };
}

pub(crate) mod doctor;
pub(crate) mod document;
pub(crate) mod docx;
pub(crate) mod history;
pub(crate) mod machine;
pub(crate) mod office;
pub(crate) mod page;
pub(crate) mod query;
pub(crate) mod readable;
pub(crate) mod record;
pub(crate) mod timings;
pub(crate) mod xlsx;

phrases! {
    COLON = "：", ": ";
    LIST = "、", ", ";
    SEMICOLON = "；", "; ";

    // anji check: head
    CHECK_TITLE = "安基检查", "anji check";
    BASELINE = "基线 {name}", "baseline {name}";
    AS_OF = "截至 {time}", "as of {time}";
    NOTICE = "注意：{text}", "note: {text}";

    // anji check: results
    FAILING = "不通过", "Failing";
    UNKNOWN = "未知", "Unknown";
    ERRORS = "出错", "Errors";
    EXPLAIN = "`anji explain {id}{scope}` 说明原因、依据和整改方法", "`anji explain {id}{scope}` tells why, from what, and how to repair";
    TERM = "{path}：实际 {observed}，{allowed}", "{path}: observed {observed}, {allowed}";
    EVIDENCE_OF = "证据 {key}", "evidence {key}";
    ORIGINAL = "采集原文：{text}", "as reported: {text}";
    OBSERVED_OF = "{id} 观测到：", "{id} observed: ";

    // comparisons
    TERM_BARE = "实际 {observed}，{allowed}", "observed {observed}, {allowed}";
    ALLOWED_NOTHING = "应无此项", "allowed none";
    ALLOWED_IS = "应为 {value}", "allowed {value}";
    ALLOWED_NOT = "不应为 {value}", "allowed anything but {value}";
    ALLOWED_IN = "应在 {value} 之内", "allowed one of {value}";
    ALLOWED_NOT_IN = "不应在 {value} 之内", "allowed none of {value}";
    ALLOWED_WITHIN = "权限位不应超出 {value}", "allowed at most the bits of {value}";
    ALLOWED_WITHIN_DAYS = "应在 {value} 天内", "allowed at most {value} days ago";
    ALLOWED_NOT_WITHIN_DAYS = "应早于 {value} 天前", "allowed more than {value} days ago";
    ALLOWED_OTHER = "应满足 {operator} {value}", "allowed {operator} {value}";
    ALLOWED_UNIQUE = "不应与 {value} 重复", "allowed only if not as {value}";
    NOW = "当前时间", "the time now";
    ALLOWED_BEFORE = "应早于 {value}", "allowed before {value}";
    ALLOWED_BELOW = "应小于 {value}", "allowed < {value}";
    ALLOWED_AT_MOST = "应不大于 {value}", "allowed <= {value}";
    ALLOWED_ABOVE = "应大于 {value}", "allowed > {value}";
    ALLOWED_AT_LEAST = "应不小于 {value}", "allowed >= {value}";
    ALLOWED_BEGINNING = "应以 {value} 开头", "allowed if it begins with {value}";
    ALLOWED_ENDING = "应以 {value} 结尾", "allowed if it ends with {value}";
    ALLOWED_CONTAINING = "应包含 {value}", "allowed if it contains {value}";
    ALLOWED_NOT_BEGINNING = "不应以 {value} 开头", "allowed unless it begins with {value}";
    ALLOWED_NOT_ENDING = "不应以 {value} 结尾", "allowed unless it ends with {value}";
    ALLOWED_NOT_CONTAINING = "不应包含 {value}", "allowed unless it contains {value}";
    ALLOWED_PRESENT = "应有此值", "allowed only if it is there";
    ALLOWED_ABSENT = "不应有此值", "allowed only if it is not there";
    ALLOWED_SOME = "应至少有一项符合", "allowed only with one that fits";

    // what to do about unknowns
    DO_RIGHTS = "以 root 运行，或用 `anji doctor --sudoers` 打印的 sudo 规则", "Run as root, or with the sudo rule that `anji doctor --sudoers` prints";
    DO_EVEN_ROOT = "root 也读不到：检查 SELinux、AppArmor 等强制访问控制，或网络文件系统的 root_squash", "Even root may not: look for SELinux, AppArmor or a network file system with root_squash";
    DO_IMPORT = "在能上网的机器上下载漏洞数据，带回后用 `anji content import-vulns FILE` 导入", "Download vulnerability data where there is a network, and bring it in with `anji content import-vulns FILE`";
    DO_AGAIN = "重新运行；若再次出现，用 `anji evidence` 查看采集情况", "Run again; if it comes back, look at `anji evidence`";
    DO_LIMIT = "采集量超过上限，用 `anji plan` 查看上限，并查明目标上为何这么多", "More came than the limit of `anji plan` allows; find out why there is so much";
    DO_TOOL = "在目标上补装缺少的工具，或由人工核查", "Install the missing tool on the target, or check by hand";
    DO_LIVE = "这些事实只有在运行中的系统上才有，请在该主机上运行 `anji check`", "Only the running system knows these; run `anji check` on that host";
    DO_PLATFORM = "尚不支持该平台，请由人工核查", "This platform is not supported yet; check by hand";
    DO_POLICY = "资产的接触策略不允许采集；如确有需要，请调整策略", "The touch policy of the asset forbids it; change the policy if it must be had";
    DO_CHANNEL = "检查网络与登录方式后重新运行", "Check the network and the login, then run again";
    DO_ADOPT = "核对观测值后采纳为首个清单：`anji register adopt {register}{scope}`", "Review what was observed, then adopt it: `anji register adopt {register}{scope}`";
    DO_EMPTY = "采到的清单为空，不能当作通过；请确认采集是否完整", "An empty list is no proof; make sure that collection was complete";
    DO_ABSENT = "被检查的对象不存在，请由人工确认", "The thing to check is not there; confirm by hand";
    DO_UNDECIDABLE = "现有证据类型还不足以判定，请由人工核查；`anji explain {id}{scope}` 说明缺什么", "The evidence types there are cannot decide it yet; check by hand, `anji explain {id}{scope}` says what is missing";
    DO_STALE = "重新采集：`anji check`", "Collect again: `anji check`";
    DO_FAULT = "内容或程序有误：用 `anji lint` 检查内容，并反馈给维护者", "The content or the program is at fault: try `anji lint`, and report it";

    // drift
    CHANGES_SINCE = "与 {time} 的运行相比的变化", "Changed since the run of {time}";
    CHANGES = "变化", "Changes";
    FIRST_RUN = "首次运行：还没有可比对的结果，下次运行会显示变化", "First run: nothing to compare with yet. The next run shows what changed.";
    UNASSIGNED = "未分配", "not assigned";
    NOT_STORED = "本次运行未保存，没有比对变化", "This run was not stored, so nothing was compared.";
    NOT_COMPARABLE = "没有可比对的结果：此前各次运行的范围或权限不同", "Nothing to compare: earlier runs had another scope or other rights.";
    SEE_DIFF = "`anji diff` 列出全部变化", "`anji diff` shows all changes";
    WORDS = "{before} → {after}", "{before} → {after}";
    ASIDE = "{text}（{aside}）", "{text} ({aside})";
    WORD_NEW = "此前没有 → {after}", "not asked before → {after}";
    WORD_GONE = "{before} → 不再检查", "{before} → asked no more";
    CAUSE = "原因：{cause}", "cause: {cause}";
    MOVED = "{path}：原为 {old}，现为 {new}", "{path}: was {old}, now {new}";
    CAME = "{path}：现为 {new}", "{path}: now {new}";
    FAILS_NOW = "新的不符合项 {new}", "now failing: {new}";
    FAILS_NO_MORE = "{path}：原为 {old}，已不再是问题", "{path}: was {old}, no longer failing";
    FAILS_NO_MORE_BARE = "已不再是问题：{old}", "no longer failing: {old}";
    WENT = "{path}：原为 {old}，现已不再见到", "{path}: was {old}, no longer seen";

    // conformance
    CONFORMANCE = "符合率 {rate}，未知占 {unknown}", "Conformance {rate}, unknown {unknown}";
    CONFORMANCE_NONE = "符合率 无（没有适用的检查项）", "Conformance none (no applicable check)";
    PERCENT = "{number}%", "{number} %";
    RED = "红色：有严重级检查项不通过", "RED: a critical check is failing";
    HEAD = "存证链头 {head} · 运行 {run}", "chain head {head} · run {run}";

    // what to do first
    FIRST = "先做这几件事", "What to do first";
    ALL_WELL = "没有需要处理的事项：适用的检查项全部通过", "Nothing to do: every applicable check passes.";
    SELECTED_WELL = "本次所查的检查项没有需要处理的事项；其余未检查", "Nothing to do among the checks of this run; the others were left out.";
    NOTHING_CHECKED = "没有可判定的检查项，`anji plan` 说明会检查什么", "No check applied; `anji plan` shows what would be checked.";
    SEE_BELOW = "见下面不通过和未知的检查项", "See the failing and unknown checks below.";
    SEE_ABOVE = "见上面不通过和未知的检查项", "See the failing and unknown checks above.";
    PLANNED_BECAUSE = "{id} 计划中：{text}", "{id} planned: {text}";
    STEP_ADOPT = "核对并采纳清单 {register}", "Review and adopt the list {register}";

    // fix
    FIX_FOUND_BY = "依据运行 {run}（{time}）", "as found by run {run} of {time}";
    FIX_NOTHING = "该运行中此项并非不通过，没有要整改的内容。", "It does not fail in that run; there is nothing to cure.";
    FIX_READ_FIRST = "未执行任何命令。先通读，在一台主机上试过，再以 root 执行。", "Nothing has been run. Read it, test it on one host, then run it as root.";
    FIX_UNDO = "撤销：", "to undo:";
    FIX_BY_HAND = "以下各处的值无法准确写进命令，请人工处理：", "The values at these places cannot be written into a command exactly; see to them by hand:";
    FIX_AFTER = "之后运行 anji check --only {id}，确认已整改。", "Afterwards run anji check --only {id} to see that it is cured.";

    // explain
    WHY = "为什么", "Why";
    HOW_DECIDED = "如何判定", "How it is decided";
    UNDECIDED = "尚不能完全判定：{text}", "not fully decidable yet: {text}";
    EVIDENCE_FROM = "证据：{keys}", "evidence: {keys}";
    LISTS_USED = "核准清单：{lists}", "approved lists: {lists}";
    PARAM_DEFAULT = "检查项默认值 {value}", "the check's default is {value}";
    CLAUSES = "对应条款", "Clauses";
    RESULT_ON = "{subject} 的结果 · {time}", "Result on {subject} · {time}";
    NEVER_RUN = "尚无结果，运行 `anji check` 后可见", "No result yet; `anji check` brings one.";
    FIX = "整改方法", "How to repair";
    HISTORY = "历史", "History";
    REVISION = "第 {n} 版", "revision {n}";
    GUARDS = "防范 {harms}", "guards against {harms}";
    VALID_UNTIL = "仅因时间推移，{time} 起结果可能改变", "time alone may change this from {time} on";
    SEEN = "{time} 采集", "seen {time}";
    NEVER_SEEN = "未采集到", "never seen";
    STALE_MARK = "已过期", "too old";
    DIGEST = "哈希值 {digest}", "digest {digest}";

    // evidence
    EVIDENCE_TITLE = "{subject} 的证据 · 运行 {run}", "Evidence of {subject} · run {run}";
    NO_EVIDENCE = "这次运行没有证据", "The run has no evidence.";
    STATE_COLLECTED = "已采集", "collected";
    STATE_PARTIAL = "已采集，有缺口", "collected, with gaps";
    STATE_ABSENT = "确认不存在", "confirmed absent";
    STATE_FAILED = "未采到：{category}", "not collected: {category}";
    GAP = "缺口 {path}：{kind}，{category}", "gap {path}: {kind}, {category}";

    // plan
    PLAN_TITLE = "{subject} 的采集计划", "Plan for {subject}";
    IN_ROOT = "根目录 {path}", "root directory {path}";
    CLAUSE_LIST = "条款 {clauses}", "clauses {clauses}";
    LIMITS = "上限：{bytes}，{seconds}；{age}内有效", "limits: {bytes}, {seconds}; decides for {age}";
    COMMANDS = "在目标上依次执行的命令", "Commands, in the order they run";
    WITH_SUDO = "需要 root 或 sudo：{command}", "needs root or sudo: {command}";
    SEE_SCRIPT = "`anji plan --script` 打印完整脚本", "`anji plan --script` prints the exact script";
    PLAN_EMPTY = "没有要采集的内容", "There is nothing to collect.";
    SERVES_NONE = "不用于任何检查", "serves no check";

    // lint
    LINT_ERROR = "错误", "error";
    LINT_HELP = "办法：{text}", "help: {text}";
    LINT_CLEAN = "没有问题：{files}，{checks}", "No problems: {files}, {checks}";
    LINT_SUMMARY = "{problems}，涉及 {files}", "{problems} in {files}";

    // verify
    VERIFY_HOLDS = "全部校验通过：{counts}", "Everything holds: {counts}";
    VERIFY_BROKEN = "{problems}；已校验 {counts}", "{problems}; looked at {counts}";
    VERIFY_EMPTY = "还没有保存任何运行，没有可校验的内容", "No run is stored yet; there is nothing to verify.";
    VERIFY_HEAD = "链头 {head}", "head {head}";
    VERIFY_KEEP_HEAD = "请把链头抄存到本机之外；以后用 `anji verify --expect-head` 可发现链尾被截", "Keep the head away from this machine; `anji verify --expect-head` then finds a tail that was cut off";
    VERIFY_KEY = "公钥 {key}", "public key {key}";
    VERIFY_LIMIT = "不能证明：持有签名密钥的 root 没有改写，或被检主机没有说谎", "Not proved: that no one with root and the key rewrote it, or that the host told the truth";
    ORIGINAL_DETAIL = "校验原文：{text}", "detail: {text}";
    IN_RUN = "运行 {run}", "run {run}";

    // registers
    REGISTERS_NONE = "还没有核准清单；`anji register adopt <清单>` 把观测值采纳为首个清单", "No approved list yet; `anji register adopt <list>` adopts what was observed as the first.";
    VERSION = "第 {n} 版", "version {n}";
    SELF_RECORDED = "自行登记：{who}，{time}", "self-recorded by {who}, {time}";
    APPROVED_BY = "批准：{who}，登记：{recorder}，{time}", "approved by {who}, recorded by {recorder}, {time}";
    ADOPTED_FROM = "采纳自运行 {run}", "adopted from run {run}";
    REASON = "理由：{text}", "reason: {text}";
    REGISTER_EMPTY = "空清单：不允许任何一项", "An empty list: it approves nothing.";

    // runs, audit
    RUNS_NONE = "还没有运行；`anji check` 进行第一次检查", "No run yet; `anji check` makes the first.";
    AUDIT_NONE = "审计日志为空", "The audit log is empty.";

    // content
    VULNS_NONE = "还没有导入漏洞数据；`anji content import-vulns FILE` 导入", "No vulnerability data yet; `anji content import-vulns FILE` imports some.";
    DATA_AS_OF = "截至 {day}", "as of {day}";
    COMPLETE_FOR = "{releases} 的全部通告", "all advisories of {releases}";
    SINGLE_ADVISORIES = "单个通告，不能说明其余", "single advisories, which say nothing of the rest";
    LEFT_OUT = "略过 {n} 条：{why}", "left out {n}: {why}";

    // diff
    DIFF_TITLE = "{subject} 的变化", "Changes on {subject}";
    DIFF_SINCE_START = "此前没有运行 → {after}", "no run before → {after}";
}

counted! {
    CHECKS = "{n} 项检查", "{n} check", "{n} checks";
    FILES = "{n} 个文件", "{n} file", "{n} files";
    PROBLEMS = "{n} 个问题", "{n} problem", "{n} problems";
    MORE = "……还有 {n} 处比对不符合", "… and {n} more comparison", "… and {n} more comparisons";
    MORE_VALUES = "……还有 {n} 个", "… and {n} more", "… and {n} more";
    FIX_MORE = "另有 {n} 处不符合未在此列出；执行后重新检查，再打印一次。", "{n} more place fails that is not named here; check again afterwards and print once more.", "{n} more places fail that are not named here; check again afterwards and print once more.";
    MORE_CHANGES = "……还有 {n} 处变化", "… and {n} more change", "… and {n} more changes";
    NO_CHANGE = "没有变化：已与 {time} 的运行比对 {n} 项检查", "Nothing changed: {n} check, compared with the run of {time}", "Nothing changed: {n} checks, compared with the run of {time}";
    NOT_COMPARED = "另有 {n} 项没有可比对的历史结果", "{n} has no comparable result before", "{n} have no comparable result before";
    COMPARED = "已比对 {n} 项", "{n} compared", "{n} compared";
    RIGHTS = "以 root 运行可多判定 {n} 项；`anji doctor --sudoers` 打印的 sudo 规则能做到其中除遍历文件系统以外的部分", "Root would add {n} verdict; the sudo rule that `anji doctor --sudoers` prints adds it too, unless it needs the walk over the file systems.", "Root would add {n} verdicts; the sudo rule that `anji doctor --sudoers` prints adds all but those that need the walk over the file systems.";
    RIGHTS_BEYOND_SUDO = "以 root 运行可多判定 {n} 项", "Root would add {n} verdict.", "Root would add {n} verdicts.";
    TERMS = "{n} 处不符合", "{n} comparison does not hold", "{n} comparisons do not hold";
    RECORDS = "{n} 条证据", "{n} record", "{n} records";
    ADVISORIES = "{n} 条通告", "{n} advisory", "{n} advisories";
    EXPLOITED = "{n} 个正被利用的漏洞", "{n} flaw that attackers use", "{n} flaws that attackers use";
    RESULTS = "{n} 项结果", "{n} result", "{n} results";
    DRIFTS = "{n} 处变化", "{n} change", "{n} changes";
    RUNS = "{n} 次运行", "{n} run", "{n} runs";
    BODIES = "{n} 份证据正文", "{n} body", "{n} bodies";
    AUDITS = "{n} 条审计记录", "{n} audit entry", "{n} audit entries";
    LISTS = "{n} 个核准清单版本", "{n} version of approved lists", "{n} versions of approved lists";
    PRUNED = "{n} 份证据正文已按保留期清理，其哈希值仍可校验", "{n} body was pruned by retention; its digest is still proved", "{n} bodies were pruned by retention; their digests are still proved";
    ENTRIES = "{n} 项", "{n} entry", "{n} entries";
    KEYS = "{n} 项证据", "{n} piece of evidence", "{n} pieces of evidence";
    CAPTURES = "{n} 条命令", "{n} command", "{n} commands";
    HIDDEN = "已隐藏 {n} 个个人信息值；`--personal` 显示，并留下审计记录", "{n} personal value is hidden; `--personal` shows it and leaves an audit entry", "{n} personal values are hidden; `--personal` shows them and leaves an audit entry";
    PROGRESS = "已判定 {n}/{total}", "{n} of {total} verdict", "{n} of {total} verdicts";
    SECONDS = "{n} 秒", "{n} s", "{n} s";
    MINUTES = "{n} 分钟", "{n} minute", "{n} minutes";
    HOURS = "{n} 小时", "{n} hour", "{n} hours";
    DAYS = "{n} 天", "{n} day", "{n} days";
}

/// The result in a word.
pub(crate) fn raw(word: RawResult) -> Phrase {
    match word {
        RawResult::Pass => phrase("通过", "pass"),
        RawResult::Fail => phrase("不通过", "fail"),
        RawResult::Error => phrase("出错", "error"),
        RawResult::Unknown => phrase("未知", "unknown"),
        RawResult::NotApplicable => phrase("不适用", "not applicable"),
        RawResult::NotChecked => phrase("未检查", "not checked"),
        RawResult::NotSelected => phrase("未选中", "not selected"),
        RawResult::Informational => phrase("仅告知", "informational"),
        RawResult::Fixed => phrase("已修复", "fixed"),
    }
}

/// The result as a shape.
pub(crate) fn symbol(word: RawResult, ascii: bool) -> (&'static str, Paint) {
    let (shape, plain, paint) = match word {
        RawResult::Pass | RawResult::Fixed => ("✓", "+", Paint::Good),
        RawResult::Fail => ("✗", "x", Paint::Bad),
        RawResult::Error => ("!", "!", Paint::Bad),
        RawResult::Unknown => ("?", "?", Paint::Unsure),
        RawResult::NotApplicable | RawResult::NotChecked | RawResult::NotSelected => {
            ("–", "-", Paint::Dim)
        }
        RawResult::Informational => ("i", "i", Paint::Dim),
    };
    (if ascii { plain } else { shape }, paint)
}

/// The severity in a word.
pub(crate) fn severity(severity: Severity) -> Phrase {
    match severity {
        Severity::Info => phrase("提示", "info"),
        Severity::Low => phrase("低", "low"),
        Severity::Medium => phrase("中", "medium"),
        Severity::High => phrase("高", "high"),
        Severity::Critical => phrase("严重", "critical"),
    }
}

/// The severity as colour.
pub(crate) fn severity_paint(severity: Severity) -> Paint {
    match severity {
        Severity::Info | Severity::Low => Paint::Dim,
        Severity::Medium => Paint::Warn,
        Severity::High => Paint::Bad,
        Severity::Critical => Paint::Grave,
    }
}

/// The harm.
pub(crate) fn guard(guard: Guard) -> Phrase {
    match guard {
        Guard::Interruption => phrase("系统中断", "interruption"),
        Guard::Data => phrase("数据出事", "data incidents"),
        Guard::Compliance => phrase("合规踩线", "compliance violations"),
    }
}

/// What a change means.
pub(crate) fn drift_kind(kind: DriftKind) -> Phrase {
    match kind {
        DriftKind::Regressed => phrase("退化", "regressed"),
        DriftKind::EvidenceLost => phrase("证据缺失", "evidence lost"),
        DriftKind::Appeared => phrase("新出现", "appeared"),
        DriftKind::Gone => phrase("不再有", "gone"),
        DriftKind::Recovered => phrase("恢复", "recovered"),
        DriftKind::EvidenceRestored => phrase("证据恢复", "evidence restored"),
        DriftKind::ValueMoved => phrase("取值变化", "value moved"),
    }
}

/// A change as a shape.
pub(crate) fn drift_symbol(kind: DriftKind, ascii: bool) -> (&'static str, Paint) {
    let (shape, plain, paint) = match kind {
        DriftKind::Regressed => ("↓", "v", Paint::Bad),
        DriftKind::EvidenceLost => ("?", "?", Paint::Unsure),
        DriftKind::Appeared => ("+", "+", Paint::Warn),
        DriftKind::Gone => ("–", "-", Paint::Dim),
        DriftKind::Recovered => ("↑", "^", Paint::Good),
        DriftKind::EvidenceRestored => ("!", "!", Paint::Plain),
        DriftKind::ValueMoved => ("~", "~", Paint::Warn),
    };
    (if ascii { plain } else { shape }, paint)
}

/// What brought a change about.
pub(crate) fn drift_cause(cause: DriftCause) -> Phrase {
    match cause {
        DriftCause::Evidence => {
            phrase("目标或采集所见有变化", "the target, or what is seen of it, is different")
        }
        DriftCause::Baseline => phrase("基线或参数调整", "baseline or parameters changed"),
        DriftCause::Content => phrase("检查项内容更新", "the check was revised"),
        DriftCause::Waiver => phrase("豁免生效或到期", "a waiver began or ended"),
        DriftCause::Statement => {
            phrase("核准清单或人工声明变更", "an approved list or statement changed")
        }
        DriftCause::Time => phrase("仅因时间推移", "time passed, nothing else"),
    }
}

/// Why evidence was not had.
pub(crate) fn failure(category: FailureCategory) -> Phrase {
    match category {
        FailureCategory::Permission => phrase("权限不足", "no right to read it"),
        FailureCategory::TimedOut => phrase("采集超时", "timed out"),
        FailureCategory::Truncated => phrase("超过采集上限", "over the limit"),
        FailureCategory::Unparsable => phrase("输出无法解析", "output not understood"),
        FailureCategory::ToolMissing => phrase("目标缺少工具", "tool missing on the target"),
        FailureCategory::NotLive => phrase("不是运行中的系统", "not a running system"),
        FailureCategory::Incomplete => phrase("采集中断", "collection broke off"),
        FailureCategory::Unsupported => phrase("平台不支持", "platform not supported"),
        FailureCategory::Refused => phrase("接触策略不允许", "refused by touch policy"),
        FailureCategory::CommandFailed => phrase("命令执行失败", "the command failed"),
        FailureCategory::Unreachable => phrase("无法连接", "unreachable"),
        FailureCategory::NotImported => phrase("未导入数据", "data not imported"),
        _ => OTHER_FAILURE,
    }
}

/// For categories that are newer than this list.
const OTHER_FAILURE: Phrase = phrase("其他采集故障", "another fault of collection");

/// Why a result is neither pass nor fail.
pub(crate) fn reason(category: &ReasonCategory) -> Phrase {
    match category {
        ReasonCategory::Evidence(category) => failure(*category),
        ReasonCategory::NotCollected => phrase("未采集", "not collected"),
        ReasonCategory::Stale => phrase("证据过期", "evidence too old"),
        ReasonCategory::NoRegister(_) => {
            phrase("没有核准清单 {register}", "no approved list {register}")
        }
        ReasonCategory::Empty => phrase("清单为空", "the list is empty"),
        ReasonCategory::Absent => phrase("对象不存在", "the thing is absent"),
        ReasonCategory::Undecidable => phrase("尚不能自动判定", "not decidable yet"),
        ReasonCategory::Fault => phrase("内容或程序有误", "fault of content or program"),
        _ => phrase("其他原因", "another cause"),
    }
}

/// What to do about a cause.
pub(crate) fn advice(category: &ReasonCategory) -> Phrase {
    match category {
        ReasonCategory::Evidence(category) => match category {
            FailureCategory::Permission => DO_RIGHTS,
            FailureCategory::Truncated => DO_LIMIT,
            FailureCategory::ToolMissing => DO_TOOL,
            FailureCategory::NotLive => DO_LIVE,
            FailureCategory::Unsupported => DO_PLATFORM,
            FailureCategory::Refused => DO_POLICY,
            FailureCategory::Unreachable => DO_CHANNEL,
            FailureCategory::NotImported => DO_IMPORT,
            _ => DO_AGAIN,
        },
        ReasonCategory::Stale | ReasonCategory::NotCollected => DO_STALE,
        ReasonCategory::NoRegister(_) => DO_ADOPT,
        ReasonCategory::Empty => DO_EMPTY,
        ReasonCategory::Absent => DO_ABSENT,
        ReasonCategory::Undecidable => DO_UNDECIDABLE,
        ReasonCategory::Fault => DO_FAULT,
        _ => DO_AGAIN,
    }
}

/// What to do about a cause, where the run may have had all rights there are.
pub(crate) fn advice_for(category: &ReasonCategory, as_root: bool) -> Phrase {
    match category {
        // Root was not enough: other walls than those of file modes.
        ReasonCategory::Evidence(FailureCategory::Permission) if as_root => DO_EVEN_ROOT,
        category => advice(category),
    }
}

/// What a gap means.
pub(crate) fn gap_kind(kind: GapKind) -> Phrase {
    match kind {
        GapKind::Unknown => phrase("取值未知", "value unknown"),
        GapKind::Partial => phrase("列表不完整", "list incomplete"),
    }
}

/// The rights of a run.
pub(crate) fn privilege(privilege: Privilege) -> Phrase {
    match privilege {
        Privilege::User => phrase("普通用户权限", "as an ordinary user"),
        Privilege::Sudo => phrase("普通用户加 sudo 规则", "as an ordinary user with sudo"),
        Privilege::Root => phrase("root 权限", "as root"),
    }
}

/// How far a mapping line takes a clause.
pub(crate) fn mapping(status: MappingStatus) -> Phrase {
    match status {
        MappingStatus::Automated => phrase("自动判定", "automated"),
        MappingStatus::Partial => phrase("部分判定", "partial"),
        MappingStatus::Attested => phrase("人工声明", "attested"),
        MappingStatus::Planned => phrase("计划中", "planned"),
        MappingStatus::NotApplicable => phrase("不适用", "not applicable"),
    }
}

/// Where a command looks.
pub(crate) fn source(source: Source) -> Phrase {
    match source {
        Source::Files => phrase("读文件", "reads files"),
        Source::Live => phrase("查运行状态", "asks the running system"),
    }
}

/// How a use case ended.
pub(crate) fn outcome(outcome: AuditOutcome) -> Phrase {
    match outcome {
        AuditOutcome::Done => phrase("完成", "done"),
        AuditOutcome::Refused => phrase("拒绝", "refused"),
        AuditOutcome::Failed => phrase("失败", "failed"),
    }
}

/// What verification found.
pub(crate) fn verify_problem(kind: VerifyProblemKind) -> Phrase {
    use VerifyProblemKind as Kind;
    match kind {
        Kind::Database => phrase("数据库损坏", "the database is damaged"),
        Kind::Schema => phrase("数据库结构被改动", "the schema was changed"),
        Kind::RunMissing => phrase("链上缺少一次运行", "a run is missing from the chain"),
        Kind::Manifest => phrase("运行清单被改动", "a manifest was changed"),
        Kind::Signature => phrase("签名不成立", "a signature does not hold"),
        Kind::Key => phrase("签名密钥不是本链的密钥", "signed with another key"),
        Kind::Chain => phrase("与前一次运行不衔接", "does not follow the run before it"),
        Kind::Content => phrase("运行内容与签名不符", "content is not what was signed"),
        Kind::Form => phrase("证据或结果被改动", "a record or result was changed"),
        Kind::Span => {
            phrase("证据或结果与所属运行不符", "a record or result does not match its runs")
        }
        Kind::Unreferenced => phrase("多出不属于任何运行的数据", "a row belongs to nothing"),
        Kind::BodyMissing => phrase("证据正文缺失", "a body is missing"),
        Kind::Body => phrase("证据正文被改动", "a body was changed"),
        Kind::Audit => phrase("审计日志被改动", "the audit log was changed"),
        Kind::Register => phrase("核准清单被改动", "an approved list was changed"),
        Kind::Setting => phrase("设置被改动", "a setting was changed"),
        Kind::Pruned => phrase("清理记录与审计日志不符", "the list of pruned bodies was changed"),
        Kind::End => phrase("链尾与签名不符", "the end of the chain is not where it was signed"),
        Kind::Head => {
            phrase("找不到预期的链头，链尾可能被截", "the expected head is not in the chain")
        }
    }
}

#[cfg(test)]
mod tests;
