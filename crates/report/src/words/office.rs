//! The words that the office documents share.

use super::{Counted, Phrase, phrase};

phrases! {
    TITLE = "安全基线检查报告", "Security baseline report";
    PRODUCT = "安基", "Anji";

    // facts of a run
    SUBJECT = "检查对象", "Subject";
    RUN = "运行编号", "Run";
    RUN_NONE = "未保存的运行", "not stored";
    BASELINE = "基线", "Baseline";
    AS_OF = "结果截至", "As of";
    MADE_AT = "文档生成于", "Document made at";
    RIGHTS = "采集权限", "Rights";
    PROGRAM = "程序版本", "Program version";
    CONTENT = "检查内容摘要", "Digest of the content";
    HEAD = "存证链头", "Chain head";
    HEAD_NONE = "本次运行未存入存证链", "this run is not in the chain";
    CONFORMANCE = "符合率", "Conformance";
    CONFORMANCE_NONE = "无（没有适用的检查项）", "none (no applicable check)";
    UNKNOWN_SHARE = "未知占比", "Unknown share";
    CRITICAL = "严重级不通过", "Critical checks failing";
    CRITICAL_YES = "有，必须先处理", "yes: deal with them first";
    CRITICAL_NO = "无", "none";
    CRITICAL_UNSURE = "未发现，但有严重级检查项未知", "none found, but critical checks are unknown";
    CRITICAL_NO_RESULTS = "没有结果，无从判断", "cannot be told: there is no result";
    COMPARED = "与上次比对", "Compared with";
    NOTICES = "注意事项", "Notes of caution";
    NEXT = "先做这几件事", "What to do first";
    STEP_REPAIR = "整改 {id}（{severity}）：{title}", "Repair {id} ({severity}): {title}";

    // columns
    ID = "编号", "Check";
    SEVERITY = "严重程度", "Severity";
    RESULT = "结果", "Result";
    CHECK = "检查项", "What is checked";
    SYSTEM = "业务系统", "System";
    ELEMENT = "所在要素", "Element";
    OBSERVED = "实际", "Observed";
    ALLOWED = "应为", "Allowed";
    REASON = "原因", "Reason";
    FIX = "处理办法", "What to do";
    CLAUSES = "对应条款", "Clauses";
    EVIDENCE = "证据与采集时间", "Evidence and time";
    SINCE = "何时起", "Since";
    OWNER = "责任人", "Owner";
    DUE = "期限", "Due date";
    STATUS = "状态", "Status";
    KIND = "变化", "Change";
    BEFORE = "此前", "Before";
    NOW = "现在", "Now";
    VALUES = "变化的值", "Values";
    CAUSE = "起因", "Cause";
    EVIDENCE_KEY = "证据", "Evidence";
    STATE = "采集情况", "State";
    SEEN = "采集时间", "Seen";
    COLLECTOR = "采集方式", "Collected by";
    DIGEST = "正文摘要（SHA-256）", "Digest of the body (SHA-256)";
    CAPTURE = "采集原文摘要（SHA-256）", "Digest of the capture (SHA-256)";
    FINDINGS = "不通过", "Failing";
    OPEN = "未知和出错", "Unknown and errors";
    RESULTS = "结果数", "Results";
    TOTAL = "合计", "Total";

    // parts of cells
    CLAUSE = "{framework} {clause}（{status}）", "{framework} {clause} ({status})";
    SEEN_AT = "{key}，{time}", "{key}, {time}";
    SEEN_STALE = "{key}，{time}（已过期）", "{key}, {time} (too old)";
    SEEN_NEVER = "{key}，未采集到", "{key}, never seen";
    PAIR = "{path}：{value}", "{path}: {value}";
    NUMBERED = "（{n}）{text}", "({n}) {text}";
    NOTHING_BEFORE = "此前没有", "not asked before";
    NOTHING_NOW = "不再检查", "asked no more";
    NO_FINDINGS = "没有不通过、未知或出错的结果。", "Nothing fails, is unknown or in error.";
    NO_RECORDS = "没有证据。", "There is no evidence.";
    NO_RESULTS = "没有结果。", "There are no results.";
    FAULT_OF_ALL = "本次检查没有任何结果，不能据此判断是否符合。", "This run has no result at all; it says nothing about conformance.";
}

counted! {
    MORE_LINES = "……还有 {n} 处", "… and {n} more", "… and {n} more";
    MORE_CLAUSES = "……还有 {n} 条", "… and {n} more clause", "… and {n} more clauses";
    COMPARED_N = "{time} 的运行，可比对 {n} 项", "run of {time}, {n} result compared", "run of {time}, {n} results compared";
}
