//! From the parser's events to a tree.

use super::{BYTES_MAX, DEPTH_MAX, Key, NODES_MAX, Node, Scalar, Span, Style, Yaml, YamlProblem};
use anji_model::Text;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span as SourceSpan, StrInput};
use std::collections::BTreeSet;

/// Reads one document. The tree is there unless the text cannot be parsed;
/// problems that leave a tree are reported along with it.
pub(crate) fn read(text: &str) -> (Option<Node>, Vec<YamlProblem>) {
    let mut reader = Reader { parser: Parser::new_from_str(text), problems: Vec::new(), nodes: 0 };
    if text.len() > BYTES_MAX {
        let span = Span { line: 1, column: 1, length: 1 };
        let en = format!("the file is longer than {BYTES_MAX} bytes");
        reader.problem("yaml-limit", span, "文件过大", en);
        return (None, reader.problems);
    }
    if let Some(span) = lone_return(text) {
        let (zh, en) = (
            "单独的回车符在有的程序里是换行",
            "a carriage return alone ends a line in some programs only",
        );
        reader.problem("yaml-return", span, zh, en);
        return (None, reader.problems);
    }
    let tree = reader.document().unwrap_or(None);
    (tree, reader.problems)
}

/// A carriage return without its line feed: YAML counts a line there, editors
/// do not, and a place after it would be another place for people.
fn lone_return(text: &str) -> Option<Span> {
    let at = text
        .match_indices('\r')
        .map(|(at, _)| at)
        .find(|at| text.as_bytes().get(at + 1) != Some(&b'\n'))?;
    let before = &text[..at];
    let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
    Some(Span {
        line: before.matches('\n').count() + 1,
        column: before[begin..].chars().count() + 1,
        length: 1,
    })
}

/// Reading cannot go on; the problem is noted.
struct Stop;

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    problems: Vec<YamlProblem>,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn problem(
        &mut self,
        code: &'static str,
        span: Span,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        let message = Text { zh: zh.into(), en: en.into() };
        self.problems.push(YamlProblem { code, span, message });
    }

    fn next(&mut self) -> Result<(Event<'t>, SourceSpan), Stop> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let span = place(*error.marker(), 1);
                let detail: String = error.info().chars().take(200).collect();
                let zh = format!("YAML 语法错误：{detail}");
                self.problem("yaml-syntax", span, zh, detail);
                Err(Stop)
            }
            None => Ok((Event::StreamEnd, SourceSpan::empty(Marker::new(0, 1, 0)))),
        }
    }

    fn document(&mut self) -> Result<Option<Node>, Stop> {
        let mut tree = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(tree),
                Event::DocumentStart(_) if tree.is_some() => {
                    let span = place(span.start, 3);
                    let en = "a content file holds one document";
                    self.problem("yaml-documents", span, "一个内容文件只能有一个文档", en);
                    return Ok(tree);
                }
                Event::DocumentStart(_) => {
                    let (event, span) = self.next()?;
                    tree = Some(self.node(event, span, 0)?);
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: SourceSpan, depth: usize) -> Result<Node, Stop> {
        self.nodes += 1;
        let here = marked(span);
        if depth > DEPTH_MAX || self.nodes > NODES_MAX {
            self.problem("yaml-limit", here, "嵌套过深或节点过多", "nested too deep or too large");
            return Err(Stop);
        }
        self.refuse_properties(&event, here);
        match event {
            Event::Scalar(text, style, _, _) => {
                Ok(Node { value: scalar(&text, style, span), span: here })
            }
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                }
                Ok(Node { value: Yaml::List(items), span: here })
            }
            Event::MappingStart(..) => self.map(here, depth),
            // The alias is reported; what it stands for is not looked up.
            _ => Ok(Node { value: Yaml::Null, span: here }),
        }
    }

    fn refuse_properties(&mut self, event: &Event<'_>, here: Span) {
        let (anchor, tag) = match event {
            Event::Alias(_) => (true, None),
            Event::Scalar(_, _, anchor, tag) => (*anchor != 0, tag.as_ref()),
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor != 0, tag.as_ref())
            }
            _ => (false, None),
        };
        if anchor {
            let en = "anchors and aliases are not allowed in content";
            self.problem("yaml-alias", here, "内容文件不允许锚点与别名", en);
        }
        if tag.is_some() {
            let en = "tags are not allowed in content";
            self.problem("yaml-tag", here, "内容文件不允许标签", en);
        }
    }

    fn map(&mut self, here: Span, depth: usize) -> Result<Node, Stop> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut seen = BTreeSet::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let key = self.node(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            let Yaml::Text(text) = key.value else {
                let (zh, en) = key.value.kind();
                self.problem(
                    "yaml-key",
                    key.span,
                    format!("键应为文本，实为{zh}；请加引号"),
                    format!("keys are texts, this is {en}: quote it"),
                );
                continue;
            };
            if !seen.insert(text.text.clone()) {
                let text = &text.text;
                let (zh, en) =
                    (format!("键 `{text}` 重复"), format!("key `{text}` stands here twice"));
                self.problem("yaml-duplicate-key", key.span, zh, en);
                continue;
            }
            entries.push((Key { text: text.text, span: key.span }, value));
        }
        let span = entries.first().map_or(here, |(key, _)| key.span);
        Ok(Node { value: Yaml::Map(entries), span })
    }
}

fn place(mark: Marker, length: usize) -> Span {
    Span { line: mark.line().max(1), column: mark.col() + 1, length: length.max(1) }
}

fn marked(span: SourceSpan) -> Span {
    let length = if span.end.line() == span.start.line() {
        span.end.col().saturating_sub(span.start.col())
    } else {
        // To the end of the line; whoever shows it cuts it there.
        span.len().min(200)
    };
    place(span.start, length)
}

fn scalar(text: &str, style: ScalarStyle, span: SourceSpan) -> Yaml {
    if style == ScalarStyle::Plain
        && let Some(value) = resolve(text)
    {
        return value;
    }
    let style = match style {
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => Style::Bare,
    };
    let source = span.start.index()..span.end.index();
    Yaml::Text(Scalar { text: text.to_owned(), style, source })
}

/// What a plain scalar means in the core schema, unless it is a text.
fn resolve(text: &str) -> Option<Yaml> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Yaml::Null),
        "true" | "True" | "TRUE" => return Some(Yaml::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Yaml::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Some(Yaml::Number),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Yaml::Number);
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(unsigned) {
        return Some(text.parse().map_or(Yaml::Number, Yaml::Int));
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(rest) = text.strip_prefix(prefix)
            && !rest.is_empty()
            && rest.chars().all(|c| c.is_digit(radix))
        {
            return Some(i64::from_str_radix(rest, radix).map_or(Yaml::Number, Yaml::Int));
        }
    }
    // [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        None => digits(mantissa),
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
    };
    let exponent_fits = exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    (mantissa_fits && exponent_fits).then_some(Yaml::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(&'static str, usize, usize)> {
        let (_, problems) = read(text);
        problems.iter().map(|p| (p.code, p.span.line, p.span.column)).collect()
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (text, value) in [
            ("~", Yaml::Null),
            ("", Yaml::Null),
            ("TRUE", Yaml::Bool(true)),
            ("-12", Yaml::Int(-12)),
            ("0o17", Yaml::Int(15)),
            ("0xff", Yaml::Int(255)),
            ("0640", Yaml::Int(640)),
            ("99999999999999999999", Yaml::Number),
            ("1.5", Yaml::Number),
            ("1e3", Yaml::Number),
            (".5", Yaml::Number),
        ] {
            assert_eq!(resolve(text), Some(value), "{text}");
        }
        for text in ["no", "yes", "on", "Off", "8.1.4", "2026-11-23", "-", "1e", "0x", ".", "e3"] {
            assert_eq!(resolve(text), None, "{text}");
        }
    }

    #[test]
    fn what_reads_differently_than_it_looks_is_refused_with_its_place() {
        assert_eq!(codes("a: 1\nb: 2\na: 3\n"), [("yaml-duplicate-key", 3, 1)]);
        assert_eq!(
            codes("a: &x 1\nb: *x\n").iter().map(|c| c.0).collect::<Vec<_>>(),
            ["yaml-alias", "yaml-alias"]
        );
        assert_eq!(codes("a: !!str 1\n")[0].0, "yaml-tag");
        assert_eq!(codes("a: 1\n---\nb: 2\n"), [("yaml-documents", 2, 1)]);
        assert_eq!(codes("1: x\n"), [("yaml-key", 1, 1)]);
        assert_eq!(codes("a: 1\r\nb: 2\rc: 3\n"), [("yaml-return", 2, 5)]);
        assert_eq!(codes("a: [1, 2\n")[0].0, "yaml-syntax");
        let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
        assert_eq!(codes(&deep)[0].0, "yaml-limit");
    }

    #[test]
    fn every_node_knows_its_place() {
        let (tree, problems) = read("- 名: 值\n  list: [a, bc]\n");
        assert_eq!(problems, []);
        let Some(Node { value: Yaml::List(items), .. }) = tree else { panic!("not a list") };
        let Yaml::Map(entries) = &items[0].value else { panic!("not a map") };
        assert_eq!(entries[0].0.span, Span { line: 1, column: 3, length: 1 });
        assert_eq!(entries[0].1.span, Span { line: 1, column: 6, length: 1 });
        let Yaml::List(list) = &entries[1].1.value else { panic!("not a list") };
        assert_eq!(list[1].span, Span { line: 2, column: 13, length: 2 });
    }
}
