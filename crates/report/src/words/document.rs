//! The words of documents that are read away from the terminal.

use super::{Counted, Phrase, phrase};

phrases! {
    // title and head
    TITLE = "安全基线报告", "Security baseline report";
    TITLE_DIFF = "安全基线对比报告", "Security baseline comparison";
    SKIP = "跳到内容", "Skip to content";
    FACT_SUBJECT = "检查对象", "Subject";
    FACT_AS_OF = "数据截至", "As of";
    FACT_BASELINE = "基线", "Baseline";
    FACT_RIGHTS = "采集权限", "Rights";
    FACT_RUN = "运行编号", "Run";
    FACT_MADE = "报告生成时间", "Report generated";
    FACT_EARLIER = "较早的运行", "Earlier run";
    FACT_LATER = "较晚的运行", "Later run";
    CONTENTS = "目录", "Contents";
    THEME = "切换深浅色", "Light or dark";

    // page one
    VERDICT_RED = "存在严重级不通过项，须立即整改", "Red: a critical check is failing and must be dealt with at once";
    VERDICT_FAILING = "存在不通过项，须整改", "Checks are failing and need repair";
    VERDICT_OPEN = "未发现不通过项，但有未知项，暂不能认定达标", "Nothing fails, but questions are open: conformance is not shown yet";
    VERDICT_PART = "只检查了部分检查项（未检查 {left} 项，共 {all} 项），不能代表总体情况", "Only a part was checked ({left} of {all} left out): this says nothing of the whole";
    VERDICT_GOOD = "适用的检查项全部通过", "Every applicable check passes";
    VERDICT_NOTHING = "没有适用的检查项，不能作出结论", "No check applied; nothing can be concluded";
    STANDS = "总体情况", "What stands";
    CHANGED = "变化情况", "What changed";
    DO_FIRST = "优先整改事项", "What to do first";
    NOT_KNOWN = "未知事项", "What is not known";
    RATE = "符合率", "Conformance";
    UNKNOWN_SHARE = "未知占比", "Unknown share";
    RATE_NONE = "无", "none";
    WEIGHTED = "按严重程度加权；未知项计入分母，不视为通过", "Weighted by severity; what is unknown stays in the denominator and never counts as passed";
    NOTHING_OPEN = "适用的检查项都有明确结论。", "Every applicable check has an answer.";
    FIRST_RUN = "首次运行，没有可比对的结果。", "First run: nothing to compare with.";
    UNCHANGED_SINCE = "与 {time} 的运行相比没有变化。", "Nothing changed since the run of {time}.";
    COMPARED_WITH = "与 {time} 的运行相比", "Compared with the run of {time}";
    SEE_ALL_CHANGES = "全部变化", "All changes";
    ADOPT_LIST = "核对观测到的内容，采纳为清单 {register}", "Review what was observed and adopt it as the list {register}";
    GET_RIGHTS = "以更高权限再运行一次", "Run again with more rights";
    BY_SYSTEM = "各业务系统", "By business system";
    SHARE_FAIL = "不通过", "failing";
    SHARE_OPEN = "未知", "unknown";
    SHARE_PASS = "通过", "passing";
    BY_SEVERITY = "不通过，按严重程度", "Failing, by severity";

    // charts
    CHART_BAR = "结论构成：{parts}", "Results: {parts}";
    CHART_TREND = "符合率走势：{first} 为 {from}，{last} 为 {to}", "Conformance over time: {from} on {first}, {to} on {last}";
    CHART_DAYS = "最近各日：{parts}", "Recent days: {parts}";
    TREND = "走势", "Over time";
    TREND_RATE = "符合率", "conformance";
    TREND_UNKNOWN = "未知占比", "unknown share";
    DAY_QUIET = "无变化", "no change";
    DAY_WORSE = "有恶化或证据缺失", "something got worse or out of sight";
    DAY_BETTER = "均为改善", "only improvements";
    DAY_OTHER = "有其他变化", "other changes";
    DAY_FIRST = "首次检查", "first run";
    DAY_NONE = "未检查", "no run";

    // findings
    FINDINGS = "不通过的检查项", "Findings";
    FINDINGS_NONE = "没有不通过的检查项。", "No check is failing.";
    OPEN = "未知的检查项", "Open questions";
    OPEN_INTRO = "以下检查项证据不足，未能判定，既不计为通过，也不计为不通过。", "These could not be decided from the evidence there is. They count neither as passed nor as failed.";
    OPEN_NONE = "没有未知的检查项。", "No question is open.";
    SETTLED = "其他检查项", "Everything else";
    SETTLED_NONE = "没有其他检查项。", "There are no other checks.";
    CHANGES = "变化", "Changes";
    EVIDENCE = "证据清单", "Evidence";
    EVIDENCE_INTRO = "结论只依据下列证据。证据原文以哈希值索引，保存在本机，用 `anji evidence` 查看。", "The verdicts rest on this evidence alone. The bodies are kept under their digests; `anji evidence` shows them.";
    EVIDENCE_NONE = "没有证据记录。", "There is no evidence.";
    PRINTED_PART = "纸面只列结论；其风险说明、证据和历次结论见电子版。", "On paper only the verdicts stand; reasons, evidence and history of these are in the file.";
    PRINTED_FILTERED = "已筛选：", "Filtered: ";
    WHY = "风险说明", "Why";
    FIX = "整改建议", "How to repair";
    CLAUSES = "对应条款", "Clauses";
    OBSERVED = "实测值", "Observed";
    ALLOWED = "要求值", "Allowed";
    REASON = "原因", "Reason";
    HELPS = "判定所需条件", "What would help";
    SOURCE = "证据", "Evidence";
    HISTORY = "历次结论", "History";
    PLACE = "检查点", "Where";
    SYSTEM = "业务系统", "Business system";
    ONLY_SEEN = "其他实测值", "Other values seen";
    CHECK_GONE = "现在的内容里已没有这个检查项", "The content no longer has this check";
    SINCE = "{time} 起", "since {time}";
    NEW_MARK = "有变化", "changed";
    MAPPED = "条款对应关系由本产品编制，不是标准原文。", "The mapping to clauses is the authors' own, not the text of the standards.";

    BY_SEVERITY_SHORT = "严重程度", "Severity";
    OTHER_WORD = "未纳入统计", "not counted";

    // tables
    COLUMN_RESULT = "结论", "Result";
    COLUMN_KEY = "证据", "Evidence";
    COLUMN_STATE = "状态", "State";
    COLUMN_SEEN = "采集时间", "Seen";
    COLUMN_SOURCE = "来源", "Source";
    COLUMN_DIGEST = "哈希值（SHA-256）", "Digest (SHA-256)";
    COLUMN_BEFORE = "原来", "Before";
    COLUMN_AFTER = "现在", "Now";

    // filter
    FILTER = "筛选", "Filter";
    SEARCH = "搜索", "Search";
    SEARCH_HINT = "编号、标题、主机、路径、条款……", "id, title, host, path, clause …";
    ANY_SEVERITY = "全部严重程度", "any severity";
    ANY_RESULT = "全部结论", "any result";
    ANY_SUBJECT = "全部对象", "any subject";
    ANY_SYSTEM = "全部业务系统", "any business system";
    ONLY_CHANGED = "只看有变化的", "changed only";
    OPEN_ALL = "全部展开", "Open all";
    CLOSE_ALL = "全部收起", "Close all";
    SHOWN = "显示 {shown} / {total} 项", "{shown} of {total} shown";

    // proof
    PROOF = "存证与复核", "Proof and replay";
    PROOF_HEAD = "存证链末端哈希值", "Chain head";
    PROOF_CONTENT = "检查内容哈希值（SHA-256）", "Digest of the content (SHA-256)";
    PROOF_PROGRAM = "程序版本", "Program version";
    PROOF_HOW = "在存有本次运行的机器上，`anji verify --expect-head {head}` 可证明记录未被改动，`anji report {run} --format html` 以现有检查内容重新生成本报告。", "On the machine that keeps this run, `anji verify --expect-head {head}` proves that no record was changed, and `anji report {run} --format html` makes this report again with the content that is in use there.";
    PROOF_NONE = "本次运行没有保存，不能事后复核。", "This run was not stored and cannot be checked afterwards.";
    PROOF_LIMIT = "哈希值与签名只能证明记录未被篡改，不能证明被检主机上报的信息属实；采集方式见采集计划（`anji plan`）。", "Digests and signatures do not prove that the host told the truth; `anji plan` shows how evidence is collected.";
    NOT_OFFICIAL = "本报告由安基自动生成，不是任何主管部门或测评机构的正式结论。", "Made by Anji. It is not the official conclusion of any authority or assessment body.";
}

counted! {
    RESULTS_HERE = "{n} 项结果", "{n} result", "{n} results";
    FAILING_OF = "{n} 项不通过", "{n} failing", "{n} failing";
    OPEN_OF = "{n} 项未知", "{n} unknown", "{n} unknown";
    PASSING_OF = "{n} 项通过", "{n} passing", "{n} passing";
    OTHER_OF = "{n} 项未纳入统计", "{n} not counted", "{n} not counted";
    SUBJECTS_HERE = "{n} 个检查对象", "{n} subject", "{n} subjects";
    CHANGES_HERE = "{n} 处变化", "{n} change", "{n} changes";
    MORE_PLACES = "还有 {n} 处，未一一列出", "{n} more, not listed", "{n} more, not listed";
    MORE_CAUSES = "另有 {n} 类原因", "{n} more cause", "{n} more causes";
    MORE_HERE = "……还有 {n} 项", "… and {n} more", "… and {n} more";
    WOULD_ADD = "可多判定 {n} 项", "would add {n} verdict", "would add {n} verdicts";
    DAYS_HERE = "{n} 天", "{n} day", "{n} days";
    RUNS_SHOWN = "{n} 次可比的运行", "{n} comparable run", "{n} comparable runs";
}
