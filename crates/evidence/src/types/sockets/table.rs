//! Rows of `ss` and of the tables in `/proc/net`.

use super::super::decimal;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where a socket listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// `None` is `*`: both families.
    pub(super) ip: Option<IpAddr>,
    /// The zone that followed a `%`, raw.
    pub(super) zone: Vec<u8>,
    pub(super) port: u16,
}

/// One row: who holds the socket is either known or not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) protocol: &'static str,
    pub(super) address: Address,
    pub(super) holders: Holders,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holders {
    /// The row names them.
    Named(Vec<Vec<u8>>),
    /// The row names none.
    None,
    /// The row says something that cannot be read.
    Unreadable,
    /// The socket's inode; the holders are told apart.
    Inode(u64),
}

/// A row of `ss -tulpn`; its heading is no row.
pub(super) fn ss_row(line: &[u8]) -> Option<Row> {
    let mut rest = line;
    let mut words = [&b""[..]; 6];
    for word in &mut words {
        rest = rest.trim_ascii_start();
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        (*word, rest) = rest.split_at(end);
    }
    let [netid, _state, _received, _sent, local, peer] = words;
    if peer.is_empty() {
        return None;
    }
    let protocol = protocol(netid)?;
    Some(Row { protocol, address: address(local)?, holders: holders(rest.trim_ascii()) })
}

pub(super) fn protocol(name: &[u8]) -> Option<&'static str> {
    match name {
        b"tcp" | b"tcp6" => Some("tcp"),
        b"udp" | b"udp6" => Some("udp"),
        _ => None,
    }
}

/// `0.0.0.0:22`, `[::1]:22`, `:::22`, `*:22`, `[fe80::1]%eth0:546`, `10.0.2.15%eth0:68`.
fn address(text: &[u8]) -> Option<Address> {
    let colon = text.iter().rposition(|&b| b == b':')?;
    let (host, port) = (&text[..colon], decimal(&text[colon + 1..])?);
    let (host, zone) = match host.iter().position(|&b| b == b'%') {
        Some(at) => (&host[..at], host[at + 1..].to_vec()),
        None => (host, Vec::new()),
    };
    // Some versions put the zone inside the brackets.
    let host = host.strip_prefix(b"[").unwrap_or(host);
    let host = host.strip_suffix(b"]").unwrap_or(host);
    let zone = zone.strip_suffix(b"]").map(<[u8]>::to_vec).unwrap_or(zone);
    let ip = match host {
        b"*" => None,
        host => Some(std::str::from_utf8(host).ok()?.parse().ok()?),
    };
    Some(Address { ip, zone, port })
}

/// `users:(("sshd",pid=353,fd=3),("systemd",pid=1,fd=60))`. Names stand as they
/// are, quotes and parentheses included, so only the tail of an entry tells
/// where its name ends.
fn holders(text: &[u8]) -> Holders {
    if text.is_empty() {
        return Holders::None;
    }
    let Some(mut rest) = text.strip_prefix(b"users:(") else { return Holders::Unreadable };
    let mut names = Vec::new();
    while let Some(entry) = rest.strip_prefix(b"(\"") {
        let Some((name, after)) = entry_end(entry) else { return Holders::Unreadable };
        names.push(name.to_vec());
        rest = after.strip_prefix(b",").unwrap_or(after);
    }
    if names.is_empty() { Holders::Unreadable } else { Holders::Named(names) }
}

/// The first `",pid=N,fd=N)` (older: `",N,N)`), and what follows it.
fn entry_end(entry: &[u8]) -> Option<(&[u8], &[u8])> {
    let tail = |at: usize| {
        let rest = entry[at..].strip_prefix(b"\",")?;
        let rest = number(rest.strip_prefix(b"pid=").unwrap_or(rest))?.strip_prefix(b",")?;
        number(rest.strip_prefix(b"fd=").unwrap_or(rest))?.strip_prefix(b")")
    };
    (0..entry.len())
        .filter(|&at| entry[at] == b'"')
        .find_map(|at| tail(at).map(|rest| (&entry[..at], rest)))
}

/// What follows a number of at most ten digits.
fn number(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().take(11).take_while(|b| b.is_ascii_digit()).count();
    (1..=10).contains(&digits).then(|| &text[digits..])
}

/// A row of a table in `/proc/net`: `Some(None)` for a socket that does not listen.
pub(super) fn proc_row(protocol: &'static str, line: &[u8]) -> Option<Option<Row>> {
    let words: Vec<&[u8]> =
        line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(10).collect();
    let [_, local, _, state, _, _, _, _, _, inode] = words.as_slice() else { return None };
    let listening: &[u8] = if protocol == "tcp" { b"0A" } else { b"07" };
    if *state != listening {
        return Some(None);
    }
    let (host, port) = local.split_at_checked(local.len().checked_sub(5)?)?;
    let port = u16::try_from(hex(port.strip_prefix(b":")?)?).ok()?;
    let ip = match host.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word_bytes(host)?)),
        32 => {
            let mut bytes = [0; 16];
            for (to, from) in bytes.chunks_exact_mut(4).zip(host.chunks_exact(8)) {
                to.copy_from_slice(&word_bytes(from)?);
            }
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
        _ => return None,
    };
    let address = Address { ip: Some(ip), zone: Vec::new(), port };
    let holders = match decimal(inode)? {
        0 => Holders::None,
        inode => Holders::Inode(inode),
    };
    Some(Some(Row { protocol, address, holders }))
}

/// The kernel prints each 32-bit word of an address in the byte order of the
/// machine; every platform that is supported is little-endian.
fn word_bytes(text: &[u8]) -> Option<[u8; 4]> {
    hex(text).map(u32::to_le_bytes)
}

fn hex(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 8 || !text.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        match holders(text.as_bytes()) {
            Holders::Named(names) => {
                names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn addresses_of_every_form_are_read() {
        for (text, ip, zone, port) in [
            ("0.0.0.0:22", Some("0.0.0.0"), "", 22),
            ("[::]:22", Some("::"), "", 22),
            (":::22", Some("::"), "", 22),
            ("*:23", None, "", 23),
            ("[fe80::5054:ff:fe12:3456]%eth0:546", Some("fe80::5054:ff:fe12:3456"), "eth0", 546),
            ("[fe80::1%eth0]:546", Some("fe80::1"), "eth0", 546),
            ("10.0.2.15%enp0s2:68", Some("10.0.2.15"), "enp0s2", 68),
            ("::ffff:127.0.0.1:8005", Some("::ffff:127.0.0.1"), "", 8005),
        ] {
            let ip = ip.map(|ip| ip.parse().unwrap());
            let zone = zone.as_bytes().to_vec();
            assert_eq!(address(text.as_bytes()), Some(Address { ip, zone, port }), "{text}");
        }
        for bad in ["", ":", "1.2.3:4", "*:*", "0.0.0.0:65536", "0.0.0.0:-1", "host:22"] {
            assert_eq!(address(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn names_may_hold_anything() {
        assert_eq!(named(r#"users:(("sshd",pid=353,fd=3))"#), ["sshd"]);
        assert_eq!(named(r#"users:(("a b",pid=1,fd=3),("(x)",pid=2,fd=3))"#), ["a b", "(x)"]);
        assert_eq!(named(r#"users:(("q"),("",pid=1,fd=3))"#), [r#"q"),(""#]);
        assert_eq!(named(r#"users:(("old",1234,3))"#), ["old"]);
        assert_eq!(holders(br#"users:(("cut",pid=1"#), Holders::Unreadable);
        assert_eq!(holders(b"ino:1234"), Holders::Unreadable);
    }

    #[test]
    fn kernel_tables_give_the_same_addresses() {
        let v4 = b"   1: 0100007F:0016 00000000:0000 0A 0:0 00:0 0 0 0 13341 1 f 100";
        let row = proc_row("tcp", v4).flatten().unwrap();
        assert_eq!(row.address.ip, Some("127.0.0.1".parse().unwrap()));
        assert_eq!((row.address.port, row.holders), (22, Holders::Inode(13341)));
        let v6 = b"0: 00000000000000000000000001000000:1FA8 0:0 07 0:0 00:0 0 0 0 0 2 f 0";
        let row = proc_row("udp", v6).flatten().unwrap();
        assert_eq!(row.address.ip, Some("::1".parse().unwrap()));
        assert_eq!((row.address.port, row.holders), (8104, Holders::None));
        let established = b"2: 0F02000A:0016 0202000A:A96E 01 0:0 02:0 0 0 0 14608 2 f 20";
        assert_eq!(proc_row("tcp", established), Some(None));
        assert_eq!(proc_row("tcp", b"sl  local_address rem_address st"), None);
    }
}
