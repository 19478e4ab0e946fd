//! The words of typed values laid out for people.

use super::{Counted, Phrase, phrase};

phrases! {
    ABSENT = "（没有）", "(absent)";
    HIDDEN = "（个人信息，已隐藏）", "(personal, hidden)";
    UNKNOWN = "取值未知：{why}", "value unknown: {why}";
    NO_FORM = "不符合该类型的结构", "it does not have the form of its type";
    INCOMPLETE = "列表不完整：{why}", "list incomplete: {why}";
    CELL_UNKNOWN = "{path} 取值未知：{why}", "{path}: value unknown: {why}";
    CELL_INCOMPLETE = "{path} 列表不完整：{why}", "{path}: list incomplete: {why}";
    ABSENT_IN_ALL = "各项均没有：{names}", "absent in all: {names}";
    NO_FIELDS = "（没有内容）", "(nothing in it)";
    PRUNED = "证据正文已按保留期清理，其摘要仍可校验", "The body was pruned by retention; its digest is still proved.";
}

counted! {
    MORE_ELEMENTS = "……还有 {n} 项；`--all` 全部显示", "… and {n} more; `--all` shows it", "… and {n} more; `--all` shows them";
    UNTOLD = "{n} 项无法判断是否含所查文字：其中有未知或未显示的值", "{n} entry: cannot tell whether it holds the text, for a value in it is unknown or hidden", "{n} entries: cannot tell whether they hold the text, for values in them are unknown or hidden";
    FILTERED = "{n} 项不含所查文字", "{n} entry does not hold the text", "{n} entries do not hold the text";
}

/// A truth in a word.
pub(crate) fn truth(value: bool) -> Phrase {
    match value {
        true => phrase("是", "yes"),
        false => phrase("否", "no"),
    }
}
