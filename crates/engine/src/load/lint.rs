//! Collects problems and reads typed values out of nodes.

use crate::predicate::did_you_mean;
use crate::yaml::{Key, Node, Scalar, Span, Yaml};
use anji_model::{Diagnostic, Text};
use std::collections::BTreeSet;

/// More problems than this are not listed: the file is of another kind.
const PROBLEMS_MAX: usize = 1000;
/// Characters of a line that are kept.
const LINE_MAX: usize = 400;

/// The problems of one file.
pub(super) struct Lint<'f> {
    pub(super) file: &'f str,
    pub(super) text: &'f str,
    lines: Vec<&'f str>,
    pub(super) problems: Vec<Diagnostic>,
}

/// The fields of a map, each of which has to be asked for.
pub(super) struct Fields<'n> {
    entries: &'n [(Key, Node)],
    asked: BTreeSet<&'static str>,
    /// Where to report a missing field.
    pub(super) span: Span,
}

impl<'f> Lint<'f> {
    pub(super) fn new(file: &'f str, text: &'f str) -> Self {
        Self { file, text, lines: text.lines().collect(), problems: Vec::new() }
    }

    pub(super) fn report(
        &mut self,
        code: &str,
        span: Span,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.report_text(code, span, Text { zh: zh.into(), en: en.into() }, None);
    }

    pub(super) fn report_text(
        &mut self,
        code: &str,
        span: Span,
        message: Text,
        help: Option<Text>,
    ) {
        if self.problems.len() >= PROBLEMS_MAX {
            return;
        }
        let line = self.lines.get(span.line.saturating_sub(1)).copied().unwrap_or("");
        let room = line.chars().count().saturating_sub(span.column - 1).max(1);
        self.problems.push(Diagnostic {
            code: code.to_owned(),
            file: self.file.to_owned(),
            line: span.line,
            column: span.column,
            length: span.length.clamp(1, room),
            line_text: line.chars().take(LINE_MAX).collect(),
            message,
            help,
        });
    }

    /// Reports a node of the wrong type.
    pub(super) fn wrong_type(&mut self, node: &Node, zh: &str, en: &str) {
        let (met_zh, met_en) = node.value.kind();
        let message = Text {
            zh: format!("应为{zh}，实为{met_zh}"),
            en: format!("expected {en}, found {met_en}"),
        };
        let could_be_quoted = matches!(node.value, Yaml::Bool(_) | Yaml::Int(_) | Yaml::Number)
            && (en.contains("text") || en.contains("mode"));
        let help = could_be_quoted
            .then(|| Text { zh: "请加引号".to_owned(), en: "put it in quotes".to_owned() });
        self.report_text("wrong-type", node.span, message, help);
    }

    pub(super) fn fields<'n>(&mut self, node: &'n Node) -> Option<Fields<'n>> {
        match &node.value {
            Yaml::Map(entries) => Some(Fields { entries, asked: BTreeSet::new(), span: node.span }),
            _ => {
                self.wrong_type(node, "映射", "a map");
                None
            }
        }
    }

    /// A map's entries where the keys are names of the content's own.
    pub(super) fn entries<'n>(&mut self, node: &'n Node) -> &'n [(Key, Node)] {
        match &node.value {
            Yaml::Map(entries) => entries,
            _ => {
                self.wrong_type(node, "映射", "a map");
                &[]
            }
        }
    }

    pub(super) fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        match &node.value {
            Yaml::List(items) => Some(items),
            _ => {
                self.wrong_type(node, "列表", "a list");
                None
            }
        }
    }

    pub(super) fn scalar<'n>(&mut self, node: &'n Node) -> Option<&'n Scalar> {
        match &node.value {
            Yaml::Text(scalar) if !scalar.text.trim().is_empty() => Some(scalar),
            Yaml::Text(_) => {
                self.report("empty-text", node.span, "文本为空", "the text is empty");
                None
            }
            _ => {
                self.wrong_type(node, "文本", "a text");
                None
            }
        }
    }

    pub(super) fn text(&mut self, node: &Node) -> Option<String> {
        Some(self.scalar(node)?.text.clone())
    }

    /// A text that may be empty.
    pub(super) fn any_text(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Yaml::Text(scalar) => Some(scalar.text.clone()),
            _ => {
                self.wrong_type(node, "文本", "a text");
                None
            }
        }
    }

    pub(super) fn texts(&mut self, node: &Node) -> Option<Vec<String>> {
        let items: Vec<_> = self.list(node)?.iter().map(|item| self.any_text(item)).collect();
        items.into_iter().collect()
    }

    pub(super) fn positive(&mut self, node: &Node) -> Option<u32> {
        match &node.value {
            Yaml::Int(value) if (1..=i64::from(u32::MAX)).contains(value) => {
                u32::try_from(*value).ok()
            }
            _ => {
                self.wrong_type(node, "正整数", "a positive int");
                None
            }
        }
    }

    /// A text in both languages.
    pub(super) fn both_languages(&mut self, node: &Node) -> Option<Text> {
        let mut fields = self.fields(node)?;
        let zh = fields.required(self, "zh").and_then(|node| self.text(node));
        let en = fields.required(self, "en").and_then(|node| self.text(node));
        fields.finish(self);
        Some(Text { zh: zh?.trim().to_owned(), en: en?.trim().to_owned() })
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&mut self, node: &Node, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = Text {
            zh: format!("`{text}` 无效，应为其一：{}", all.join("、")),
            en: format!("`{text}` is not one of {}", all.join(", ")),
        };
        self.report_text("unknown-word", node.span, message, did_you_mean(&text, all));
        None
    }

    /// A text that `parse` takes.
    pub(super) fn parsed<T, E: std::fmt::Display>(
        &mut self,
        node: &Node,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(node)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                let zh = format!("`{}` 格式不正确", text.chars().take(80).collect::<String>());
                self.report("wrong-form", node.span, zh, error.to_string());
                None
            }
        }
    }

    /// A name that nothing has; suggests the nearest that something has.
    pub(super) fn unknown_name<'a>(
        &mut self,
        code: &str,
        span: Span,
        (zh, en): (&str, &str),
        met: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        if self.problems.len() >= PROBLEMS_MAX {
            // Looking for near names takes time, and nobody would see it.
            return;
        }
        let met: String = met.chars().take(120).collect();
        let message = Text { zh: format!("{zh} `{met}`"), en: format!("{en} `{met}`") };
        self.report_text(code, span, message, did_you_mean(&met, known));
    }
}

impl<'n> Fields<'n> {
    pub(super) fn optional(&mut self, name: &'static str) -> Option<&'n Node> {
        self.asked.insert(name);
        self.entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
    }

    pub(super) fn required(&mut self, lint: &mut Lint<'_>, name: &'static str) -> Option<&'n Node> {
        let node = self.optional(name);
        if node.is_none() {
            let (zh, en) = (format!("缺少字段 `{name}`"), format!("missing field `{name}`"));
            lint.report("missing-field", self.span, zh, en);
        }
        node
    }

    /// Reports the fields that nobody asked for.
    pub(super) fn finish(self, lint: &mut Lint<'_>) {
        for (key, _) in self.entries {
            if !self.asked.contains(key.text.as_str()) {
                let known = self.asked.iter().copied();
                lint.unknown_name(
                    "unknown-field",
                    key.span,
                    ("未知字段", "unknown field"),
                    &key.text,
                    known,
                );
            }
        }
    }
}
