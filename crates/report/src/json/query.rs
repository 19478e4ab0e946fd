//! The document of `anji evidence query`.

use super::Document;
use super::common::{Failure, Observation, Reason, Term, number, text, words};
use crate::view::{QueryAnswer, QueryView};
use anji_model::{Gap, Readable, ReadableField};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

words! {
    /// Whether there is an answer.
    State from QueryAnswer {
        QueryAnswer::Value(_) => Known,
        QueryAnswer::Unknown => Unknown,
        QueryAnswer::Absent => Absent,
    }
}

/// A value of any type, and what is not known in its place.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum Shown {
    /// Absent by fact.
    Absent,
    /// A truth.
    Truth(bool),
    /// A whole number; days are counted from 1970-01-01.
    Number(i64),
    /// A text, or a time (RFC 3339).
    Text(String),
    /// Not known.
    Unknown(UnknownValue),
    /// Personal, and not shown.
    Hidden(HiddenValue),
    /// A list that lacks elements.
    Partial(PartialList),
    /// A whole list.
    List(Vec<Shown>),
    /// A record.
    Record(BTreeMap<String, Shown>),
}

/// A value that is not known.
#[derive(Debug, Serialize, JsonSchema)]
struct UnknownValue {
    /// Why not.
    #[serde(rename = "$unknown")]
    unknown: Vec<Lack>,
}

/// A personal value that is not shown.
#[derive(Debug, Serialize, JsonSchema)]
struct HiddenValue {
    /// Always true.
    #[serde(rename = "$hidden")]
    hidden: bool,
}

/// A list that lacks elements.
#[derive(Debug, Serialize, JsonSchema)]
struct PartialList {
    /// The elements that it has.
    #[serde(rename = "$partial")]
    partial: Vec<Shown>,
    /// Why it lacks others.
    #[serde(rename = "$because")]
    because: Vec<Lack>,
}

/// Why something was not had.
#[derive(Debug, Serialize, JsonSchema)]
struct Lack {
    /// The kind of cause.
    failure: Failure,
    /// Where in the evidence, unless it is the place at which this stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// More, in a few words as they were reported.
    detail: String,
}

/// What an expression came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Query {
    /// The document's format and version.
    format: String,
    /// The expression.
    expression: String,
    /// Its type, in the words of the language.
    #[serde(rename = "type")]
    ty: String,
    /// Whether it has a value.
    state: State,
    /// The value. In it null is absent by fact, and a number beyond 2^52 is a text.
    value: Shown,
    /// Elements that may or may not belong to the list.
    doubtful: Vec<Shown>,
    /// How many elements a filter has left out because a value that it reads is
    /// absent in them by fact.
    absent_elements: u64,
    /// The comparisons that make a truth false, bounded.
    failed_terms: Vec<Term>,
    /// How many there are in all.
    failed_terms_total: u64,
    /// What a truth was decided from, bounded.
    observed: Vec<Observation>,
    /// Why it is unknown, absent or incomplete.
    reasons: Vec<Reason>,
}

impl From<&QueryView> for Query {
    fn from(view: &QueryView) -> Self {
        Self {
            format: Document::Query.format(),
            expression: text(&view.expression),
            ty: text(&view.ty),
            state: State::from(&view.answer),
            value: match &view.answer {
                QueryAnswer::Value(readable) => value(readable),
                QueryAnswer::Unknown | QueryAnswer::Absent => Shown::Absent,
            },
            doubtful: view.doubtful.iter().map(value).collect(),
            absent_elements: number(view.absent),
            failed_terms: view.terms.iter().map(Term::from).collect(),
            failed_terms_total: number(view.terms_total),
            observed: view.observed.iter().map(Observation::from).collect(),
            reasons: view.reasons.iter().map(Reason::from).collect(),
        }
    }
}

fn value(readable: &Readable) -> Shown {
    let because = |gaps: &[Gap]| gaps.iter().map(Lack::from).collect();
    match readable {
        Readable::Bool(value) => Shown::Truth(*value),
        // What a double does not hold exactly is told in digits.
        Readable::Int(number) if number.unsigned_abs() > 1 << 52 => Shown::Text(number.to_string()),
        Readable::Int(number) | Readable::Day(number) => Shown::Number(*number),
        Readable::Text(words) => Shown::Text(text(words)),
        Readable::Time(at) => Shown::Text(text(at)),
        Readable::Absent => Shown::Absent,
        Readable::Unknown(gaps) => Shown::Unknown(UnknownValue { unknown: because(gaps) }),
        Readable::Hidden => Shown::Hidden(HiddenValue { hidden: true }),
        Readable::List(list) => {
            let items = list.items.iter().map(value).collect();
            match list.lacks.as_slice() {
                [] => Shown::List(items),
                gaps => Shown::Partial(PartialList { partial: items, because: because(gaps) }),
            }
        }
        Readable::Record(fields) => {
            let field = |field: &ReadableField| (field.name.clone(), value(&field.value));
            Shown::Record(fields.iter().map(field).collect())
        }
    }
}

impl From<&Gap> for Lack {
    fn from(gap: &Gap) -> Self {
        Self {
            failure: Failure::from(&gap.category),
            path: (!gap.path.is_empty()).then(|| text(&gap.path)),
            detail: text(&gap.detail),
        }
    }
}
