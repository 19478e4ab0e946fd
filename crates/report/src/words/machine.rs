//! The words of the formats for other programs.

use super::{Counted, Phrase, phrase};

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

    // OSCAL
    OSCAL_RESULTS = "安全基线评估结果", "Results of the security baseline";
    OSCAL_POAM = "整改计划", "Plan of action and milestones";
    OSCAL_PLAN = "代替评估计划的依据", "What stands for an assessment plan";
    OSCAL_PLAN_IS = "本次运行没有 OSCAL 格式的评估计划；评估范围由基线 {baseline} 和所列摘要的检查内容确定。", "There is no assessment plan in OSCAL behind this run: the baseline {baseline} and the content with the digest given here say what was assessed.";
    OSCAL_RESULT = "一次自动检查", "One automated run";
    OSCAL_RESULT_IS = "每项结果对应一条观察记录；有结论的结果另有一条发现。未知和出错按不满足计，并说明原因。", "Each result is an observation; those with a verdict are findings too. Unknown and error count as not satisfied, with the reason.";
    OSCAL_NO_CONTROL = "无：本次运行的检查项没有对应任何条款", "None: the checks of this run answer no clause";
    OSCAL_OBJECTIVES = "本次运行的检查项", "The checks of this run";
    OSCAL_TOOL = "安基：只读采集，在目标上不安装任何程序", "Anji collects by reading and installs nothing on its targets";
    OSCAL_UNDECIDED = "无法判定，不能当作满足。{why}", "It could not be decided, and so does not count as satisfied. {why}";
    OSCAL_NOT_ASKED = "本次运行未执行的检查项：{checks}", "Not asked in this run: {checks}";
    OSCAL_SO_FAR = "已执行的检查项中没有待整改事项", "Nothing to do about what was asked";
    NO_RESULT = "本次运行没有任何结果", "The run has no result";
    OSCAL_NO_RESULT_IS = "没有任何检查项得出结果，不能说明没有待整改事项。", "No check came to a result, so it cannot be said that there is nothing to do.";
    OSCAL_NO_ITEM = "没有待整改事项", "Nothing to do";
    OSCAL_NO_ITEM_IS = "本次运行没有不通过、未知或出错的结果；OSCAL 要求计划至少有一项，故列此项。", "No result of this run fails, is unknown or in error. OSCAL asks for one item at least, which is this.";
}

counted! {
    MORE = "……另有 {n} 项", "… and {n} more", "… and {n} more";
    OSCAL_SO_FAR_IS = "本次运行未执行基线中的 {n} 项检查，不能说明这些检查项没有待整改事项。", "The run left out {n} check of its baseline, of which this plan says nothing.", "The run left out {n} checks of its baseline, of which this plan says nothing.";
}
