//! Texts that nft prints and files hold.

use super::super::answer::{Default, answer};
use super::super::model::{Family, Table};
use super::*;

/// The openings of TCP for one family, as `ports from sources`.
fn openings(family: Family, ruleset: &Ruleset) -> Vec<String> {
    let tables: Vec<&Table> = ruleset.tables.iter().collect();
    let all = answer(family, &tables, true).openings;
    all.iter()
        .filter(|opening| opening.protocol == "tcp")
        .map(|opening| {
            let (low, high) = opening.ports.unwrap();
            let perhaps = if opening.conditional { " perhaps" } else { "" };
            format!("{low}-{high} from {}{perhaps}", opening.sources.join(","))
        })
        .collect()
}

fn default(family: Family, ruleset: &Ruleset) -> Default {
    let tables: Vec<&Table> = ruleset.tables.iter().collect();
    answer(family, &tables, true).inbound.last().unwrap().default
}

fn printed(text: &str) -> Ruleset {
    read(text, None, Reading::of(text.as_bytes())).unwrap()
}

/// The rules of one input chain whose policy is to drop.
fn input(rules: &str) -> Ruleset {
    printed(&format!(
        "table inet t {{\n set known {{\n  type ipv4_addr\n  flags interval\n  elements = {{ \
         10.0.0.0/8, 192.0.2.1-192.0.2.9 }}\n }}\n set seen {{\n  type ipv4_addr\n  flags \
         dynamic,timeout\n }}\n map ways {{\n  type inet_service : verdict\n  elements = {{ 22 : \
         accept, 23 : drop, 80-90 : jump web }}\n }}\n chain web {{\n  ip saddr 10.0.0.1 accept\n \
         }}\n chain input {{\n  type filter hook input priority filter; policy drop;\n{rules}\n \
         }}\n}}\n"
    ))
}

#[test]
fn rules_open_what_they_say() {
    for (rules, expected) in [
        ("", &[][..]),
        ("tcp dport 22 accept", &["22-22 from 0.0.0.0/0"]),
        ("tcp dport ssh accept", &["22-22 from 0.0.0.0/0"]),
        (
            "tcp dport 22 ct state new counter packets 3 bytes 180 accept comment \"a drop\"",
            &["22-22 from 0.0.0.0/0"],
        ),
        (
            "ip saddr @known tcp dport { 22, 80-90 } accept",
            &[
                "22-22 from 10.0.0.0/8,192.0.2.1-192.0.2.9",
                "80-90 from 10.0.0.0/8,192.0.2.1-192.0.2.9",
            ],
        ),
        ("ip saddr @seen tcp dport 22 accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("ip saddr @nowhere tcp dport 22 accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("ip saddr @seen drop\ntcp dport 22 accept", &["22-22 from 0.0.0.0/0"]),
        ("tcp dport 22 meta mark 0x1 accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("tcp dport 22 meta mark & 0xff == 0x1 accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("meta mark 0x1 drop\ntcp dport 22 accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("tcp dport 22 limit rate 3/minute burst 5 packets accept", &["22-22 from 0.0.0.0/0"]),
        (
            "tcp dport 22 limit rate over 3/minute drop\ntcp dport 22 accept",
            &["22-22 from 0.0.0.0/0"],
        ),
        ("tcp dport 22 ct count over 3 drop\ntcp dport 22 accept", &["22-22 from 0.0.0.0/0"]),
        (
            "tcp dport 22 add @seen { ip saddr limit rate over 3/minute } drop\ntcp dport 22 accept",
            &["22-22 from 0.0.0.0/0"],
        ),
        ("tcp dport vmap @ways", &["22-22 from 0.0.0.0/0", "80-90 from 10.0.0.1"]),
        ("tcp dport vmap @nowhere", &["0-65535 from 0.0.0.0/0 perhaps"]),
        ("jump nowhere", &["0-65535 from 0.0.0.0/0 perhaps"]),
        ("queue to 1", &["0-65535 from 0.0.0.0/0 perhaps"]),
        ("something new accept", &["0-65535 from 0.0.0.0/0 perhaps"]),
        ("tcp dport 22 something { accept } new", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("tcp dport 22 # recent: UPDATE name: x accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("xt match \"recent\" tcp dport 22 accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("tcp sport 80 tcp dport 1024-65535 accept", &["1024-65535 from 0.0.0.0/0 perhaps"]),
        ("tcp dport 22 ip daddr 192.0.2.5 accept", &["22-22 from 0.0.0.0/0 perhaps"]),
        ("udp dport 53 accept\nip protocol icmp accept\nip6 nexthdr tcp accept", &[]),
        ("log prefix \"in: \" level info flags all tcp dport 22 accept", &["22-22 from 0.0.0.0/0"]),
        ("iif lo accept\niifname \"lo\" accept\nct state established,related accept", &[]),
        ("ct state != { new, invalid } accept", &[]),
        ("fib saddr . iif oif missing drop\ntcp dport 22 accept", &["22-22 from 0.0.0.0/0"]),
        ("tcp flags & (fin | syn | rst | ack) == syn accept", &["0-65535 from 0.0.0.0/0"]),
        ("tcp flags & (fin | syn | rst | ack) != syn accept", &[]),
        ("tcp flags syn / fin,syn,rst,ack tcp dport 22 accept", &["22-22 from 0.0.0.0/0"]),
        ("tcp flags { syn, syn | ack } accept", &["0-65535 from 0.0.0.0/0 perhaps"]),
        ("ct status dnat accept", &[]),
        (
            "ip saddr . tcp dport vmap { 10.0.0.1 . 22 : accept, 10.0.0.2 . 23 : drop }",
            &["22-22 from 10.0.0.1"],
        ),
        ("ip saddr 0.0.0.0/1 accept\nip saddr 128.0.0.0/1 accept", &["0-65535 from 0.0.0.0/0"]),
    ] {
        assert_eq!(openings(Family::Ip4, &input(rules)), expected, "{rules}");
    }
}

#[test]
fn a_policy_is_not_all() {
    for (rules, expected) in [
        ("", Default::Deny),
        ("tcp dport 1-65535 accept", Default::Allow),
        ("tcp dport 1-30000 accept", Default::Allow),
        ("tcp dport 8000-9000 accept", Default::Deny),
        ("accept", Default::Allow),
        ("meta mark 1 accept", Default::Unknown),
        ("udp sport 53 accept", Default::Unknown),
        ("ip saddr 10.0.0.0/8 accept", Default::Deny),
        ("meta l4proto != { tcp, udp } accept", Default::Allow),
        ("meta l4proto { icmp, igmp, esp } accept", Default::Deny),
    ] {
        assert_eq!(default(Family::Ip4, &input(rules)), expected, "{rules}");
    }
}

#[test]
fn only_what_was_understood_denies() {
    for bad in
        ["table", "table inet t { chain c { ", "nonsense", "}", "{", "table inet t { chain }"]
    {
        assert!(read(bad, None, Reading::default()).is_err(), "{bad}");
    }
    let removed = printed("delete set inet t x");
    assert!(removed.doubt.is_some());
}

#[test]
fn a_file_has_variables_includes_and_commands() {
    let text = "#!/usr/sbin/nft -f\nflush ruleset # all of it; { \ndefine ADMIN = { 10.0.2.0/24,\n  \
        192.0.2.1 }\ndefine PORT = 22\ninclude \"/etc/nftables.d/*.nft\"\nadd table inet t\n\
        add chain inet t input { type filter hook input priority 0; policy drop; }\n\
        add rule inet t input ip saddr $ADMIN tcp dport $PORT accept # ssh accept\n\
        insert rule inet t input tcp dport 23 \\\n drop\n";
    let includes = |name: &str| {
        assert_eq!(name, "/etc/nftables.d/*.nft");
        Some(vec!["add rule inet t input tcp dport 80 accept\n".to_owned()])
    };
    let ruleset = read(text, Some(&includes), Reading::default()).unwrap();
    assert!(ruleset.doubt.is_none());
    assert_eq!(
        openings(Family::Ip4, &ruleset),
        ["22-22 from 10.0.2.0/24,192.0.2.1", "80-80 from 0.0.0.0/0",]
    );
    assert_eq!(openings(Family::Ip6, &ruleset), ["80-80 from ::/0"]);
    let missing = |_: &str| None;
    assert!(read(text, Some(&missing), Reading::default()).is_err());
    let again = |_: &str| Some(vec!["include \"x\"".to_owned()]);
    assert!(read("include \"x\"", Some(&again), Reading::default()).is_err());
    assert!(read("define A = $A", Some(&missing), Reading::default()).is_err());
}

#[test]
fn deep_chains_are_given_up_and_not_believed() {
    let mut text = "table ip t {\n".to_owned();
    for at in 0..40 {
        let next = at + 1;
        text.push_str(&format!(" chain c{at} {{\n  jump c{next}\n  jump c{next}\n }}\n"));
    }
    text.push_str(" chain c40 {\n drop\n }\n chain i {\n type filter hook input priority 0; policy drop;\njump c0\n}\n}\n");
    assert_eq!(default(Family::Ip4, &printed(&text)), Default::Unknown);
}
