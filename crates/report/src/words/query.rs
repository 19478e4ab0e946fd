//! The words of asking evidence.

use super::{Counted, Phrase, phrase};
use anji_model::Lang;

phrases! {
    TRUE = "真", "true";
    FALSE = "假", "false";
    UNKNOWN = "未知", "unknown";
    ABSENT = "确实不存在", "absent by fact";
    TYPE = "类型 {type}", "of type {type}";
    DOUBTFUL = "以下各项可能在其中，也可能不在：", "these may or may not be among them:";
    LOOKED_AT = "查看了 {path} = {value}", "looked at {path} = {value}";
    PERSONAL = "个人信息", "personal";
    HELP = "每行一个表达式。`types` 列出能问的证据，`type NAME` 列出其字段，`quit` 或 Ctrl-D 结束。", "One expression a line. `types` lists what can be asked, `type NAME` its fields, `quit` or Ctrl-D ends.";
    NO_RECORD = "没有这项证据的记录", "there is no record of it";
    NO_JSON = "其正文不是 JSON", "its body is no JSON";
    NO_BODY = "其正文没有保留", "its body is not kept";
    NOT_BOUND = "没有绑定证据", "no evidence bound";
    NO_GAP = "没有这样的缺口", "no such gap";
    NO_MODE = "不是八进制权限", "not an octal mode";
    NO_FIT = "环境与检查项不符", "the environment does not fit the check";
    NO_LIST = "没有采用 `{a}` 的清单", "no list adopted for `{a}`";
    IS_ABSENT = "`{a}` 或其中的可选值确实不存在", "`{a}`, or an optional value in it, is absent by fact";
    IS_EMPTY = "`{a}` 为空", "`{a}` is empty";
    NO_ENTRY = "`{a}` 中没有 `{b}` 这一项", "`{a}` has no entry for `{b}`";
    NO_SCHEMA = "`{a}` 不符合其结构", "`{a}` does not have the form of its schema";
    STEPS = "求值超过 {a} 步", "more than {a} evaluation steps";
    OWN = "程序原文：{text}", "{text}";
    ASKING = "{subject} 的证据", "The evidence of {subject}";
}

counted! {
    ABSENT_IN = "另有 {n} 项未列入：其中没有所比较的值", "absent in {n} more element, which is left out", "absent in {n} more elements, which are left out";
    ELEMENTS = "{n} 项", "{n} element", "{n} elements";
}

/// What this program itself said in English, in `lang`; as it stands where it
/// is of another kind.
pub(crate) fn own(said: &str, lang: Lang) -> String {
    let kinds = [
        NO_RECORD, NO_JSON, NO_BODY, NOT_BOUND, NO_GAP, NO_MODE, NO_FIT, NO_LIST, IS_ABSENT,
        IS_EMPTY, NO_ENTRY, NO_SCHEMA, STEPS,
    ];
    for kind in kinds {
        if let Some((a, b)) = parts_of(said, kind.get(Lang::En)) {
            return kind.fill(lang, &[("a", a), ("b", b)]);
        }
    }
    OWN.fill(lang, &[("text", said)])
}

/// What stands for `{a}` and `{b}` in a text of this form.
fn parts_of<'s>(said: &'s str, form: &str) -> Option<(&'s str, &'s str)> {
    let Some((before, rest)) = form.split_once("{a}") else {
        return (said == form).then_some(("", ""));
    };
    let said = said.strip_prefix(before)?;
    let Some((between, after)) = rest.split_once("{b}") else {
        return Some((said.strip_suffix(rest)?, ""));
    };
    said.strip_suffix(after)?.split_once(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_says_stands_in_both_languages() {
        let cases = [
            ("there is no record of it", "没有这项证据的记录"),
            ("no list adopted for `registers.a`", "没有采用 `registers.a` 的清单"),
            ("`params.by` has no entry for `li`", "`params.by` 中没有 `li` 这一项"),
            ("more than 100 evaluation steps", "求值超过 100 步"),
            ("quite another thing", "程序原文：quite another thing"),
        ];
        for (en, zh) in cases {
            assert_eq!((own(en, Lang::En).as_str(), own(en, Lang::Zh).as_str()), (en, zh));
        }
    }
}
