//! What runs, in the running manager's words.

use super::super::whole_lines;
use super::STATE;
use crate::frame::Frames;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use anji_model::FailureCategory;
use std::collections::{BTreeMap, BTreeSet};

/// The state capture.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) name: Vec<u8>,
    /// The program of process 1, where it may be seen.
    pub(super) program: Option<Vec<u8>>,
    pub(super) booted: BTreeSet<Vec<u8>>,
    /// Units of systemd by their name.
    pub(super) units: BTreeMap<Vec<u8>, Shown>,
    /// Whether services of OpenRC and runit are up.
    pub(super) up: BTreeMap<Vec<u8>, bool>,
    pub(super) failed: BTreeSet<Vec<u8>>,
    /// Services of runit whose state may not be seen.
    pub(super) unseen: BTreeSet<Vec<u8>>,
    /// Why systemd's own word is not to be had, if it is not.
    pub(super) refused: Option<Problem>,
}

/// What systemd says of a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) load: Vec<u8>,
    pub(super) active: Vec<u8>,
}

/// Reads the capture; a stopped or failed one is a problem as a whole.
pub(super) fn read(frames: &Frames) -> Result<Live, Problem> {
    let frame = arrived(frames, STATE)?;
    if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
        return Err(problem);
    }
    let mut live = Live::default();
    let (mut ended, mut met_exe) = (false, false);
    for line in whole_lines(frame) {
        if ended {
            return Err(unreadable());
        }
        let blank = line.iter().position(|&b| b == b' ');
        let (word, rest) = blank.map_or((line, &[][..]), |at| (&line[..at], &line[at + 1..]));
        match word {
            b"comm" => live.name = rest.to_vec(),
            b"exe" => {
                met_exe = true;
                live.program = (rest != b"-").then(|| rest.to_vec());
            }
            b"booted" => {
                live.booted.insert(rest.to_vec());
            }
            b"started" | b"up" => {
                live.up.insert(rest.to_vec(), true);
            }
            b"down" => {
                live.up.insert(rest.to_vec(), false);
            }
            b"failed" => {
                live.failed.insert(rest.to_vec());
            }
            b"unseen" => {
                live.unseen.insert(rest.to_vec());
            }
            b"refused" => live.refuse(),
            b"unit" => {
                let mut words = rest.split(|&b| b == b' ').map(<[u8]>::to_vec);
                let (Some(name), Some(load), Some(active)) =
                    (words.next(), words.next(), words.next())
                else {
                    return Err(unreadable());
                };
                live.units.insert(name, Shown { load, active });
            }
            b"end" => ended = true,
            _ => return Err(unreadable()),
        }
    }
    if !ended || !met_exe {
        return Err(unreadable());
    }
    if live.booted.contains(&b"systemd"[..]) && live.units.is_empty() {
        live.refuse();
    }
    Ok(live)
}

fn unreadable() -> Problem {
    Problem::new(FailureCategory::Unparsable, "the capture of states has another form")
}

impl Live {
    fn refuse(&mut self) {
        let detail = "systemd gave no states of its units";
        self.refused = Some(Problem::new(FailureCategory::CommandFailed, detail));
    }
}
