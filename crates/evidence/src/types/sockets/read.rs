//! The parser: rows to listeners.

use super::super::{decimal, whole_lines};
use super::table::{self, Address, Holders, Row};
use super::{Body, Listener, SOCKETS};
use crate::body::canonical_list;
use crate::escape::escape;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped};
use anji_model::{FailureCategory, Gap, GapKind};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The kernel's own default, where the host does not say.
const EPHEMERAL: (u16, u16) = (32768, 60999);

struct Sighting {
    rows: Vec<Row>,
    ephemeral: (u16, u16),
    /// Whether every process could be seen.
    all: bool,
    holders: BTreeMap<u64, BTreeSet<Vec<u8>>>,
    unread: u64,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let frame = arrived(frames, SOCKETS)?;
    let half = stopped(frame);
    if half.is_none()
        && let Some(problem) = exit_problem(frame)
    {
        return Err(problem);
    }
    let sighting = sight(frame);
    let mut gaps = Vec::new();
    if let Some(problem) = half {
        if sighting.rows.is_empty() {
            return Err(problem);
        }
        gaps.push(problem.partial("listeners"));
    }
    if sighting.unread > 0 {
        let detail = format!("{} lines could not be read", sighting.unread);
        gaps.push(Problem::new(FailureCategory::Unparsable, detail).partial("listeners"));
    }
    let listeners = sighting.rows.iter().map(|row| sighting.listener(row, &mut gaps));
    let body = Body { listeners: canonical_list(listeners) };
    Ok(Parsed::collected(&body, canonical_list(gaps)))
}

fn sight(frame: &Frame) -> Sighting {
    let mut sighting = Sighting {
        rows: Vec::new(),
        ephemeral: EPHEMERAL,
        all: false,
        holders: BTreeMap::new(),
        unread: 0,
    };
    let mut table = None;
    for line in whole_lines(frame) {
        let trimmed = line.trim_ascii();
        if let Some(rest) = line.strip_prefix(b"range ") {
            let mut ends = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            let ends = (ends.next().and_then(decimal::<u16>), ends.next().and_then(decimal::<u16>));
            if let (Some(low), Some(high)) = ends {
                // A host whose range was widened must not turn services into
                // client sockets: never more than the kernel's own range.
                sighting.ephemeral = (low.max(EPHEMERAL.0), high.min(EPHEMERAL.1));
            }
        } else if let Some(rest) = line.strip_prefix(b"rights ") {
            sighting.all = rest == b"all";
        } else if let Some(rest) = line.strip_prefix(b"table ") {
            table = table::protocol(rest);
            sighting.unread += u64::from(table.is_none());
        } else if let Some(rest) = line.strip_prefix(b"holder ") {
            sighting.holder(rest);
        } else if trimmed.is_empty()
            || [&b"Netid"[..], b"sl "].iter().any(|h| trimmed.starts_with(h))
        {
            // A heading.
        } else if let Some(row) = match table {
            Some(protocol) => table::proc_row(protocol, line),
            None => table::ss_row(line).map(Some),
        } {
            sighting.rows.extend(row);
        } else {
            sighting.unread += 1;
        }
    }
    sighting
}

impl Sighting {
    fn holder(&mut self, rest: &[u8]) {
        let at = rest.iter().position(|&b| b == b' ');
        match at.and_then(|at| Some((decimal(&rest[..at])?, &rest[at + 1..]))) {
            Some((inode, name)) => {
                self.holders.entry(inode).or_default().insert(name.to_vec());
            }
            None => self.unread += 1,
        }
    }

    /// The names of a row's holders: `Ok(None)` where there is none by fact.
    fn process(&self, row: &Row) -> Result<Option<String>, Problem> {
        let join = |names: &mut dyn Iterator<Item = &Vec<u8>>| {
            canonical_list(names.map(|name| escape(name))).join(",")
        };
        let nobody = || {
            if self.all {
                return Ok(None);
            }
            let detail = "processes of other accounts cannot be seen";
            Err(Problem::new(FailureCategory::Permission, detail))
        };
        match &row.holders {
            Holders::Named(names) => Ok(Some(join(&mut names.iter()))),
            Holders::Inode(inode) => match self.holders.get(inode) {
                Some(names) => Ok(Some(join(&mut names.iter()))),
                None => nobody(),
            },
            Holders::None => nobody(),
            Holders::Unreadable => {
                let detail = "the processes of a socket could not be read";
                Err(Problem::new(FailureCategory::Unparsable, detail))
            }
        }
    }

    fn listener(&self, row: &Row, gaps: &mut Vec<Gap>) -> Listener {
        let Address { ip, zone, port } = &row.address;
        let (low, high) = self.ephemeral;
        let ephemeral = row.protocol == "udp" && (low..=high).contains(port);
        let process = self.process(row);
        if let Err(problem) = &process {
            for path in ["listeners[].process", "listeners[].entry"] {
                let gap = problem.gap(path, GapKind::Unknown);
                if !gaps.contains(&gap) {
                    gaps.push(gap);
                }
            }
        }
        let zone = if zone.is_empty() { String::new() } else { format!("%{}", escape(zone)) };
        let host = ip.map_or_else(|| "*".to_owned(), |ip| ip.to_string());
        let shown = match ip {
            Some(IpAddr::V6(_)) => format!("[{host}]{zone}"),
            _ => format!("{host}{zone}"),
        };
        let entry = process.as_ref().ok().map(|process| {
            let process = process.as_deref().unwrap_or("-");
            match ephemeral {
                true => format!("{} ephemeral {} {process}", row.protocol, scope(*ip)),
                false => format!("{} {shown}:{port} {process}", row.protocol),
            }
        });
        Listener {
            entry,
            protocol: row.protocol.to_owned(),
            address: format!("{host}{zone}"),
            port: (!ephemeral).then_some(*port),
            process: process.unwrap_or(None),
            scope: scope(*ip).to_owned(),
            ephemeral,
        }
    }
}

fn scope(ip: Option<IpAddr>) -> &'static str {
    let plain = ip.map(|ip| ip.to_canonical());
    match plain {
        None => "any",
        Some(ip) if ip.is_unspecified() => "any",
        Some(ip) if ip.is_loopback() => "loopback",
        Some(_) => "specific",
    }
}
