//! The document of `anji evidence query`.

use super::Document;
use super::common::{Observation, Reason, Term, number, text, words};
use crate::view::{QueryAnswer, QueryView};
use anji_model::{Gap, Readable};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

words! {
    /// Whether there is an answer.
    State from QueryAnswer {
        QueryAnswer::Value(_) => Known,
        QueryAnswer::Unknown => Unknown,
        QueryAnswer::Absent => Absent,
    }
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
    /// The value. In it null is absent by fact, `{"$unknown": [reasons]}` is not
    /// known, a number beyond 2^52 is a text, `{"$hidden": true}` is personal and not shown, and `{"$partial":
    /// [elements], "$because": [reasons]}` is a list that lacks elements.
    value: Value,
    /// Elements that may or may not belong to the list.
    doubtful: Vec<Value>,
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
                QueryAnswer::Unknown | QueryAnswer::Absent => Value::Null,
            },
            doubtful: view.doubtful.iter().map(value).collect(),
            failed_terms: view.terms.iter().map(Term::from).collect(),
            failed_terms_total: number(view.terms_total),
            observed: view.observed.iter().map(Observation::from).collect(),
            reasons: view.reasons.iter().map(Reason::from).collect(),
        }
    }
}

fn value(readable: &Readable) -> Value {
    let because = |gaps: &[Gap]| -> Vec<String> {
        gaps.iter().map(|gap| text(format!("{}: {}", gap.path, gap.detail))).collect()
    };
    match readable {
        Readable::Bool(value) => json!(value),
        // What a double does not hold exactly is told in digits.
        Readable::Int(number) if number.unsigned_abs() > 1 << 52 => json!(number.to_string()),
        Readable::Int(number) | Readable::Day(number) => json!(number),
        Readable::Text(words) => json!(text(words)),
        Readable::Time(at) => json!(text(at)),
        Readable::Absent => Value::Null,
        Readable::Unknown(gaps) => json!({"$unknown": because(gaps)}),
        Readable::Hidden => json!({"$hidden": true}),
        Readable::List(list) => {
            let items: Vec<_> = list.items.iter().map(value).collect();
            match list.lacks.as_slice() {
                [] => Value::Array(items),
                gaps => json!({"$partial": items, "$because": because(gaps)}),
            }
        }
        Readable::Record(fields) => {
            fields.iter().map(|field| (field.name.clone(), value(&field.value))).collect()
        }
    }
}
