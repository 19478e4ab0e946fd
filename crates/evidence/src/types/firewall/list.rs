//! The rules, one record each.

use super::model::{Family, PORT_MAX, Protocols, Region, Table, Verdict};
use super::names::{PROTOCOLS, show_addresses};
use crate::escape::escape_bounded;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// A rule that incoming packets meet, or one part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Rule {
    /// Table, chain and place in it, from 1: `inet filter input 003`. The parts of
    /// a map have a second number; `policy` is what no rule decided.
    #[schemars(extend("x-sensitivity" = "internal", "x-label" = true))]
    pub entry: String,
    /// `ip4`, `ip6`, `both`, or `none` where no first packet from outside meets it.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub family: String,
    /// `accept`, `drop` (or reject), `continue`, `return`, `jump NAME`,
    /// `goto NAME`, `unknown`.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub action: String,
    /// Protocols; empty means every one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub protocols: Vec<String>,
    /// Ports or types of ICMP, as ranges; empty means every one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub ports: Vec<String>,
    /// Networks and ranges; empty means everybody.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub sources: Vec<String>,
    /// Interfaces, with `!` before those that it does not concern; empty means
    /// every one.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub interfaces: Vec<String>,
    /// Whether it holds on conditions that the other fields do not tell.
    #[schemars(extend("x-sensitivity" = "internal"))]
    pub conditional: bool,
}

/// The most records, and the most sources of one.
const RULES_MAX: usize = 5_000;
const SOURCES_MAX: usize = 200;

/// The records of all chains that packets from outside may come through; and
/// whether some were left out.
pub(super) fn rules(tables: &[&Table]) -> (Vec<Rule>, bool) {
    let mut all = Vec::new();
    for table in tables {
        for name in reached(table) {
            let Some(chain) = table.chains.get(name) else { continue };
            let place = escape_bounded(format!("{} {name}", table.name).as_bytes(), 120);
            for (at, rule) in chain.rules.iter().enumerate() {
                for (part, (region, verdict)) in rule.parts.iter().enumerate() {
                    if all.len() >= RULES_MAX {
                        return (all, true);
                    }
                    let number = match rule.parts.len() {
                        1 => format!("{:03}", at + 1),
                        _ => format!("{:03}.{}", at + 1, part + 1),
                    };
                    let conditional = rule.certainty != super::model::Certainty::Always;
                    all.push(record(format!("{place} {number}"), region, verdict, conditional));
                }
            }
            if chain.hook.is_some() {
                let verdict = if chain.drops { Verdict::Drop } else { Verdict::Accept };
                let mut region = Region::everything();
                region.ip4 = table.scope.sees(Family::Ip4);
                region.ip6 = table.scope.sees(Family::Ip6);
                all.push(record(format!("{place} policy"), &region, &verdict, false));
            }
        }
    }
    (all, false)
}

/// The chains at the hooks of incoming packets, and those they jump to.
fn reached(table: &Table) -> BTreeSet<&str> {
    let incoming = |name: &str| matches!(name, "prerouting" | "input" | "ingress");
    let begin = table
        .chains
        .iter()
        .filter(|(_, chain)| chain.hook.as_ref().is_some_and(|hook| incoming(&hook.name)));
    let mut found = BTreeSet::new();
    let mut todo: Vec<&str> = begin.map(|(name, _)| name.as_str()).collect();
    while let Some(name) = todo.pop() {
        if !found.insert(name) {
            continue;
        }
        let Some(chain) = table.chains.get(name) else { continue };
        for (_, verdict) in chain.rules.iter().flat_map(|rule| &rule.parts) {
            if let Verdict::Jump(target) | Verdict::Goto(target) = verdict {
                todo.push(target);
            }
        }
    }
    found
}

fn record(entry: String, region: &Region, verdict: &Verdict, conditional: bool) -> Rule {
    // A packet of a standing connection, or of none, begins none.
    let begins = region.new;
    let family = match (region.ip4 && begins, region.ip6 && begins) {
        (true, true) => "both",
        (true, false) => "ip4",
        (false, true) => "ip6",
        (false, false) => "none",
    };
    let action = match verdict {
        Verdict::Accept => "accept".to_owned(),
        Verdict::Drop => "drop".to_owned(),
        Verdict::Continue => "continue".to_owned(),
        Verdict::Return => "return".to_owned(),
        Verdict::Unknown => "unknown".to_owned(),
        Verdict::Jump(name) => format!("jump {name}"),
        Verdict::Goto(name) => format!("goto {name}"),
    };
    let narrow = region.ports.count() <= PORT_MAX;
    let range = |(low, high): &(u128, u128)| match low == high {
        true => low.to_string(),
        false => format!("{low}-{high}"),
    };
    let of = if region.ip4 { Family::Ip4 } else { Family::Ip6 };
    let mut sources = region.sources.as_ref().map_or(Vec::new(), |s| show_addresses(of, s));
    if sources.len() > SOURCES_MAX {
        let more = sources.len() - SOURCES_MAX;
        sources.truncate(SOURCES_MAX);
        sources.push(format!("and {more} more"));
    }
    let interface = |name: &String, negated| {
        let name = escape_bounded(name.as_bytes(), 40);
        if negated { format!("!{name}") } else { name }
    };
    let interfaces = region
        .interfaces
        .iter()
        .flat_map(|wanted| wanted.names.iter().map(move |name| interface(name, wanted.negated)));
    Rule {
        entry,
        family: family.to_owned(),
        action: escape_bounded(action.as_bytes(), 120),
        protocols: protocols(region.protocols),
        ports: if narrow {
            region.ports.as_slice().iter().map(range).collect()
        } else {
            Vec::new()
        },
        sources,
        interfaces: interfaces.collect(),
        conditional,
    }
}

fn protocols(set: Protocols) -> Vec<String> {
    if set == Protocols::ALL {
        return Vec::new();
    }
    let name = |number: &u8| {
        let known = PROTOCOLS.iter().find(|(_, known)| known == number);
        known.map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
    };
    let members: Vec<u8> = (0..=u8::MAX).filter(|number| set.has(*number)).collect();
    if members.len() <= 128 {
        return members.iter().map(name).collect();
    }
    let others = (0..=u8::MAX).filter(|number| !set.has(*number));
    others.map(|number| format!("!{}", name(&number))).collect()
}
