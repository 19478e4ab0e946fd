//! Values during evaluation: known, in doubt, or borrowed lists of them.

use super::tree::Node;
use super::types::Type;
use crate::content::ParamValue;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::cmp::Ordering;

/// Why a value is not known, as bits: of unknowns one for each cause in the
/// evaluator's table, of absences one for each binding. Unknown dominates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) unknown: u64,
    pub(super) absent: u64,
}

impl Doubt {
    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    pub(super) fn unknown(bits: u64) -> Self {
        Self { unknown: bits, absent: 0 }
    }

    pub(super) fn absent(binding: usize) -> Self {
        Self { unknown: 0, absent: 1 << binding.min(63) }
    }

    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self { unknown: self.unknown | other.unknown, absent: self.absent | other.absent }
    }
}

/// A value. Lists and records stay where they are; nothing is copied.
#[derive(Debug, Clone, Copy)]
pub(super) enum Val<'a> {
    Bool(bool),
    Int(i64),
    Text(&'a str),
    Time(Timestamp),
    /// A record or a list of the evidence.
    Json(&'a Value),
    Texts(&'a [String]),
    Ints(&'a [i64]),
    Literals(&'a [Node]),
    /// A map parameter.
    Map(&'a ParamValue),
    /// A list that `filter` or `map` makes; iterated, never stored.
    Derived,
    Doubt(Doubt),
}

impl<'a> Val<'a> {
    /// A value of the evidence that is not null; none when it is not of the
    /// type that its schema promises.
    pub(super) fn read(value: &'a Value, ty: &Type) -> Option<Self> {
        Some(match (value, ty) {
            (Value::Bool(value), Type::Bool) => Self::Bool(*value),
            (Value::Number(number), Type::Int) => Self::Int(number.as_i64()?),
            (Value::String(text), Type::Text) => Self::Text(text),
            (Value::Array(_), Type::List(_)) | (Value::Object(_), Type::Record(_)) => {
                Self::Json(value)
            }
            _ => return None,
        })
    }

    pub(super) fn param(value: &'a ParamValue) -> Self {
        match value {
            ParamValue::Int(value) => Self::Int(*value),
            ParamValue::Bool(value) => Self::Bool(*value),
            ParamValue::Date(date) => Self::Time(day_end(*date)),
            ParamValue::Text(text) => Self::Text(text),
            ParamValue::Ints(list) => Self::Ints(list),
            ParamValue::Texts(list) => Self::Texts(list),
            ParamValue::Dates(_) | ParamValue::TextMap(_) => Self::Map(value),
        }
    }

    pub(super) fn doubt(self) -> Option<Doubt> {
        match self {
            Self::Doubt(doubt) => Some(doubt),
            _ => None,
        }
    }

    /// The order of two single values of one type; none for anything else.
    pub(super) fn order(self, other: Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(&b),
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(&b),
            _ => return None,
        })
    }

    pub(super) fn equals(self, other: Self) -> bool {
        self.order(other) == Some(Ordering::Equal)
    }
}

/// The instant at which a day ends in UTC.
pub(super) fn day_end(date: Date) -> Timestamp {
    date.tomorrow()
        .and_then(|next| TimeZone::UTC.to_timestamp(next.to_datetime(Time::midnight())))
        .unwrap_or(Timestamp::MAX)
}

/// The instant at which a day, counted from 1970-01-01, begins in UTC; days
/// beyond what a clock can tell are the first or the last instant it can.
pub(super) fn day_start(day: i64) -> Timestamp {
    let bound = if day < 0 { Timestamp::MIN } else { Timestamp::MAX };
    day.checked_mul(86_400)
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(bound)
}

/// The permission bits of an octal text such as `0640`.
pub(crate) fn mode_bits(text: &str) -> Option<u32> {
    let octal = (1..=5).contains(&text.len()) && text.bytes().all(|b| (b'0'..=b'7').contains(&b));
    octal.then(|| u32::from_str_radix(text, 8).ok()).flatten().filter(|bits| *bits <= 0o7777)
}
