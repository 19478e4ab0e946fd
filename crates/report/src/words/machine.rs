//! The words of the formats for other programs.

use super::{Phrase, phrase};

phrases! {
    // columns of the table of results
    RUN = "运行", "Run";
    AS_OF = "评估时间（UTC）", "As of (UTC)";
    BASELINE = "基线", "Baseline";
    SYSTEM = "业务系统", "Business system";
    SUBJECT = "对象标识", "Subject id";
    SUBJECT_NAME = "对象名称", "Subject";
    CHECK = "检查项", "Check";
    ELEMENT = "检查元素", "Element";
    TITLE = "标题", "Title";
    SEVERITY = "严重程度", "Severity";
    SEVERITY_CODE = "严重程度代码", "Severity code";
    RESULT = "结果", "Result";
    RESULT_CODE = "结果代码", "Result code";
    WHY = "实际与要求、原因", "Observed and allowed, reasons";
    REMEDY = "整改或处置方法", "What to do";
    CLAUSES = "对应条款", "Clauses";
    GUARDS = "防范", "Guards against";
    EVIDENCE = "证据", "Evidence";
    SEEN = "证据时间（UTC）", "Evidence seen (UTC)";
    DIGESTS = "证据摘要（SHA-256）", "Evidence digests (SHA-256)";
    SINCE = "自何时起（UTC）", "Since (UTC)";
    CHANGE = "变化", "Change";
    QUESTION = "问题标识（历次运行不变）", "Question id (same in every run)";

    NEW = "首次检查", "first asked";
}
