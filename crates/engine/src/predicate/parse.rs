//! From the text of an assertion to `cel`'s tree, within limits.

use super::problem::Problem;
use cel::common::ast::{IdedExpr, SourceInfo};

/// Longer assertions are refused.
pub(crate) const TEXT_BYTES_MAX: usize = 4096;
/// Brackets nested deeper are refused.
const NESTING_MAX: usize = 24;
/// Assertions of more tokens are refused; this also bounds how deep the tree
/// of a chain such as `a.b.c` gets.
const TOKENS_MAX: usize = 600;

/// Parses `text`. Macros stay the calls that they are written as.
pub(super) fn parse(text: &str) -> Result<(IdedExpr, SourceInfo), Vec<Problem>> {
    if let Some(problem) = over_limits(text) {
        return Err(vec![problem]);
    }
    let parser = cel::Env::default().with_optional_support(false).parser();
    parser.parse_with_source_info(text).map_err(|errors| {
        let mut problems: Vec<Problem> =
            errors.errors.iter().map(|error| syntax_problem(text, error)).collect();
        problems.dedup_by_key(|problem| problem.at);
        if problems.is_empty() {
            problems.push(Problem::new("cel-syntax", 0, 1, "表达式无法解析", "not an expression"));
        }
        problems
    })
}

fn syntax_problem(text: &str, error: &cel::ParseError) -> Problem {
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
    Problem::new(
        "cel-syntax",
        line_start + in_line,
        1,
        format!("表达式语法错误：{detail}"),
        format!("syntax error: {detail}"),
    )
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
