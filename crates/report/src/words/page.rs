//! The words of a check's page of documentation.

use super::{Counted, Phrase, phrase};
use anji_model::{Decision, Source, StricterWay, WhenAbsent};

phrases! {
    INDEX = "检查项", "Checks";
    INDEX_INTRO = "本目录由 `anji content docs` 从内容生成，请勿手工修改。", "These pages are generated from the content by `anji content docs`; do not edit them by hand.";
    GENERATED = "由 `anji content docs` 从内容生成，请勿手工修改。", "Generated from the content by `anji content docs`; do not edit by hand.";
    ALL_CHECKS = "全部检查项", "All checks";
    COLUMN_CHECK = "检查项", "Check";
    COLUMN_TITLE = "内容", "What is checked";
    COLUMN_SEVERITY = "严重程度", "Severity";
    COLUMN_GUARDS = "防范", "Guards against";
    COLUMN_DECIDES = "能否判定", "Decides";
    FACT_ALIAS = "别名", "Alias";
    FACT_PACK = "检查包", "Pack";
    FACT_REVISION = "版本", "Revision";
    WHAT = "查什么", "What";
    EVIDENCE = "依据的证据", "Evidence";
    PARAMS = "参数", "Parameters";
    EXCEPTIONS = "例外", "Exceptions";
    RELATED = "相关检查项", "Related checks";
    NOT_YET = "这个检查项还没有断言。", "This check has no assertion yet.";
    ASSERTED = "已知、新鲜、完整的证据使下面的断言为真，即为通过：", "It passes when known, fresh and complete evidence makes this true:";
    DECIDES_BOTH = "断言为真则通过，为假则不通过；证据没有拿到、不完整或过期，则为未知，绝不算通过。", "True passes and false fails. Evidence that was not had, lacks a part or is too old leaves it unknown, never passed.";
    DECIDES_FAIL = "断言为假则不通过；为真还不足以证明符合，因此为未知。", "False fails. True does not prove conformance yet, so it is unknown.";
    DECIDES_PASS = "断言为真则通过；为假还不足以证明不符合，因此为未知。", "True passes. False does not prove a failure yet, so it is unknown.";
    DECIDES_NOTHING = "目前总是未知：只采集并展示证据。", "It is always unknown for now: the evidence is collected and shown.";
    WORD_BOTH = "能", "yes";
    WORD_FAIL = "只判不通过", "failures only";
    WORD_PASS = "只判通过", "passes only";
    WORD_NOTHING = "尚不能", "not yet";
    ABSENT_PASS = "通过", "passes";
    ABSENT_FAIL = "不通过", "fails";
    ABSENT_NA = "不适用", "does not apply";
    ABSENT_UNKNOWN = "未知", "is unknown";
    COLUMN_NAME = "名称", "Name";
    COLUMN_EVIDENCE = "证据", "Evidence";
    COLUMN_SOURCE = "来源", "Read from";
    COLUMN_RIGHTS = "所需权限", "Rights";
    COLUMN_ABSENT = "它不存在时判为", "Where it is absent, the check";
    COLUMN_AGE = "有效期", "Decides for";
    EMPTY_DECIDES = "{names} 中的清单完整而为空，也是回答。", "A complete list in {names} may be empty and still decides.";
    SOURCE_FILES = "文件", "files";
    SOURCE_LIVE = "运行中的系统", "the running system";
    RIGHTS_ROOT = "root，或 `anji doctor --sudoers` 的 sudo 规则", "root, or the sudo rule of `anji doctor --sudoers`";
    RIGHTS_NONE = "普通账户；普通账户读不到的部分需要 root", "an ordinary account; root for what it may not read";
    COLUMN_TYPE = "类型", "Type";
    COLUMN_DEFAULT = "默认值", "Default";
    COLUMN_STRICTER = "更严的方向", "Stricter";
    STRICTER_LOWER = "更小、更早", "lower, earlier";
    STRICTER_HIGHER = "更大、更晚", "higher, later";
    STRICTER_SUBSET = "更少的成员或权限位", "fewer members or bits";
    STRICTER_SUPERSET = "更多的成员或权限位", "more members or bits";
    STRICTER_NONE = "任何改动都不能证明更严", "no change is provably stricter";
    PARAMS_HINT = "基线用 `params` 一节改参数；往更严的方向改无需批准。", "A baseline sets them in its `params`; a stricter value needs no approval.";
    NO_PARAMS = "没有参数。", "None.";
    NO_CLAUSES = "还没有条款对应到它。", "No clause is mapped to it yet.";
    LEFT = "未覆盖：{text}", "Left: {text}";
    CONFIDENCE = "把握：{text}", "confidence: {text}";
    WAIVER = "确有理由暂不整改的，在基线中写豁免：理由、补偿措施和到期日缺一不可。豁免不改变结果，不通过仍是不通过。", "Where there is reason to wait with the repair, write a waiver into the baseline, with reason, compensation and end date. It does not change the result: a waived failure is still a failure.";
    PARAM_EXCEPTION = "长期而正当的差异用参数表达，而不是豁免：{names}。", "What differs for good and rightly so belongs in a parameter, not in a waiver: {names}.";
    REGISTER_EXCEPTION = "经核准可以存在的，列入登记表 {names}：`anji register adopt`。", "What is approved belongs in the register {names}: `anji register adopt`.";
    SHARES = "共有 {what}", "shares {what}";
    NO_RELATED = "没有。", "None.";
}

counted! {
    HOURS = "{n} 小时", "{n} hour", "{n} hours";
    MINUTES = "{n} 分钟", "{n} minute", "{n} minutes";
    DAYS = "{n} 天", "{n} day", "{n} days";
    CHECKS = "{n} 个检查项。", "{n} check.", "{n} checks.";
}

/// Whether a check decides, in a sentence.
pub(crate) fn decision(decision: Decision) -> Phrase {
    match decision {
        Decision::Both => DECIDES_BOTH,
        Decision::FailOnly => DECIDES_FAIL,
        Decision::PassOnly => DECIDES_PASS,
        Decision::Neither => DECIDES_NOTHING,
    }
}

/// Whether a check decides, in a table.
pub(crate) fn decision_word(decision: Decision) -> Phrase {
    match decision {
        Decision::Both => WORD_BOTH,
        Decision::FailOnly => WORD_FAIL,
        Decision::PassOnly => WORD_PASS,
        Decision::Neither => WORD_NOTHING,
    }
}

/// The answer where evidence is absent.
pub(crate) fn absent(answer: WhenAbsent) -> Phrase {
    match answer {
        WhenAbsent::Pass => ABSENT_PASS,
        WhenAbsent::Fail => ABSENT_FAIL,
        WhenAbsent::NotApplicable => ABSENT_NA,
        WhenAbsent::Unknown => ABSENT_UNKNOWN,
    }
}

/// Where evidence is read.
pub(crate) fn source(source: Source) -> Phrase {
    match source {
        Source::Files => SOURCE_FILES,
        Source::Live => SOURCE_LIVE,
    }
}

/// Which way is stricter.
pub(crate) fn stricter(way: StricterWay) -> Phrase {
    match way {
        StricterWay::Lower => STRICTER_LOWER,
        StricterWay::Higher => STRICTER_HIGHER,
        StricterWay::Subset => STRICTER_SUBSET,
        StricterWay::Superset => STRICTER_SUPERSET,
        StricterWay::None => STRICTER_NONE,
    }
}
