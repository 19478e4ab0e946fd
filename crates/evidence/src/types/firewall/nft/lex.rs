//! From text to tokens: comments, variables and includes are gone.

use super::{Includes, unread};
use crate::problem::Problem;
use anji_model::FailureCategory;
use std::collections::BTreeMap;

/// The most tokens, with all includes and variables in place.
const TOKENS_MAX: usize = 2_000_000;
const DEPTH_MAX: usize = 16;

/// A piece of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// A text in quotes.
    Quoted(String),
    /// One of `{ } ( ) ,`.
    Sign(char),
    /// The end of a line, or `;`.
    End,
    /// What another tool's rule holds and nft cannot tell.
    Foreign,
}

struct Lexer<'i> {
    out: Vec<Token>,
    variables: BTreeMap<String, Vec<Token>>,
    /// Where files are read; nothing where text was printed.
    includes: Option<Includes<'i>>,
}

/// Takes `text` apart: a file with its includes, or what was printed.
pub(super) fn tokens(text: &str, includes: Option<Includes<'_>>) -> Result<Vec<Token>, Problem> {
    let mut lexer = Lexer { out: Vec::new(), variables: BTreeMap::new(), includes };
    lexer.text(text, 0)?;
    Ok(lexer.out)
}

impl Lexer<'_> {
    fn text(&mut self, text: &str, depth: usize) -> Result<(), Problem> {
        if depth > DEPTH_MAX {
            return Err(unread("includes within includes"));
        }
        let mut tokens = raw(text, self.includes.is_none()).into_iter().peekable();
        let mut braces = 0usize;
        let mut begins = true;
        while let Some(token) = tokens.next() {
            if self.out.len() > TOKENS_MAX {
                let detail = "more rules than are read";
                return Err(Problem::new(FailureCategory::Truncated, detail));
            }
            match &token {
                Token::Word(word) if begins && matches!(word.as_str(), "define" | "redefine") => {
                    let Some(Token::Word(name)) = tokens.next() else { return Err(unread(word)) };
                    tokens.next_if(|token| *token == Token::Word("=".to_owned()));
                    let mut value = Vec::new();
                    let mut open = 0usize;
                    while let Some(token) = tokens.next_if(|t| open > 0 || *t != Token::End) {
                        match token {
                            Token::Sign('{') => open += 1,
                            Token::Sign('}') => open = open.saturating_sub(1),
                            _ => {}
                        }
                        value.push(token);
                    }
                    let value = self.expanded(value)?;
                    self.variables.insert(name, value);
                    continue;
                }
                Token::Word(word) if begins && word == "undefine" => {
                    tokens.next();
                    continue;
                }
                Token::Word(word) if begins && word == "include" => {
                    let Some(Token::Quoted(name) | Token::Word(name)) = tokens.next() else {
                        return Err(unread(word));
                    };
                    let texts = self.includes.and_then(|find| find(&name)).ok_or_else(|| {
                        let detail = format!("the include {name} is not among the files read");
                        let detail = crate::escape::escape_bounded(detail.as_bytes(), 200);
                        Problem::new(FailureCategory::Unsupported, detail)
                    })?;
                    for text in texts {
                        self.text(&text, depth + 1)?;
                        self.out.push(Token::End);
                    }
                    continue;
                }
                Token::Sign('{') => braces += 1,
                Token::Sign('}') => braces = braces.saturating_sub(1),
                _ => {}
            }
            begins = matches!(token, Token::End | Token::Sign('{' | '}'));
            let expanded = self.expanded(vec![token])?;
            self.out.extend(expanded);
        }
        if braces > 0 && depth > 0 {
            return Err(unread("a block is not closed in its file"));
        }
        Ok(())
    }

    /// The tokens with the variables among them replaced.
    fn expanded(&self, tokens: Vec<Token>) -> Result<Vec<Token>, Problem> {
        if !tokens.iter().any(|token| matches!(token, Token::Word(w) if w.starts_with('$'))) {
            return Ok(tokens);
        }
        let mut out = Vec::new();
        for token in tokens {
            match &token {
                Token::Word(word) if word.starts_with('$') => {
                    let value = self.variables.get(&word[1..]).ok_or_else(|| unread(word))?;
                    out.extend(value.iter().cloned());
                }
                _ => out.push(token),
            }
            if out.len() > TOKENS_MAX {
                let detail = "a variable with more than is read";
                return Err(Problem::new(FailureCategory::Truncated, detail));
            }
        }
        Ok(out)
    }
}

/// The tokens as they stand.
fn raw(text: &str, printed: bool) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                // A line that goes on.
                while letters.next_if(|c| matches!(c, ' ' | '\t' | '\r')).is_some() {}
                letters.next_if_eq(&'\n');
            }
            '\n' | ';' => {
                if out.last() != Some(&Token::End) {
                    out.push(Token::End);
                }
            }
            _ if letter.is_whitespace() => {}
            '#' => {
                // Between the words of a printed rule: a match that nft cannot
                // tell. What comes after it may be told again.
                let begins = matches!(out.last(), None | Some(Token::End | Token::Sign('{' | '}')));
                if printed && !begins {
                    out.push(Token::Foreign);
                } else {
                    while letters.next_if(|c| *c != '\n').is_some() {}
                }
            }
            '"' | '\'' => {
                let mut word = String::new();
                for inner in letters.by_ref() {
                    if inner == letter {
                        break;
                    }
                    word.push(inner);
                }
                out.push(Token::Quoted(word));
            }
            '{' | '}' | '(' | ')' | ',' => {
                out.push(Token::Sign(letter));
            }
            '=' | '!' | '<' | '>' => {
                let mut word = letter.to_string();
                word.extend(letters.next_if(|c| matches!(c, '=' | '<' | '>')));
                out.push(Token::Word(word));
            }
            _ => {
                let mut word = letter.to_string();
                let more = |c: &char| !c.is_whitespace() && !"{}(),;\"'#=!<>\\".contains(*c);
                while let Some(letter) = letters.next_if(more) {
                    word.push(letter);
                }
                out.push(Token::Word(word));
            }
        }
    }
    out
}
