//! The words of the written report.

use super::{Counted, Phrase, phrase};

phrases! {
    CONTENTS = "目录", "Contents";
    CONTENTS_HINT = "要显示页码：在 Word、WPS 中右键目录选“更新域”，在 LibreOffice 中选“更新索引”，本行随之消失。", "For page numbers, right-click the contents and choose Update Field (Word) or Update Index (LibreOffice); this line then goes.";
    PAGE_OF = "第 {page} 页，共 {pages} 页", "Page {page} of {pages}";
    RUN_AT_FOOT = "运行 {run}", "run {run}";
    COVER_NOTE = "本报告由安基根据采集到的证据自动生成，不是任何主管部门或测评机构的正式结论。条款对应关系由本产品编制，除条款编号外，不是标准原文。", "This report was made by Anji from the evidence that it collected. It is not the official conclusion of any authority or assessment body. The clauses are mapped by this product: apart from their numbers nothing here is the text of a standard.";
    LABELLED = "{label}：", "{label}: ";

    SCOPE = "范围", "Scope";
    SCOPE_TIME = "数据截至 {time}，只反映当时的情况，不包括此后的改动。", "The results stand as of {time} and tell what was seen then; later changes are not in them.";
    SCOPE_SYSTEMS = "涉及的业务系统：{systems}。", "Business systems: {systems}.";
    SCOPE_FRAMEWORKS = "检查项对照了以下标准的条款：{frameworks}。各检查项下分别写明对照的程度。", "The checks are mapped to clauses of: {frameworks}. How far each mapping goes is said with each check.";
    SCOPE_LEFT = "未检查、未选中和不适用的检查项没有结论，数目见“结论”一章的表，未检查的原因见“需人工核查的检查项”一章。", "What was not checked, not selected or not applicable has no verdict; the table under Conclusion counts it, and Manual verification tells why it was not checked.";

    BASELINE = "基线", "Baseline";
    BASELINE_IS = "本次按基线 {name} 检查。基线写明查哪些项、参数取什么值，并按版本保存。", "The hosts were held against the baseline {name}. A baseline says which checks are asked and with which parameters; its versions are kept.";
    BASELINE_STARTER = "本次按基线 {name} 检查。这是本产品自带的入门基线；医院可以采用自己制定的基线，写明查哪些项、参数取什么值，并按版本保存。", "The hosts were held against {name}, the built-in starter baseline of the product. A hospital adopts its own, which says which checks are asked and with which parameters, and keeps its versions.";
    BASELINE_CONTENT = "检查内容的哈希值和程序版本见封面。两者都相同时，同样的证据必然得出同样的结论。", "The digest of the content and the version of the program stand on the cover. Where both are the same, the same evidence comes to the same verdict.";

    METHOD = "方法", "Method";
    METHOD_COLLECT = "采集：不在被检主机上安装任何东西。采集脚本只读取配置和运行状态，不作任何改动，也不留下文件和进程。本次采集的权限：{rights}。", "Collecting: nothing is installed on the host. One script reads configuration and state, changes nothing and leaves neither file nor process. Rights of this run: {rights}.";
    METHOD_JUDGE = "判定：只有已知、新鲜、完整的证据使检查项的断言成立，才是“通过”；断言不成立为“不通过”。", "Judging: a check passes only when known, fresh and complete evidence makes its assertion true; it fails when the assertion is false.";
    METHOD_UNKNOWN = "未知：证据没有采集到、不完整或已过期，或者还没有核准清单可供比对。未知项不视为通过，计入符合率的分母，需要补齐证据或由人工核查。", "Unknown: evidence was not had, lacks a part or is too old, or there is no approved list to compare with. Unknown is not a pass; it counts in the denominator of the rate and asks for evidence or for a look by hand.";
    METHOD_SEVERITY = "严重程度与权重：{weights}。符合率为通过项的权重除以通过、不通过、未知和出错各项权重之和。只要有一项严重级不通过，无论符合率多高都要先处理。", "Severity and weight: {weights}. The rate is the weight of what passes over the weight of what passes, fails, is unknown or in error. A failing critical check comes first, however high the rate.";
    WEIGHT = "{severity}为 {weight}", "{severity} {weight}";
    METHOD_PROOF = "存证：每份证据以 SHA-256 哈希值索引，每次运行都经签名，并与上一次运行相链接，可用 anji verify 校验。校验能发现事后的改动，不能证明被检主机上报的信息属实。", "Proof: each piece of evidence is addressed by its SHA-256 digest, and each run is signed and follows the run before it; anji verify checks this. It finds later changes; it does not prove that the host told the truth.";

    CONCLUSION = "结论", "Conclusion";
    CONCLUSION_RATE = "符合率 {rate}，未知占比 {unknown}。", "Conformance is {rate}; the unknown share is {unknown}.";
    CONCLUSION_CRITICAL = "有严重级检查项不通过，须先处理。", "A critical check is failing and comes first.";
    CONCLUSION_LEFT = "有严重级检查项未选中或未检查，不能判断是否有严重级检查项不通过。", "Critical checks were not selected or not checked, so it cannot be told whether one fails.";
    CONCLUSION_UNSURE = "未发现严重级检查项不通过，但有严重级检查项未知，不能排除。", "No critical check was found failing, but critical checks are unknown, so this is not ruled out.";
    CHANGED = "变化情况", "What changed";
    CHANGES_OF = "与 {time} 的运行相比：{counts}。", "Compared with the run of {time}: {counts}.";
    COUNT_OF = "{word} {n} 项", "{word} {n}";
    SEE_CHAPTERS = "见“不通过项”和“未知和出错项”两章。", "See the chapters Findings and Open questions.";
    FIRST = "优先整改事项", "What to do first";

    FINDINGS = "不通过项", "Findings";
    FINDINGS_NONE = "没有不通过的检查项。这不等于全部通过，请看“结论”中未知的数目。", "No check fails. That is not the same as everything passing: see how much is unknown under Conclusion.";
    LEVEL = "严重程度：{severity}", "Severity: {severity}";
    WHY = "风险说明", "Why";
    CLAUSES = "对应条款（由本产品编制，不是标准原文）", "Clauses (mapped by this product, not the text of a standard)";
    FIX = "整改建议", "How to repair";
    GONE_CHECK = "现在的内容里已没有这个检查项，无法给出风险说明和整改建议。", "The content no longer has this check, so its texts are not at hand.";
    EVIDENCE_NO_BODY = "没有正文", "no body";
    HISTORY = "历次结论", "History";
    STRETCH = "{time} 起{word}", "{word} since {time}";
    HISTORY_NONE = "没有更早的记录", "no earlier record";

    OPEN = "未知和出错项", "Open questions";
    OPEN_INTRO = "以下检查项证据不足，未能判定，既不计为通过，也不计为不通过。请补齐证据后重新检查，或由人工核查。", "These could not be decided from the evidence there is. They count neither as passed nor as failed: bring what is missing and check again, or look by hand.";
    OPEN_NONE = "没有未知或出错的检查项。", "Nothing is unknown or in error.";
    OPEN_HELPS = "判定所需条件", "What would help";
    OPEN_UNNAMED = "未注明原因", "no reason was given";

    BY_HAND = "需人工核查的检查项", "Manual verification";
    BY_HAND_INTRO = "以下各项本次没有检查，既不计为通过，也不计为不通过，需由人工核查。", "These were not checked by this run. They count neither as passed nor as failed and have to be verified by hand.";
    BY_HAND_NONE = "没有未检查的检查项。", "Everything that was selected was checked.";

    LIST = "整改清单", "Rectification list";
    LIST_INTRO = "按检查项合并列出；各检查对象的逐条清单见电子表格，可按状态筛选。责任人、期限、状态由贵方填写。", "Grouped by check; the spreadsheet has it line by line with a status to filter by. Owner, due date and status are yours to fill in.";
    NUMBER = "序号", "No.";
    SUBJECTS = "检查对象", "Subjects";

    EVIDENCE = "证据清单", "Evidence index";
    EVIDENCE_INTRO = "哈希值按证据正文以 SHA-256 计算。凭运行编号和证据名称，可用 anji evidence 查看正文。", "The digest is the SHA-256 of the body. With the run and the name anji evidence shows the body.";

    SIGNATURES = "签字栏", "Signatures";
    SIGN_NOTE = "签字表示已阅读本报告。签字不改变任何一项结果。", "A signature says that the report was read. It changes no result.";
    ROLE = "角色", "Role";
    SIGN_NAME = "姓名（签字）", "Name and signature";
    SIGN_DAY = "日期", "Date";
    SIGN_WORDS = "意见", "Remarks";
    ROLE_CHECKED = "检查人", "Checked by";
    ROLE_REVIEWED = "复核人", "Reviewed by";
    ROLE_OWNER = "业务系统负责人", "Owner of the system";
    ROLE_SECURITY = "信息科安全负责人", "Head of IT security";
}

counted! {
    SCOPE_COUNT = "本报告涉及 {subjects}、{checks}，共 {n} 项结果。", "The report covers {n} result: {checks} asked of {subjects}.", "The report covers {n} results: {checks} asked of {subjects}.";
    BASELINE_CHECKS = "本次运行包括以下 {n} 个检查项。", "This run asks {n} check.", "This run asks these {n} checks.";
    SUBJECTS_N = "{n} 个检查对象", "{n} subject", "{n} subjects";
    CHECKS_N = "{n} 个检查项", "{n} check", "{n} checks";
    STANDS = "{n} 项结果中：{counts}。", "Of {n} result: {counts}.", "Of {n} results: {counts}.";
    ITEMS = "{title}（{n} 项）", "{title} ({n} result)", "{title} ({n} results)";
    ON = "{title}（{n} 个检查对象）", "{title} ({n} subject)", "{title} ({n} subjects)";
    AND_MORE = "{names}等 {n} 个", "{names} and {n} in all", "{names} and {n} in all";
    MORE_IN_SHEET = "另有 {n} 项未在此列出，见电子表格（anji report --format xlsx）。", "{n} more is in the spreadsheet (anji report --format xlsx).", "{n} more are in the spreadsheet (anji report --format xlsx).";
}
