//! Why an answer is what it is: the comparisons that witness it, with the path
//! of each value that was looked at. Runs after an answer is known, so that
//! answering itself makes no text.

use super::evaluate::{Evaluator, Key};
use super::tree::{Expr, Loop, Node, Op};
use super::types::Type;
use super::value::Val;
use anji_model::{Digest, Observation, Term};
use serde_json::Value;
use std::collections::HashMap;
use std::io::Write as _;
use std::ops::ControlFlow;

/// Terms kept; the rest is counted.
const TERMS_MAX: usize = 20;
/// Observations kept.
const OBSERVED_MAX: usize = 10;
/// Bytes of terms that are not kept which wait for their digest.
const WAITING_MAX: usize = 64 << 10;
/// Characters of a value or path that are kept.
const CHARS_MAX: usize = 300;
/// Characters of an element's label that are kept.
const LABEL_MAX: usize = 80;

/// What is shown of an answer.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) terms: Vec<Term>,
    pub(super) terms_total: u64,
    pub(super) observed: Vec<Observation>,
    /// Digest over path and value of the terms that are not kept, if there are
    /// any: that they are others than yesterday must not go unseen.
    pub(super) rest: Option<Digest>,
    /// Bytes that wait to go into `rest`.
    waiting: Vec<u8>,
    /// Whether terms are wanted: the answer is false.
    failing: bool,
}

/// A step of a path; the first number of each is the place of the step before it.
#[derive(Debug, Clone, Copy)]
pub(super) enum PathNode<'a> {
    Nowhere,
    Root(usize),
    Field(usize, &'a str),
    Element(usize, usize, Option<&'a str>),
}

impl Trace {
    /// Whether nothing more needs to be looked at.
    fn full(&self) -> bool {
        !self.failing && self.observed.len() >= OBSERVED_MAX
    }

    /// Whether all that is kept is there, so that the rest is only counted:
    /// making its texts would be most of the work over a long list.
    fn only_counts(&self) -> bool {
        self.terms.len() >= TERMS_MAX && self.observed.len() >= OBSERVED_MAX
    }

    /// Takes a term in that is not kept.
    fn count(&mut self, path: &str, value: &str) {
        self.terms_total += 1;
        for part in [path, value] {
            self.waiting.extend_from_slice(&(part.len() as u64).to_be_bytes());
            self.waiting.extend_from_slice(part.as_bytes());
        }
        if self.waiting.len() >= WAITING_MAX {
            self.settle();
        }
    }

    /// Brings what waits into `rest`.
    fn settle(&mut self) {
        if !self.waiting.is_empty() {
            let mut bytes = self.rest.map_or(Vec::new(), |digest| digest.0.to_vec());
            bytes.append(&mut self.waiting);
            self.rest = Some(anji_evidence::digest(&bytes));
        }
    }

    fn observe(&mut self, path: String, value: String) {
        let seen = self.observed.iter().any(|known| known.path == path);
        if self.observed.len() < OBSERVED_MAX && !seen {
            self.observed.push(Observation { path, value });
        }
    }
}

/// One comparison as it is shown.
struct Leaf<'a> {
    shown: &'a Node,
    operator: String,
    allowed: String,
}

impl<'a> Evaluator<'a> {
    /// The witnesses of `node` being `truth`.
    pub(super) fn trace(&mut self, node: &'a Node, truth: bool) -> Trace {
        let mut trace = Trace { failing: !truth, ..Trace::default() };
        self.witness(node, truth, &mut trace);
        trace.settle();
        trace
    }

    /// Looks at what makes `node` come to `value`, which it does.
    fn witness(&mut self, node: &'a Node, value: bool, trace: &mut Trace) {
        if trace.full() {
            return;
        }
        match &node.expr {
            Expr::Not(inner) => self.witness(inner, !value, trace),
            Expr::And(nodes) | Expr::Or(nodes) => {
                // The answer that one operand decides may have others beside
                // it; for the other answer all operands were needed.
                let decisive = value != matches!(node.expr, Expr::And(_));
                for node in nodes {
                    if trace.full() {
                        return;
                    }
                    if !decisive || self.comes_to(node, value) {
                        self.witness(node, value, trace);
                    }
                }
            }
            Expr::Loop { kind: Loop::All | Loop::Exists, slot, list, body } => {
                self.witness_loop(node, (*slot, list, body), value, trace);
            }
            Expr::Loop { kind: Loop::Unique, slot, list, body } => {
                self.witness_unique((*slot, list, body), value, trace);
            }
            _ => self.witness_leaf(node, value, trace),
        }
    }

    fn comes_to(&mut self, node: &'a Node, value: bool) -> bool {
        matches!(self.eval(node), Val::Bool(found) if found == value)
    }

    fn witness_loop(
        &mut self,
        node: &'a Node,
        (slot, list, body): (usize, &'a Node, &'a Node),
        value: bool,
        trace: &mut Trace,
    ) {
        let all = matches!(node.expr, Expr::Loop { kind: Loop::All, .. });
        let decisive = value != all;
        let mut any = false;
        self.each(list, &mut |this, element| {
            if trace.full() {
                return ControlFlow::Break(());
            }
            this.set(slot, element.slot);
            any = true;
            // Only a decisive element has to be in the list for certain; the
            // others have all come to the same.
            if !decisive || element.doubt.is_none() && this.comes_to(body, value) {
                this.witness(body, value, trace);
            }
            ControlFlow::Continue(())
        });
        if !any {
            let path = self.describe(list);
            let operator = match &node.expr {
                Expr::Loop { kind, .. } => kind.word(),
                _ => "",
            };
            self.record(trace, path, "[]".to_owned(), operator.to_owned(), "\"\"".to_owned());
        }
    }

    fn witness_unique(
        &mut self,
        (slot, list, key): (usize, &'a Node, &'a Node),
        value: bool,
        trace: &mut Trace,
    ) {
        let mut first: HashMap<Key<'a>, String> = HashMap::new();
        self.each(list, &mut |this, element| {
            if trace.full() {
                return ControlFlow::Break(());
            }
            this.set(slot, element.slot);
            let found = this.eval(key);
            let Some(known) = Key::of(found).filter(|_| element.doubt.is_none()) else {
                return ControlFlow::Continue(());
            };
            let path = this.describe(key);
            match first.get(&known) {
                Some(other) if !value => {
                    let allowed = json_text(&format!("not as {other}"));
                    this.record(trace, path, show(found), "unique".to_owned(), allowed);
                }
                Some(_) => {}
                None => {
                    if value {
                        trace.observe(bounded(&path), show(found));
                    }
                    first.insert(known, path);
                }
            }
            ControlFlow::Continue(())
        });
        if value && trace.failing {
            let path = format!("unique({})", self.describe(list));
            let (observed, allowed) = ("true".to_owned(), "false".to_owned());
            self.record(trace, path, observed, Op::Eq.word().to_owned(), allowed);
        }
    }

    fn witness_leaf(&mut self, node: &'a Node, value: bool, trace: &mut Trace) {
        if trace.only_counts() {
            let shown = self.leaf(node, value, false).shown;
            let (path, value) = (self.describe(shown), show(self.eval(shown)));
            trace.count(&path, &value);
            return;
        }
        let leaf = self.leaf(node, value, trace.failing);
        let observed = match &leaf.shown.expr {
            Expr::Field { .. } if matches!(node.expr, Expr::Has(_)) && !value => "null".to_owned(),
            _ => show(self.eval(leaf.shown)),
        };
        let path = self.describe(leaf.shown);
        self.record(trace, path, observed, leaf.operator, leaf.allowed);
        for operand in node.children() {
            // The key of a table is evidence that nothing else would show.
            let key = match &operand.expr {
                Expr::Index { key, .. } => key,
                _ if operand.origin.is_some() && !std::ptr::eq(operand, leaf.shown) => operand,
                _ => continue,
            };
            if key.origin.is_some() && !matches!(key.ty, Type::List(_) | Type::Record(_)) {
                let (path, value) = (self.describe(key), show(self.eval(key)));
                trace.observe(bounded(&path), value);
            }
        }
    }

    /// The comparison as it would have to be for the other answer. What would
    /// have been allowed is put into words only where something is failing.
    fn leaf(&mut self, node: &'a Node, value: bool, failing: bool) -> Leaf<'a> {
        let not = |word: &str| if value { format!("not {word}") } else { word.to_owned() };
        match &node.expr {
            Expr::Compare { op, left, right } => {
                let (shown, other, op) = match is_observed(left) || !is_observed(right) {
                    true => (left, right, *op),
                    false => (right, left, op.flipped()),
                };
                let op = if value { op.negated() } else { op };
                let allowed = if failing { show(self.eval(other)) } else { String::new() };
                Leaf { shown, operator: op.word().to_owned(), allowed }
            }
            Expr::In { item, list } => {
                let allowed = if failing { self.show_list(list) } else { String::new() };
                Leaf { shown: item, operator: not("in"), allowed }
            }
            Expr::TextTest { test, text, part } => {
                let allowed = show(self.eval(part));
                Leaf { shown: text, operator: not(test.word()), allowed }
            }
            Expr::WithinDays { day, days } => {
                let allowed = show(self.eval(days));
                Leaf { shown: day, operator: not("within_days"), allowed }
            }
            Expr::ModeWithin { mode, allowed } => {
                let allowed = show(self.eval(allowed));
                Leaf { shown: mode, operator: not("mode_within"), allowed }
            }
            Expr::Has(field) => {
                Leaf { shown: field, operator: "has".to_owned(), allowed: (!value).to_string() }
            }
            _ => Leaf {
                shown: node,
                operator: Op::Eq.word().to_owned(),
                allowed: (!value).to_string(),
            },
        }
    }

    fn record(
        &mut self,
        trace: &mut Trace,
        path: String,
        observed: String,
        operator: String,
        allowed: String,
    ) {
        let path = bounded(&path);
        trace.observe(path.clone(), observed.clone());
        if trace.failing && trace.terms.len() < TERMS_MAX {
            let term = Term { path, observed, operator, allowed };
            // The same comparison may stand in an assertion twice.
            if !trace.terms.contains(&term) {
                trace.terms_total += 1;
                trace.terms.push(term);
            }
        } else if trace.failing {
            trace.count(&path, &observed);
        }
    }

    /// The members of a list as a JSON array, bounded.
    fn show_list(&mut self, list: &'a Node) -> String {
        let mut shown = String::from("[");
        self.each(list, &mut |_, element| {
            if shown.len() > 1 {
                shown.push(',');
            }
            shown.push_str(&show(element.slot.val));
            if shown.len() > CHARS_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        shown.push(']');
        bounded(&shown)
    }

    /// Where the value of `node` stands, in words of the check.
    pub(super) fn describe(&mut self, node: &'a Node) -> String {
        let kept = self.paths.len();
        let text = match &node.expr {
            Expr::Binding(_) | Expr::Var(_) | Expr::Field { .. } => {
                let path = self.path_of(node);
                self.render(path)
            }
            Expr::Param(index) => format!("params.{}", self.predicate.names.param(*index)),
            Expr::Register(index) => format!("registers.{}", self.predicate.names.register(*index)),
            Expr::Now => "now".to_owned(),
            Expr::Index { map, key } => {
                let map = self.describe(map);
                match self.eval(key) {
                    Val::Text(key) => format!("{map}[{key}]"),
                    _ => map,
                }
            }
            Expr::Size(list) => format!("size({})", self.describe(list)),
            Expr::Loop { kind, list, .. } => format!("{}.{}(..)", self.describe(list), kind.word()),
            _ => show(self.eval(node)),
        };
        self.paths.truncate(kept);
        text
    }

    /// The path of a value of the evidence.
    pub(super) fn path_of(&mut self, node: &'a Node) -> usize {
        let step = match &node.expr {
            Expr::Binding(index) => PathNode::Root(*index),
            Expr::Var(slot) => return self.slots.get(*slot).map_or(0, |slot| slot.path),
            Expr::Field { base, name, .. } => PathNode::Field(self.path_of(base), name),
            Expr::Loop { kind: Loop::Filter, list, .. } => return self.path_of(list),
            _ => return 0,
        };
        self.paths.push(step);
        self.paths.len() - 1
    }

    /// Notes an element of a list, under its label where it has one.
    pub(super) fn push_element(
        &mut self,
        parent: usize,
        index: usize,
        item: &'a Value,
        ty: &Type,
    ) -> usize {
        let label = match ty {
            Type::Record(record) => record.label.as_ref().and_then(|label| item.get(&**label)),
            _ => None,
        };
        self.paths.push(PathNode::Element(parent, index, label.and_then(Value::as_str)));
        self.paths.len() - 1
    }

    fn render(&self, path: usize) -> String {
        match self.paths.get(path) {
            Some(PathNode::Root(binding)) => self.predicate.names.binding(*binding).to_owned(),
            Some(PathNode::Field(base, name)) => format!("{}.{name}", self.render(*base)),
            Some(PathNode::Element(list, index, label)) => match label {
                Some(label) => {
                    let end = label.char_indices().nth(LABEL_MAX).map_or(label.len(), |(at, _)| at);
                    let label = &label[..end];
                    format!("{}[{label}]", self.render(*list))
                }
                None => format!("{}[{index}]", self.render(*list)),
            },
            Some(PathNode::Nowhere) | None => String::new(),
        }
    }
}

/// Whether a side of a comparison is what was observed, not what is allowed.
fn is_observed(node: &Node) -> bool {
    match &node.expr {
        Expr::Now => true,
        Expr::Size(list) => is_observed(list),
        Expr::Loop { list, .. } => is_observed(list),
        _ => node.origin.is_some(),
    }
}

/// A value as canonical JSON text, bounded.
fn show(val: Val<'_>) -> String {
    match val {
        Val::Bool(value) => value.to_string(),
        Val::Int(value) => value.to_string(),
        Val::Text(text) => json_text(text),
        Val::Time(time) => json_text(&time.to_string()),
        Val::Json(value) => limited(|sink| serde_json::to_writer(sink, value)),
        Val::Texts(list) => limited(|sink| serde_json::to_writer(sink, list)),
        Val::Ints(list) => limited(|sink| serde_json::to_writer(sink, list)),
        Val::Map(value) => limited(|sink| serde_json::to_writer(sink, value)),
        Val::Literals(_) | Val::Derived | Val::Doubt(_) => "null".to_owned(),
    }
}

fn json_text(text: &str) -> String {
    limited(|sink| serde_json::to_writer(sink, text))
}

/// What `write` writes, as far as it is kept.
fn limited(write: impl FnOnce(&mut Limited) -> serde_json::Result<()>) -> String {
    let mut sink = Limited(Vec::new());
    // The sink refuses what is too much; what it took is what is shown.
    let whole = write(&mut sink).is_ok() && sink.flush().is_ok();
    let text = String::from_utf8_lossy(&sink.0);
    if whole && text.len() <= CHARS_MAX { text.into_owned() } else { bounded(&text) }
}

struct Limited(Vec<u8>);

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Four bytes is the longest character, and one more shows that there was more.
        let room = (4 * CHARS_MAX + 4).saturating_sub(self.0.len()).min(bytes.len());
        if room == 0 && !bytes.is_empty() {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        self.0.extend_from_slice(&bytes[..room]);
        Ok(room)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The text, or as much of it as is kept and an ellipsis.
pub(super) fn bounded(text: &str) -> String {
    if text.len() <= CHARS_MAX {
        return text.to_owned();
    }
    match text.char_indices().nth(CHARS_MAX) {
        None => text.to_owned(),
        Some(_) => {
            let mut kept: String = text.chars().take(CHARS_MAX - 1).collect();
            kept.push('…');
            kept
        }
    }
}
