//! The typed tree that predicates are evaluated from.

use super::types::Type;
use std::sync::Arc;

/// An expression with its type and its place in the text.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) expr: Expr,
    pub(crate) ty: Type,
    /// Byte offset in the assertion of the token that stands for it.
    pub(crate) at: usize,
    /// Where in the evidence its value comes from.
    pub(crate) origin: Option<Origin>,
}

/// A place in the evidence as gaps name it: fields joined by dots, `[]` for
/// every element of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) binding: usize,
    pub(crate) path: Arc<str>,
}

impl Origin {
    pub(crate) fn field(&self, name: &str) -> Self {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { binding: self.binding, path: path.into() }
    }

    pub(crate) fn element(&self) -> Self {
        Self { binding: self.binding, path: format!("{}[]", self.path).into() }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Expr {
    Bool(bool),
    Int(i64),
    Text(Arc<str>),
    /// A list of literals.
    List(Vec<Node>),
    Binding(usize),
    /// The variable of the quantifier that stands this deep.
    Var(usize),
    Param(usize),
    Register(usize),
    Now,
    Field {
        base: Box<Node>,
        name: Arc<str>,
        optional: bool,
    },
    /// A map parameter at a key.
    Index {
        map: Box<Node>,
        key: Box<Node>,
    },
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare {
        op: Op,
        left: Box<Node>,
        right: Box<Node>,
    },
    In {
        item: Box<Node>,
        list: Box<Node>,
    },
    Loop {
        kind: Loop,
        /// How many loops it stands in: the slot of its variable.
        slot: usize,
        list: Box<Node>,
        body: Box<Node>,
    },
    /// Whether an optional field is there.
    Has(Box<Node>),
    Size(Box<Node>),
    TextTest {
        test: TextTest,
        text: Box<Node>,
        part: Box<Node>,
    },
    /// Whether `now` is at most so many days after a day counted from 1970.
    WithinDays {
        day: Box<Node>,
        days: Box<Node>,
    },
    ModeWithin {
        mode: Box<Node>,
        allowed: Box<Node>,
    },
}

/// What is done with the elements of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loop {
    All,
    Exists,
    Unique,
    Filter,
    Map,
}

impl Loop {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::Unique => "unique",
            Self::Filter => "filter",
            Self::Map => "map",
        }
    }

    pub(crate) fn find(word: &str) -> Option<Self> {
        [Self::All, Self::Exists, Self::Unique, Self::Filter, Self::Map]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Op {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// The comparison that holds exactly when this does not.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }

    /// The comparison with its sides exchanged.
    pub(crate) fn flipped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }

    pub(crate) fn is_order(self) -> bool {
        !matches!(self, Self::Eq | Self::Ne)
    }

    pub(crate) fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }
}

/// A test of a text's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

impl TextTest {
    pub(crate) const ALL: [Self; 3] = [Self::StartsWith, Self::EndsWith, Self::Contains];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Contains => "contains",
        }
    }

    pub(crate) fn holds(self, text: &str, part: &str) -> bool {
        match self {
            Self::StartsWith => text.starts_with(part),
            Self::EndsWith => text.ends_with(part),
            Self::Contains => text.contains(part),
        }
    }
}

impl Node {
    /// Where the elements of this list come from.
    pub(crate) fn element_origin(&self) -> Option<Origin> {
        match &self.expr {
            Expr::Loop { kind: Loop::Filter, list, .. } => list.element_origin(),
            Expr::Loop { kind: Loop::Map, body, .. } => body.origin.clone(),
            _ => self.origin.as_ref().map(Origin::element),
        }
    }

    /// Calls `visit` on this node and all below it, parents first.
    pub(crate) fn walk<'n>(&'n self, visit: &mut dyn FnMut(&'n Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// The nodes directly below.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match &self.expr {
            Expr::Bool(_)
            | Expr::Int(_)
            | Expr::Text(_)
            | Expr::Binding(_)
            | Expr::Var(_)
            | Expr::Param(_)
            | Expr::Register(_)
            | Expr::Now => Vec::new(),
            Expr::List(nodes) | Expr::And(nodes) | Expr::Or(nodes) => nodes.iter().collect(),
            Expr::Field { base: node, .. }
            | Expr::Not(node)
            | Expr::Has(node)
            | Expr::Size(node) => vec![node],
            Expr::Index { map: left, key: right }
            | Expr::Compare { left, right, .. }
            | Expr::In { item: left, list: right }
            | Expr::Loop { list: left, body: right, .. }
            | Expr::TextTest { text: left, part: right, .. }
            | Expr::WithinDays { day: left, days: right }
            | Expr::ModeWithin { mode: left, allowed: right } => vec![left, right],
        }
    }

    /// The nodes directly below, for changing them.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.expr {
            Expr::Bool(_)
            | Expr::Int(_)
            | Expr::Text(_)
            | Expr::Binding(_)
            | Expr::Var(_)
            | Expr::Param(_)
            | Expr::Register(_)
            | Expr::Now => Vec::new(),
            Expr::List(nodes) | Expr::And(nodes) | Expr::Or(nodes) => nodes.iter_mut().collect(),
            Expr::Field { base: node, .. }
            | Expr::Not(node)
            | Expr::Has(node)
            | Expr::Size(node) => vec![node],
            Expr::Index { map: left, key: right }
            | Expr::Compare { left, right, .. }
            | Expr::In { item: left, list: right }
            | Expr::Loop { list: left, body: right, .. }
            | Expr::TextTest { text: left, part: right, .. }
            | Expr::WithinDays { day: left, days: right }
            | Expr::ModeWithin { mode: left, allowed: right } => vec![left, right],
        }
    }
}
