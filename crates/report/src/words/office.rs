//! The words that the office documents share.

use super::{Counted, Phrase, phrase};

phrases! {
    TITLE = "安全基线报告", "Security baseline report";
    PRODUCT = "安基", "Anji";

    // facts of a run
    SUBJECT = "检查对象", "Subject";
    RUN = "运行编号", "Run";
    RUN_NONE = "未保存的运行", "not stored";
    BASELINE = "基线", "Baseline";
    AS_OF = "数据截至", "As of";
    MADE_AT = "报告生成时间", "Report generated";
    RIGHTS = "采集权限", "Rights";
    PROGRAM = "程序版本", "Program version";
    CONTENT = "检查内容哈希值（SHA-256）", "Digest of the content (SHA-256)";
    HEAD = "存证链末端哈希值", "Chain head";
    HEAD_NONE = "本次运行没有保存，不在存证链中", "this run was not stored and is not in the chain";
    EXTENT = "检查范围", "Extent";
    CONFORMANCE = "符合率", "Conformance";
    CONFORMANCE_NONE = "无（没有适用的检查项）", "none (no applicable check)";
    UNKNOWN_SHARE = "未知占比", "Unknown share";
    CRITICAL = "严重级不通过", "Critical checks failing";
    CRITICAL_YES = "有，必须先处理", "yes: deal with them first";
    CRITICAL_NO = "无", "none";
    CRITICAL_UNSURE = "未发现，但有严重级检查项未知", "none found, but critical checks are unknown";
    CRITICAL_LEFT = "不能判断：有严重级检查项未选中或未检查", "cannot be told: critical checks were not selected or not checked";
    CRITICAL_NO_OF_PART = "已检查的检查项中未发现；另有检查项未检查", "none found among what was checked; other checks were left out";
    CRITICAL_NO_RESULTS = "没有结果，不能判断", "cannot be told: there is no result";
    COMPARED = "与上次比对", "Compared with";
    NOTICES = "注意事项", "Notes of caution";
    NEXT = "优先整改事项", "What to do first";
    STEP_REPAIR = "整改 {id}（{severity}）：{title}", "Repair {id} ({severity}): {title}";

    // columns
    ID = "编号", "Check";
    SEVERITY = "严重程度", "Severity";
    RESULT = "结论", "Result";
    CHECK = "检查项", "What is checked";
    SYSTEM = "业务系统", "Business system";
    ELEMENT = "检查点", "Where";
    OBSERVED = "实测值", "Observed";
    ALLOWED = "要求值", "Allowed";
    REASON = "原因", "Reason";
    FIX = "整改建议或判定所需条件", "What to do";
    CLAUSES = "对应条款", "Clauses";
    EVIDENCE = "证据与采集时间", "Evidence and time";
    SINCE = "结论起始时间", "Since";
    OWNER = "责任人", "Owner";
    DUE = "期限", "Due date";
    STATUS = "状态", "Status";
    KIND = "变化", "Change";
    BEFORE = "原来", "Before";
    NOW = "现在", "Now";
    VALUES = "变化的值", "Values";
    CAUSE = "变化原因", "Cause";
    EVIDENCE_KEY = "证据", "Evidence";
    STATE = "状态", "State";
    SEEN = "采集时间", "Seen";
    COLLECTOR = "采集方式", "Collected by";
    DIGEST = "哈希值（SHA-256）", "Digest (SHA-256)";
    CAPTURE = "采集原文哈希值（SHA-256）", "Digest of the capture (SHA-256)";
    FINDINGS = "不通过", "Failing";
    OPEN = "未知和出错", "Unknown and errors";
    RESULTS = "结果数", "Results";
    TOTAL = "合计", "Total";

    // parts of cells
    COMMA = "，", ", ";
    COLLECTED_LOCALLY = "本机采集", "collected locally";
    COLLECTED_BY = "经 {way} 采集", "collected by {way}";
    CLAUSE = "{framework} {clause}（{status}）", "{framework} {clause} ({status})";
    SEEN_AT = "{key}，{time}", "{key}, {time}";
    SEEN_STALE = "{key}，{time}（已过期）", "{key}, {time} (too old)";
    SEEN_NEVER = "{key}，未采集到", "{key}, never seen";
    PAIR = "{path}：{value}", "{path}: {value}";
    NOTHING_BEFORE = "此前没有", "not asked before";
    NOTHING_NOW = "不再检查", "asked no more";
    NO_FINDINGS = "没有不通过、未知、出错或未检查的结果。", "Nothing fails, is unknown, in error or unchecked.";
    BY_HAND = "由人工核查", "check it by hand";
    BY_HAND_OR_AGAIN = "由人工核查，或在下次运行时纳入检查", "check it by hand, or run again without leaving it out";
    NO_RECORDS = "没有证据。", "There is no evidence.";
    NO_RESULTS = "没有结果。", "There are no results.";
    FAULT_OF_ALL = "本次检查没有任何结果，不能据此判断是否符合。", "This run has no result at all; it says nothing about conformance.";
}

counted! {
    MORE_LINES = "……还有 {n} 处", "… and {n} more", "… and {n} more";
    MORE_CLAUSES = "……还有 {n} 条", "… and {n} more clause", "… and {n} more clauses";
    COMPARED_N = "{time} 的运行，可比对 {n} 项", "run of {time}, {n} result compared", "run of {time}, {n} results compared";
}
