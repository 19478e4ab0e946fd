//! What a rule asks of a packet, and whether a first packet from outside has it.

use super::model::{
    Certainty, Family, ICMP, ICMP6, InterfaceMatch, PORT_MAX, Protocols, Region, TCP, WITH_PORTS,
};
use super::names;
use super::ranges::Ranges;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Source(Family),
    Destination(Family),
    /// The ports of these protocols; `None` for whatever has ports.
    Port(Option<u8>),
    SourcePort(Option<u8>),
    Protocol,
    /// The protocol that the header of IPv4 or IPv6 names.
    Header(Family),
    Family,
    Interface,
    Icmp(Family),
    State,
    /// `original` or `reply`.
    Direction,
    /// `dnat`, `snat` ...
    Status,
    /// The kind of the destination: `local`, `multicast` ...
    DestinationKind,
    /// `host`, `broadcast`, `multicast`.
    PacketKind,
    /// Nothing that the model knows.
    Other,
}

/// How the rules of a host are to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// Some rule lets packets pass untracked.
    pub(super) notrack: bool,
    /// What rules do to destinations.
    pub(super) dnat: Dnat,
}

/// The ports that packets with a changed destination may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Dnat {
    /// No rule changes destinations.
    #[default]
    None,
    /// These alone; an unused place repeats another.
    Ports([u16; DNAT_MAX]),
    Any,
}

const DNAT_MAX: usize = 32;

impl Reading {
    /// What the words of all rules say, in any tool's language.
    pub(super) fn of(text: &[u8]) -> Self {
        let text = text.to_ascii_lowercase();
        let has = |word: &str| text.windows(word.len()).any(|w| w == word.as_bytes());
        let mut ports = std::collections::BTreeSet::new();
        let mut any = false;
        for line in text.split(|b| *b == b'\n') {
            let line = String::from_utf8_lossy(line);
            let line = line.trim();
            let signs = ["dnat to", "dnat ip", "-j dnat", "-j redirect", "redirect to"];
            if signs.iter().any(|sign| line.contains(sign)) || line.ends_with(" redirect") {
                match new_port(line) {
                    Some(port) => any |= !ports.insert(port) && ports.len() > DNAT_MAX,
                    None => any = true,
                }
            }
        }
        let mut list = ports.iter().copied();
        let dnat = match list.next() {
            _ if any || ports.len() > DNAT_MAX => Dnat::Any,
            None => Dnat::None,
            Some(first) => {
                let mut held = [first; DNAT_MAX];
                held.iter_mut().skip(1).zip(list).for_each(|(place, port)| *place = port);
                Dnat::Ports(held)
            }
        };
        Self { notrack: has("notrack"), dnat }
    }
}

/// The one port that a rule sends packets to, where it names one.
fn new_port(line: &str) -> Option<u16> {
    let mut words = line.split_ascii_whitespace();
    let goal = words.find(|word| matches!(*word, "to" | "--to-destination" | "--to-ports"));
    let (goal, value) = (goal?, words.next()?);
    if goal == "--to-ports" {
        return value.parse().ok();
    }
    let (address, port) = value.rsplit_once(':')?;
    // An address of IPv6 without a port ends in a number too.
    let whole = !address.contains(':') || address.ends_with(']');
    port.parse().ok().filter(|_| whole)
}

/// Narrows `region` to what the new ports can be.
fn narrow_to_translated(region: &mut Region, reading: Reading) {
    if let Dnat::Ports(ports) = reading.dnat {
        let ports = ports.iter().map(|port| (u128::from(*port), u128::from(*port)));
        region.ports = region.ports.and(&Ranges::new(ports));
        region.protocols = region.protocols.and(Protocols::of(&WITH_PORTS));
    }
}

impl Key {
    /// The protocols that have what the key looks at.
    fn protocols(self) -> Protocols {
        match self {
            Self::Port(one) | Self::SourcePort(one) => {
                one.map_or(Protocols::of(&WITH_PORTS), |one| Protocols::of(&[one]))
            }
            Self::Icmp(Family::Ip4) => Protocols::of(&[ICMP]),
            Self::Icmp(Family::Ip6) => Protocols::of(&[ICMP6]),
            _ => Protocols::ALL,
        }
    }

    fn family(self) -> Option<Family> {
        match self {
            Self::Source(family)
            | Self::Destination(family)
            | Self::Icmp(family)
            | Self::Header(family) => Some(family),
            _ => None,
        }
    }
}

/// Narrows `region` to what has one of `values` at `key`, or none of them.
/// Says how surely a packet in the region that remains meets it.
pub(super) fn narrow(
    region: &mut Region,
    key: Key,
    negated: bool,
    values: &[&str],
    reading: Reading,
) -> Certainty {
    if let Some(family) = key.family() {
        region.only(family);
    }
    region.protocols = region.protocols.and(key.protocols());
    let answer = match key {
        Key::Source(family) => sources(region, family, negated, values),
        Key::Port(_) | Key::Icmp(_) => ports(region, key, negated, values),
        // In IPv6 another header may stand before that of the protocol.
        Key::Header(Family::Ip6) if negated => None,
        Key::Header(Family::Ip6) => {
            return match protocols(region, negated, values) {
                Some(_) => Certainty::Sometimes,
                None => Certainty::Unknown,
            };
        }
        Key::Protocol | Key::Header(_) => protocols(region, negated, values),
        Key::Family => families(region, negated, values),
        Key::Interface => {
            let names = values.iter().map(|name| (*name).to_owned()).collect();
            region.interfaces.push(InterfaceMatch { names, negated });
            Some(true)
        }
        Key::Destination(family) => destination(family, values).map(|met| met != negated),
        Key::State if depends(values, reading) => {
            region.early = false;
            if !negated {
                narrow_to_translated(region, reading);
            }
            None
        }
        Key::State => state(values, reading).map(|(new, early)| {
            region.new &= new != negated;
            region.early &= early != negated;
            true
        }),
        // Before connection tracking nothing has these, and nothing lacks them.
        Key::Direction => {
            region.early = false;
            values.first().map(|value| (*value == "original") != negated)
        }
        Key::Status => {
            region.early = false;
            let all = ["dnat", "snat", "assured", "seen-reply", "confirmed"];
            if values == ["dnat"] && !negated {
                narrow_to_translated(region, reading);
            }
            known(values, &all).filter(|()| reading.dnat == Dnat::None).map(|()| negated)
        }
        Key::DestinationKind => kind(values, "local").map(|met| met != negated),
        Key::PacketKind => kind(values, "host").map(|met| met != negated),
        Key::SourcePort(_) if covers_all_ports(values) && !negated => Some(true),
        Key::SourcePort(_) | Key::Other => None,
    };
    match answer {
        Some(true) => Certainty::Always,
        Some(false) => {
            *region = Region::nothing();
            Certainty::Always
        }
        None => Certainty::Unknown,
    }
}

fn covers_all_ports(values: &[&str]) -> bool {
    let ranges: Option<Vec<_>> = values.iter().map(|value| names::ports(value)).collect();
    ranges.is_some_and(|ranges| Ranges::new(ranges).contains_all(&Ranges::one(1, PORT_MAX)))
}

/// `Some(true)` where the region says it all.
fn sources(region: &mut Region, family: Family, negated: bool, values: &[&str]) -> Option<bool> {
    let ranges: Option<Vec<_>> =
        values.iter().map(|value| names::addresses(family, value)).collect();
    let wanted = Ranges::new(ranges?);
    let all = family.addresses();
    let wanted = if negated { all.minus(&wanted) } else { wanted };
    let held = region.sources.take().unwrap_or(all);
    region.sources = Some(held.and(&wanted));
    Some(true)
}

fn ports(region: &mut Region, key: Key, negated: bool, values: &[&str]) -> Option<bool> {
    let read = |text: &&str| match key {
        Key::Icmp(family) => {
            names::icmp_type(family, text).map(|number| (u128::from(number), u128::from(number)))
        }
        _ => names::ports(text),
    };
    let ranges: Option<Vec<_>> = values.iter().map(read).collect();
    let wanted = Ranges::new(ranges?);
    let wanted = if negated { Ranges::up_to(PORT_MAX).minus(&wanted) } else { wanted };
    region.ports = region.ports.and(&wanted);
    Some(true)
}

fn protocols(region: &mut Region, negated: bool, values: &[&str]) -> Option<bool> {
    let number = |text: &&str| match names::protocol(text) {
        Some(number) => Some((u128::from(number), u128::from(number))),
        None => {
            let (low, high) = text.split_once('-')?;
            Some((low.parse::<u8>().ok()?.into(), high.parse::<u8>().ok()?.into()))
        }
    };
    let ranges: Option<Vec<_>> = values.iter().map(number).collect();
    let wanted = Protocols::from_ranges(&Ranges::new(ranges?));
    let wanted = if negated { Protocols::ALL.minus(wanted) } else { wanted };
    region.protocols = region.protocols.and(wanted);
    Some(true)
}

fn families(region: &mut Region, negated: bool, values: &[&str]) -> Option<bool> {
    let (mut ip4, mut ip6) = (false, false);
    for value in values {
        match *value {
            "ipv4" | "ip" | "0x0800" => ip4 = true,
            "ipv6" | "ip6" | "0x86dd" => ip6 = true,
            "arp" | "vlan" => {}
            _ => return None,
        }
    }
    region.ip4 &= ip4 != negated;
    region.ip6 &= ip6 != negated;
    Some(true)
}

/// Whether a packet to the host alone has one of these destinations; nothing
/// where that depends on the host's addresses.
fn destination(family: Family, values: &[&str]) -> Option<bool> {
    let ranges: Option<Vec<_>> =
        values.iter().map(|value| names::addresses(family, value)).collect();
    let wanted = Ranges::new(ranges?);
    let possible = family.addresses().minus(&family.never_ours());
    if wanted.contains_all(&possible) {
        Some(true)
    } else if wanted.and(&possible).is_empty() {
        Some(false)
    } else {
        None
    }
}

/// Whether the first packet of a connection is in one of these states, and
/// whether it is before connections are tracked.
fn state(values: &[&str], reading: Reading) -> Option<(bool, bool)> {
    let values: Vec<String> = values.iter().map(|value| value.to_ascii_lowercase()).collect();
    let has = |name: &str| values.iter().any(|value| value == name);
    let (new, untracked) = (has("new"), has("untracked"));
    let all = ["new", "untracked", "established", "related", "invalid", "snat", "dnat"];
    if values.iter().any(|value| !all.contains(&value.as_str())) {
        return None;
    }
    if reading.notrack && new != untracked {
        return None;
    }
    Some((new, has("invalid")))
}

/// Whether a state is met by packets alone whose destination was changed.
fn depends(values: &[&str], reading: Reading) -> bool {
    let has = |name: &str| values.iter().any(|value| value.eq_ignore_ascii_case(name));
    reading.dnat != Dnat::None && has("dnat") && !has("new")
}

/// Whether `ours` is among the kinds of addresses or packets.
fn kind(values: &[&str], ours: &str) -> Option<bool> {
    let values: Vec<String> = values.iter().map(|value| value.to_ascii_lowercase()).collect();
    let all = ["local", "host", "unicast", "broadcast", "multicast", "anycast", "blackhole"];
    let other = ["other", "unreachable", "prohibit", "otherhost"];
    if values.iter().any(|v| !all.contains(&v.as_str()) && !other.contains(&v.as_str())) {
        return None;
    }
    let unicast_is_host = ours == "host" && values.iter().any(|value| value == "unicast");
    Some(unicast_is_host || values.iter().any(|value| value == ours))
}

fn known(values: &[&str], all: &[&str]) -> Option<()> {
    values.iter().all(|value| all.contains(value)).then_some(())
}

/// The bits of flag names; nothing for a name that is none.
pub(super) fn tcp_flags<'v>(names: impl IntoIterator<Item = &'v str>) -> Option<u8> {
    let mut bits = 0;
    for name in names {
        bits |= match name.to_ascii_lowercase().as_str() {
            "fin" => 0x01,
            "syn" => SYN,
            "rst" => 0x04,
            "psh" => 0x08,
            "ack" => 0x10,
            "urg" => 0x20,
            "ecn" => 0x40,
            "cwr" => 0x80,
            "all" => 0x3f,
            "none" | "0x0" => 0,
            _ => return None,
        };
    }
    Some(bits)
}

/// The flags of the packet that opens a connection.
pub(super) const SYN: u8 = 0x02;

/// Narrows `region` to TCP packets whose flags under `mask` are `value`.
pub(super) fn narrow_flags(region: &mut Region, met: bool) -> Certainty {
    region.protocols = region.protocols.and(Protocols::of(&[TCP]));
    if !met {
        *region = Region::nothing();
    }
    Certainty::Always
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_destinations_are_found() {
        let of = |text: &str| Reading::of(text.as_bytes()).dnat;
        assert_eq!(of("ct status dnat accept\nicmp type redirect accept"), Dnat::None);
        for text in [
            "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
            "tcp dport 8080 dnat to 172.17.0.2:80",
            "tcp dport 8080 dnat ip6 to [fd00::2]:80",
            "tcp dport 8080 redirect to :80",
            "-A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 80",
        ] {
            assert_eq!(of(text), Dnat::Ports([80; DNAT_MAX]), "{text}");
        }
        for text in [
            "tcp dport 8080 dnat to 172.17.0.2",
            "tcp dport 8080 dnat ip6 to fd00::2",
            "tcp dport 8080 redirect",
            "-A P -j DNAT --to-destination 172.17.0.2:80-90",
            "dnat to numgen inc mod 2 map { 0 : 10.0.0.1 }",
        ] {
            assert_eq!(of(text), Dnat::Any, "{text}");
        }
    }
}
