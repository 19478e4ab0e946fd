//! The rules that the kernel holds now, from what the tools print.

use super::super::whole_lines;
use super::model::{Family, Table};
use super::packet::Reading;
use super::{IPTABLES, NFT, iptables, nft};
use crate::frame::{Frame, Frames};
use crate::problem::{Problem, arrived, exit_problem, stopped};
use crate::status;
use anji_model::FailureCategory;

/// The tables that were seen, and what keeps them from being all there are.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) tables: Vec<Table>,
    /// By family, why tables may be missing.
    pub(super) unseen: Vec<(Family, Problem)>,
    /// Whether anything answered at all.
    pub(super) answered: bool,
}

/// The names of tables that iptables speaks of.
const BUILT_IN: [&str; 5] = ["filter", "nat", "mangle", "raw", "security"];

/// What one backend of iptables said for one family.
struct Section<'f> {
    backend: &'f [u8],
    family: Family,
    outcome: &'f [u8],
    lines: Vec<&'f [u8]>,
}

pub(super) fn read(frames: &Frames) -> Live {
    let reading = reading(frames);
    let mut live = Live::default();
    let sections = sections(frames);
    let (ruleset, nft_problem) = match nft_tables(frames, reading) {
        Ok(found) => {
            live.answered = true;
            (found, None)
        }
        Err(problem) => (Nft::Unseen, Some(problem)),
    };
    for family in Family::ALL {
        let legacy = match &sections {
            Ok(sections) => backend(sections, b"legacy", family, reading),
            Err(problem) => Err(problem.clone()),
        };
        match legacy {
            Ok(tables) => {
                live.answered |= !tables.is_empty();
                live.tables.extend(tables);
            }
            Err(problem) => live.unseen.push((family, problem)),
        }
        let translated = match &sections {
            Ok(sections) => backend(sections, b"nft", family, reading),
            Err(problem) => Err(problem.clone()),
        };
        live.nft(family, &ruleset, nft_problem.as_ref(), translated);
    }
    if let Nft::Ruleset(tables) = ruleset {
        live.tables.extend(tables);
    }
    live
}

/// What is known of nf_tables.
#[derive(Debug)]
enum Nft {
    /// Every table, with its rules.
    Ruleset(Vec<Table>),
    /// The number of the family and the name of every table.
    Names(Vec<(u8, String)>),
    Unseen,
}

impl Live {
    /// Adds what the tool of iptables for nf_tables shows of it, where nft
    /// itself did not show it or could not tell another tool's matches.
    fn nft(
        &mut self,
        family: Family,
        ruleset: &Nft,
        problem: Option<&Problem>,
        translated: Result<Vec<Table>, Problem>,
    ) {
        match ruleset {
            Nft::Ruleset(_) => {
                // `replace_foreign` has used it; what failed is no loss.
            }
            Nft::Names(names) => {
                let number = if family == Family::Ip4 { 2 } else { 10 };
                let shown = translated.unwrap_or_default();
                let has = |name: &str| {
                    shown.iter().any(|table| table.name.rsplit(' ').next() == Some(name))
                };
                let hidden = names.iter().find(|(of, name)| match *of {
                    2 | 10 => *of == number && !has(name),
                    // inet, a bridge, a device; arp is no matter.
                    3 => false,
                    _ => true,
                });
                if hidden.is_some() {
                    let detail = "no nft to show a table of nf_tables that iptables does not show";
                    let problem = Problem::new(FailureCategory::ToolMissing, detail);
                    self.unseen.push((family, problem));
                }
                self.answered = true;
                self.tables.extend(shown);
            }
            Nft::Unseen => {
                if let Ok(tables) = translated {
                    self.answered |= !tables.is_empty();
                    self.tables.extend(tables);
                }
                self.unseen.extend(problem.map(|problem| (family, problem.clone())));
            }
        }
    }
}

/// What the text of all rules says of how they are to be read.
fn reading(frames: &Frames) -> Reading {
    let frames = [NFT, IPTABLES].iter().filter_map(|id| frames.get(id));
    Reading::of(&frames.flat_map(|frame| frame.data.iter().copied()).collect::<Vec<_>>())
}

fn nft_tables(frames: &Frames, reading: Reading) -> Result<Nft, Problem> {
    let frame = arrived(frames, NFT)?;
    if let Some(problem) = stopped(frame) {
        return Err(problem);
    }
    match frame.exit {
        // The kernel has no nf_tables, and so no rules of it.
        Some(status::ABSENT) if frame.data.is_empty() => return Ok(Nft::Ruleset(Vec::new())),
        Some(0) => {}
        _ => {
            let refused = b"peration not permitted";
            let refused = frame.diagnostics.windows(refused.len()).any(|said| said == refused);
            let mut problem = exit_problem(frame).unwrap_or_else(|| odd(frame));
            if refused {
                problem.category = FailureCategory::Permission;
            }
            return Err(problem);
        }
    }
    let head = b"ruleset\n".as_slice();
    if let Some(text) = frame.data.strip_prefix(head) {
        let text = String::from_utf8_lossy(text);
        let ruleset = nft::read(&text, None, reading)?;
        if let Some(doubt) = ruleset.doubt {
            return Err(doubt);
        }
        return replace_foreign(frames, ruleset.tables, reading);
    }
    let mut lines = whole_lines(frame);
    if lines.next() != Some(b"tables") {
        return Err(odd(frame));
    }
    let table = |line: &[u8]| {
        let text = std::str::from_utf8(line).ok()?;
        let (family, name) = text.split_once(' ')?;
        Some((family.parse().ok()?, name.to_owned()))
    };
    let names: Option<Vec<(u8, String)>> = lines.map(table).collect();
    names.map(Nft::Names).ok_or_else(|| odd(frame))
}

/// Tables with matches that nft cannot tell, as iptables itself tells them.
fn replace_foreign(
    frames: &Frames,
    mut tables: Vec<Table>,
    reading: Reading,
) -> Result<Nft, Problem> {
    if !tables.iter().any(|table| table.foreign) {
        return Ok(Nft::Ruleset(tables));
    }
    // Where iptables does not say, nft's own words stand: less certain.
    let Ok(sections) = sections(frames) else { return Ok(Nft::Ruleset(tables)) };
    for family in Family::ALL {
        let Ok(told) = backend(&sections, b"nft", family, reading) else { continue };
        for table in told {
            let place = tables.iter_mut().find(|known| known.foreign && known.name == table.name);
            if let Some(place) = place {
                *place = table;
            }
        }
    }
    Ok(Nft::Ruleset(tables))
}

fn odd(frame: &Frame) -> Problem {
    let detail = format!("capture {} has another form", frame.id);
    Problem::new(FailureCategory::Unparsable, detail)
}

fn sections(frames: &Frames) -> Result<Vec<Section<'_>>, Problem> {
    let frame = arrived(frames, IPTABLES)?;
    if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
        return Err(problem);
    }
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in whole_lines(frame) {
        if let Some(data) = line.strip_prefix(b" ") {
            sections.last_mut().ok_or_else(|| odd(frame))?.lines.push(data);
            continue;
        }
        let mut words = line.strip_prefix(b"@").ok_or_else(|| odd(frame))?.split(|b| *b == b' ');
        let (Some(backend), Some(family), Some(outcome), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(odd(frame));
        };
        let family = match family {
            b"ip4" => Family::Ip4,
            b"ip6" => Family::Ip6,
            _ => return Err(odd(frame)),
        };
        sections.push(Section { backend, family, outcome, lines: Vec::new() });
    }
    Ok(sections)
}

fn backend(
    sections: &[Section<'_>],
    name: &[u8],
    family: Family,
    reading: Reading,
) -> Result<Vec<Table>, Problem> {
    let mut found = sections.iter().filter(|s| s.backend == name && s.family == family);
    let what = String::from_utf8_lossy(name);
    let (Some(section), None) = (found.next(), found.next()) else {
        let detail = format!("nothing of {what} iptables for {}", family.name());
        return Err(Problem::new(FailureCategory::Incomplete, detail));
    };
    let (category, why) = match section.outcome {
        b"none" => return Ok(Vec::new()),
        b"0" => {
            let ip = if family == Family::Ip4 { "ip" } else { "ip6" };
            let prefix = if name == b"legacy" { format!("legacy {ip}") } else { ip.to_owned() };
            let tables = iptables::read(family, &prefix, section.lines.iter().copied(), reading)?;
            let built_in = |table: &Table| {
                table.name.rsplit(' ').next().is_some_and(|name| BUILT_IN.contains(&name))
            };
            return match tables.iter().all(built_in) {
                true => Ok(tables),
                false => Err(Problem::new(FailureCategory::Unparsable, "a table of no known name")),
            };
        }
        b"denied" => (FailureCategory::Permission, "permission denied"),
        b"tool" => (FailureCategory::ToolMissing, "no tool for it on the target"),
        _ => (FailureCategory::CommandFailed, "the tool failed"),
    };
    Err(Problem::new(category, format!("{what} iptables for {}: {why}", family.name())))
}
