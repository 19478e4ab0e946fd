//! Names and numbers as firewall tools print them.

use super::model::Family;
use super::ranges::Ranges;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Protocols that have a name in rules.
pub(super) const PROTOCOLS: [(&str, u8); 21] = [
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("udp", 17),
    ("dccp", 33),
    ("ipv6", 41),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("icmpv6", 58),
    ("ipv6-icmp", 58),
    ("ospf", 89),
    ("ospfigp", 89),
    ("ipip", 94),
    ("pim", 103),
    ("comp", 108),
    ("vrrp", 112),
    ("l2tp", 115),
    ("sctp", 132),
    ("udplite", 136),
];

/// Services whose names old tools print instead of the port.
const SERVICES: [(&str, u16); 60] = [
    ("ftp-data", 20),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("bootps", 67),
    ("bootpc", 68),
    ("tftp", 69),
    ("http", 80),
    ("www", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("sunrpc", 111),
    ("auth", 113),
    ("ntp", 123),
    ("epmap", 135),
    ("netbios-ns", 137),
    ("netbios-dgm", 138),
    ("netbios-ssn", 139),
    ("imap2", 143),
    ("imap", 143),
    ("snmp", 161),
    ("snmp-trap", 162),
    ("snmptrap", 162),
    ("bgp", 179),
    ("ldap", 389),
    ("https", 443),
    ("microsoft-ds", 445),
    ("kpasswd", 464),
    ("submissions", 465),
    ("isakmp", 500),
    ("exec", 512),
    ("login", 513),
    ("shell", 514),
    ("syslog", 514),
    ("printer", 515),
    ("dhcpv6-client", 546),
    ("dhcpv6-server", 547),
    ("rtsp", 554),
    ("submission", 587),
    ("ipp", 631),
    ("ldaps", 636),
    ("rsync", 873),
    ("ftps", 990),
    ("imaps", 993),
    ("pop3s", 995),
    ("ms-sql-s", 1433),
    ("openvpn", 1194),
    ("radius", 1812),
    ("radius-acct", 1813),
    ("nfs", 2049),
    ("mysql", 3306),
    ("ms-wbt-server", 3389),
    ("ipsec-nat-t", 4500),
    ("sip", 5060),
    ("mdns", 5353),
    ("postgresql", 5432),
    ("http-alt", 8080),
    ("zabbix-agent", 10050),
];

/// The number of a protocol.
pub(super) fn protocol(name: &str) -> Option<u8> {
    let known = PROTOCOLS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
    known.map(|(_, number)| *number).or_else(|| name.parse().ok())
}

/// A port or a range of ports, `-` or `:` between its ends.
pub(super) fn ports(text: &str) -> Option<(u128, u128)> {
    let one = |name: &str| {
        let service = SERVICES.iter().find(|(service, _)| *service == name);
        service.map(|(_, port)| *port).or_else(|| name.parse().ok()).map(u128::from)
    };
    if let Some(port) = one(text) {
        return Some((port, port));
    }
    let (low, high) = text.split_once(':').or_else(|| text.split_once('-'))?;
    let low = if low.is_empty() { 0 } else { one(low)? };
    let high = if high.is_empty() { 65_535 } else { one(high)? };
    Some((low, high))
}

/// An address, a network with its prefix or mask, or a range of addresses.
pub(super) fn addresses(family: Family, text: &str) -> Option<(u128, u128)> {
    let width = match family {
        Family::Ip4 => 32,
        Family::Ip6 => 128,
    };
    if let Some((network, mask)) = text.split_once('/') {
        let length: u32 = match mask.parse() {
            Ok(length) => length,
            Err(_) => prefix_of_mask(address(family, mask)?, width)?,
        };
        let network = address(family, network)?;
        if length > width {
            return None;
        }
        let host = if length == 0 { u128::MAX } else { (1 << (width - length)) - 1 };
        let host = if width == 128 { host } else { host & u128::from(u32::MAX) };
        let low = network & !host;
        return Some((low, low | host));
    }
    if let Some(one) = address(family, text) {
        return Some((one, one));
    }
    let (low, high) = text.split_once('-')?;
    Some((address(family, low)?, address(family, high)?))
}

fn address(family: Family, text: &str) -> Option<u128> {
    match family {
        Family::Ip4 => text.parse::<Ipv4Addr>().ok().map(|ip| u128::from(u32::from(ip))),
        Family::Ip6 => text.parse::<Ipv6Addr>().ok().map(u128::from),
    }
}

/// The length of a mask that is a prefix.
fn prefix_of_mask(mask: u128, width: u32) -> Option<u32> {
    let length = mask.count_ones();
    let full = (0..length).fold(0u128, |sum, at| sum | 1 << (width - 1 - at));
    (full == mask).then_some(length)
}

/// The ranges of a set of addresses, as networks where they are networks.
pub(super) fn show_addresses(family: Family, ranges: &Ranges) -> Vec<String> {
    let width = if family == Family::Ip4 { 32 } else { 128 };
    let show = |number: u128| match family {
        Family::Ip4 => Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).to_string(),
        Family::Ip6 => Ipv6Addr::from(number).to_string(),
    };
    let one = |&(low, high): &(u128, u128)| {
        let span = high - low;
        let network = span & span.wrapping_add(1) == 0 && low & span == 0;
        match (span, network) {
            (0, _) => show(low),
            (_, true) => format!("{}/{}", show(low), width - span.count_ones()),
            _ => format!("{}-{}", show(low), show(high)),
        }
    };
    ranges.as_slice().iter().map(one).collect()
}

/// The type of an ICMP message, by its name or number.
pub(super) fn icmp_type(family: Family, text: &str) -> Option<u8> {
    let names: &[(&str, u8)] = match family {
        Family::Ip4 => &[
            ("echo-reply", 0),
            ("destination-unreachable", 3),
            ("source-quench", 4),
            ("redirect", 5),
            ("echo-request", 8),
            ("router-advertisement", 9),
            ("router-solicitation", 10),
            ("time-exceeded", 11),
            ("parameter-problem", 12),
            ("timestamp-request", 13),
            ("timestamp-reply", 14),
            ("info-request", 15),
            ("info-reply", 16),
            ("address-mask-request", 17),
            ("address-mask-reply", 18),
        ],
        Family::Ip6 => &[
            ("destination-unreachable", 1),
            ("packet-too-big", 2),
            ("time-exceeded", 3),
            ("ttl-exceeded", 3),
            ("parameter-problem", 4),
            ("echo-request", 128),
            ("echo-reply", 129),
            ("mld-listener-query", 130),
            ("mld-listener-report", 131),
            ("mld-listener-done", 132),
            ("mld-listener-reduction", 132),
            ("nd-router-solicit", 133),
            ("router-solicitation", 133),
            ("nd-router-advert", 134),
            ("router-advertisement", 134),
            ("nd-neighbor-solicit", 135),
            ("neighbour-solicitation", 135),
            ("neighbor-solicitation", 135),
            ("nd-neighbor-advert", 136),
            ("neighbour-advertisement", 136),
            ("neighbor-advertisement", 136),
            ("nd-redirect", 137),
            ("redirect", 137),
            ("router-renumbering", 138),
            ("ind-neighbor-solicit", 141),
            ("ind-neighbor-advert", 142),
            ("mld2-listener-report", 143),
        ],
    };
    let known = names.iter().find(|(known, _)| *known == text);
    known.map(|(_, number)| *number).or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown() {
        for (family, text, shown) in [
            (Family::Ip4, "10.0.2.15/24", "10.0.2.0/24"),
            (Family::Ip4, "10.0.2.0/255.255.255.0", "10.0.2.0/24"),
            (Family::Ip4, "192.0.2.10-192.0.2.20", "192.0.2.10-192.0.2.20"),
            (Family::Ip4, "192.0.2.1", "192.0.2.1"),
            (Family::Ip4, "0.0.0.0/0", "0.0.0.0/0"),
            (Family::Ip6, "2001:db8::/32", "2001:db8::/32"),
            (Family::Ip6, "::/0", "::/0"),
            (Family::Ip6, "fe80::1", "fe80::1"),
        ] {
            let (low, high) = addresses(family, text).unwrap();
            assert_eq!(show_addresses(family, &Ranges::one(low, high)), [shown]);
        }
        for bad in ["10.0.0.0/33", "10.0.0.0/255.0.255.0", "host.example", "", "/", "1-2", "::1"] {
            assert_eq!(addresses(Family::Ip4, bad), None, "{bad}");
        }
    }

    #[test]
    fn ports_are_read() {
        for (text, ports_of) in [
            ("22", Some((22, 22))),
            ("ssh", Some((22, 22))),
            ("1000-2000", Some((1000, 2000))),
            ("1000:2000", Some((1000, 2000))),
            (":1023", Some((0, 1023))),
            ("1024:", Some((1024, 65_535))),
            ("netbios-ns", Some((137, 137))),
            ("70000", None),
            ("no-such", None),
            ("-", Some((0, 65_535))),
        ] {
            assert_eq!(ports(text), ports_of, "{text}");
        }
    }
}
