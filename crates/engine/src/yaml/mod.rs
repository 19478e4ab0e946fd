//! A YAML 1.2 reader (core schema) that keeps the place of every node.
//!
//! Content is written and read by people, so whatever makes a text mean
//! something else than it seems to is refused: duplicate keys, anchors and
//! aliases, tags, several documents, keys that are not texts. Size, depth and
//! the number of nodes are limited.

mod read;
mod scalar;

pub(crate) use read::read;

use anji_model::Text;

/// Longer files are refused.
pub(crate) const BYTES_MAX: usize = 4 << 20;
/// Deeper nesting is refused.
pub(crate) const DEPTH_MAX: usize = 32;
/// More nodes are refused.
pub(crate) const NODES_MAX: usize = 500_000;

/// A place in a file. Line and column count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// Characters marked on the first line, at least 1.
    pub(crate) length: usize,
}

/// A node with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Yaml,
    pub(crate) span: Span,
}

/// A value of the core schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Yaml {
    Null,
    Bool(bool),
    Int(i64),
    /// A number that content has no use for: with a fraction, or too large.
    Number,
    Text(Scalar),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a map with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A text, and how it is written, so that places in it can be found in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    style: Style,
    /// Where its source begins and ends, in characters of the file.
    source: std::ops::Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Plain, literal or folded: the source holds the characters themselves.
    Bare,
    SingleQuoted,
    DoubleQuoted,
}

/// Something that content may not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlProblem {
    pub(crate) code: &'static str,
    pub(crate) span: Span,
    pub(crate) message: Text,
}

impl Yaml {
    /// What it is, for messages.
    pub(crate) fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::Null => ("空值", "null"),
            Self::Bool(_) => ("布尔值", "a bool"),
            Self::Int(_) => ("整数", "an int"),
            Self::Number => ("数值", "a number that is no 64-bit integer"),
            Self::Text(_) => ("文本", "a text"),
            Self::List(_) => ("列表", "a list"),
            Self::Map(_) => ("映射", "a map"),
        }
    }
}
