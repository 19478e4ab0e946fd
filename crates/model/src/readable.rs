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

impl Readable {
    /// Keeps the elements of lists in which `text` stands somewhere, in any case
    /// of letters, and counts the others. What is hidden or unknown holds no text.
    pub fn keep_elements_with(&mut self, text: &str) {
        self.keep(&text.to_lowercase());
    }

    fn keep(&mut self, wanted: &str) {
        match self {
            Self::List(list) => {
                let before = list.items.len();
                list.items.retain(|item| item.holds(wanted));
                list.filtered += (before - list.items.len()) as u64;
            }
            Self::Record(fields) => fields.iter_mut().for_each(|field| field.value.keep(wanted)),
            _ => {}
        }
    }

    /// Whether `wanted`, in small letters, stands in a single value of it.
    fn holds(&self, wanted: &str) -> bool {
        match self {
            Self::Text(text) => text.to_lowercase().contains(wanted),
            Self::Int(number) | Self::Day(number) => number.to_string().contains(wanted),
            Self::Bool(value) => value.to_string().contains(wanted),
            Self::Time(at) => at.to_string().contains(wanted),
            Self::Absent | Self::Unknown(_) | Self::Hidden => false,
            Self::List(list) => list.items.iter().any(|item| item.holds(wanted)),
            Self::Record(fields) => fields.iter().any(|field| field.value.holds(wanted)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str, shells: &[&str]) -> Readable {
        let texts = shells.iter().map(|shell| Readable::Text((*shell).to_owned()));
        let shells = ReadableList { items: texts.collect(), ..ReadableList::default() };
        let field =
            |name: &str, value| ReadableField { name: name.to_owned(), label: false, value };
        Readable::Record(vec![
            field("name", Readable::Text(name.to_owned())),
            field("gecos", Readable::Hidden),
            field("shells", Readable::List(shells)),
        ])
    }

    #[test]
    fn a_filter_keeps_whole_elements_and_counts_the_others() {
        let items = vec![user("Root", &["/bin/sh"]), user("li", &["/bin/ROOT"]), user("wang", &[])];
        let mut users = Readable::List(ReadableList { items, ..ReadableList::default() });
        users.keep_elements_with("root");
        let Readable::List(kept) = users else { panic!("a list stays one") };
        assert_eq!((kept.items.len(), kept.filtered), (2, 1));
        assert_eq!(kept.items[1], user("li", &["/bin/ROOT"]));
    }
}
