//! Aliases, and lists with their members in place of them.

use super::parse::{Member, What};
use std::collections::BTreeMap;

/// The aliases of each kind, by kind and name.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    members: BTreeMap<(u8, Vec<u8>), Vec<Member>>,
}

/// How many members all lists together may have once their aliases are
/// replaced: nested aliases can grow without end.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
}

impl Budget {
    pub(super) fn new(members: usize) -> Self {
        Self { left: members }
    }

    /// Whether one more is allowed.
    pub(super) fn take(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }

    pub(super) fn spent(&self) -> bool {
        self.left == 0
    }
}

/// Deeper nesting of aliases than anyone writes.
const DEPTH_MAX: usize = 64;

impl Aliases {
    /// Defines an alias; the first definition holds, as a second one is an error.
    /// True when there was none before.
    pub(super) fn define(&mut self, kind: u8, name: Vec<u8>, members: Vec<Member>) -> bool {
        let mut new = false;
        self.members.entry((kind, name)).or_insert_with(|| {
            new = true;
            members
        });
        new
    }

    /// The list with aliases replaced. Where an alias is negated, so are its
    /// members. A name in capitals without an alias is that name, and no command.
    pub(super) fn expand(&self, kind: u8, list: &[Member], budget: &mut Budget) -> Vec<Member> {
        let mut out = Vec::new();
        self.expand_into(kind, list, false, &mut Vec::new(), budget, &mut out);
        out
    }

    fn expand_into<'a>(
        &'a self,
        kind: u8,
        list: &'a [Member],
        flip: bool,
        open: &mut Vec<&'a [u8]>,
        budget: &mut Budget,
        out: &mut Vec<Member>,
    ) {
        for member in list {
            if !budget.take() {
                return;
            }
            let negated = member.negated != flip;
            let What::Alias(name) = &member.what else {
                out.push(Member { negated, what: member.what.clone() });
                continue;
            };
            let within = open.contains(&name.as_slice()) || open.len() >= DEPTH_MAX;
            match self.members.get(&(kind, name.clone())).filter(|_| !within) {
                Some(members) => {
                    open.push(name);
                    self.expand_into(kind, members, negated, open, budget, out);
                    open.pop();
                }
                None if kind == b'C' => {}
                None => out.push(Member { negated, what: What::Word(name.clone()) }),
            }
        }
    }
}
