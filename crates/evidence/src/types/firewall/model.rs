//! One model of rules, whatever tool they were written with.
//!
//! A rule says which *first packets of a connection from outside* it concerns:
//! such a packet does not come in through `lo`, belongs to no connection that
//! stands, is addressed to the host itself, and in TCP has the flag SYN alone.
//! What a rule asks of such a packet is either decided by what the model knows
//! of it (family, protocol, port, source, interface), or it makes the rule
//! less than certain ([`Certainty`]).

use super::ranges::Ranges;
use std::collections::BTreeMap;

pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const ICMP: u8 = 1;
pub(super) const ICMP6: u8 = 58;
/// Protocols whose packets have ports: TCP, UDP, DCCP, SCTP, UDP-Lite.
pub(super) const WITH_PORTS: [u8; 5] = [TCP, UDP, 33, 132, 136];
/// The highest port, and more than the highest type of ICMP.
pub(super) const PORT_MAX: u128 = 65_535;

/// The version of the Internet Protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Ip4,
    Ip6,
}

impl Family {
    pub(super) const ALL: [Self; 2] = [Self::Ip4, Self::Ip6];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ip4 => "ip4",
            Self::Ip6 => "ip6",
        }
    }

    /// Every address.
    pub(super) fn addresses(self) -> Ranges {
        match self {
            Self::Ip4 => Ranges::up_to(u128::from(u32::MAX)),
            Self::Ip6 => Ranges::up_to(u128::MAX),
        }
    }

    /// Addresses that no packet to the host alone is sent to.
    pub(super) fn never_ours(self) -> Ranges {
        match self {
            Self::Ip4 => Ranges::new([
                (0x7f00_0000, 0x7fff_ffff),
                (0xe000_0000, 0xefff_ffff),
                (0xffff_ffff, 0xffff_ffff),
            ]),
            Self::Ip6 => Ranges::new([(1, 1), (0xff << 120, u128::MAX)]),
        }
    }
}

/// A set of protocol numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Protocols([u64; 4]);

impl Protocols {
    pub(super) const ALL: Self = Self([u64::MAX; 4]);
    pub(super) const NONE: Self = Self([0; 4]);

    pub(super) fn of(numbers: &[u8]) -> Self {
        let mut set = Self::NONE;
        for number in numbers {
            set.0[usize::from(*number) / 64] |= 1 << (number % 64);
        }
        set
    }

    pub(super) fn from_ranges(ranges: &Ranges) -> Self {
        let numbers = (0..=u8::MAX).filter(|n| {
            ranges.as_slice().iter().any(|(low, high)| (*low..=*high).contains(&u128::from(*n)))
        });
        Self::of(&numbers.collect::<Vec<_>>())
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & !other.0[at]))
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    pub(super) fn has(self, number: u8) -> bool {
        self.0[usize::from(number) / 64] >> (number % 64) & 1 == 1
    }
}

/// Whether the first packet of a connection meets a rule that concerns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    Always,
    /// It does as long as there are few: a rate.
    Sometimes,
    /// It does not unless there were many, or the source was noticed before.
    Rarely,
    /// Nobody knows.
    Unknown,
}

impl Certainty {
    /// That of a rule which asks both.
    pub(super) fn and(self, other: Self) -> Self {
        use Certainty::{Always, Rarely, Sometimes, Unknown};
        match (self, other) {
            (Rarely, _) | (_, Rarely) => Rarely,
            (Unknown, _) | (_, Unknown) => Unknown,
            (Sometimes, _) | (_, Sometimes) => Sometimes,
            (Always, Always) => Always,
        }
    }
}

/// What a rule does with a packet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Accept,
    /// Drop or reject.
    Drop,
    /// The next rule sees it.
    Continue,
    Return,
    Jump(String),
    Goto(String),
    /// A program decides, or a statement that the model does not know.
    Unknown,
}

/// The interfaces that a rule asks for: one of `names`, or none of them.
/// A name that ends in `*` stands for all that begin so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct InterfaceMatch {
    pub(super) names: Vec<String>,
    pub(super) negated: bool,
}

/// The packets that a rule concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) ip4: bool,
    pub(super) ip6: bool,
    pub(super) protocols: Protocols,
    /// Ports, or types of ICMP.
    pub(super) ports: Ranges,
    /// Nothing means every address.
    pub(super) sources: Option<Ranges>,
    pub(super) interfaces: Vec<InterfaceMatch>,
    /// Whether a packet that begins a connection is among them.
    pub(super) new: bool,
    /// Whether a packet is that connection tracking has not seen yet: before
    /// it, such a packet counts as invalid.
    pub(super) early: bool,
}

impl Region {
    pub(super) fn everything() -> Self {
        Self {
            ip4: true,
            ip6: true,
            protocols: Protocols::ALL,
            ports: Ranges::up_to(PORT_MAX),
            sources: None,
            interfaces: Vec::new(),
            new: true,
            early: true,
        }
    }

    pub(super) fn nothing() -> Self {
        Self { ip4: false, ip6: false, ..Self::everything() }
    }

    pub(super) fn only(&mut self, family: Family) {
        match family {
            Family::Ip4 => self.ip6 = false,
            Family::Ip6 => self.ip4 = false,
        }
    }

    pub(super) fn concerns(&self, family: Family) -> bool {
        match family {
            Family::Ip4 => self.ip4,
            Family::Ip6 => self.ip6,
        }
    }
}

/// One rule: what it does where. Several parts come from a map or from a set
/// of joined values, and do not overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) parts: Vec<(Region, Verdict)>,
    pub(super) certainty: Certainty,
}

/// Where packets enter a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hook {
    /// `filter`, `nat` or `route`.
    pub(super) kind: String,
    /// `input`, `prerouting`, `ingress` ...
    pub(super) name: String,
    pub(super) priority: i64,
}

/// A chain of rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Chain {
    pub(super) hook: Option<Hook>,
    /// Whether what no rule decided is dropped.
    pub(super) drops: bool,
    pub(super) rules: Vec<Rule>,
}

/// The families that a table sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Ip4,
    Ip6,
    Both,
    /// Frames of a bridge or a device, before the host looks at them.
    Link,
}

impl Scope {
    pub(super) fn sees(self, family: Family) -> bool {
        match self {
            Self::Ip4 => family == Family::Ip4,
            Self::Ip6 => family == Family::Ip6,
            Self::Both => true,
            Self::Link => false,
        }
    }
}

/// A table of chains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// What people know it as: `inet filter`, `iptables filter`.
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) chains: BTreeMap<String, Chain>,
    /// Whether rules that another tool wrote could not be read here.
    pub(super) foreign: bool,
}

impl Table {
    pub(super) fn new(name: String, scope: Scope) -> Self {
        Self { name, scope, chains: BTreeMap::new(), foreign: false }
    }
}
