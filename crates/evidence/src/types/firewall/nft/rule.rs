//! One rule: matches and statements up to a verdict.

use super::super::model::{Certainty, Family, Region, Rule, Scope, TCP, UDP, Verdict};
use super::super::packet::{Key, Reading, SYN, narrow, narrow_flags, tcp_flags};
use super::set::{Element, Set};
use super::{Cursor, Token};

/// Finds a named set of the rule's table.
pub(super) type Sets<'s> = &'s dyn Fn(&str) -> Option<&'s Set>;

/// The most regions that a rule's joined values are multiplied to.
const REGIONS_MAX: usize = 4_096;

struct Reader<'c, 't, 's> {
    words: &'c mut Cursor<'t>,
    sets: Sets<'s>,
    reading: Reading,
    regions: Vec<Region>,
    certainty: Certainty,
    parts: Vec<(Region, Verdict)>,
    /// Words were passed over, and a verdict may have been among them.
    lost: bool,
    /// Matches of another tool stand in the rule.
    foreign: bool,
}

/// Reads a rule; says too whether another tool's matches stand in it.
pub(super) fn read(
    words: &mut Cursor<'_>,
    scope: Scope,
    sets: Sets<'_>,
    reading: Reading,
) -> (Rule, bool) {
    let mut region = Region::everything();
    region.ip4 = scope.sees(Family::Ip4);
    region.ip6 = scope.sees(Family::Ip6);
    let mut reader = Reader {
        words,
        sets,
        reading,
        regions: vec![region],
        certainty: Certainty::Always,
        parts: Vec::new(),
        lost: false,
        foreign: false,
    };
    let verdict = reader.statements();
    let Reader { regions, mut parts, certainty, foreign, lost, .. } = reader;
    let verdict = match verdict {
        Verdict::Continue if lost => Verdict::Unknown,
        verdict => verdict,
    };
    if parts.is_empty() {
        parts = regions.into_iter().map(|region| (region, verdict.clone())).collect();
    }
    (Rule { parts, certainty }, foreign)
}

/// A verdict, if one comes next.
pub(super) fn verdict(words: &mut Cursor<'_>) -> Option<Verdict> {
    let mut ahead = words.clone();
    let found = match ahead.next_word()? {
        "accept" => Verdict::Accept,
        "drop" | "reject" => Verdict::Drop,
        "return" => Verdict::Return,
        "continue" => Verdict::Continue,
        "queue" | "synproxy" => Verdict::Unknown,
        // The packet goes on with another address: who knows where it gets to.
        "dnat" | "snat" | "masquerade" | "redirect" | "tproxy" => Verdict::Unknown,
        "jump" => Verdict::Jump(ahead.next_word()?.to_owned()),
        "goto" => Verdict::Goto(ahead.next_word()?.to_owned()),
        _ => return None,
    };
    *words = ahead;
    Some(found)
}

/// What a match compares with.
enum Values {
    List(Vec<String>),
    Elements(Vec<Element>),
    /// A set whose members come and go.
    Dynamic,
    Unknown,
}

impl<'t> Reader<'_, 't, '_> {
    fn be(&mut self, certainty: Certainty) {
        self.certainty = self.certainty.and(certainty);
    }

    fn lose(&mut self) {
        self.lost = true;
        self.be(Certainty::Unknown);
    }

    /// Reads to the verdict that ends the rule.
    fn statements(&mut self) -> Verdict {
        while let Some(token) = self.words.peek() {
            let rejects = matches!(token, Token::Word(word) if word == "reject");
            if let Some(verdict) = verdict(self.words) {
                if rejects && self.words.take("with") {
                    self.rejection();
                }
                return verdict;
            }
            let word = match token {
                Token::Word(word) => word.as_str(),
                Token::Foreign => {
                    self.foreign = true;
                    self.lose();
                    self.words.next();
                    continue;
                }
                Token::End => {
                    self.words.next();
                    continue;
                }
                _ => {
                    self.lose();
                    if self.words.block().is_none() {
                        self.words.next();
                    }
                    continue;
                }
            };
            self.words.next();
            if !self.statement(word) && !self.expression(word) {
                self.lose();
            }
            if !self.parts.is_empty() {
                // A verdict map decides for its members; others go on.
                return Verdict::Continue;
            }
        }
        Verdict::Continue
    }

    /// What a refusal is told with says whom it concerns; where that follows
    /// from it, nft does not print the match.
    fn rejection(&mut self) {
        let (key, value) = match self.words.word() {
            Some("icmp") => (Key::Family, "ipv4"),
            Some("icmpv6") => (Key::Family, "ipv6"),
            Some("tcp") => (Key::Protocol, "tcp"),
            _ => return,
        };
        for region in &mut self.regions {
            narrow(region, key, false, &[value], self.reading);
        }
    }

    /// A statement that decides nothing by itself.
    fn statement(&mut self, word: &str) -> bool {
        match word {
            "counter" => {
                if self.words.take("packets") {
                    self.words.next();
                    self.words.take("bytes");
                    self.words.next();
                } else if self.words.take("name") || self.quoted() {
                    self.words.next();
                }
            }
            "comment" => {
                self.words.next();
            }
            "log" => self.log(),
            "limit" => self.limit(),
            "notrack" => {}
            "xt" => {
                // `xt match "recent"`, `xt target "LOG"`
                self.foreign = true;
                self.lose();
                self.words.next();
                self.words.next();
            }
            "add" | "update" | "delete" => {
                // Puts the source into a set; a limit inside makes it a match.
                self.words.next();
                if let Some(inside) = self.words.block() {
                    let limits =
                        |t: &Token| matches!(t, Token::Word(w) if w == "limit" || w == "ct");
                    let over = |t: &Token| matches!(t, Token::Word(w) if w == "over");
                    if inside.tokens.iter().any(limits) {
                        let over = inside.tokens.iter().any(over);
                        self.be(if over { Certainty::Rarely } else { Certainty::Sometimes });
                    }
                }
            }
            _ => return false,
        }
        true
    }

    fn quoted(&self) -> bool {
        matches!(self.words.peek(), Some(Token::Quoted(_)))
    }

    fn log(&mut self) {
        while let Some(word) = self.words.word() {
            match word {
                "prefix" | "level" | "group" | "snaplen" | "queue-threshold" => {
                    self.words.next();
                    self.words.next();
                }
                "flags" => {
                    self.words.next();
                    if matches!(self.words.next_word(), Some("tcp" | "ip")) {
                        self.words.next();
                        while self.words.take(",") {
                            self.words.next();
                        }
                    }
                }
                _ => return,
            }
        }
    }

    /// `limit [name "x"] [rate [over] 10/second [burst 5 packets]]`
    fn limit(&mut self) {
        let named = self.words.take("name");
        if named || self.quoted() {
            self.words.next();
            // Whether it lets pass or refuses stands elsewhere.
            return self.be(Certainty::Unknown);
        }
        self.words.take("rate");
        let over = self.words.take("over");
        self.words.next();
        if self.words.word().is_some_and(|word| word.contains('/') && !word.starts_with('/')) {
            self.words.next();
        }
        if self.words.take("burst") {
            self.words.next();
            self.words.next();
        }
        self.be(if over { Certainty::Rarely } else { Certainty::Sometimes });
    }

    /// A match, or a map, that begins with `word`.
    fn expression(&mut self, word: &'t str) -> bool {
        if word == "tcp" && self.words.take("flags") {
            return self.flags();
        }
        let Some(first) = self.key(word) else { return false };
        let mut keys = vec![first];
        while self.words.take(".") {
            let Some(next) = self.words.next_word().and_then(|word| self.key(word)) else {
                return false;
            };
            keys.push(next);
        }
        if self.words.take("set") {
            // A statement that writes a mark, a zone, a priority.
            self.passed_over();
            return true;
        }
        if self.words.take("vmap") {
            return self.verdict_map(&keys);
        }
        let negated = self.words.take("!=") || self.words.take("!");
        let ordered = ["<", ">", "<=", ">="].iter().any(|sign| self.words.take(sign));
        self.words.take("==");
        if ordered || matches!(self.words.word(), Some("&" | "|" | "^" | "<<" | ">>")) {
            // An order or a mask: it narrows to who knows what.
            self.passed_over();
            self.be(Certainty::Unknown);
            return true;
        }
        let values = self.values(&keys);
        self.compare(&keys, negated, values);
        true
    }

    /// Goes to the next word that begins a match or a statement.
    fn passed_over(&mut self) {
        while let Some(token) = self.words.peek() {
            match token {
                Token::Word(word) if BEGINS.contains(&word.as_str()) => return,
                Token::Foreign => return,
                Token::Sign('{') => {
                    if self.words.block().is_none() {
                        self.words.next();
                    }
                }
                _ => {
                    self.words.next();
                }
            }
        }
    }

    /// The key that `word` and what follows it name.
    fn key(&mut self, word: &str) -> Option<Key> {
        let family = |word| if word == "ip" { Family::Ip4 } else { Family::Ip6 };
        Some(match word {
            "ip" | "ip6" => match self.words.next_word()? {
                "saddr" => Key::Source(family(word)),
                "daddr" => Key::Destination(family(word)),
                "protocol" | "nexthdr" => Key::Header(family(word)),
                _ => Key::Other,
            },
            "tcp" | "udp" | "sctp" | "dccp" | "udplite" | "th" => {
                let protocol = match word {
                    "tcp" => Some(TCP),
                    "udp" => Some(UDP),
                    "sctp" => Some(132),
                    "dccp" => Some(33),
                    "udplite" => Some(136),
                    _ => None,
                };
                match self.words.next_word()? {
                    "dport" => Key::Port(protocol),
                    "sport" => Key::SourcePort(protocol),
                    _ => Key::Other,
                }
            }
            "icmp" | "icmpv6" => match self.words.next_word()? {
                "type" => Key::Icmp(if word == "icmp" { Family::Ip4 } else { Family::Ip6 }),
                _ => Key::Other,
            },
            "meta" => {
                let word = self.words.next_word()?;
                match word {
                    "l4proto" => Key::Protocol,
                    "nfproto" | "protocol" => Key::Family,
                    "iifname" | "iif" => Key::Interface,
                    "pkttype" => Key::PacketKind,
                    _ => Key::Other,
                }
            }
            "iifname" | "iif" => Key::Interface,
            "pkttype" => Key::PacketKind,
            "ct" => match self.words.next_word()? {
                "state" => Key::State,
                "direction" => Key::Direction,
                "status" => Key::Status,
                "count" => {
                    let over = self.words.take("over");
                    self.be(if over { Certainty::Rarely } else { Certainty::Sometimes });
                    Key::Other
                }
                "original" | "reply" => {
                    if self.words.take("ip")
                        || self.words.take("ip6")
                        || self.words.word().is_some()
                    {
                        self.words.next();
                    }
                    Key::Other
                }
                _ => Key::Other,
            },
            "fib" => return self.fib(),
            "ether" | "vlan" | "arp" | "ah" | "esp" | "comp" | "frag" | "hbh" | "rt" | "dst"
            | "mh" | "socket" | "osf" | "numgen" | "jhash" | "symhash" | "ipsec" | "rt0"
            | "srh" | "exthdr" | "igmp" | "gre" => {
                self.words.next_word()?;
                Key::Other
            }
            "mark" | "oif" | "oifname" | "oiftype" | "iiftype" | "iifgroup" | "oifgroup"
            | "skuid" | "skgid" | "cpu" | "cgroup" | "rtclassid" | "hour" | "day" | "time"
            | "length" | "priority" | "random" => Key::Other,
            _ => return None,
        })
    }

    /// `fib daddr [. iif] type`, `fib saddr . iif oif missing`
    fn fib(&mut self) -> Option<Key> {
        let mut of_destination = false;
        while let Some(word) = self.words.next_word() {
            match word {
                "daddr" => of_destination = true,
                "type" if of_destination => return Some(Key::DestinationKind),
                "type" => return Some(Key::Other),
                "oif" | "oifname" => {
                    let none = self.words.take("missing") || {
                        self.words.take("==");
                        self.words.take("eq");
                        self.words.take("0")
                    };
                    if none {
                        // The way back leads elsewhere: no honest packet.
                        self.be(Certainty::Rarely);
                    } else {
                        self.passed_over();
                        self.be(Certainty::Unknown);
                    }
                    return Some(Key::Other);
                }
                "saddr" | "iif" | "." | "mark" => {}
                _ => return None,
            }
        }
        None
    }

    /// What a match is compared with.
    fn values(&mut self, keys: &[Key]) -> Values {
        if let Some(mut block) = self.words.block() {
            let mut set = Set::default();
            set.extend(&mut block);
            return if set.dynamic { Values::Unknown } else { Values::Elements(set.elements) };
        }
        let Some(first) = self.words.word() else { return Values::List(Vec::new()) };
        if let Some(name) = first.strip_prefix('@') {
            self.words.next();
            return match (self.sets)(name) {
                Some(set) if set.dynamic => Values::Dynamic,
                Some(set) => Values::Elements(set.elements.clone()),
                None => Values::Unknown,
            };
        }
        if keys == [Key::Other] && BEGINS.contains(&first) {
            return Values::List(Vec::new());
        }
        self.words.next();
        let mut list = vec![first.to_owned()];
        if keys.len() > 1 {
            while self.words.take(".") {
                list.extend(self.words.next_word().map(str::to_owned));
            }
            return Values::Elements(vec![Element { values: list, verdict: None }]);
        }
        while self.words.take(",") || self.words.take("|") {
            list.extend(self.words.next_word().map(str::to_owned));
        }
        Values::List(list)
    }

    fn compare(&mut self, keys: &[Key], negated: bool, values: Values) {
        let elements = match values {
            Values::List(list) => {
                let one = |value| Element { values: vec![value], verdict: None };
                list.into_iter().map(one).collect()
            }
            Values::Elements(elements) => elements,
            Values::Dynamic => {
                self.limit_to(keys);
                return self.be(if negated { Certainty::Sometimes } else { Certainty::Rarely });
            }
            Values::Unknown => {
                self.limit_to(keys);
                return self.be(Certainty::Unknown);
            }
        };
        if let [key] = keys {
            let values: Option<Vec<&str>> = elements
                .iter()
                .map(|element| match element.values.as_slice() {
                    [one] => Some(one.as_str()),
                    _ => None,
                })
                .collect();
            let Some(values) = values else { return self.be(Certainty::Unknown) };
            let mut certainty = Certainty::Always;
            for region in &mut self.regions {
                certainty = certainty.and(narrow(region, *key, negated, &values, self.reading));
            }
            return self.be(certainty);
        }
        if negated {
            return self.be(Certainty::Unknown);
        }
        match self.joined(keys, &elements) {
            Some((regions, certainty)) => {
                self.regions = regions.into_iter().map(|(region, _)| region).collect();
                self.be(certainty);
            }
            None => {
                self.limit_to(keys);
                self.be(Certainty::Unknown);
            }
        }
    }

    /// Protocols and families follow from the keys alone.
    fn limit_to(&mut self, keys: &[Key]) {
        for region in &mut self.regions {
            for key in keys {
                let everything = match key {
                    Key::Source(Family::Ip4) => "0.0.0.0/0",
                    Key::Source(Family::Ip6) => "::/0",
                    Key::Port(_) => "0-65535",
                    _ => continue,
                };
                narrow(region, *key, false, &[everything], self.reading);
            }
        }
    }

    /// Each region, narrowed to each element.
    fn joined<'e>(
        &self,
        keys: &[Key],
        elements: &'e [Element],
    ) -> Option<(Vec<(Region, &'e Element)>, Certainty)> {
        if self.regions.len().saturating_mul(elements.len()) > REGIONS_MAX {
            return None;
        }
        let mut all = Vec::new();
        let mut certainty = Certainty::Always;
        for element in elements {
            if element.values.len() != keys.len() && element.values != ["*"] {
                return None;
            }
            for region in &self.regions {
                let mut region = region.clone();
                for (key, value) in keys.iter().zip(&element.values) {
                    if value != "*" {
                        let met = narrow(&mut region, *key, false, &[value], self.reading);
                        certainty = certainty.and(met);
                    }
                }
                all.push((region, element));
            }
        }
        // What stands for all the others comes last.
        all.sort_by_key(|(_, element)| element.values == ["*"]);
        Some((all, certainty))
    }

    fn verdict_map(&mut self, keys: &[Key]) -> bool {
        let elements = match self.values(keys) {
            Values::Elements(elements) => elements,
            // A map that is empty today, or is not known.
            Values::Dynamic | Values::Unknown | Values::List(_) => return false,
        };
        let Some((parts, certainty)) = self.joined(keys, &elements) else { return false };
        self.be(certainty);
        let part = |(region, element): (Region, &Element)| {
            (region, element.verdict.clone().unwrap_or(Verdict::Unknown))
        };
        self.parts = parts.into_iter().map(part).collect();
        if self.parts.is_empty() {
            self.parts.push((Region::nothing(), Verdict::Continue));
        }
        true
    }

    /// `tcp flags ...`, asked of a packet that has SYN alone.
    fn flags(&mut self) -> bool {
        let mut sides: Vec<Vec<&str>> = vec![Vec::new()];
        let (mut negated, mut compared, mut masked, mut slash) = (false, false, false, false);
        let mut set = false;
        while let Some(token) = self.words.peek() {
            let word = match token {
                Token::Word(word) => word.as_str(),
                Token::Sign('{') => {
                    set = true;
                    ""
                }
                Token::Sign(_) => "",
                _ => break,
            };
            match word {
                "" | "|" => {}
                "!=" | "!" => {
                    negated = true;
                    compared |= word == "!=";
                    sides.push(Vec::new());
                }
                "==" => {
                    compared = true;
                    sides.push(Vec::new());
                }
                "&" => masked = true,
                "/" => {
                    slash = true;
                    sides.push(Vec::new());
                }
                flag if tcp_flags([flag]).is_some() => {
                    if let Some(side) = sides.last_mut() {
                        side.push(flag);
                    }
                }
                _ => break,
            }
            self.words.next();
        }
        let bits: Option<Vec<u8>> = sides
            .iter()
            .filter(|side| !side.is_empty())
            .map(|side| tcp_flags(side.iter().copied()))
            .collect();
        let met = match bits.as_deref() {
            // tcp flags & (fin | syn) == syn
            Some([mask, value]) if masked && compared && !slash => Some(SYN & mask == *value),
            // tcp flags syn / fin,syn
            Some([value, mask]) if slash && !masked => Some(SYN & mask == *value),
            // tcp flags == syn
            Some([value]) if compared && !masked => Some(SYN == *value),
            // tcp flags syn,ack: any of them
            Some([value]) if !masked && !set => Some(SYN & value != 0),
            _ => None,
        };
        let reading = self.reading;
        for region in &mut self.regions {
            match met {
                Some(met) => {
                    narrow_flags(region, met != negated);
                }
                None => {
                    narrow(region, Key::Protocol, false, &["tcp"], reading);
                }
            }
        }
        if met.is_none() {
            self.be(Certainty::Unknown);
        }
        true
    }
}

/// Words that begin a match, a statement or a verdict.
const BEGINS: [&str; 38] = [
    "ip",
    "ip6",
    "tcp",
    "udp",
    "sctp",
    "dccp",
    "udplite",
    "th",
    "icmp",
    "icmpv6",
    "meta",
    "iifname",
    "iif",
    "oif",
    "oifname",
    "pkttype",
    "ct",
    "fib",
    "ether",
    "counter",
    "log",
    "limit",
    "comment",
    "accept",
    "drop",
    "reject",
    "return",
    "continue",
    "queue",
    "jump",
    "goto",
    "dnat",
    "snat",
    "redirect",
    "masquerade",
    "xt",
    "synproxy",
    "notrack",
];
