//! The form that `iptables-save` prints and `iptables-restore` reads.

use super::model::{
    Certainty, Family, Hook, Protocols, Region, Rule, Scope, TCP, Table, UDP, Verdict,
};
use super::packet::{Key, Reading, SYN, narrow, narrow_flags, tcp_flags};
use super::{names, nft::RULES_MAX};
use crate::escape::escape_bounded;
use crate::problem::Problem;
use anji_model::FailureCategory;

/// The tables of one family.
///
/// # Errors
/// A [`Problem`] where lines have another form, or there are too many.
pub(super) fn read<'l>(
    family: Family,
    prefix: &str,
    lines: impl Iterator<Item = &'l [u8]>,
    reading: Reading,
) -> Result<Vec<Table>, Problem> {
    let mut tables: Vec<Table> = Vec::new();
    let mut open = false;
    let mut rules = 0;
    for line in lines {
        let line = line.trim_ascii();
        let Some(&first) = line.first() else { continue };
        match first {
            b'#' => continue,
            b'*' => {
                let name = format!("{prefix} {}", escape_bounded(&line[1..], 60));
                let scope = if family == Family::Ip4 { Scope::Ip4 } else { Scope::Ip6 };
                // Files that are loaded one after another add to their tables.
                match tables.iter().position(|table| table.name == name) {
                    Some(at) => {
                        let table = tables.remove(at);
                        tables.push(table);
                    }
                    None => tables.push(Table::new(name, scope)),
                }
                open = true;
                continue;
            }
            b'C' if line == b"COMMIT" => {
                open = false;
                continue;
            }
            _ => {}
        }
        let table = tables.last_mut().filter(|_| open).ok_or_else(|| unread(line))?;
        rules += 1;
        if rules > RULES_MAX {
            let detail = "more rules than are read";
            return Err(Problem::new(FailureCategory::Truncated, detail));
        }
        // Counters stand before a rule where they were asked for.
        let line = match (first, line.iter().position(|&b| b == b']')) {
            (b'[', Some(end)) => line[end + 1..].trim_ascii(),
            _ => line,
        };
        let words = words(line).ok_or_else(|| unread(line))?;
        if let Some(name) = words[0].strip_prefix(':') {
            let policy = words.get(1).map_or("-", String::as_str);
            declare(table, name, policy);
        } else if matches!(words[0].as_str(), "-A" | "--append") && words.len() > 1 {
            let rule = rule(family, &words[2..], reading, table);
            table.chains.entry(words[1].clone()).or_default().rules.push(rule);
        } else if matches!(words[0].as_str(), "-I" | "--insert") && words.len() > 1 {
            let at = words.get(2).and_then(|word| word.parse::<usize>().ok());
            let rest = if at.is_some() { &words[3..] } else { &words[2..] };
            let rule = rule(family, rest, reading, table);
            let chain = table.chains.entry(words[1].clone()).or_default();
            let at = at.unwrap_or(1).saturating_sub(1).min(chain.rules.len());
            chain.rules.insert(at, rule);
        } else if matches!(words[0].as_str(), "-P" | "--policy") && words.len() == 3 {
            declare(table, &words[1], &words[2]);
        } else if matches!(words[0].as_str(), "-F" | "--flush" | "-N" | "--new-chain") {
            if let Some(name) = words.get(1) {
                table.chains.entry(name.clone()).or_default().rules.clear();
            } else {
                table.chains.values_mut().for_each(|chain| chain.rules.clear());
            }
        } else if !matches!(words[0].as_str(), "-X" | "--delete-chain" | "-Z" | "--zero") {
            return Err(unread(line));
        }
    }
    if open {
        let detail = "a table of iptables is not complete";
        return Err(Problem::new(FailureCategory::Incomplete, detail));
    }
    Ok(tables)
}

fn unread(line: &[u8]) -> Problem {
    let detail = format!("no line of iptables-save: {}", escape_bounded(line, 80));
    Problem::new(FailureCategory::Unparsable, detail)
}

/// Makes a chain, or gives it its policy.
fn declare(table: &mut Table, name: &str, policy: &str) {
    let (kind, priority) = match table.name.rsplit(' ').next() {
        Some("raw") => ("filter", -300),
        Some("mangle") => ("filter", -150),
        Some("nat") => ("nat", if name == "INPUT" { 100 } else { -100 }),
        Some("security") => ("filter", 50),
        _ => ("filter", 0),
    };
    let hook = match name {
        "INPUT" => Some("input"),
        "PREROUTING" => Some("prerouting"),
        "FORWARD" => Some("forward"),
        "OUTPUT" => Some("output"),
        "POSTROUTING" => Some("postrouting"),
        _ => None,
    };
    let chain = table.chains.entry(name.to_owned()).or_default();
    chain.hook = hook.map(|name| Hook { kind: kind.to_owned(), name: name.to_owned(), priority });
    // iptables knows the policies ACCEPT and DROP; `-` is a chain of the user.
    chain.drops = policy == "DROP";
}

/// The words of a line; double quotes hold them together.
fn words(line: &[u8]) -> Option<Vec<String>> {
    let line = String::from_utf8_lossy(line);
    let mut list = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), _) if open == letter => quote = None,
            (_, '\\') => word.get_or_insert_default().extend(letters.next()),
            (None, ' ' | '\t') => list.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    list.extend(word);
    (quote.is_none() && !list.is_empty()).then_some(list)
}

struct Reader<'r> {
    family: Family,
    reading: Reading,
    region: Region,
    certainty: Certainty,
    verdict: Verdict,
    /// The ports that later options speak of belong to this protocol.
    protocol: Option<u8>,
    /// The last module that was loaded by `-m`.
    module: &'r str,
    /// A condition that belongs to the module as a whole was met.
    recent: Option<Certainty>,
}

fn rule(family: Family, words: &[String], reading: Reading, table: &Table) -> Rule {
    let mut region = Region::everything();
    region.only(family);
    let mut reader = Reader {
        family,
        reading,
        region,
        certainty: Certainty::Always,
        verdict: Verdict::Continue,
        protocol: None,
        module: "",
        recent: None,
    };
    let mut at = 0;
    let mut negated = false;
    while let Some(word) = words.get(at) {
        if word == "!" {
            negated = true;
            at += 1;
            continue;
        }
        let rest = &words[at + 1..];
        if matches!(word.as_str(), "-j" | "--jump" | "-g" | "--goto") {
            // What follows are the target's own options.
            reader.target(word, rest, table);
            break;
        }
        at += 1 + reader.option(word, rest, negated);
        negated = false;
    }
    let certainty = reader.recent.map_or(reader.certainty, |c| reader.certainty.and(c));
    Rule { parts: vec![(reader.region, reader.verdict)], certainty }
}

impl<'r> Reader<'r> {
    fn narrow(&mut self, key: Key, negated: bool, values: &[&str]) {
        let certainty = narrow(&mut self.region, key, negated, values, self.reading);
        self.certainty = self.certainty.and(certainty);
    }

    fn be(&mut self, certainty: Certainty) {
        self.certainty = self.certainty.and(certainty);
    }

    /// Reads one option; says how many words it took besides itself.
    fn option(&mut self, option: &str, rest: &'r [String], negated: bool) -> usize {
        let value = rest.first().map_or("", String::as_str);
        let list: Vec<&str> = value.split(',').collect();
        match option {
            "-p" | "--protocol" | "--proto" => {
                if value != "all" && value != "0" {
                    self.narrow(Key::Protocol, negated, &[value]);
                    self.protocol = names::protocol(value).filter(|_| !negated);
                }
            }
            "-s" | "--source" | "--src" => self.narrow(Key::Source(self.family), negated, &list),
            "-d" | "--destination" | "--dst" => {
                self.narrow(Key::Destination(self.family), negated, &list);
            }
            "-i" | "--in-interface" => {
                let name = match value.strip_suffix('+') {
                    Some(beginning) => format!("{beginning}*"),
                    None => value.to_owned(),
                };
                self.narrow(Key::Interface, negated, &[&name]);
            }
            "-m" | "--match" => {
                self.module = value;
                match value {
                    "tcp" => self.protocol = Some(TCP),
                    "udp" => self.protocol = Some(UDP),
                    // What honest hosts send passes the test of its way back.
                    "rpfilter" => self.be(Certainty::Sometimes),
                    _ if KNOWN_MODULES.contains(&value) => {}
                    _ => self.be(Certainty::Unknown),
                }
            }
            "--dport"
            | "--dports"
            | "--destination-port"
            | "--destination-ports"
            | "--ports"
            | "--sport"
            | "--sports"
            | "--source-port"
            | "--source-ports" => {
                self.port(option, negated, &list);
            }
            "--syn" => self.flags(negated, "FIN,SYN,RST,ACK", "SYN"),
            "--tcp-flags" => {
                let flags = rest.get(1).map_or("", String::as_str);
                self.flags(negated, value, flags);
                return 2;
            }
            "--state" | "--ctstate" => self.narrow(Key::State, negated, &list),
            "--ctdir" => {
                let direction = value.to_ascii_lowercase();
                self.narrow(Key::Direction, negated, &[&direction]);
            }
            "--dst-type" => self.narrow(Key::DestinationKind, negated, &list),
            "--pkt-type" => self.narrow(Key::PacketKind, negated, &list),
            "--src-range" => self.narrow(Key::Source(self.family), negated, &list),
            "--dst-range" => self.narrow(Key::Destination(self.family), negated, &list),
            "--icmp-type" | "--icmpv6-type" => {
                if value != "any" && value != "255" {
                    // A code after the type makes it narrower.
                    let (kind, code) = value.split_once('/').unwrap_or((value, ""));
                    self.narrow(Key::Icmp(self.family), negated, &[kind]);
                    if !code.is_empty() {
                        self.be(Certainty::Unknown);
                    }
                }
            }
            _ => return self.module_option(option, rest, negated),
        }
        1
    }

    /// Options that make a rule more or less certain.
    fn module_option(&mut self, option: &str, rest: &[String], negated: bool) -> usize {
        let unless = |certainty| if negated { Certainty::Unknown } else { certainty };
        match (self.module, option) {
            ("comment", "--comment") => 1,
            ("limit", "--limit") => {
                self.be(unless(Certainty::Sometimes));
                1
            }
            ("limit", "--limit-burst") => 1,
            ("hashlimit", "--hashlimit-upto" | "--hashlimit")
            | ("connlimit", "--connlimit-upto") => {
                self.be(unless(Certainty::Sometimes));
                1
            }
            ("hashlimit", "--hashlimit-above") | ("connlimit", "--connlimit-above") => {
                self.be(unless(Certainty::Rarely));
                1
            }
            ("hashlimit", option) if option.starts_with("--hashlimit-") => 1,
            ("connlimit", "--connlimit-mask") => 1,
            ("connlimit", "--connlimit-saddr" | "--connlimit-daddr") => 0,
            ("recent", "--set") if !negated => {
                self.recent = self.recent.or(Some(Certainty::Always));
                0
            }
            ("recent", "--update" | "--rcheck" | "--remove") => {
                self.recent = Some(if negated { Certainty::Sometimes } else { Certainty::Rarely });
                0
            }
            ("recent", "--rsource" | "--rdest" | "--rttl" | "--reap") => 0,
            ("recent", "--seconds" | "--hitcount" | "--name" | "--mask") => 1,
            ("rpfilter", "--invert") => {
                self.be(Certainty::Rarely);
                0
            }
            ("rpfilter", "--loose" | "--validmark" | "--accept-local") => 0,
            _ => {
                self.be(Certainty::Unknown);
                rest.iter().take_while(|word| !word.starts_with('-') && *word != "!").count()
            }
        }
    }

    fn port(&mut self, option: &str, negated: bool, list: &[&str]) {
        let protocol = self.protocol.filter(|p| self.region.protocols == Protocols::of(&[*p]));
        match option {
            // Source or destination: an outsider chooses the one, so both.
            "--ports" => self.narrow(Key::SourcePort(protocol), negated, list),
            option if option.starts_with("--s") => {
                self.narrow(Key::SourcePort(protocol), negated, list);
            }
            _ => self.narrow(Key::Port(protocol), negated, list),
        }
    }

    fn flags(&mut self, negated: bool, mask: &str, wanted: &str) {
        match (tcp_flags(mask.split(',')), tcp_flags(wanted.split(','))) {
            (Some(mask), Some(wanted)) => {
                let met = (SYN & mask == wanted) != negated;
                let certainty = narrow_flags(&mut self.region, met);
                self.be(certainty);
            }
            _ => self.be(Certainty::Unknown),
        }
    }

    fn target(&mut self, word: &str, rest: &[String], table: &Table) {
        let target = rest.first().map_or("", String::as_str);
        let goto = matches!(word, "-g" | "--goto");
        self.verdict = match target {
            "ACCEPT" => Verdict::Accept,
            "DROP" | "REJECT" | "TARPIT" => Verdict::Drop,
            "RETURN" => Verdict::Return,
            "SNAT" | "MASQUERADE" => Verdict::Accept,
            // The packet goes on with another address: who knows where it gets to.
            "DNAT" | "REDIRECT" | "NETMAP" | "TPROXY" => Verdict::Unknown,
            name if GOES_ON.contains(&name) => Verdict::Continue,
            name if table.chains.contains_key(name) || goto => match goto {
                true => Verdict::Goto(name.to_owned()),
                false => Verdict::Jump(name.to_owned()),
            },
            // A chain that is declared later, or a target that is not known:
            // the walk takes what it does not find for anything.
            name => Verdict::Jump(name.to_owned()),
        };
    }
}

/// Modules whose options are read one by one.
const KNOWN_MODULES: [&str; 18] = [
    "tcp",
    "udp",
    "sctp",
    "dccp",
    "multiport",
    "state",
    "conntrack",
    "comment",
    "limit",
    "hashlimit",
    "connlimit",
    "recent",
    "iprange",
    "addrtype",
    "icmp",
    "icmp6",
    "pkttype",
    "rpfilter",
];

/// Targets after which the next rule sees the packet.
const GOES_ON: [&str; 26] = [
    "LOG",
    "NFLOG",
    "ULOG",
    "TRACE",
    "MARK",
    "CONNMARK",
    "CONNSECMARK",
    "SECMARK",
    "SET",
    "AUDIT",
    "CLASSIFY",
    "TCPMSS",
    "TCPOPTSTRIP",
    "CT",
    "NOTRACK",
    "DSCP",
    "TOS",
    "TTL",
    "HL",
    "CHECKSUM",
    "IDLETIMER",
    "TEE",
    "LED",
    "RATEEST",
    "HMARK",
    "ECN",
];
