//! A typed value as people read it: every part in its place, and what is not
//! known shown where it is missing.

use crate::evidence::Gap;
use jiff::Timestamp;

/// A value of evidence, or one that was computed from evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readable {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text; modes are texts of octal digits.
    Text(String),
    /// A day, counted from 1970-01-01.
    Day(i64),
    /// An instant.
    Time(Timestamp),
    /// Not there, by fact.
    Absent,
    /// Not known: for these gaps, or because it lacks the form of its schema
    /// where there is none.
    Unknown(Vec<Gap>),
    /// Personal, and not asked for.
    Hidden,
    /// A list.
    List(ReadableList),
    /// Named values.
    Record(Vec<ReadableField>),
}

/// A list with what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadableList {
    /// Its elements.
    pub items: Vec<Readable>,
    /// Why it is incomplete; empty for a complete list.
    pub lacks: Vec<Gap>,
    /// How many elements a filter has taken out.
    pub filtered: u64,
    /// How many more it has taken out of which it cannot tell.
    pub untold: u64,
}

/// A named value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadableField {
    /// Its name, as predicates write it.
    pub name: String,
    /// Whether it names its record among the elements of a list.
    pub label: bool,
    /// The value.
    pub value: Readable,
}

/// Whether an element is one of those that somebody looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// It is not.
    No,
    /// It may be: part of it is not known, or not shown.
    Untold,
    /// It is.
    Yes,
}

impl Readable {
    /// Keeps the elements of lists in which a single value matches, and counts
    /// the others: those that do not, and those of which that cannot be told.
    pub fn keep_elements(&mut self, matches: &dyn Fn(&Self) -> bool) {
        match self {
            Self::List(list) => {
                let (mut filtered, mut untold) = (0, 0);
                list.items.retain(|item| match item.matching(matches) {
                    Match::Yes => true,
                    Match::Untold => {
                        untold += 1;
                        false
                    }
                    Match::No => {
                        filtered += 1;
                        false
                    }
                });
                list.filtered += filtered;
                list.untold += untold;
            }
            Self::Record(fields) => {
                fields.iter_mut().for_each(|field| field.value.keep_elements(matches));
            }
            _ => {}
        }
    }

    /// Whether a single value of it matches.
    fn matching(&self, matches: &dyn Fn(&Self) -> bool) -> Match {
        match self {
            Self::Unknown(_) | Self::Hidden => Match::Untold,
            Self::Absent => Match::No,
            Self::List(list) => {
                let lacks = if list.lacks.is_empty() { Match::No } else { Match::Untold };
                let items = list.items.iter().map(|item| item.matching(matches));
                items.max().unwrap_or(Match::No).max(lacks)
            }
            Self::Record(fields) => {
                let values = fields.iter().map(|field| field.value.matching(matches));
                values.max().unwrap_or(Match::No)
            }
            single if matches(single) => Match::Yes,
            _ => Match::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &[(&str, Readable)]) -> Readable {
        let field = |(name, value): &(&str, Readable)| ReadableField {
            name: (*name).to_owned(),
            label: false,
            value: value.clone(),
        };
        Readable::Record(fields.iter().map(field).collect())
    }

    fn text(text: &str) -> Readable {
        Readable::Text(text.to_owned())
    }

    fn list(items: Vec<Readable>) -> Readable {
        Readable::List(ReadableList { items, ..ReadableList::default() })
    }

    #[test]
    fn whole_elements_are_kept_and_the_others_counted_by_what_is_known_of_them() {
        let root = record(&[("name", text("root")), ("gecos", Readable::Hidden)]);
        let shells = record(&[("name", text("li")), ("shells", list(vec![text("root")]))]);
        let users = vec![
            root.clone(),
            shells.clone(),
            record(&[("name", text("wang")), ("home", Readable::Absent)]),
            record(&[("name", text("wu")), ("home", Readable::Unknown(Vec::new()))]),
            record(&[("name", text("he")), ("gecos", Readable::Hidden)]),
        ];
        let mut body = record(&[("users", list(users))]);
        body.keep_elements(&|value| *value == text("root"));
        let kept =
            ReadableList { items: vec![root, shells], filtered: 1, untold: 2, lacks: vec![] };
        assert_eq!(body, record(&[("users", Readable::List(kept))]));
    }
}
