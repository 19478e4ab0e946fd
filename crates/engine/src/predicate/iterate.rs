//! Going through lists: those of the evidence, of parameters and registers,
//! and those that `filter` and `map` make of them, without storing any.

use super::cause::{Cause, covers, lacks_elements};
use super::evaluate::{Evaluator, Slot};
use super::tree::{Expr, Loop, Node};
use super::types::Type;
use super::value::{Doubt, Val};
use anji_model::GapKind;
use serde_json::Value;
use std::ops::ControlFlow;

/// An element that a list holds, or may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) slot: Slot<'a>,
    /// Whether it is in the list at all: `filter` may not know.
    pub(super) doubt: Doubt,
}

/// What is left to know after the elements that there are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rest {
    /// Further elements that there may be.
    pub(super) doubt: Doubt,
    /// The doubt about a complete list that is empty, for those who mind.
    pub(super) empty: Doubt,
}

pub(super) type Visit<'v, 'a> =
    &'v mut dyn FnMut(&mut Evaluator<'a>, Element<'a>) -> ControlFlow<()>;

impl<'a> Evaluator<'a> {
    pub(super) fn set(&mut self, slot: usize, value: Slot<'a>) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = value;
        } else {
            self.slots.resize(slot + 1, value);
        }
    }

    /// Calls `visit` on the elements of `list` until it breaks.
    pub(super) fn each(&mut self, list: &'a Node, visit: Visit<'_, 'a>) -> Rest {
        match &list.expr {
            Expr::Loop { kind: Loop::Filter, slot, list, body } => {
                self.each(list, &mut |this, mut element| {
                    this.set(*slot, element.slot);
                    match this.eval(body) {
                        Val::Bool(false) => return ControlFlow::Continue(()),
                        Val::Doubt(doubt) => element.doubt = element.doubt.and(doubt),
                        _ => {}
                    }
                    visit(this, element)
                })
            }
            Expr::Loop { kind: Loop::Map, slot, list, body } => {
                self.each(list, &mut |this, mut element| {
                    this.set(*slot, element.slot);
                    let val = this.eval(body);
                    let path = if this.tracing { this.path_of(body) } else { 0 };
                    element.slot = Slot { val, path };
                    visit(this, element)
                })
            }
            _ => self.each_stored(list, visit),
        }
    }

    fn each_stored(&mut self, list: &'a Node, visit: Visit<'_, 'a>) -> Rest {
        let certain = |val| Element { slot: Slot { val, path: 0 }, doubt: Doubt::default() };
        match self.eval(list) {
            Val::Json(Value::Array(items)) => self.each_item(list, items, visit),
            Val::Texts(texts) => {
                self.each_plain(texts.iter().map(|text| certain(Val::Text(text))), visit)
            }
            Val::Ints(ints) => {
                self.each_plain(ints.iter().map(|int| certain(Val::Int(*int))), visit)
            }
            Val::Literals(nodes) => {
                let values: Vec<_> = nodes.iter().map(|node| certain(self.eval(node))).collect();
                self.each_plain(values.into_iter(), visit)
            }
            Val::Doubt(doubt) => Rest { doubt, empty: Doubt::default() },
            _ => {
                let bits = self.bit(Cause::Unbound);
                Rest { doubt: Doubt::unknown(bits), empty: Doubt::default() }
            }
        }
    }

    fn each_plain(
        &mut self,
        elements: impl Iterator<Item = Element<'a>>,
        visit: Visit<'_, 'a>,
    ) -> Rest {
        for element in elements {
            if !self.step(1) {
                break;
            }
            if visit(self, element).is_break() {
                break;
            }
        }
        Rest::default()
    }

    fn each_item(&mut self, list: &'a Node, items: &'a [Value], visit: Visit<'_, 'a>) -> Rest {
        let (Some(origin), Type::List(element_type)) = (&list.origin, &list.ty) else {
            let bits = self.bit(Cause::Unbound);
            return Rest { doubt: Doubt::unknown(bits), empty: Doubt::default() };
        };
        let binding = origin.binding;
        let mut rest = Rest::default();
        for (index, gap) in self.gaps(binding).iter().enumerate() {
            let lacks = match gap.kind {
                GapKind::Unknown => covers(&gap.path, &origin.path),
                GapKind::Partial => lacks_elements(&gap.path, &origin.path),
            };
            if lacks {
                let bits = self.bit(Cause::Gap(binding, index));
                rest.doubt = rest.doubt.and(Doubt::unknown(bits));
            }
        }
        let empty_ok = self.env.bindings.get(binding).is_some_and(|bound| bound.empty_ok);
        if items.is_empty() && rest.doubt.is_none() && !empty_ok {
            rest.empty = Doubt::unknown(self.bit(Cause::Empty(binding, &origin.path)));
        }
        let parent = if self.tracing { self.path_of(list) } else { 0 };
        for (index, item) in items.iter().enumerate() {
            if !self.step(1) {
                let bits = self.bit(Cause::Steps);
                rest.doubt = rest.doubt.and(Doubt::unknown(bits));
                break;
            }
            let val = match Val::read(item, element_type) {
                Some(val) => val,
                None => self.unknown(Cause::Schema(binding, &origin.path)),
            };
            let kept = self.paths.len();
            let path =
                if self.tracing { self.push_element(parent, index, item, element_type) } else { 0 };
            let flow = visit(self, Element { slot: Slot { val, path }, doubt: Doubt::default() });
            self.paths.truncate(kept.max(1));
            if flow.is_break() {
                break;
            }
        }
        rest
    }
}
