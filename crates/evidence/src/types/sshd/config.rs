//! The configuration file: what `Match` blocks set, for whom.

use super::super::whole_lines;
use super::context::{Settings, adds_up, is_used, today_name};
use crate::escape::{escape, escape_bounded};
use crate::frame::Frame;
use crate::problem::Problem;
use anji_model::FailureCategory;
use std::collections::{BTreeMap, BTreeSet};

/// The most blocks that are told apart; a real file has a handful.
const BLOCKS_MAX: usize = 400;

/// The values that connections get which meet all of some criteria. No
/// criteria: every connection, by `Match all`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Block {
    criteria: BTreeSet<String>,
    /// The criteria in the order they were written.
    condition: String,
    /// By keyword: when it was first set, and what to.
    settings: BTreeMap<String, (u64, Vec<Vec<u8>>)>,
}

/// The blocks of a configuration, the one for everybody first.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    blocks: Vec<Block>,
    /// What kept it from being read as a whole.
    pub(super) problems: Vec<Problem>,
}

/// A place in the file: outside every block, or inside the one with an index.
#[derive(Debug, Clone, Copy)]
struct Place {
    block: Option<usize>,
    /// Lines there belong to no block that is told apart.
    lost: bool,
}

struct Reader {
    configuration: Configuration,
    /// The place that each open file began in, and the present one.
    files: Vec<Place>,
    place: Place,
    /// How many settings there were so far.
    clock: u64,
    /// An include whose files have not all come yet, at this depth.
    include: Option<usize>,
}

/// Reads the configuration capture.
pub(super) fn read(frame: &Frame) -> Configuration {
    let everybody = Block::default();
    let configuration = Configuration { blocks: vec![everybody], problems: Vec::new() };
    let place = Place { block: None, lost: false };
    let mut reader = Reader { configuration, files: Vec::new(), place, clock: 0, include: None };
    let mut ended = false;
    for line in whole_lines(frame) {
        let Some((&mark, rest)) = line.split_first() else { continue };
        match mark {
            b'>' => reader.files.push(reader.place),
            b'=' => reader.line(rest),
            b'i' => reader.include = None,
            b'?' => {
                reader.include = None;
                reader.problem(FailureCategory::Unsupported, "an include cannot be followed");
            }
            b'-' => {
                let what = escape_bounded(rest.trim_ascii(), 200);
                reader.problem(FailureCategory::Permission, &format!("{what} cannot be read"));
            }
            b'<' => {
                reader.include_is_complete();
                if let Some(outer) = reader.files.pop() {
                    reader.place = outer;
                }
                ended = reader.files.is_empty();
            }
            _ => reader.problem(FailureCategory::Unparsable, "an unknown line in the capture"),
        }
    }
    if !ended {
        reader.problem(FailureCategory::Incomplete, "the configuration broke off");
    }
    reader.configuration
}

impl Reader {
    fn problem(&mut self, category: FailureCategory, detail: &str) {
        let problem = Problem::new(category, detail);
        let problems = &mut self.configuration.problems;
        if problems.len() < 20 && !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// An include line must have been answered before the next line of its file.
    fn include_is_complete(&mut self) {
        if self.include.is_some_and(|depth| depth >= self.files.len()) {
            self.include = None;
            self.problem(FailureCategory::Unsupported, "an include was not followed");
        }
    }

    fn line(&mut self, line: &[u8]) {
        self.include_is_complete();
        let Some((keyword, rest)) = split_keyword(line) else { return };
        let keyword = escape(&keyword).to_ascii_lowercase();
        match today_name(&keyword) {
            "include" => self.include = Some(self.files.len()),
            "match" => self.enter(rest),
            name if is_used(name) => self.set(name, rest),
            _ => {}
        }
    }

    /// Goes into a `Match` block. Inside an included file, the block that the
    /// include stands in holds as well.
    fn enter(&mut self, rest: &[u8]) {
        let outer = self.files.last().copied().unwrap_or(self.place);
        let blocks = &mut self.configuration.blocks;
        let (mut criteria, mut condition) = match outer.block {
            Some(index) => (blocks[index].criteria.clone(), blocks[index].condition.clone()),
            None => (BTreeSet::new(), String::new()),
        };
        let mut words: Vec<String> = Vec::new();
        for word in rest.split(|b| b.is_ascii_whitespace() || *b == b'=') {
            if word.starts_with(b"#") {
                break;
            }
            if !word.is_empty() {
                words.push(escape(word));
            }
        }
        let all = words.first().is_some_and(|word| word.eq_ignore_ascii_case("all"));
        if !all {
            let written = words.join(" ");
            if criteria.insert(written.clone()) {
                let joint = if condition.is_empty() { "" } else { " and Match " };
                condition = format!("{condition}{joint}{written}");
            }
        }
        let known = blocks.iter().position(|block| block.criteria == criteria);
        let index = known.or_else(|| {
            (blocks.len() < BLOCKS_MAX).then(|| {
                blocks.push(Block { criteria, condition, settings: BTreeMap::new() });
                blocks.len() - 1
            })
        });
        self.place = Place { block: index, lost: index.is_none() || outer.lost };
        if self.place.lost {
            self.problem(FailureCategory::Truncated, "more Match blocks than are told apart");
        }
    }

    fn set(&mut self, name: &str, rest: &[u8]) {
        let Place { block: Some(index), lost: false } = self.place else { return };
        let blocks = &mut self.configuration.blocks;
        let mut values = if name == "forcecommand" { vec![rest.to_vec()] } else { arguments(rest) };
        self.clock += 1;
        let (_, held) =
            blocks[index].settings.entry(name.to_owned()).or_insert((self.clock, Vec::new()));
        if adds_up(name) {
            held.append(&mut values);
        } else if held.is_empty() {
            *held = values;
        }
    }
}

impl Configuration {
    /// The conditions with what their connections get, `base` first.
    pub(super) fn contexts(&self, base: &Settings) -> Vec<(String, Settings)> {
        self.blocks
            .iter()
            .enumerate()
            .filter(|(at, block)| *at == 0 || !block.settings.is_empty())
            .map(|(_, block)| {
                let mut firsts: BTreeMap<&str, &(u64, Vec<Vec<u8>>)> = BTreeMap::new();
                let used = base.iter().filter(|(name, _)| is_used(name));
                let mut settings: Settings = used.map(|(k, v)| (k.clone(), v.clone())).collect();
                let mut lists = Settings::new();
                let cover = self.blocks.iter().filter(|b| b.criteria.is_subset(&block.criteria));
                for (name, set) in cover.flat_map(|b| &b.settings) {
                    if adds_up(name) {
                        lists.entry(name.clone()).or_default().extend(set.1.iter().cloned());
                    } else {
                        let first = firsts.entry(name).or_insert(set);
                        *first = if set.0 < first.0 { set } else { first };
                    }
                }
                for (name, (_, values)) in firsts {
                    settings.insert(name.to_owned(), values.clone());
                }
                settings.extend(lists);
                let name = if block.criteria.is_empty() { "base" } else { &block.condition };
                (name.to_owned(), settings)
            })
            .collect()
    }
}

/// The keyword of a line and what follows: blanks, or one `=` among blanks.
fn split_keyword(line: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let line = line.trim_ascii();
    if line.is_empty() || line.starts_with(b"#") {
        return None;
    }
    let (keyword, rest) = match line.strip_prefix(b"\"") {
        Some(quoted) => {
            let end = quoted.iter().position(|&b| b == b'"')?;
            (&quoted[..end], &quoted[end + 1..])
        }
        None => {
            let end = line.iter().position(|b| b.is_ascii_whitespace() || *b == b'=');
            line.split_at(end.unwrap_or(line.len()))
        }
    };
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix(b"=").unwrap_or(rest).trim_ascii_start();
    Some((keyword.to_vec(), rest))
}

/// The arguments of a line: blanks separate them, either quote holds them
/// together, a backslash takes a quote, a backslash or (outside) a blank as it
/// is, and `#` at the beginning of one ends the line.
fn arguments(text: &[u8]) -> Vec<Vec<u8>> {
    let mut list = Vec::new();
    let mut bytes = text.iter().copied().peekable();
    loop {
        while bytes.next_if(u8::is_ascii_whitespace).is_some() {}
        match bytes.peek() {
            None | Some(b'#') => return list,
            Some(_) => {}
        }
        let mut argument = Vec::new();
        let mut quote = None;
        while let Some(byte) = bytes.next() {
            match (quote, byte) {
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                (_, b'\\') => {
                    let special =
                        |b: &u8| matches!(b, b'"' | b'\'' | b'\\') || quote.is_none() && *b == b' ';
                    argument.push(bytes.next_if(special).unwrap_or(b'\\'));
                }
                (None, _) if byte.is_ascii_whitespace() => break,
                _ => argument.push(byte),
            }
        }
        list.push(argument);
    }
}

#[cfg(test)]
mod tests;
