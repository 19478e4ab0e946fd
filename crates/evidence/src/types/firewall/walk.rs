//! What becomes of packets on their way through chains.
//!
//! Two sets are led through the rules: packets that *may* get to a point, which
//! is never less than those that do, and packets that *must*, never more. What
//! `may` be accepted and is not, is refused for sure; what `must` be accepted
//! is open for sure; between the two nobody knows.

use super::model::{
    Certainty, Chain, Family, Hook, InterfaceMatch, Protocols, Region, Rule, Table, Verdict,
};
use super::ranges::Ranges;

/// A box of packets: every combination of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Space {
    pub(super) protocols: Protocols,
    pub(super) ports: Ranges,
    pub(super) sources: Ranges,
    /// A bit for each [`Interfaces`] element.
    pub(super) interfaces: u64,
}

impl Space {
    fn and(&self, other: &Self) -> Option<Self> {
        let protocols = self.protocols.and(other.protocols);
        let interfaces = self.interfaces & other.interfaces;
        if protocols.is_empty() || interfaces == 0 {
            return None;
        }
        let ports = self.ports.and(&other.ports);
        if ports.is_empty() {
            return None;
        }
        let sources = self.sources.and(&other.sources);
        (!sources.is_empty()).then_some(Self { protocols, ports, sources, interfaces })
    }

    /// What of it is not in `other`, as boxes.
    fn minus(self, other: &Self, rest: &mut Vec<Self>) {
        let Some(common) = self.and(other) else {
            rest.push(self);
            return;
        };
        let Self { protocols, ports, sources, interfaces } = self;
        let outside = protocols.minus(common.protocols);
        if !outside.is_empty() {
            let (ports, sources) = (ports.clone(), sources.clone());
            rest.push(Self { protocols: outside, ports, sources, interfaces });
        }
        let protocols = common.protocols;
        let outside = interfaces & !common.interfaces;
        if outside != 0 {
            let (ports, sources) = (ports.clone(), sources.clone());
            rest.push(Self { protocols, ports, sources, interfaces: outside });
        }
        let interfaces = common.interfaces;
        let outside = ports.minus(&common.ports);
        if !outside.is_empty() {
            rest.push(Self { protocols, ports: outside, sources: sources.clone(), interfaces });
        }
        let outside = sources.minus(&common.sources);
        if !outside.is_empty() {
            rest.push(Self { protocols, ports: common.ports, sources: outside, interfaces });
        }
    }

    fn cost(&self) -> u64 {
        (self.sources.as_slice().len() + self.ports.as_slice().len()) as u64
    }
}

/// The packets that may, and those that must get somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) may: Vec<Space>,
    pub(super) must: Vec<Space>,
}

impl Flow {
    fn add(&mut self, other: Self) {
        self.may.extend(other.may);
        self.must.extend(other.must);
    }
}

/// Every interface there can be, by what the rules name.
#[derive(Debug, Default)]
pub(super) struct Interfaces {
    /// Names, and beginnings of names that end in `*`.
    elements: Vec<String>,
}

impl Interfaces {
    /// The interfaces that the rules of `tables` tell apart. What is more than
    /// can be told apart makes every rule that names it uncertain.
    pub(super) fn of<'t>(tables: impl Iterator<Item = &'t Table>) -> Self {
        let rules = tables.flat_map(|table| table.chains.values()).flat_map(|chain| &chain.rules);
        let regions = rules.flat_map(|rule| &rule.parts).map(|(region, _)| region);
        let names = regions.flat_map(|region| &region.interfaces).flat_map(|m| &m.names);
        let mut elements: Vec<String> = names.filter(|name| *name != "lo").cloned().collect();
        elements.sort_unstable();
        elements.dedup();
        elements.truncate(63);
        Self { elements }
    }

    /// Labels of the elements, with the one for all others at the end.
    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        self.elements.iter().map(String::as_str).chain(["any"])
    }

    pub(super) fn everything(&self) -> u64 {
        u64::MAX >> (63 - self.elements.len())
    }

    /// The bits that a match stands for; nothing where that is not known.
    fn bits(&self, wanted: &InterfaceMatch) -> Option<u64> {
        let mut bits = 0;
        for name in wanted.names.iter().filter(|name| *name != "lo") {
            if !self.elements.contains(name) {
                return None;
            }
            for (at, element) in self.elements.iter().enumerate() {
                let met = match name.strip_suffix('*') {
                    Some(beginning) => element.starts_with(beginning),
                    None => element == name,
                };
                bits |= u64::from(met) << at;
            }
            if name == "*" {
                bits = self.everything();
            }
        }
        Some(if wanted.negated { self.everything() & !bits } else { bits })
    }
}

/// Why a walk was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooComplex;

/// How much is compared before a walk is given up; a few thousand rules need
/// a hundredth of it.
const WORK_MAX: u64 = 20_000_000;
const DEPTH_MAX: usize = 32;
/// The priority at which packets are put to their connections.
const TRACKING: i64 = -200;
/// The most boxes of one set.
const BOXES_MAX: usize = 20_000;

pub(super) struct Walk<'w> {
    pub(super) family: Family,
    pub(super) interfaces: &'w Interfaces,
    /// The chain is met before connections are tracked.
    early: bool,
    work: u64,
}

impl<'w> Walk<'w> {
    pub(super) fn new(family: Family, interfaces: &'w Interfaces) -> Self {
        Self { family, interfaces, early: false, work: 0 }
    }

    /// Every first packet from outside.
    pub(super) fn everything(&self) -> Space {
        Space {
            protocols: Protocols::ALL,
            ports: Ranges::up_to(super::model::PORT_MAX),
            sources: self.family.addresses(),
            interfaces: self.interfaces.everything(),
        }
    }

    /// The packets of `flow` that a base chain lets pass.
    ///
    /// # Errors
    /// [`TooComplex`] where it would take too long.
    pub(super) fn base(
        &mut self,
        table: &Table,
        chain: &Chain,
        flow: Flow,
    ) -> Result<Flow, TooComplex> {
        let early = |hook: &Hook| hook.name == "prerouting" && hook.priority <= TRACKING;
        self.early = chain.hook.as_ref().is_some_and(early);
        let mut accepted = Flow::default();
        let returned = self.chain(table, chain, flow, &mut accepted, 0)?;
        if !chain.drops {
            accepted.add(returned);
        }
        Ok(accepted)
    }

    fn chain(
        &mut self,
        table: &Table,
        chain: &Chain,
        mut flow: Flow,
        accepted: &mut Flow,
        depth: usize,
    ) -> Result<Flow, TooComplex> {
        if depth > DEPTH_MAX {
            return Err(TooComplex);
        }
        let mut returned = Flow::default();
        for rule in &chain.rules {
            if flow.may.is_empty() {
                break;
            }
            self.rule(table, rule, &mut flow, &mut returned, accepted, depth)?;
        }
        returned.add(flow);
        Ok(returned)
    }

    fn rule(
        &mut self,
        table: &Table,
        rule: &Rule,
        flow: &mut Flow,
        returned: &mut Flow,
        accepted: &mut Flow,
        depth: usize,
    ) -> Result<(), TooComplex> {
        for (region, verdict) in &rule.parts {
            let mut certainty = rule.certainty;
            let Some(area) = self.area(region, &mut certainty) else { continue };
            if *verdict == Verdict::Continue {
                continue;
            }
            let mut hit =
                Flow { may: self.within(&flow.may, &area)?, must: self.within(&flow.must, &area)? };
            if hit.may.is_empty() {
                continue;
            }
            let met = matches!(certainty, Certainty::Always | Certainty::Sometimes);
            if certainty == Certainty::Rarely {
                hit.must.clear();
            }
            let mut back = Flow::default();
            match verdict {
                Verdict::Drop | Verdict::Continue => {}
                Verdict::Unknown => accepted.may.extend(hit.may),
                Verdict::Accept | Verdict::Return => {
                    let goal = match verdict {
                        Verdict::Accept => &mut *accepted,
                        _ => &mut *returned,
                    };
                    goal.may.extend(hit.may);
                    if met {
                        goal.must.extend(hit.must);
                    }
                }
                Verdict::Jump(name) | Verdict::Goto(name) => {
                    let Some(target) = table.chains.get(name) else {
                        // Not a chain that was seen: it may do anything.
                        accepted.may.extend(hit.may);
                        self.leave(flow, &area, Certainty::Unknown)?;
                        continue;
                    };
                    let mut inside = Flow::default();
                    let out = self.chain(table, target, hit, &mut inside, depth + 1)?;
                    accepted.may.extend(inside.may);
                    if met {
                        accepted.must.extend(inside.must);
                    }
                    match verdict {
                        Verdict::Goto(_) => {
                            returned.may.extend(out.may);
                            if met {
                                returned.must.extend(out.must);
                            }
                        }
                        _ => back = out,
                    }
                }
            }
            let unsure = *verdict == Verdict::Unknown && certainty != Certainty::Rarely;
            self.leave(flow, &area, if unsure { Certainty::Unknown } else { certainty })?;
            if certainty == Certainty::Always {
                flow.may.extend(back.may);
            }
            if certainty != Certainty::Rarely {
                flow.must.extend(back.must);
            }
            if flow.may.len() + flow.must.len() > BOXES_MAX {
                return Err(TooComplex);
            }
        }
        Ok(())
    }

    /// Takes the packets that surely do not go on to the next rule out of
    /// `flow.may`, and those that do not surely go on out of `flow.must`.
    fn leave(
        &mut self,
        flow: &mut Flow,
        area: &Space,
        certainty: Certainty,
    ) -> Result<(), TooComplex> {
        if certainty == Certainty::Always {
            flow.may = self.without(std::mem::take(&mut flow.may), area)?;
        }
        if certainty != Certainty::Rarely {
            flow.must = self.without(std::mem::take(&mut flow.must), area)?;
        }
        Ok(())
    }

    /// The packets of this family that `region` stands for.
    fn area(&self, region: &Region, certainty: &mut Certainty) -> Option<Space> {
        let met = if self.early { region.early } else { region.new };
        if !met || !region.concerns(self.family) || region.protocols.is_empty() {
            return None;
        }
        let mut interfaces = self.interfaces.everything();
        for wanted in &region.interfaces {
            match self.interfaces.bits(wanted) {
                Some(bits) => interfaces &= bits,
                None => *certainty = certainty.and(Certainty::Unknown),
            }
        }
        let sources = region.sources.clone().unwrap_or_else(|| self.family.addresses());
        let empty = interfaces == 0 || sources.is_empty() || region.ports.is_empty();
        let (protocols, ports) = (region.protocols, region.ports.clone());
        (!empty).then_some(Space { protocols, ports, sources, interfaces })
    }

    fn spend(&mut self, work: u64) -> Result<(), TooComplex> {
        self.work += work;
        if self.work > WORK_MAX { Err(TooComplex) } else { Ok(()) }
    }

    fn within(&mut self, list: &[Space], area: &Space) -> Result<Vec<Space>, TooComplex> {
        self.spend(list.iter().map(|space| space.cost() + area.cost()).sum())?;
        Ok(list.iter().filter_map(|space| space.and(area)).collect())
    }

    fn without(&mut self, list: Vec<Space>, area: &Space) -> Result<Vec<Space>, TooComplex> {
        self.spend(list.iter().map(|space| space.cost() + area.cost()).sum())?;
        let mut rest = Vec::with_capacity(list.len());
        for space in list {
            space.minus(area, &mut rest);
        }
        Ok(rest)
    }
}
