//! From the text of an assertion to `cel`'s tree, within limits.

use super::problem::Problem;
use anji_model::Text;
use cel::common::ast::{IdedExpr, SourceInfo};

/// Longer assertions are refused.
pub(crate) const TEXT_BYTES_MAX: usize = 4096;
/// Brackets nested deeper are refused.
const NESTING_MAX: usize = 24;
/// Assertions of more tokens are refused; this also bounds how deep the tree
/// of a chain such as `a.b.c` gets.
const TOKENS_MAX: usize = 600;

/// Parses `text`. Macros stay the calls that they are written as.
/// `names` are those of evidence, of which one may be meant by a reserved word.
pub(super) fn parse<'n>(
    text: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Result<(IdedExpr, SourceInfo), Vec<Problem>> {
    if let Some(problem) = over_limits(text) {
        return Err(vec![problem]);
    }
    let parser = cel::Env::default().with_optional_support(false).parser();
    parser.parse_with_source_info(text).map_err(|errors| {
        let mut problems: Vec<Problem> =
            errors.errors.iter().map(|error| syntax_problem(text, error, names.clone())).collect();
        problems.dedup_by_key(|problem| problem.at);
        if problems.is_empty() {
            problems.push(Problem::new("cel-syntax", 0, 1, "表达式无法解析", "not an expression"));
        }
        problems
    })
}

fn syntax_problem<'n>(
    text: &str,
    error: &cel::ParseError,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Problem {
    let (line, column) = error.pos;
    let line = usize::try_from(line - 1).unwrap_or(0);
    let column = usize::try_from(column - 1).unwrap_or(0);
    let line_start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(line_start..).unwrap_or("");
    let in_line = rest.char_indices().nth(column).map_or(rest.len(), |(offset, _)| offset);
    // The parser's own list of what it expected is long and of no help to people.
    let detail = error.msg.split(" expecting ").next().unwrap_or("");
    let detail = detail.strip_prefix("Syntax error: ").unwrap_or(detail);
    let detail: String = detail.chars().take(120).collect();
    let at = line_start + in_line;
    let zh = match in_chinese(&detail) {
        Some(zh) => format!("表达式语法错误：{zh}"),
        None => format!("表达式语法错误（解析器原文：{detail}）"),
    };
    let problem = Problem::new("cel-syntax", at, 1, zh, format!("syntax error: {detail}"));
    match detail.starts_with(RESERVED) {
        true => problem.help(meant(text.get(at..).unwrap_or_default(), names)),
        false => problem,
    }
}

/// How the parser begins to say that a word is reserved.
const RESERVED: &str = "reserved identifier: ";

/// What the parser says most often, in Chinese.
fn in_chinese(detail: &str) -> Option<String> {
    let told = [
        ("mismatched input ", "此处不应出现 "),
        ("extraneous input ", "多余的 "),
        ("no viable alternative at input ", "无法理解 "),
        ("token recognition error at: ", "无法识别 "),
        (RESERVED, "保留字 "),
    ];
    let (begin, zh) = told.into_iter().find(|(begin, _)| detail.starts_with(begin))?;
    let what =
        detail[begin.len()..].replace("'<EOF>'", "表达式结尾").replace("<EOF>", "表达式结尾");
    Some(format!("{zh}{what}"))
}

/// The evidence that is meant by a chain such as `package.updates`, whose first
/// word is reserved: it goes by a name without dots.
fn meant<'n>(rest: &str, names: impl Iterator<Item = &'n str> + Clone) -> Option<Text> {
    let chain = rest.split(|c: char| !c.is_ascii_alphanumeric() && !"_.".contains(c)).next()?;
    let dots = chain.match_indices('.').map(|(at, _)| at).chain([chain.len()]);
    let mut written = dots.map(|end| chain[..end].replace('.', "_"));
    let name = written.find_map(|written| names.clone().find(|name| *name == written))?;
    Some(Text { zh: format!("证据名写作 `{name}`"), en: format!("its name is `{name}`") })
}

/// A scan that knows just enough of the lexical grammar to see strings and
/// brackets. It runs before the real parser, whose time and stack grow with both.
fn over_limits(text: &str) -> Option<Problem> {
    if text.len() > TEXT_BYTES_MAX {
        return Some(limit(0, "表达式过长", format!("longer than {TEXT_BYTES_MAX} bytes")));
    }
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut tokens) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\'' | b'"' => {
                while let Some(&inner) = bytes.get(at) {
                    at += if inner == b'\\' { 2 } else { 1 };
                    if inner == byte {
                        break;
                    }
                }
            }
            b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                while bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                    at += 1;
                }
            }
            _ => {}
        }
        tokens += 1;
        if depth > NESTING_MAX {
            return Some(limit(start, "括号嵌套过深", format!("nested deeper than {NESTING_MAX}")));
        }
        if tokens > TOKENS_MAX {
            return Some(limit(start, "表达式过长", format!("more than {TOKENS_MAX} tokens")));
        }
    }
    None
}

fn limit(at: usize, zh: &str, en: String) -> Problem {
    Problem::new("cel-limit", at, 1, zh, en)
}
