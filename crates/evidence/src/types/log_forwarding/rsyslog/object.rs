//! Objects of the newer form, `name(key="value" ...)`, and the targets in them.

use super::super::super::decimal;
use super::super::scan::Scan;
use crate::escape::escape_bounded;
use std::collections::BTreeMap;

/// Whom an action sends to.
pub(super) struct Target {
    pub(super) protocol: String,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) tls: bool,
}

/// Whom an action object sends to, if it is one that sends.
pub(super) fn target(values: &BTreeMap<String, Vec<u8>>, driver_tls: bool) -> Option<Target> {
    let value = |key: &str| values.get(key).map(Vec::as_slice).unwrap_or_default();
    let number = |key: &str| decimal::<u16>(value(key));
    let target = |protocol: &str, host: &[u8], port: Option<u16>, tls: bool| {
        let (host, own) = host_port(host);
        Some(Target { protocol: protocol.to_owned(), host, port: port.or(own), tls })
    };
    match value("type") {
        b"omfwd" => {
            let protocol =
                if value("protocol").eq_ignore_ascii_case(b"tcp") { "tcp" } else { "udp" };
            let driver = match value("streamdriver") {
                b"" => match value("streamdriver.name") {
                    b"" => driver_tls,
                    name => matches!(name, b"gtls" | b"ossl"),
                },
                name => matches!(name, b"gtls" | b"ossl"),
            };
            let mode = [value("streamdrivermode"), value("streamdriver.mode")].contains(&&b"1"[..]);
            let tls = protocol == "tcp" && driver && mode;
            if value("target").is_empty() {
                return None;
            }
            target(protocol, value("target"), number("port"), tls)
        }
        b"omrelp" => target("relp", value("target"), number("port"), value("tls") == b"on"),
        b"omkafka" => target("kafka", value("broker"), None, false),
        b"omelasticsearch" => {
            let tls = value("usehttps") == b"on" || value("server").starts_with(b"https:");
            target("elasticsearch", value("server"), number("serverport"), tls)
        }
        b"omhttp" => {
            target("http", value("server"), number("serverport"), value("usehttps") != b"off")
        }
        _ => None,
    }
}

/// `host`, `host:port`, `[::1]:port`, with or without `http://` before.
pub(super) fn host_port(text: &[u8]) -> (String, Option<u16>) {
    let text = match text.windows(3).position(|part| part == b"://") {
        Some(at) => &text[at + 3..],
        None => text,
    };
    let end = text.iter().position(|&b| b == b'/').unwrap_or(text.len());
    let text = &text[..end];
    let (host, rest) = match (text.strip_prefix(b"["), text.iter().position(|&b| b == b']')) {
        (Some(inner), Some(end)) => (&inner[..end - 1], &text[end + 1..]),
        _ => match text.iter().rposition(|&b| b == b':') {
            // More than one colon is an address of IPv6 without brackets.
            Some(at) if !text[..at].contains(&b':') => (&text[..at], &text[at..]),
            _ => (text, &[][..]),
        },
    };
    let port = rest.strip_prefix(b":").and_then(decimal);
    (escape_bounded(host, 253), port)
}

/// The keys in lower case, with their values; of a list the first.
pub(super) fn parameters(scan: &mut Scan<'_>) -> BTreeMap<String, Vec<u8>> {
    let mut values = BTreeMap::new();
    scan.skip(1);
    loop {
        scan.blanks();
        match scan.peek() {
            None => return values,
            Some(b')') => {
                scan.skip(1);
                return values;
            }
            _ => {}
        }
        let key = escape_bounded(scan.word(), 64).to_ascii_lowercase();
        scan.blanks();
        if key.is_empty() || scan.peek() != Some(b'=') {
            if key.is_empty() {
                scan.skip(1);
            }
            continue;
        }
        scan.skip(1);
        scan.blanks();
        let list = scan.peek() == Some(b'[');
        if list {
            scan.skip(1);
            scan.blanks();
        }
        let value = match scan.peek() {
            Some(b'"' | b'\'') => scan.quoted(),
            _ => scan.word().to_vec(),
        };
        values.insert(key, value);
        if list {
            while scan.peek().is_some_and(|b| b != b']') {
                match scan.peek() {
                    Some(b'"' | b'\'') => {
                        scan.quoted();
                    }
                    _ => scan.skip(1),
                }
            }
            scan.skip(1);
        }
    }
}

/// Passes over a block without reading it.
pub(super) fn braces_passed(scan: &mut Scan<'_>) {
    let mut depth = 0_usize;
    while let Some(byte) = scan.peek() {
        match byte {
            b'"' | b'\'' => {
                scan.quoted();
                continue;
            }
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        scan.skip(1);
        if depth == 0 {
            return;
        }
    }
}
