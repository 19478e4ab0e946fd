//! syslog-ng's configuration: destinations that leave the host, and the log
//! paths that lead to them.

use super::super::dump::{Dump, Found};
use super::Collector;
use super::scan::Scan;
use crate::escape::escape_bounded;
use crate::problem::Problem;
use anji_model::FailureCategory;
use std::collections::BTreeMap;

pub(super) const MAIN: &str = "/etc/syslog-ng/syslog-ng.conf";
pub(super) const MORE: &str = "/etc/syslog-ng/conf.d/*.conf";

/// Blocks may stand within each other so deep.
const DEPTH_MAX: usize = 32;

/// A driver that sends elsewhere.
#[derive(Clone)]
struct Target {
    protocol: String,
    host: String,
    port: Option<u16>,
    tls: bool,
}

/// A part of a text: a word, a text in quotes, or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Sign(u8),
}

#[derive(Default)]
struct Configuration {
    destinations: BTreeMap<String, Vec<Target>>,
    paths: Vec<Path>,
}

/// A `log { ... };` block.
#[derive(Default)]
struct Path {
    destinations: Vec<String>,
    inline: Vec<Target>,
    /// Whether something in it or before it lets messages through in part only.
    conditional: bool,
}

/// The collectors of syslog-ng's configuration, and what was not understood.
pub(super) fn collectors(dump: &Dump<'_>) -> (Vec<Collector>, Vec<Problem>) {
    let mut problems = Vec::new();
    let main = match dump.file(MAIN) {
        Found::File(file) => file,
        Found::Absent => return (Vec::new(), problems),
        Found::Failed(problem) => return (Vec::new(), vec![problem]),
    };
    let mut files = vec![main];
    for line in &main.lines {
        let Some(rest) = line.trim_ascii().strip_prefix(b"@include") else { continue };
        let name = rest.trim_ascii().trim_ascii_end();
        let name =
            name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
        match name {
            b"/etc/syslog-ng/conf.d/*.conf" | b"/etc/syslog-ng/conf.d/" => {
                let (more, missing) = dump.matching(MORE);
                problems.extend(missing);
                files.extend(more);
            }
            // The makers' own library of drivers: no destination of its own.
            b"scl.conf" => {}
            other => {
                let detail = format!("the included {} is not read", escape_bounded(other, 200));
                problems.push(Problem::new(FailureCategory::Unsupported, detail));
            }
        }
    }
    let mut all = Configuration::default();
    for file in files {
        problems.extend(file.problem.clone());
        let kept = file.lines.iter().filter(|line| !line.trim_ascii_start().starts_with(b"@"));
        let text = kept.copied().collect::<Vec<_>>().join(&b'\n');
        let tokens = tokens(&text);
        if read(&tokens, &mut all).is_none() {
            let detail = format!("{}: not understood to its end", escape_bounded(&file.path, 200));
            problems.push(Problem::new(FailureCategory::Unsupported, detail));
        }
    }
    (told(&all), problems)
}

fn told(all: &Configuration) -> Vec<Collector> {
    let mut collectors = Vec::new();
    for path in &all.paths {
        let named =
            path.destinations.iter().filter_map(|name| all.destinations.get(name)).flatten();
        for target in named.chain(&path.inline) {
            let fact = (!path.conditional).then_some(true);
            collectors.push(Collector {
                entry: super::entry("syslog-ng", &target.protocol, &target.host, target.port),
                program: "syslog-ng".to_owned(),
                protocol: target.protocol.clone(),
                host: target.host.clone(),
                port: target.port,
                tls: target.tls,
                selector: if path.conditional { "filter" } else { "all" }.to_owned(),
                everything: fact,
                authentication: fact,
                running: None,
            });
        }
    }
    collectors.truncate(256);
    collectors
}

fn tokens(text: &[u8]) -> Vec<Token> {
    let mut scan = Scan::new(text);
    let mut tokens = Vec::new();
    loop {
        scan.blanks();
        match scan.peek() {
            None => return tokens,
            Some(b'"' | b'\'') => {
                tokens.push(Token::Word(escape_bounded(&scan.quoted(), 512)));
            }
            Some(byte) => {
                let word = scan.word();
                if word.is_empty() {
                    scan.skip(1);
                    tokens.push(Token::Sign(byte));
                } else {
                    tokens.push(Token::Word(escape_bounded(word, 512)));
                }
            }
        }
    }
}

/// The end of the bracket that opens at `from`: the place after it.
fn after(tokens: &[Token], from: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, from);
    loop {
        match tokens.get(at)? {
            Token::Sign(b'(' | b'{') => depth += 1,
            Token::Sign(b')' | b'}') => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
        if depth > DEPTH_MAX {
            return None;
        }
    }
}

/// The statements of one file.
fn read(tokens: &[Token], all: &mut Configuration) -> Option<()> {
    let mut at = 0;
    let mut last = false;
    while let Some(token) = tokens.get(at) {
        let Token::Word(word) = token else {
            at += 1;
            continue;
        };
        let name = match tokens.get(at + 1) {
            Some(Token::Word(name)) => Some(name.clone()),
            _ => None,
        };
        let open = at + 1 + usize::from(name.is_some());
        if tokens.get(open) != Some(&Token::Sign(b'{')) {
            at += 1;
            continue;
        }
        let end = after(tokens, open)?;
        let inner = tokens.get(open + 1..end - 1)?;
        match (word.as_str(), name) {
            ("destination", Some(name)) => {
                all.destinations.insert(name, targets(inner)?);
            }
            ("log", _) => {
                let path = path(inner, last)?;
                last |= path.conditional;
                all.paths.push(path);
            }
            // What stands in a block of macros or a junction is not followed.
            _ => {}
        }
        at = end;
    }
    Some(())
}

/// A log path. `earlier` says that a path before it may keep messages back.
fn path(tokens: &[Token], earlier: bool) -> Option<Path> {
    let mut path = Path { conditional: earlier, ..Path::default() };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let Token::Word(word) = token else {
            at += 1;
            continue;
        };
        match (word.as_str(), tokens.get(at + 1)) {
            ("destination", Some(Token::Sign(b'('))) => {
                if let Some(Token::Word(name)) = tokens.get(at + 2) {
                    path.destinations.push(name.clone());
                }
                at = after(tokens, at + 1)?;
            }
            ("destination", Some(Token::Sign(b'{'))) => {
                let end = after(tokens, at + 1)?;
                path.inline.extend(targets(tokens.get(at + 2..end - 1)?)?);
                at = end;
            }
            ("source", Some(Token::Sign(b'(' | b'{'))) => at = after(tokens, at + 1)?,
            (
                "filter" | "parser" | "rewrite" | "junction" | "channel" | "if" | "elif" | "flags",
                _,
            ) => {
                path.conditional = true;
                at += 1;
            }
            _ => at += 1,
        }
    }
    Some(path)
}

/// The drivers of a destination that leave the host.
fn targets(tokens: &[Token]) -> Option<Vec<Target>> {
    let mut targets = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let (Token::Word(word), Some(Token::Sign(b'('))) = (token, tokens.get(at + 1)) else {
            at += 1;
            continue;
        };
        let end = after(tokens, at + 1)?;
        let inner = tokens.get(at + 2..end - 1)?;
        let default = match word.as_str() {
            "tcp" | "tcp6" | "network" | "syslog" => Some("tcp"),
            "udp" | "udp6" => Some("udp"),
            "http" => Some("http"),
            "kafka" | "kafka-c" => Some("kafka"),
            "elasticsearch-http" | "elasticsearch2" => Some("elasticsearch"),
            _ => None,
        };
        if let Some(protocol) = default {
            targets.push(target(protocol, inner));
        }
        at = end;
    }
    Some(targets)
}

fn target(protocol: &str, tokens: &[Token]) -> Target {
    let option = |name: &str| {
        tokens.windows(3).find_map(|three| match three {
            [Token::Word(word), Token::Sign(b'('), Token::Word(value)] if word == name => {
                Some(value.as_str())
            }
            _ => None,
        })
    };
    let host = match tokens.first() {
        Some(Token::Word(host)) if tokens.get(1) != Some(&Token::Sign(b'(')) => host.clone(),
        _ => option("url").or(option("bootstrap-servers")).unwrap_or_default().to_owned(),
    };
    let transport = option("transport").unwrap_or_default().to_owned();
    let tls = transport.contains("tls")
        || option("tls").is_some()
        || host.starts_with("https:")
        || tokens.contains(&Token::Word("tls".to_owned()));
    let protocol = if transport == "udp" { "udp" } else { protocol };
    let port = option("port").or(option("destport")).and_then(|port| port.parse().ok());
    Target { protocol: protocol.to_owned(), host, port, tls }
}

#[cfg(test)]
mod tests {
    use super::super::super::dump::Dump;
    use super::*;
    use crate::frame::Frame;

    fn shown(text: &str) -> (Vec<String>, usize) {
        let mut data = String::from(
            "//D /etc/syslog-ng/conf.d/*.conf\n//F 81a4 0 0 9 /etc/syslog-ng/syslog-ng.conf\n",
        );
        text.lines().for_each(|line| data.push_str(&format!(" {line}\n")));
        data.push_str("//E 0\n");
        let frame = Frame { data: data.into_bytes(), exit: Some(0), ..Frame::empty("log.config") };
        let (collectors, problems) = collectors(&Dump::read(&frame).unwrap());
        let line = |c: Collector| {
            format!(
                "{}{}{}",
                c.entry,
                if c.tls { " tls" } else { "" },
                if c.everything == Some(true) { " all" } else { "" }
            )
        };
        (collectors.into_iter().map(line).collect(), problems.len())
    }

    const HEAD: &str = "@version: 3.38\n@include \"scl.conf\"\nsource s_src { system(); internal(); };\n\
                        destination d_local { file(\"/var/log/syslog\"); };\n";

    #[test]
    fn destinations_count_where_a_log_path_leads() {
        let net = "destination d_net { network(\"10.0.2.2\" port(6514) transport(\"tls\") tls(ca-dir(\"/etc/x\"))); };\n";
        assert_eq!(shown(&format!("{HEAD}{net}")).0, Vec::<String>::new());
        let path = "log { source(s_src); destination(d_net); };";
        assert_eq!(
            shown(&format!("{HEAD}{net}{path}")),
            (vec!["syslog-ng tcp 10.0.2.2:6514 tls all".to_owned()], 0)
        );
        let filtered = "log { source(s_src); filter(f_auth); destination(d_net); };";
        assert_eq!(shown(&format!("{HEAD}{net}{filtered}")).0, ["syslog-ng tcp 10.0.2.2:6514 tls"]);
        let inline = "log { source(s_src); destination { udp(\"h\"); }; };";
        assert_eq!(shown(&format!("{HEAD}{inline}")).0, ["syslog-ng udp h all"]);
        let commented = format!("{HEAD}{net}# {path}");
        assert_eq!(shown(&commented).0, Vec::<String>::new());
    }

    #[test]
    fn what_is_not_read_is_said() {
        assert_eq!(shown("@include \"/opt/x.conf\"").1, 1);
        assert_eq!(shown("log { source(s); ").1, 1);
        shown(&"log {".repeat(50_000));
        shown(&"(".repeat(50_000));
    }
}
