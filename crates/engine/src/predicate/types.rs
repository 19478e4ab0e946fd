//! The types of predicates, lowered from the evidence schemas.

use crate::content::ParamType;
use std::fmt;
use std::sync::Arc;

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Int,
    Text,
    /// A day of a parameter; compares as the instant at which it ends in UTC.
    Date,
    /// The time of evaluation.
    Now,
    List(Arc<Type>),
    Record(Arc<RecordType>),
    /// A map parameter from texts to this type.
    Map(Arc<Type>),
    /// A literal list without members: fits every list.
    Nothing,
}

/// The fields of a record, and the one that names it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordType {
    pub(crate) fields: Vec<FieldType>,
    pub(crate) label: Option<Arc<str>>,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldType {
    pub(crate) name: Arc<str>,
    pub(crate) ty: Type,
    /// Whether null, absent by fact, is among its values.
    pub(crate) optional: bool,
}

impl Type {
    /// The type of a parameter's value.
    pub(crate) fn of_param(kind: ParamType) -> Self {
        match kind {
            ParamType::Int => Self::Int,
            ParamType::Bool => Self::Bool,
            ParamType::Text | ParamType::Mode => Self::Text,
            ParamType::Date => Self::Date,
            ParamType::Texts => Self::list(Self::Text),
            ParamType::Ints => Self::list(Self::Int),
            ParamType::Dates => Self::Map(Arc::new(Self::Date)),
            ParamType::TextMap => Self::Map(Arc::new(Self::Text)),
        }
    }

    /// A list of this.
    pub(crate) fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// Whether values of it can be compared for equality: single values, not
    /// lists or records.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self, Self::Bool | Self::Int | Self::Text)
    }

    /// Whether `<` and its like have a meaning between the two.
    pub(crate) fn orders_with(&self, other: &Self) -> bool {
        let time = |ty: &Self| matches!(ty, Self::Date | Self::Now);
        matches!((self, other), (Self::Int, Self::Int)) || (time(self) && time(other))
    }
}

impl RecordType {
    /// The field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<&FieldType> {
        self.fields.iter().find(|field| &*field.name == name)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Text => f.write_str("string"),
            Self::Date => f.write_str("date"),
            Self::Now => f.write_str("time"),
            Self::List(element) => write!(f, "list<{element}>"),
            Self::Record(_) => f.write_str("record"),
            Self::Map(value) => write!(f, "map<string,{value}>"),
            Self::Nothing => f.write_str("empty list"),
        }
    }
}
