//! Parameters: their declarations and values.

use super::lint::Lint;
use crate::content::{Param, ParamType, ParamValue, Stricter};
use crate::predicate::{did_you_mean, mode_bits};
use crate::yaml::{Key, Node, Yaml};
use anji_model::Text;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Longer lists and maps are refused.
const MEMBERS_MAX: usize = 10_000;

/// A parameter's declaration; none when it has a problem.
pub(super) fn read(lint: &mut Lint<'_>, key: &Key, node: &Node) -> Option<Param> {
    let mut fields = lint.fields(node)?;
    fields.span = key.span;
    let kind = fields.required(lint, "type").and_then(|node| param_type(lint, node));
    let default = fields.required(lint, "default");
    let stricter = fields.required(lint, "stricter").and_then(|node| {
        let words = [
            ("lower", Stricter::Lower),
            ("higher", Stricter::Higher),
            ("subset", Stricter::Subset),
            ("superset", Stricter::Superset),
            ("none", Stricter::None),
        ];
        lint.word(node, &words).map(|stricter| (stricter, node.span))
    });
    fields.finish(lint);
    if !is_name(&key.text) {
        name_problem(lint, key);
    }
    let kind = kind?;
    // Content with any problem is refused as a whole; the parameter still
    // exists, so that what uses it is not reported as well.
    let default = default.and_then(|node| value(lint, node, kind));
    let default = default.unwrap_or(ParamValue::Bool(false));
    let (stricter, span) = stricter.unwrap_or((Stricter::None, key.span));
    if !fits(stricter, kind) {
        let (zh, en) = (
            format!("stricter 的取值不适用于类型 {}", kind.word()),
            format!("this `stricter` has no meaning for type {}", kind.word()),
        );
        let words = fitting(kind).join(", ");
        let help = Text { zh: format!("可用：{words}"), en: format!("possible here: {words}") };
        lint.report_text("stricter-type", span, Text { zh, en }, Some(help));
    }
    Some(Param { name: key.text.clone(), kind, default, stricter })
}

/// A name that assertions can use.
pub(super) fn is_name(name: &str) -> bool {
    const RESERVED: [&str; 22] = [
        "params",
        "registers",
        "now",
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
    ];
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !RESERVED.contains(&name)
        && name.len() <= 60
}

pub(super) fn name_problem(lint: &mut Lint<'_>, key: &Key) {
    let name = &key.text;
    let (zh, en) = (
        format!("`{name}` 不能作名称：小写字母开头，只含小写字母、数字、下划线，且非保留字"),
        format!("`{name}` cannot be a name: lower-case letters, digits, underscores, not reserved"),
    );
    lint.report("wrong-name", key.span, zh, en);
}

fn param_type(lint: &mut Lint<'_>, node: &Node) -> Option<ParamType> {
    let text = lint.text(node)?;
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(kind) = ParamType::ALL.into_iter().find(|kind| kind.word() == plain) {
        return Some(kind);
    }
    let words = ParamType::ALL.map(ParamType::word);
    let message = Text {
        zh: format!("未知的参数类型 `{text}`，应为其一：{}", words.join("、")),
        en: format!("unknown parameter type `{text}`; there are {}", words.join(", ")),
    };
    lint.report_text("unknown-param-type", node.span, message, did_you_mean(&text, words));
    None
}

fn fitting(kind: ParamType) -> &'static [&'static str] {
    match kind {
        ParamType::Int | ParamType::Date => &["lower", "higher", "none"],
        ParamType::Texts | ParamType::Ints | ParamType::Mode => &["subset", "superset", "none"],
        // A map has members as well as values.
        ParamType::Dates => &["lower", "higher", "subset", "superset", "none"],
        ParamType::TextMap => &["subset", "superset", "none"],
        ParamType::Bool | ParamType::Text => &["none"],
    }
}

fn fits(stricter: Stricter, kind: ParamType) -> bool {
    let word = match stricter {
        Stricter::Lower => "lower",
        Stricter::Higher => "higher",
        Stricter::Subset => "subset",
        Stricter::Superset => "superset",
        Stricter::None => "none",
    };
    fitting(kind).contains(&word)
}

/// A value of type `kind`.
pub(super) fn value(lint: &mut Lint<'_>, node: &Node, kind: ParamType) -> Option<ParamValue> {
    match kind {
        ParamType::Int => int(lint, node).map(ParamValue::Int),
        ParamType::Bool => match node.value {
            Yaml::Bool(value) => Some(ParamValue::Bool(value)),
            _ => {
                lint.wrong_type(node, "布尔值", "a bool");
                None
            }
        },
        ParamType::Text => lint.any_text(node).map(ParamValue::Text),
        ParamType::Mode => mode(lint, node).map(ParamValue::Text),
        ParamType::Date => date(lint, node).map(ParamValue::Date),
        ParamType::Texts => {
            members(lint, node, |lint, node| lint.any_text(node)).map(ParamValue::Texts)
        }
        ParamType::Ints => members(lint, node, int).map(ParamValue::Ints),
        ParamType::Dates => entries(lint, node, date).map(ParamValue::Dates),
        ParamType::TextMap => {
            entries(lint, node, |lint, node| lint.any_text(node)).map(ParamValue::TextMap)
        }
    }
}

fn int(lint: &mut Lint<'_>, node: &Node) -> Option<i64> {
    match node.value {
        Yaml::Int(value) => Some(value),
        _ => {
            lint.wrong_type(node, "整数", "an int");
            None
        }
    }
}

fn mode(lint: &mut Lint<'_>, node: &Node) -> Option<String> {
    let Yaml::Text(scalar) = &node.value else {
        lint.wrong_type(node, "带引号的八进制权限", "a mode in quotes");
        return None;
    };
    if mode_bits(&scalar.text).is_none() {
        let text = &scalar.text;
        let (zh, en) = (
            format!("`{text}` 不是八进制权限，例如 \"0640\""),
            format!("`{text}` is not an octal mode such as \"0640\""),
        );
        lint.report("wrong-form", node.span, zh, en);
        return None;
    }
    Some(scalar.text.clone())
}

fn date(lint: &mut Lint<'_>, node: &Node) -> Option<Date> {
    lint.parsed(node, |text| {
        text.parse::<Date>().ok().filter(|date| date.to_string() == text).ok_or_else(|| {
            format!(
                "`{}` is not a date such as 2028-06-30",
                text.chars().take(40).collect::<String>()
            )
        })
    })
}

fn members<T: PartialEq>(
    lint: &mut Lint<'_>,
    node: &Node,
    mut read: impl FnMut(&mut Lint<'_>, &Node) -> Option<T>,
) -> Option<Vec<T>> {
    let items = lint.list(node)?;
    too_many(lint, node, items.len())?;
    let mut whole = true;
    let mut members = Vec::with_capacity(items.len());
    for item in items {
        match read(lint, item) {
            Some(member) if members.len() < 1000 && members.contains(&member) => {
                lint.report(
                    "duplicate-member",
                    item.span,
                    "列表成员重复",
                    "this member stands here twice",
                );
            }
            Some(member) => members.push(member),
            None => whole = false,
        }
    }
    whole.then_some(members)
}

fn entries<T>(
    lint: &mut Lint<'_>,
    node: &Node,
    mut read: impl FnMut(&mut Lint<'_>, &Node) -> Option<T>,
) -> Option<BTreeMap<String, T>> {
    let Yaml::Map(entries) = &node.value else {
        lint.wrong_type(node, "映射", "a map");
        return None;
    };
    too_many(lint, node, entries.len())?;
    let values: Vec<_> =
        entries.iter().map(|(key, node)| Some((key.text.clone(), read(lint, node)?))).collect();
    values.into_iter().collect()
}

fn too_many(lint: &mut Lint<'_>, node: &Node, count: usize) -> Option<()> {
    if count > MEMBERS_MAX {
        let en = format!("more than {MEMBERS_MAX} members");
        lint.report("yaml-limit", node.span, "成员过多", en);
        return None;
    }
    Some(())
}
