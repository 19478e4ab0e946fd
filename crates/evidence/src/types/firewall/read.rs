//! The parser: all frames to one body.

use super::super::dump::Dump;
use super::super::whole_lines;
use super::answer::{self, Default, OPENINGS_MAX};
use super::boot::{self, Boot};
use super::live::{self, Live};
use super::model::{Family, Table};
use super::{Body, FILES, Inbound, KERNEL, Loader, Opening, Zone, list};
use crate::body::canonical_list;
use crate::escape::escape_bounded;
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, stopped, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::BTreeSet;

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let ids = [KERNEL, super::NFT, super::IPTABLES, super::BOOT, FILES];
    if let Some(problem) = missing(frames, &ids) {
        return Err(problem);
    }
    let mut gaps = Vec::new();
    let interfaces = whole(frames, KERNEL).and_then(interfaces);
    if let Err(problem) = &interfaces {
        for path in ["inbound[].enabled", "boot[].enabled", "inbound[].inside", "boot[].inside"] {
            gaps.push(problem.unknown(path));
        }
    }
    let host = interfaces.as_ref().ok();
    let live = live::read(frames);
    let (inbound, openings) = now(&live, host, &mut gaps);
    let tables: Vec<&Table> = live.tables.iter().collect();
    let (rules, more) = list::rules(&tables);
    if more {
        let detail = "more rules than are told";
        gaps.push(Problem::new(FailureCategory::Truncated, detail).partial("rules"));
    }
    for (_, problem) in &live.unseen {
        gaps.push(problem.partial("rules"));
    }
    let dump = arrived(frames, FILES)
        .and_then(|frame| stopped(frame).map_or(Ok(frame), Err))
        .and_then(Dump::read);
    let boot = boot::read(frames, dump.as_ref().map_err(Clone::clone));
    let later = later(&boot, host, &mut gaps);
    let body = Body {
        inbound: canonical_list(inbound),
        boot: canonical_list(later),
        openings: canonical_list(openings),
        rules: canonical_list(rules),
        loaders: canonical_list(
            boot.loaders
                .iter()
                .map(|(name, understood)| Loader { name: name.clone(), understood: *understood }),
        ),
        zones: canonical_list(zones(&boot)),
    };
    Ok(Parsed::collected(&body, gaps))
}

/// Why nothing can be said, if no capture arrived.
fn missing(frames: &Frames, ids: &[&str]) -> Option<Problem> {
    let problems: Vec<Problem> = ids.iter().filter_map(|id| arrived(frames, id).err()).collect();
    (problems.len() == ids.len()).then(|| problems.into_iter().next()).flatten()
}

/// What the kernel says of the host's interfaces.
struct Interfaces {
    ip6: bool,
    /// Bridges to the host's own containers and guests.
    inside: BTreeSet<String>,
}

fn interfaces(frame: &Frame) -> Result<Interfaces, Problem> {
    let mut ip6 = None;
    let mut inside = BTreeSet::new();
    for line in whole_lines(frame) {
        match (line, line.strip_prefix(b"inside ")) {
            (b"ip6 on", _) => ip6 = Some(true),
            (b"ip6 off", _) => ip6 = Some(false),
            (_, Some(name)) => drop(inside.insert(escape_bounded(name, 60))),
            _ => ip6 = None,
        }
    }
    ip6.map(|ip6| Interfaces { ip6, inside }).ok_or_else(|| {
        let detail = "the host's interfaces are told in another form";
        Problem::new(FailureCategory::Unparsable, detail)
    })
}

fn word(default: Default) -> Option<String> {
    match default {
        Default::Deny => Some("deny".to_owned()),
        Default::Allow => Some("allow".to_owned()),
        Default::Unknown => None,
    }
}

/// What is not understood in rules that were seen.
fn undecided(too_complex: bool) -> Problem {
    let detail = match too_complex {
        true => "the rules are too many to be walked through",
        false => "it depends on conditions of rules that are not understood",
    };
    Problem::new(FailureCategory::Unsupported, detail)
}

/// Whether the host speaks a family.
fn enabled(host: Option<&Interfaces>, family: Family) -> Option<bool> {
    match family {
        Family::Ip4 => Some(true),
        Family::Ip6 => host.map(|host| host.ip6),
    }
}

fn record(
    family: Family,
    host: Option<&Interfaces>,
    found: &answer::Inbound,
    reason: String,
) -> Inbound {
    let interface = escape_bounded(found.interface.as_bytes(), 60);
    Inbound {
        name: format!("{} {interface}", family.name()),
        family: family.name().to_owned(),
        enabled: enabled(host, family),
        inside: host.map(|host| host.inside.contains(&interface)),
        interface,
        default: word(found.default),
        reason,
    }
}

fn now(
    live: &Live,
    host: Option<&Interfaces>,
    gaps: &mut Vec<Gap>,
) -> (Vec<Inbound>, Vec<Opening>) {
    let tables: Vec<&Table> = live.tables.iter().collect();
    let (mut inbound, mut openings) = (Vec::new(), Vec::new());
    for family in Family::ALL {
        let unseen = live.unseen.iter().find(|(of, _)| *of == family).map(|(_, problem)| problem);
        let answer = answer::answer(family, &tables, unseen.is_none());
        let why = unseen.cloned().unwrap_or_else(|| undecided(answer.too_complex));
        for found in &answer.inbound {
            let reason = match found.default {
                Default::Unknown => why.detail.clone(),
                _ => found.reason.clone(),
            };
            inbound.push(record(family, host, found, reason));
            if found.default == Default::Unknown {
                gaps.push(why.unknown("inbound[].default"));
            }
        }
        if enabled(host, family) == Some(false) {
            continue;
        }
        if unseen.is_some() && !live.answered {
            // Nothing is known: that everything may be open is no news.
            gaps.push(why.partial("openings"));
            continue;
        }
        if answer.openings.iter().any(|opening| opening.anyone.is_none()) {
            gaps.push(why.unknown("openings[].anyone"));
        }
        if answer.openings.len() >= OPENINGS_MAX {
            let detail = "more openings than are told";
            gaps.push(Problem::new(FailureCategory::Truncated, detail).partial("openings"));
        }
        openings.extend(answer.openings.iter().take(OPENINGS_MAX).map(opening));
    }
    (inbound, openings)
}

fn opening(found: &answer::Opening) -> Opening {
    let answer::Opening { family, protocol, ports, interface, sources, anyone, conditional } =
        found;
    let ports_text = match ports {
        Some((low, high)) if low == high => format!(" {low}"),
        Some((low, high)) => format!(" {low}-{high}"),
        None => String::new(),
    };
    let through = match interface.as_str() {
        "any" => String::new(),
        names => format!(" through {names}"),
    };
    let perhaps = if *conditional { " on conditions" } else { "" };
    let shown = match sources.len() {
        0..=8 => sources.join(","),
        more => format!("{} and {} more", sources[..8].join(","), more - 8),
    };
    Opening {
        entry: format!("{} {protocol}{ports_text}{through} from {shown}{perhaps}", family.name()),
        family: family.name().to_owned(),
        protocol: protocol.clone(),
        port_from: ports.map(|(low, _)| i64::from(low)),
        port_to: ports.map(|(_, high)| i64::from(high)),
        interface: interface.clone(),
        sources: canonical_list(sources.iter().cloned()),
        anyone: *anyone,
        conditional: *conditional,
    }
}

fn later(boot: &Boot, host: Option<&Interfaces>, gaps: &mut Vec<Gap>) -> Vec<Inbound> {
    let tables: Vec<&Table> = boot.tables.iter().collect();
    let mut all = Vec::new();
    for (_, problem) in &boot.unseen {
        gaps.push(problem.partial("loaders"));
    }
    for family in Family::ALL {
        let unseen = boot.unseen.iter().find(|(of, _)| *of == family).map(|(_, problem)| problem);
        let answer = answer::answer(family, &tables, unseen.is_none());
        let why = unseen.cloned().unwrap_or_else(|| undecided(answer.too_complex));
        for found in &answer.inbound {
            let reason = match found.default {
                Default::Unknown => why.detail.clone(),
                Default::Allow if boot.loaders.is_empty() => {
                    "nothing that begins at boot loads rules".to_owned()
                }
                _ => found.reason.clone(),
            };
            all.push(record(family, host, found, reason));
            if found.default == Default::Unknown {
                gaps.push(why.unknown("boot[].default"));
            }
        }
    }
    all
}

fn zones(boot: &Boot) -> Vec<Zone> {
    let Some(configuration) = &boot.zones else { return Vec::new() };
    let zone = |(name, zone): (&String, &super::firewalld::Zone)| Zone {
        name: name.clone(),
        default: *name == configuration.default_zone,
        target: zone.target.clone(),
        interfaces: canonical_list(zone.interfaces.iter().cloned()),
        sources: canonical_list(zone.sources.iter().cloned()),
        services: canonical_list(zone.services.iter().cloned()),
        ports: canonical_list(zone.ports.iter().cloned()),
    };
    configuration.zones.iter().map(zone).collect()
}
