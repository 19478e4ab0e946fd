//! The questions that rules are asked: is inbound traffic denied by default,
//! and what is open.

use super::model::{Family, ICMP, ICMP6, PORT_MAX, Protocols, TCP, Table, UDP};
use super::names::{PROTOCOLS, show_addresses};
use super::ranges::Ranges;
use super::walk::{Flow, Interfaces, Space, TooComplex, Walk};
use crate::escape::escape_bounded;
use std::collections::{BTreeMap, BTreeSet};

/// What the rules do with the packets of one interface by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Default {
    Deny,
    Allow,
    Unknown,
}

/// The answer for one family and interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inbound {
    pub(super) interface: String,
    pub(super) default: Default,
    pub(super) reason: String,
}

/// Packets of one kind that are let in from outside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Opening {
    pub(super) family: Family,
    pub(super) protocol: String,
    pub(super) ports: Option<(u16, u16)>,
    pub(super) interface: String,
    pub(super) sources: Vec<String>,
    /// Nothing where it depends on what the model does not know.
    pub(super) anyone: Option<bool>,
    /// Whether it depends on what the model does not know.
    pub(super) conditional: bool,
}

/// What the rules of one family come to.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) inbound: Vec<Inbound>,
    pub(super) openings: Vec<Opening>,
    pub(super) too_complex: bool,
}

/// Walks the base chains of `tables` for one family. `seen` says whether the
/// tables are all there are: what is not seen can only refuse more.
pub(super) fn answer(family: Family, tables: &[&Table], seen: bool) -> Answer {
    let interfaces = Interfaces::of(tables.iter().copied());
    let mut walk = Walk::new(family, &interfaces);
    let all = walk.everything();
    let mut flow = Flow { may: vec![all.clone()], must: vec![all] };
    let mut stages = Vec::new();
    let mut too_complex = false;
    let mut chains: Vec<_> = tables
        .iter()
        .filter(|table| table.scope.sees(family))
        .flat_map(|table| table.chains.iter().map(move |(name, chain)| (*table, name, chain)))
        .filter_map(|(table, name, chain)| Some((table, name, chain, chain.hook.as_ref()?)))
        .filter(|(_, _, _, hook)| matches!(hook.name.as_str(), "prerouting" | "input"))
        .collect();
    chains.sort_by_key(|(table, name, _, hook)| {
        (hook.name == "input", hook.priority, table.name.clone(), (*name).clone())
    });
    let translated = translates(tables, family);
    for (table, name, chain, hook) in chains {
        let early = hook.name == "prerouting";
        match walk.base(table, chain, flow.clone()) {
            // Destinations change on the way: what is refused here may be
            // meant for another port than the one it is sent to.
            Ok(passed) if early && translated => flow.must = passed.must,
            Ok(passed) => flow = passed,
            Err(TooComplex) => {
                too_complex = true;
                flow.must.clear();
            }
        }
        if hook.kind != "nat" {
            let label = format!("{} {name}", table.name);
            stages.push((escape_bounded(label.as_bytes(), 120), chain.drops));
        }
    }
    if !seen || link_refuses(tables) {
        flow.must.clear();
    }
    flow = Flow { may: merged(flow.may), must: merged(flow.must) };
    let both = flow.may.iter().chain(&flow.must);
    let size: usize = both.map(|space| 1 + space.sources.as_slice().len()).sum();
    let edges: usize = flow.may.iter().map(|space| space.ports.as_slice().len()).sum();
    if size.saturating_mul(edges.saturating_add(interfaces.labels().count())) > ANSWER_MAX {
        too_complex = true;
        flow = Flow { may: vec![walk.everything()], must: Vec::new() };
    }
    let inbound = inbound(&interfaces, &flow, &stages, family);
    let openings = openings(family, &interfaces, &flow);
    Answer { inbound, openings, too_complex }
}

/// How much is compared before the answer is given up.
const ANSWER_MAX: usize = 20_000_000;

/// Whether rules send packets to other ports or hosts.
fn translates(tables: &[&Table], family: Family) -> bool {
    let chains = tables.iter().filter(|table| table.scope.sees(family));
    chains.flat_map(|table| table.chains.values()).any(|chain| {
        let nat = chain.hook.as_ref().is_some_and(|h| h.kind == "nat" && h.name == "prerouting");
        nat && !chain.rules.is_empty()
    })
}

/// Whether rules of a bridge or a device may refuse packets before.
fn link_refuses(tables: &[&Table]) -> bool {
    let links = tables.iter().filter(|table| table.scope == super::model::Scope::Link);
    links
        .filter(|table| !table.name.starts_with("arp"))
        .any(|table| table.chains.values().any(|chain| chain.drops || !chain.rules.is_empty()))
}

/// More sources than these are anybody: a sixteenth of all addresses.
fn anyone(family: Family, sources: &Ranges) -> bool {
    match family {
        Family::Ip4 => sources.count() > 1 << 28,
        Family::Ip6 => sources.count() > 1 << 124,
    }
}

/// Boxes that differ in one respect alone, made one.
fn merged(list: Vec<Space>) -> Vec<Space> {
    let mut by_ports: BTreeMap<(Protocols, u64, Ranges), Vec<(u128, u128)>> = BTreeMap::new();
    for space in list {
        let key = (space.protocols, space.interfaces, space.sources);
        by_ports.entry(key).or_default().extend(space.ports.as_slice());
    }
    let mut by_sources: BTreeMap<(Protocols, u64, Ranges), Vec<(u128, u128)>> = BTreeMap::new();
    for ((protocols, interfaces, sources), ports) in by_ports {
        let key = (protocols, interfaces, Ranges::new(ports));
        by_sources.entry(key).or_default().extend(sources.as_slice());
    }
    type Key = (Protocols, u64, Ranges);
    let space = |((protocols, interfaces, ports), sources): (Key, Vec<(u128, u128)>)| Space {
        protocols,
        ports,
        sources: Ranges::new(sources),
        interfaces,
    };
    by_sources.into_iter().map(space).collect()
}

/// The sources that get to each range of ports of a protocol.
fn by_port(list: &[Space], protocol: u8, interface: u64) -> Vec<((u128, u128), Ranges)> {
    let mut edges: BTreeMap<u128, Vec<usize>> = BTreeMap::from([(0, Vec::new())]);
    for (at, space) in list.iter().enumerate() {
        if !space.protocols.has(protocol) || space.interfaces & interface == 0 {
            continue;
        }
        for (low, high) in space.ports.as_slice() {
            // Each edge of a box turns it on or off.
            edges.entry(*low).or_default().push(at);
            edges.entry(high + 1).or_default().push(at);
        }
    }
    let mut on: BTreeSet<usize> = BTreeSet::new();
    let mut out: Vec<((u128, u128), Ranges)> = Vec::new();
    for (low, turned) in edges.range(..=PORT_MAX) {
        for at in turned {
            if !on.remove(at) {
                on.insert(*at);
            }
        }
        let sources = match on.len() {
            1 => on.iter().map(|at| list[*at].sources.clone()).next().unwrap_or_default(),
            _ => Ranges::new(on.iter().flat_map(|at| list[*at].sources.as_slice()).copied()),
        };
        if let Some(((_, high), _)) = out.last_mut() {
            *high = low - 1;
        }
        match out.last() {
            Some((_, last)) if *last == sources => {}
            _ => out.push(((*low, PORT_MAX), sources)),
        }
    }
    if let Some(((_, high), _)) = out.last_mut() {
        *high = PORT_MAX;
    }
    out
}

/// The sources that get to some port, or with some type, of a protocol.
fn at_all(list: &[Space], protocol: u8, interface: u64) -> Ranges {
    let there = list
        .iter()
        .filter(|space| space.protocols.has(protocol) && space.interfaces & interface != 0);
    Ranges::new(there.flat_map(|space| space.sources.as_slice()).copied())
}

/// Whether most packets of one kind are let in: more than one in sixteen
/// of TCP or of UDP, or more than half of the other protocols.
fn mostly_open(family: Family, list: &[Space], interface: u64) -> Option<&'static str> {
    for (protocol, name) in [(TCP, "tcp"), (UDP, "udp")] {
        let open = by_port(list, protocol, interface);
        let open = open.iter().filter(|(_, sources)| anyone(family, sources));
        let count: u128 = open.map(|((low, high), _)| high - low + 1).sum();
        if count > PORT_MAX / 16 {
            return Some(name);
        }
    }
    let others = (0..=u8::MAX).filter(|protocol| ![TCP, UDP].contains(protocol));
    let mut count = 0;
    let mut known: BTreeMap<Vec<bool>, bool> = BTreeMap::new();
    for protocol in others {
        // Protocols that stand in the same boxes have the same answer.
        let key: Vec<bool> = list.iter().map(|space| space.protocols.has(protocol)).collect();
        let open =
            known.entry(key).or_insert_with(|| anyone(family, &at_all(list, protocol, interface)));
        count += u32::from(*open);
    }
    (count > 127).then_some("other protocols")
}

fn inbound(
    interfaces: &Interfaces,
    flow: &Flow,
    stages: &[(String, bool)],
    family: Family,
) -> Vec<Inbound> {
    let labels: Vec<&str> = interfaces.labels().collect();
    let of = |at: usize| {
        let bit = 1u64 << at;
        let refused = || {
            let drops: Vec<_> = stages.iter().filter(|(_, drops)| *drops).collect();
            match drops.first() {
                Some((name, _)) => format!("{name} has the policy drop"),
                None => "rules refuse what they do not let in".to_owned(),
            }
        };
        let (default, reason) = match mostly_open(family, &flow.may, bit) {
            None => (Default::Deny, refused()),
            Some(what) => match mostly_open(family, &flow.must, bit) {
                Some(what) if stages.is_empty() => {
                    (Default::Allow, format!("no rules for incoming packets ({what} and all)"))
                }
                Some(what) => (Default::Allow, format!("most of {what} is let in from anywhere")),
                None => (
                    Default::Unknown,
                    format!("most of {what} is let in on conditions that are not known"),
                ),
            },
        };
        Inbound { interface: labels[at].to_owned(), default, reason }
    };
    let any = of(labels.len() - 1);
    let mut all: Vec<Inbound> = (0..labels.len() - 1)
        .map(of)
        .filter(|inbound| (inbound.default, &inbound.reason) != (any.default, &any.reason))
        .collect();
    all.push(any);
    all
}

/// The most ranges of sources that exceptions from everybody are told by.
const SOURCES_MAX: usize = 64;
/// The most openings that are told.
pub(super) const OPENINGS_MAX: usize = 2_000;

fn openings(family: Family, interfaces: &Interfaces, flow: &Flow) -> Vec<Opening> {
    // By protocol, ports, sources and answer: the interfaces.
    type Key = (String, Option<(u16, u16)>, Vec<String>, Option<bool>, bool);
    let labels: Vec<&str> = interfaces.labels().collect();
    let mut found: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for at in 0..labels.len() {
        let bit = 1u64 << at;
        let mut tell = |protocol: &str, ports: Option<(u16, u16)>, may: &Ranges, must: &Ranges| {
            if may.is_empty() || found.len() > OPENINGS_MAX {
                return;
            }
            let open = match (anyone(family, may), anyone(family, must)) {
                (false, _) => Some(false),
                (true, true) => Some(true),
                (true, false) => None,
            };
            // Everybody but a long list of exceptions is everybody.
            let sources = match may.as_slice().len() > SOURCES_MAX && open != Some(false) {
                true => vec![everybody(family)],
                false => show_addresses(family, may),
            };
            let conditional = !must.contains_all(may);
            let key = (protocol.to_owned(), ports, sources, open, conditional);
            found.entry(key).or_default().push(at);
        };
        for (protocol, name) in [(TCP, "tcp"), (UDP, "udp")] {
            let must = by_port(&flow.must, protocol, bit);
            for ((low, high), may) in by_port(&flow.may, protocol, bit) {
                for ((from, to), must) in &must {
                    let (low, high) = (low.max(*from), high.min(*to));
                    let port = |number: u128| u16::try_from(number).unwrap_or(u16::MAX);
                    if low <= high {
                        tell(name, Some((port(low), port(high))), &may, must);
                    }
                }
            }
        }
        let mut groups: BTreeMap<(Ranges, Ranges), Vec<u8>> = BTreeMap::new();
        let mut known: BTreeMap<Vec<bool>, (Ranges, Ranges)> = BTreeMap::new();
        // The other family's ICMP goes nowhere.
        let strange = if family == Family::Ip4 { ICMP6 } else { ICMP };
        for protocol in (0..=u8::MAX).filter(|p| ![TCP, UDP, strange].contains(p)) {
            let both = flow.may.iter().chain(&flow.must);
            let key: Vec<bool> = both.map(|space| space.protocols.has(protocol)).collect();
            let sources = known.entry(key).or_insert_with(|| {
                (at_all(&flow.may, protocol, bit), at_all(&flow.must, protocol, bit))
            });
            groups.entry(sources.clone()).or_default().push(protocol);
        }
        for ((may, must), protocols) in groups {
            if protocols.len() > 16 {
                tell("others", None, &may, &must);
            } else {
                protocols.iter().for_each(|one| tell(&protocol_name(*one), None, &may, &must));
            }
        }
    }
    let shown = |ats: Vec<usize>| match ats.len() == labels.len() {
        true => "any".to_owned(),
        false => {
            let name = |at: usize| if at + 1 == labels.len() { "others" } else { labels[at] };
            ats.into_iter().map(name).collect::<Vec<_>>().join(",")
        }
    };
    let opening = |(key, ats): (Key, Vec<usize>)| {
        let (protocol, ports, sources, anyone, conditional) = key;
        let interface = escape_bounded(shown(ats).as_bytes(), 200);
        Opening { family, protocol, ports, interface, sources, anyone, conditional }
    };
    found.into_iter().map(opening).collect()
}

/// The network of everybody.
pub(super) fn everybody(family: Family) -> String {
    match family {
        Family::Ip4 => "0.0.0.0/0".to_owned(),
        Family::Ip6 => "::/0".to_owned(),
    }
}

fn protocol_name(number: u8) -> String {
    match number {
        ICMP => "icmp".to_owned(),
        ICMP6 => "icmpv6".to_owned(),
        _ => {
            let known = PROTOCOLS.iter().find(|(_, known)| *known == number);
            known.map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
        }
    }
}
