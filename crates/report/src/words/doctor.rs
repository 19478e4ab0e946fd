//! The words of an examination of this machine.

use super::{Counted, Phrase, phrase};
use crate::layout::Paint;
use anji_model::{FolderProblem, Health, Topic};

phrases! {
    TITLE = "本机体检 · {time}", "Examination of this machine · {time}";
    COSTS = "导致以下检查项无法判定：{checks}", "stays unknown: {checks}";
    MEND = "办法：`{command}`", "to mend it: `{command}`";
    NOTHING = "什么都不缺。", "Nothing is missing.";

    ROOT = "以 root 运行，能看到全部证据", "runs as root and sees all evidence";
    ROOT_CLOSED = "以 root 运行，但最近一次以 root 的运行仍因权限不足没有拿到 {keys}", "runs as root; yet the last run as root did not get {keys} for lack of rights";
    SUDO_ALL = "sudo 规则有效，允许全部 {of} 条需要 root 的命令", "the sudo rule is in force for all {of} commands that need root";
    SUDO_SOME = "sudo 规则只允许 {of} 条需要 root 的命令中的 {allowed} 条", "the sudo rule allows {allowed} of {of} commands that need root";
    NO_RIGHTS = "普通账户，没有 sudo 规则：许多证据读不到", "an ordinary account without a sudo rule: much evidence cannot be read";
    TOOL_LOST = "缺少 {tool}：上次运行因缺少工具没有拿到 {keys}", "{tool} is missing: the last run did not get {keys} for lack of a tool";
    TOOL_UNCERTAIN = "缺少 {tool}：可能拿不到 {keys}", "{tool} is missing: {keys} may not be had";
    TOOL_OTHER_WAY = "没有 {tool}，{keys} 已用别的办法拿到", "{tool} is not here; had another way: {keys}";
    TOOLS_OPTIONAL = "可选工具（未安装）：{tools}", "used where they are there, and not here: {tools}";
    FOLDER = "状态目录 {path}", "state folder {path}";
    NO_FOLDER = "还没有状态目录 {path}，首次检查时创建", "there is no state folder {path} yet; the first check makes it";
    FOLDER_UNUSABLE = "状态目录 {path} 不能用：{problem}", "the state folder {path} cannot be used: {problem}";
    SPACE = "剩余空间 {free}，存储占用 {used}", "{free} free, the store takes {used}";
    SPACE_SHORT = "空间不足：只剩 {free}，存储占用 {used}，下次运行可能存不下", "only {free} free, the store takes {used}: the next run may not fit";
    STORE = "存储可读，结构版本相符", "the store is readable and of this program's schema";
    STORE_UNREADABLE = "存储无法读取：{problem}", "the store cannot be read: {problem}";
    KEY = "签名密钥在，只有属主可读", "the signing key is there, readable by its owner alone";
    KEY_GONE = "没有签名密钥：以后的运行无法接在这条链上，请从备份恢复", "the signing key is gone: no run can continue this chain; put it back from a backup";
    KEY_UNUSABLE = "签名密钥不能用：{problem}", "the signing key cannot be used: {problem}";
    KEY_DAMAGED = "签名密钥文件已损坏：请从备份恢复；没有备份时，另选状态目录开始新的签名链", "the file of the signing key is damaged: put it back from a backup; without one, begin a new chain in another state folder";
    PARTIAL = "只采集了基线的一部分", "it asked only for a part of the baseline";
    LAST_RUN = "最近一次运行 {run}，距今 {age}，{rights}", "last run {run}, {age} ago, {rights}";
    NO_RUN = "还没有关于本机的运行：没有可比对的内容", "there is no run about this machine yet, and nothing to compare with";
    DATA_NONE = "还没有导入漏洞数据：无法判定哪些软件包有已知漏洞", "no vulnerability data was imported: nobody can say which packages have known flaws";
    SYSTEM_UNKNOWN = "最近一次运行没有采集本机系统版本，无法判定已导入的漏洞数据是否适用；请做一次完整检查", "the last run does not tell this machine's system: whether the imported data fits is not known; run a whole check";
    DATA_FITS = "{set} 适用于本机系统", "{set} speaks of this machine's system";
    DATA_OTHERS = "已导入的漏洞数据都没有完整包含 {system}", "none of the imported sets holds all that is published for {system}";
    NO_LIST = "清单 {register} 还没有核准", "the list {register} was not adopted";
    CLOCK = "时钟 {at}", "the clock says {at}";
    CLOCK_IMPLAUSIBLE = "时钟 {at} 不可能：证据的时效和签名时间都不可信", "the clock says {at}, which cannot be: ages and signed times are not to be trusted";
    CLOCK_BACK = "时钟 {at} 早于最近一次运行 {last}：被拨回过", "the clock says {at}, before the last run ({last}): it was set back";
    CHARACTERS = "字符集可用（{locale}）", "the characters of the locale are fit ({locale})";
    NO_LOCALE = "未设置", "none set";
    CHARACTERS_POOR = "区域设置 {locale} 不是 UTF-8，中文显示不出来", "the locale {locale} is not UTF-8: Chinese cannot be shown";
    ZONE = "时区 {zone}", "time zone {zone}";
    NO_ZONE = "时区未知，时间按 UTC 显示", "the time zone is not known; times are shown in UTC";
    CONTENT_INVALID = "内容有误：{problem}", "the content is at fault: {problem}";
}

counted! {
    LACKING = "缺 {n} 处", "{n} thing is missing", "{n} things are missing";
    WOULD_ADD = "以 root 运行，上次可多判定 {n} 项", "root would have added {n} verdict to the last run", "root would have added {n} verdicts to the last run";
    TOOLS = "采集必需的 {n} 个程序都在", "the {n} program that captures cannot do without is there", "the {n} programs that captures cannot do without are there";
    DAYS_OLD = "数据已有 {n} 天", "{n} day old", "{n} days old";
    CHAIN_HOLDS = "刚校验过 {n} 次运行的签名链，全部成立", "the chain of {n} run was verified just now, and holds", "the chain of {n} runs was verified just now, and holds";
    CHAIN_BROKEN = "刚校验过签名链，发现 {n} 个问题", "the chain was verified just now: {n} problem", "the chain was verified just now: {n} problems";
    CHAIN_UNVERIFIED = "有 {n} 次运行，存储较大，未在此校验", "the chain of {n} run is not verified here, for its size", "the chain of {n} runs is not verified here, for its size";
    LISTS_ADOPTED = "已核准 {n} 个清单", "{n} list was adopted", "{n} lists were adopted";
    CONTENT = "内容有效，共 {n} 个检查项", "the content is valid: {n} check", "the content is valid: {n} checks";
}

/// A part of the examination.
pub(crate) fn topic(topic: Topic) -> Phrase {
    match topic {
        Topic::Rights => phrase("权限", "Rights"),
        Topic::Tools => phrase("工具", "Tools"),
        Topic::State => phrase("状态目录", "State"),
        Topic::Runs => phrase("运行与存证", "Runs and their proof"),
        Topic::Data => phrase("漏洞数据", "Vulnerability data"),
        Topic::Lists => phrase("核准清单", "Approved lists"),
        Topic::Clock => phrase("时钟", "Clock"),
        Topic::Locale => phrase("语言与时区", "Language and time zone"),
        Topic::Content => phrase("内容", "Content"),
    }
}

/// How a finding stands, in a word.
pub(crate) fn health(health: Health) -> Phrase {
    match health {
        Health::Well => phrase("正常", "well"),
        Health::Note => phrase("留意", "note"),
        Health::Missing => phrase("缺失", "missing"),
    }
}

/// How a finding stands, as a shape.
pub(crate) fn health_symbol(health: Health, ascii: bool) -> (&'static str, Paint) {
    let (shape, plain, paint) = match health {
        Health::Well => ("✓", "+", Paint::Good),
        Health::Note => ("i", "i", Paint::Warn),
        Health::Missing => ("✗", "x", Paint::Bad),
    };
    (if ascii { plain } else { shape }, paint)
}

/// Why a folder cannot be used.
pub(crate) fn folder_problem(problem: FolderProblem) -> Phrase {
    match problem {
        FolderProblem::NotAFolder => phrase("它不是目录", "it is no folder"),
        FolderProblem::OtherOwner => phrase("它属于别的账户", "it belongs to another account"),
        FolderProblem::OpenToOthers => phrase("别的账户可以写入", "others may write into it"),
        FolderProblem::NotReadable => {
            phrase("无法查看（权限或路径有误）", "it cannot be looked at")
        }
        FolderProblem::CannotBeMade => {
            phrase("它不存在，本账户也不能创建", "it is not there, and this account cannot make it")
        }
        FolderProblem::NotWritable => {
            phrase("本账户不能写入", "this account may not write into it")
        }
    }
}
