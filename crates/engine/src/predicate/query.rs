//! Expressions of any type, for people who ask: typed as assertions are, with
//! what is unknown, absent or partial kept in sight.

use super::evaluate::Evaluator;
use super::tree::{Expr, Node};
use super::types::Type;
use super::value::{Doubt, Val};
use super::{Environment, Predicate, Problem, Verdict};
use crate::content::{Param, ParamValue, RegisterUse};
use crate::load::Schemas;
use crate::readable::{Place, personal_below, place, readable_part};
use anji_evidence::ValueType;
use anji_model::{
    Diagnostic, EvidenceKey, Gap, Readable, ReadableField, ReadableList, Reason, ReasonCategory,
};
use serde_json::Value;
use std::ops::ControlFlow;

/// More elements of a list are counted, not kept.
const ELEMENTS_MAX: usize = 100_000;
/// What diagnostics call the text of an expression.
const FILE: &str = "EXPR";

/// A typed expression.
#[derive(Debug, Clone)]
pub struct Query {
    predicate: Predicate,
    /// The types of the bodies, in the order of the bindings.
    bodies: Vec<Option<ValueType>>,
}

/// What an expression came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The value.
    pub found: Found,
    /// For a truth: the comparisons that make it false, and what was looked at.
    pub verdict: Option<Verdict>,
    /// Elements of a list that may or may not belong to it.
    pub doubtful: Vec<Readable>,
    /// How many elements of a list a filter has left out because a value that it
    /// reads is absent in them by fact.
    pub absent: u64,
    /// Why it is unknown, absent or incomplete.
    pub reasons: Vec<Reason>,
}

/// A value, or that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Known.
    Value(Readable),
    /// Not known.
    Unknown,
    /// Absent by fact.
    Absent,
}

impl Query {
    /// Parses and types `text` over evidence under names, in the order of the
    /// environment that it will be asked over. A name may have dots.
    ///
    /// # Errors
    /// Every problem, with its place in `text`.
    pub fn compile(
        text: &str,
        bindings: &[(String, EvidenceKey)],
        params: &[Param],
        registers: &[RegisterUse],
    ) -> Result<Self, Vec<Diagnostic>> {
        let schemas = Schemas::registered();
        let types: Vec<_> = bindings
            .iter()
            .map(|(name, key)| {
                let ty = schemas.find(key.kind.as_str()).map(|(ty, _)| ty.clone());
                (name.clone(), ty)
            })
            .collect();
        let predicate =
            Predicate::compile_value(text, &types, params, registers).map_err(|problems| {
                problems.iter().map(|problem| diagnostic(text, problem)).collect::<Vec<_>>()
            })?;
        let bodies = bindings
            .iter()
            .map(|(_, key)| {
                anji_evidence::find(&key.kind).and_then(|kind| anji_evidence::value_type(kind).ok())
            })
            .collect();
        Ok(Self { predicate, bodies })
    }

    /// The type in the words of the language.
    pub fn type_name(&self) -> String {
        self.predicate.root().ty.to_string()
    }

    /// The personal values that the expression itself reads, as paths. Whoever
    /// compares or counts them learns them, shown or not.
    pub fn personal(&self) -> Vec<String> {
        let mut found = std::collections::BTreeSet::new();
        self.predicate.root().walk(&mut |node| {
            let (Expr::Field { .. }, Some(origin)) = (&node.expr, &node.origin) else { return };
            let body = self.bodies.get(origin.binding).and_then(Option::as_ref);
            let personal = |place: Place<'_>| place.is_personal;
            if body.and_then(|body| place(body, &origin.path)).is_some_and(personal) {
                let name = self.predicate.names.binding(origin.binding);
                found.insert(format!("{name}.{}", origin.path));
            }
        });
        found.into_iter().collect()
    }

    /// The personal values in the records that the expression comes to, as
    /// paths: it names none of them, and shows them where they are asked for.
    pub fn personal_shown(&self) -> Vec<String> {
        let Some(origin) = &self.predicate.root().origin else { return Vec::new() };
        let Some(body) = self.bodies.get(origin.binding).and_then(Option::as_ref) else {
            return Vec::new();
        };
        let name = self.predicate.names.binding(origin.binding);
        personal_below(body, &origin.path).iter().map(|path| format!("{name}.{path}")).collect()
    }

    /// The answer over `env`. Total and bounded, as that of an assertion is.
    /// Personal values in what is shown are hidden unless `personal`.
    pub fn ask(&self, env: &Environment<'_>, personal: bool) -> Answer {
        if self.predicate.root().ty == Type::Bool {
            return truth(self.predicate.evaluate(env));
        }
        let mut reader = Reader { query: self, personal };
        let mut evaluator = Evaluator::new(&self.predicate, env, env.params);
        reader.answer(&mut evaluator, self.predicate.root())
    }
}

fn truth(verdict: Verdict) -> Answer {
    use super::Truth;
    let found = match verdict.truth {
        Truth::True => Found::Value(Readable::Bool(true)),
        Truth::False => Found::Value(Readable::Bool(false)),
        Truth::Unknown => Found::Unknown,
        Truth::Absent => Found::Absent,
    };
    let reasons = verdict.reasons.clone();
    Answer { found, verdict: Some(verdict), doubtful: Vec::new(), absent: 0, reasons }
}

struct Reader<'q> {
    query: &'q Query,
    personal: bool,
}

impl Reader<'_> {
    fn answer<'a>(&mut self, evaluator: &mut Evaluator<'a>, root: &'a Node) -> Answer {
        let value = evaluator.eval(root);
        let mut doubtful = Vec::new();
        let mut absent = 0;
        let mut doubt = Doubt::default();
        let found = match value {
            Val::Doubt(found) => {
                doubt = found;
                if found.unknown == 0 { Found::Absent } else { Found::Unknown }
            }
            Val::Derived => {
                let mut items = Vec::new();
                let rest = evaluator.each(root, &mut |this, element| {
                    doubt = doubt.and(element.doubt);
                    if !element.doubt.is_none() && element.doubt.unknown == 0 {
                        absent += 1;
                        return ControlFlow::Continue(());
                    }
                    let item = self.element(this, root, element.slot.val);
                    let kept = if element.doubt.is_none() { &mut items } else { &mut doubtful };
                    kept.push(item);
                    match kept.len() < ELEMENTS_MAX {
                        true => ControlFlow::Continue(()),
                        false => ControlFlow::Break(()),
                    }
                });
                doubt = doubt.and(rest.doubt).and(rest.empty);
                let lacks = gaps(&reasons(evaluator, rest.doubt));
                Found::Value(Readable::List(ReadableList {
                    items,
                    lacks,
                    ..ReadableList::default()
                }))
            }
            value => Found::Value(self.value(evaluator, root, value)),
        };
        Answer { found, verdict: None, doubtful, absent, reasons: reasons(evaluator, doubt) }
    }

    /// An element of a list that `filter` or `map` makes.
    fn element<'a>(
        &mut self,
        evaluator: &mut Evaluator<'a>,
        list: &'a Node,
        value: Val<'a>,
    ) -> Readable {
        match (value, list.element_origin()) {
            (Val::Json(json), Some(origin)) => {
                self.json(evaluator, json, origin.binding, &origin.path)
            }
            (value, _) => self.value(evaluator, list, value),
        }
    }

    fn value<'a>(
        &mut self,
        evaluator: &mut Evaluator<'a>,
        node: &'a Node,
        value: Val<'a>,
    ) -> Readable {
        match value {
            Val::Bool(value) => Readable::Bool(value),
            Val::Int(number) if number > 0 && is_day(node) => Readable::Day(number),
            Val::Int(number) => Readable::Int(number),
            Val::Text(text) => Readable::Text(text.to_owned()),
            Val::Time(at) => Readable::Time(at),
            Val::Texts(texts) => list(texts.iter().map(|text| Readable::Text(text.clone()))),
            Val::Ints(ints) => list(ints.iter().map(|int| Readable::Int(*int))),
            Val::Literals(nodes) => {
                let values: Vec<_> = nodes
                    .iter()
                    .map(|node| {
                        let value = evaluator.eval(node);
                        self.value(evaluator, node, value)
                    })
                    .collect();
                list(values.into_iter())
            }
            Val::Map(map) => entries(map),
            Val::Json(json) => match &node.origin {
                Some(origin) => self.json(evaluator, json, origin.binding, &origin.path),
                None => Readable::Unknown(Vec::new()),
            },
            Val::Doubt(doubt) if doubt.unknown == 0 => Readable::Absent,
            Val::Doubt(doubt) => Readable::Unknown(gaps(&reasons(evaluator, doubt))),
            Val::Derived => Readable::Unknown(Vec::new()),
        }
    }

    fn json(
        &self,
        evaluator: &Evaluator<'_>,
        json: &Value,
        binding: usize,
        path: &str,
    ) -> Readable {
        match self.query.bodies.get(binding).and_then(Option::as_ref) {
            Some(body) => readable_part(json, body, path, evaluator.gaps(binding), self.personal),
            None => Readable::Unknown(Vec::new()),
        }
    }
}

/// Whether a number is a day: by the name of the field that it is read from.
fn is_day(node: &Node) -> bool {
    match &node.expr {
        Expr::Field { name, .. } => name.ends_with("_day"),
        Expr::Loop { body, .. } => is_day(body),
        _ => false,
    }
}

fn list(items: impl Iterator<Item = Readable>) -> Readable {
    Readable::List(ReadableList { items: items.collect(), ..ReadableList::default() })
}

fn entries(map: &ParamValue) -> Readable {
    let field = |name: &String, value| ReadableField { name: name.clone(), label: false, value };
    Readable::Record(match map {
        ParamValue::Dates(dates) => {
            dates.iter().map(|(name, date)| field(name, Readable::Text(date.to_string()))).collect()
        }
        ParamValue::TextMap(texts) => {
            texts.iter().map(|(name, text)| field(name, Readable::Text(text.clone()))).collect()
        }
        _ => Vec::new(),
    })
}

fn reasons(evaluator: &Evaluator<'_>, doubt: Doubt) -> Vec<Reason> {
    let bits = |set: u64| (0..64_usize).filter(move |bit| set >> bit & 1 == 1);
    let unknown = bits(doubt.unknown).filter_map(|bit| evaluator.causes.get(bit));
    let mut all: Vec<_> = unknown.map(|cause| evaluator.reason(*cause)).collect();
    all.extend(bits(doubt.absent).map(|binding| evaluator.absence(binding)));
    all
}

/// The reasons that are gaps of evidence, for their places in a value; all of
/// them stand beside the answer too.
fn gaps(reasons: &[Reason]) -> Vec<Gap> {
    let gap = |reason: &Reason| match &reason.category {
        ReasonCategory::Evidence(category) => Some(Gap {
            path: String::new(),
            kind: anji_model::GapKind::Unknown,
            category: *category,
            detail: reason.detail.clone(),
        }),
        _ => None,
    };
    reasons.iter().filter_map(gap).collect()
}

/// A problem with the line that it stands in.
fn diagnostic(text: &str, problem: &Problem) -> Diagnostic {
    let at =
        (0..=problem.at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let line_text = text[line_start..].lines().next().unwrap_or_default();
    let end = (at + problem.len).min(text.len());
    let marked = text.get(at..end).map_or(1, |marked| marked.chars().count());
    Diagnostic {
        code: problem.code.to_owned(),
        file: FILE.to_owned(),
        line: before.matches('\n').count() + 1,
        column: text[line_start..at].chars().count() + 1,
        length: marked.max(1),
        line_text: line_text.to_owned(),
        message: problem.message.clone(),
        help: problem.help.clone(),
    }
}

#[cfg(test)]
mod tests;
