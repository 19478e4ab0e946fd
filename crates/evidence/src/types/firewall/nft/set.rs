//! Sets and maps, named or in the middle of a rule.

use super::super::model::Verdict;
use super::{Cursor, Token};

/// A member: one value, or several that are joined by dots; and in a map what
/// is done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) values: Vec<String>,
    pub(super) verdict: Option<Verdict>,
}

/// A set or a map.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Set {
    pub(super) elements: Vec<Element>,
    /// Its members come and go by themselves, by packets or by time.
    pub(super) dynamic: bool,
}

impl Set {
    /// The definition between the braces of `set NAME { ... }`.
    pub(super) fn read(body: &mut Cursor<'_>) -> Self {
        let mut set = Self::default();
        loop {
            body.ends();
            match body.next_word() {
                Some("flags") => {
                    let flags = body.statement();
                    let lasting = |token: &Token| match token {
                        Token::Word(word) => !matches!(word.as_str(), "dynamic" | "timeout"),
                        _ => true,
                    };
                    set.dynamic |= !flags.tokens.iter().all(lasting);
                }
                Some("timeout") => {
                    set.dynamic = true;
                    body.statement();
                }
                Some("elements") => {
                    body.take("=");
                    match body.block() {
                        Some(mut elements) => set.extend(&mut elements),
                        None => {
                            body.statement();
                        }
                    }
                }
                Some(_) => {
                    body.statement();
                }
                None if body.next().is_some() => {}
                None => return set,
            }
        }
    }

    /// Members between braces, with the braces of variables among them.
    pub(super) fn extend(&mut self, body: &mut Cursor<'_>) {
        loop {
            body.ends();
            if body.take(",") {
                continue;
            }
            if let Some(mut inner) = body.block() {
                self.extend(&mut inner);
                continue;
            }
            if body.peek().is_none() {
                return;
            }
            match element(body) {
                Some(element) => self.elements.push(element),
                // What is no member makes the set something else than it seems.
                None => {
                    self.dynamic = true;
                    body.next();
                }
            }
        }
    }
}

fn element(body: &mut Cursor<'_>) -> Option<Element> {
    let mut values = vec![body.next_word()?.to_owned()];
    let mut verdict = None;
    loop {
        match body.peek() {
            None | Some(Token::Sign(',')) => return Some(Element { values, verdict }),
            Some(Token::Word(word)) if word == "." => {
                body.next();
                values.push(body.next_word()?.to_owned());
            }
            Some(Token::Word(word)) if word == ":" => {
                body.next();
                verdict = Some(super::rule::verdict(body).unwrap_or(Verdict::Unknown));
            }
            // Its time, its counter, its comment.
            _ => {
                body.next();
            }
        }
    }
}
