//! The language of nftables: what `nft list ruleset` prints, and what its
//! configuration files hold.

mod lex;
mod rule;
mod set;

use super::model::{Hook, Rule, Scope, Table};
use super::packet::Reading;
use crate::escape::escape_bounded;
use crate::problem::Problem;
use anji_model::FailureCategory;
use lex::Token;
use set::Set;
use std::collections::BTreeMap;

/// The most rules that are read of one source.
pub(super) const RULES_MAX: usize = 60_000;

/// What was read: tables, and whether all of it was understood.
#[derive(Debug, Default)]
pub(super) struct Ruleset {
    pub(super) tables: Vec<Table>,
    /// A command was met that may change the rules in a way that is not known.
    pub(super) doubt: Option<Problem>,
}

/// Where an `include` finds its text: the files that fit a name.
pub(super) type Includes<'i> = &'i dyn Fn(&str) -> Option<Vec<String>>;

/// Reads `text`: a file, which may have includes, or what `nft` printed.
///
/// # Errors
/// A [`Problem`] where it is no nftables, or more than is read.
pub(super) fn read(
    text: &str,
    includes: Option<Includes<'_>>,
    reading: Reading,
) -> Result<Ruleset, Problem> {
    let tokens = lex::tokens(text, includes)?;
    let mut reader = Reader {
        cursor: Cursor { tokens: &tokens, at: 0 },
        reading,
        ruleset: Ruleset::default(),
        sets: BTreeMap::new(),
        rules: 0,
    };
    reader.commands()?;
    Ok(reader.ruleset)
}

fn unread(what: &str) -> Problem {
    let detail = format!("no nftables: {}", escape_bounded(what.as_bytes(), 80));
    Problem::new(FailureCategory::Unparsable, detail)
}

/// A place among tokens.
#[derive(Debug, Clone)]
struct Cursor<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl<'t> Cursor<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    /// The text of the next token, if it is a word.
    fn word(&self) -> Option<&'t str> {
        match self.peek() {
            Some(Token::Word(word) | Token::Quoted(word)) => Some(word),
            _ => None,
        }
    }

    fn next(&mut self) -> Option<&'t Token> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    fn next_word(&mut self) -> Option<&'t str> {
        let word = self.word()?;
        self.at += 1;
        Some(word)
    }

    /// Goes past the next token if it is this word or sign.
    fn take(&mut self, text: &str) -> bool {
        let there = match self.peek() {
            Some(Token::Word(word)) => word == text,
            Some(Token::Sign(sign)) => text.len() == 1 && text.starts_with(*sign),
            _ => false,
        };
        self.at += usize::from(there);
        there
    }

    fn at_end_of_statement(&self) -> bool {
        matches!(self.peek(), None | Some(Token::End | Token::Sign('}')))
    }

    fn ends(&mut self) {
        while matches!(self.peek(), Some(Token::End)) {
            self.at += 1;
        }
    }

    /// The tokens up to the end of the statement.
    fn statement(&mut self) -> Cursor<'t> {
        let from = self.at;
        let mut depth = 0usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth == 0 => break,
                Token::Sign('}') => depth -= 1,
                Token::End if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        Cursor { tokens: &self.tokens[from..self.at], at: 0 }
    }

    /// The tokens between the braces that begin here.
    fn block(&mut self) -> Option<Cursor<'t>> {
        if !self.take("{") {
            return None;
        }
        let from = self.at;
        let mut depth = 1usize;
        while let Some(token) = self.next() {
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(Cursor { tokens: &self.tokens[from..self.at - 1], at: 0 });
            }
        }
        None
    }
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    reading: Reading,
    ruleset: Ruleset,
    /// By table and name.
    sets: BTreeMap<(String, String), Set>,
    rules: usize,
}

impl<'t> Reader<'t> {
    fn commands(&mut self) -> Result<(), Problem> {
        loop {
            self.cursor.ends();
            if self.cursor.peek().is_none() {
                return Ok(());
            }
            let begin = self.cursor.at;
            let Some(word) = self.cursor.next_word() else { return Err(unread("no command")) };
            match word {
                "table" => self.table()?,
                "flush" if self.cursor.take("ruleset") => {
                    // It may name a family; then other tables stay.
                    if self.cursor.at_end_of_statement() {
                        self.ruleset.tables.clear();
                        self.sets.clear();
                    }
                    self.cursor.statement();
                }
                "add" | "create" | "insert" => self.add(word == "insert")?,
                "delete" | "destroy" | "flush" => {
                    let mut what = self.cursor.statement();
                    self.remove(word, &mut what);
                }
                _ => {
                    self.cursor.at = begin + 1;
                    return Err(unread(word));
                }
            }
        }
    }

    fn doubt(&mut self, what: &str) {
        self.ruleset.doubt.get_or_insert(unread(what));
    }

    /// Family and name of a table, as `inet filter`.
    fn name(cursor: &mut Cursor<'t>) -> Option<(String, Scope)> {
        let first = cursor.next_word()?;
        let scope = match first {
            "ip" => Scope::Ip4,
            "ip6" => Scope::Ip6,
            "inet" => Scope::Both,
            "bridge" | "netdev" | "arp" => Scope::Link,
            // The family may be left out.
            name => return Some((format!("ip {name}"), Scope::Ip4)),
        };
        let name = cursor.next_word()?;
        Some((format!("{first} {name}"), scope))
    }

    fn open(&mut self, name: &str, scope: Scope) -> &mut Table {
        let tables = &mut self.ruleset.tables;
        let at = tables.iter().position(|table| table.name == name).unwrap_or_else(|| {
            tables.push(Table::new(name.to_owned(), scope));
            tables.len() - 1
        });
        &mut tables[at]
    }

    fn table(&mut self) -> Result<(), Problem> {
        let name = Self::name(&mut self.cursor).ok_or_else(|| unread("table"))?;
        let (name, scope) = name;
        self.open(&name, scope);
        if self.cursor.at_end_of_statement() {
            return Ok(());
        }
        let mut block = self.cursor.block().ok_or_else(|| unread(&name))?;
        loop {
            block.ends();
            let Some(word) = block.next_word() else {
                return if block.peek().is_none() { Ok(()) } else { Err(unread(&name)) };
            };
            match word {
                "chain" => {
                    let chain = block.next_word().ok_or_else(|| unread("chain"))?;
                    let mut body = block.block().ok_or_else(|| unread(chain))?;
                    self.chain(&name, scope, chain, &mut body)?;
                }
                "set" | "map" => {
                    let set = block.next_word().ok_or_else(|| unread("set"))?;
                    let mut body = block.block().ok_or_else(|| unread(set))?;
                    let read = Set::read(&mut body);
                    self.sets.insert((name.clone(), set.to_owned()), read);
                }
                // Counters, limits, helpers, flags of the table, comments.
                _ => {
                    block.statement();
                }
            }
        }
    }

    fn chain(
        &mut self,
        table: &str,
        scope: Scope,
        name: &str,
        body: &mut Cursor<'t>,
    ) -> Result<(), Problem> {
        let known = self.open(table, scope).chains.remove(name);
        let mut chain = known.unwrap_or_default();
        let mut foreign = false;
        loop {
            body.ends();
            match body.word() {
                None if body.peek().is_none() => break,
                Some("type") => {
                    body.next();
                    chain.hook = hook(&mut body.statement());
                }
                Some("policy") => {
                    body.next();
                    let mut words = body.statement();
                    chain.drops = words.take("drop");
                }
                Some("comment" | "devices" | "device" | "flags") => {
                    body.statement();
                }
                _ => {
                    let mut words = body.statement();
                    if words.tokens.is_empty() {
                        return Err(unread(name));
                    }
                    let (rule, strange) = self.rule(table, scope, &mut words)?;
                    foreign |= strange;
                    chain.rules.push(rule);
                }
            }
        }
        let table = self.open(table, scope);
        table.foreign |= foreign;
        table.chains.insert(name.to_owned(), chain);
        Ok(())
    }

    fn rule(
        &mut self,
        table: &str,
        scope: Scope,
        words: &mut Cursor<'t>,
    ) -> Result<(Rule, bool), Problem> {
        self.rules += 1;
        if self.rules > RULES_MAX {
            let detail = "more rules than are read";
            return Err(Problem::new(FailureCategory::Truncated, detail));
        }
        let sets = |name: &str| self.sets.get(&(table.to_owned(), name.to_owned()));
        Ok(rule::read(words, scope, &sets, self.reading))
    }

    /// `add table|chain|rule|set|element ...`
    fn add(&mut self, first: bool) -> Result<(), Problem> {
        let what = self.cursor.next_word().unwrap_or("");
        if what == "table" {
            return self.table();
        }
        let (name, scope) = Self::name(&mut self.cursor).ok_or_else(|| unread(what))?;
        let item = self.cursor.word().unwrap_or("").to_owned();
        match what {
            "chain" => {
                self.cursor.next();
                let mut body = self.cursor.block().unwrap_or(Cursor { tokens: &[], at: 0 });
                self.chain(&name, scope, &item, &mut body)
            }
            "rule" => {
                self.cursor.next();
                let mut words = self.cursor.statement();
                let (rule, _) = self.rule(&name, scope, &mut words)?;
                let chain = self.open(&name, scope).chains.entry(item).or_default();
                let at = if first { 0 } else { chain.rules.len() };
                chain.rules.insert(at, rule);
                Ok(())
            }
            "set" | "map" => {
                self.cursor.next();
                if let Some(mut body) = self.cursor.block() {
                    self.sets.insert((name, item), Set::read(&mut body));
                }
                Ok(())
            }
            "element" => {
                self.cursor.next();
                if let Some(mut body) = self.cursor.block() {
                    let set = self.sets.entry((name, item)).or_default();
                    set.extend(&mut body);
                }
                // Rules that were read before see the set as it was.
                Ok(())
            }
            "counter" | "limit" | "quota" | "ct" | "flowtable" | "secmark" | "synproxy" => {
                self.cursor.statement();
                Ok(())
            }
            other => Err(unread(other)),
        }
    }

    fn remove(&mut self, command: &str, what: &mut Cursor<'t>) {
        let kind = what.next_word().unwrap_or("");
        let name = Self::name(what).map(|(name, _)| name);
        let chain = what.next_word();
        let tables = &mut self.ruleset.tables;
        let table = tables.iter().position(|table| Some(&table.name) == name.as_ref());
        match (command, kind, table) {
            (_, "table", None) => {}
            ("flush", "table", Some(at)) => {
                tables[at].chains.values_mut().for_each(|chain| chain.rules.clear());
            }
            (_, "table", Some(at)) => {
                tables.remove(at);
                self.sets.retain(|(table, _), _| Some(table) != name.as_ref());
            }
            ("flush", "chain", Some(at)) => {
                if let Some(chain) = chain.and_then(|name| tables[at].chains.get_mut(name)) {
                    chain.rules.clear();
                }
            }
            _ => self.doubt(command),
        }
    }
}

/// `filter hook input [device "eth0"] priority filter [+ 10]`
fn hook(words: &mut Cursor<'_>) -> Option<Hook> {
    let kind = words.next_word()?.to_owned();
    words.take("hook");
    let name = words.next_word()?.to_owned();
    let mut priority = 0;
    let mut sign = 1;
    while let Some(token) = words.next() {
        let Token::Word(word) = token else { continue };
        match word.as_str() {
            "raw" => priority = -300,
            "mangle" => priority = -150,
            "dstnat" => priority = -100,
            "security" => priority = 50,
            "srcnat" => priority = 100,
            "filter" => priority = 0,
            "-" => sign = -1,
            "+" => sign = 1,
            word => {
                if let Ok(number) = word.parse::<i32>() {
                    priority += sign * i64::from(number);
                }
            }
        }
    }
    Some(Hook { kind, name, priority })
}

#[cfg(test)]
mod tests;
