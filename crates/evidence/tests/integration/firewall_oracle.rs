//! The kernel as the judge: rules are loaded into a network of their own, real
//! packets are sent to it, and what gets through is held against the model.
//!
//! Needs root and the Debian packages nftables, iptables and iproute2. A part
//! of the test runs inside the networks: this program again, by the names of
//! the two ignored tests below.

use super::support::{body, parse, repository};
use anji_evidence::{Frame, Frames, registry};
use anji_model::Source;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Where packets are sent: each address of the server is reached from one
/// source, through one interface of the server.
const WAYS: [(&str, &str, &str); 8] = [
    ("10.9.0.1", "10.9.0.100", "s0"),
    ("10.9.0.2", "192.0.2.7", "s0"),
    ("10.9.0.3", "198.51.100.9", "s0"),
    ("10.9.1.1", "10.9.1.100", "t1"),
    ("fd09::1", "fd09::100", "s0"),
    ("fd09::2", "2001:db8::7", "s0"),
    ("fd09::3", "2001:db8:1::9", "s0"),
    ("fd19::1", "fd19::100", "t1"),
];
const PORTS: [u16; 6] = [22, 23, 80, 443, 2222, 60000];

const SETUP: &str = r#"set -e
ip netns add $C; ip netns add $S
ip link add s0 netns $S type veth peer name c0 netns $C
ip link add t1 netns $S type veth peer name c1 netns $C
for n in $C $S; do
  ip netns exec $n sh -c 'echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad
    echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
    for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $f; done'
  ip -n $n link set lo up
done
ip -n $S link set s0 up; ip -n $S link set t1 up; ip -n $C link set c0 up; ip -n $C link set c1 up
for a in 10.9.0.1/24 10.9.0.2/32 10.9.0.3/32; do ip -n $S addr add $a dev s0; done
ip -n $S addr add 10.9.1.1/24 dev t1
for a in fd09::1/64 fd09::2/128 fd09::3/128; do ip -n $S addr add $a dev s0 nodad; done
ip -n $S addr add fd19::1/64 dev t1 nodad
for a in 10.9.0.100/24 192.0.2.7/32 198.51.100.9/32; do ip -n $C addr add $a dev c0; done
ip -n $C addr add 10.9.1.100/24 dev c1
for a in fd09::100/64 2001:db8::7/128 2001:db8:1::9/128; do ip -n $C addr add $a dev c0 nodad; done
ip -n $C addr add fd19::100/64 dev c1 nodad
m() { ip netns exec $1 cat /sys/class/net/$2/address; }
s0=$(m $S s0); t1=$(m $S t1); c0=$(m $C c0); c1=$(m $C c1)
for a in 10.9.0.1 10.9.0.2 10.9.0.3 fd09::1 fd09::2 fd09::3; do ip -n $C neigh replace $a lladdr $s0 dev c0 nud permanent; done
for a in 10.9.1.1 fd19::1; do ip -n $C neigh replace $a lladdr $t1 dev c1 nud permanent; done
for a in 10.9.0.100 192.0.2.7 198.51.100.9 fd09::100 2001:db8::7 2001:db8:1::9; do ip -n $S neigh replace $a lladdr $c0 dev s0 nud permanent; done
for a in 10.9.1.100 fd19::100; do ip -n $S neigh replace $a lladdr $c1 dev t1 nud permanent; done
ip -n $C route replace 10.9.0.2/32 dev c0 src 192.0.2.7
ip -n $C route replace 10.9.0.3/32 dev c0 src 198.51.100.9
ip -n $S route replace 192.0.2.7/32 dev s0; ip -n $S route replace 198.51.100.9/32 dev s0
ip -n $C -6 route replace fd09::2/128 dev c0 src 2001:db8::7
ip -n $C -6 route replace fd09::3/128 dev c0 src 2001:db8:1::9
ip -n $S -6 route replace 2001:db8::7/128 dev s0; ip -n $S -6 route replace 2001:db8:1::9/128 dev s0"#;

/// Two networks, joined by two cables, with a server that answers on every port.
struct Networks {
    client: String,
    server: String,
    daemon: Child,
    prober: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Networks {
    fn new() -> Self {
        let id = std::process::id();
        let (client, server) = (format!("anji-c{id}"), format!("anji-s{id}"));
        let made = Command::new("sh")
            .args(["-c", SETUP])
            .envs([("C", &client), ("S", &server)])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", made.stderr.escape_ascii());
        let again = |network: &str, test: &str| {
            let name = format!("integration::firewall_oracle::{test}");
            Command::new("ip")
                .args(["netns", "exec", network])
                .arg(std::env::current_exe().unwrap())
                .args(["--exact", &name, "--ignored", "--nocapture"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let mut daemon = again(&server, "answers_on_every_port");
        let mut ready = BufReader::new(daemon.stdout.take().unwrap());
        wait_for(&mut ready, "ready");
        std::thread::spawn(move || ready.read_to_end(&mut Vec::new()));
        let mut prober = again(&client, "asks_at_ports");
        let ask = prober.stdin.take().unwrap();
        let mut answer = BufReader::new(prober.stdout.take().unwrap());
        wait_for(&mut answer, "ready");
        Self { client, server, daemon, prober, ask, answer }
    }

    /// Runs a shell text in the server's network.
    fn inside(&self, text: &str) {
        let out = Command::new("ip")
            .args(["netns", "exec", &self.server, "sh", "-c", text])
            .output()
            .unwrap();
        assert!(out.status.success(), "{text}\n{}", out.stderr.escape_ascii());
    }

    /// Whether the first packet of a connection gets through, for every way,
    /// protocol and port.
    fn probe(&mut self) -> Vec<Probe> {
        self.ask.write_all(b"go\n").unwrap();
        let mut probes = Vec::new();
        for (_, source, interface) in WAYS {
            for protocol in ["tcp", "udp"] {
                for port in PORTS {
                    let address: IpAddr = source.parse().unwrap();
                    probes.push(Probe { address, interface, protocol, port, open: false });
                }
            }
        }
        for probe in &mut probes {
            // The harness of tests says something of its own now and then.
            probe.open = loop {
                let mut line = String::new();
                assert!(self.answer.read_line(&mut line).unwrap() > 0, "the prober ended");
                match line.trim_end() {
                    "probe: open" => break true,
                    "probe: shut" => break false,
                    _ => {}
                }
            };
        }
        probes
    }
}

impl Drop for Networks {
    fn drop(&mut self) {
        for child in [&mut self.prober, &mut self.daemon] {
            child.kill().ok();
            child.wait().ok();
        }
        for network in [&self.client, &self.server] {
            Command::new("ip").args(["netns", "del", network]).status().ok();
        }
    }
}

#[derive(Debug)]
struct Probe {
    address: IpAddr,
    interface: &'static str,
    protocol: &'static str,
    port: u16,
    open: bool,
}

fn wait_for(reader: &mut impl BufRead, word: &str) {
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap() > 0 {
        if line.trim_end().ends_with(word) {
            return;
        }
        line.clear();
    }
    panic!("never {word}");
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
}

#[test]
#[ignore = "a part of the test below, inside its network"]
fn answers_on_every_port() {
    for port in PORTS {
        // One socket of both families.
        let listener = TcpListener::bind(("::", port)).unwrap();
        std::thread::spawn(move || listener.incoming().for_each(drop));
        for (server, ..) in WAYS {
            // Each address answers for itself.
            let socket = UdpSocket::bind((server, port)).unwrap();
            std::thread::spawn(move || {
                let mut bytes = [0; 16];
                while let Ok((count, from)) = socket.recv_from(&mut bytes) {
                    socket.send_to(&bytes[..count], from).ok();
                }
            });
        }
    }
    say("ready");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[test]
#[ignore = "a part of the test below, inside its network"]
fn asks_at_ports() {
    const PATIENCE: Duration = Duration::from_millis(250);
    say("ready");
    for _ in std::io::stdin().lines() {
        let mut answers = Vec::new();
        for (server, source, _) in WAYS {
            for protocol in ["tcp", "udp"] {
                for port in PORTS {
                    answers.push(std::thread::spawn(move || {
                        let server = SocketAddr::new(server.parse().unwrap(), port);
                        match protocol {
                            "tcp" => TcpStream::connect_timeout(&server, PATIENCE).is_ok(),
                            _ => {
                                let source: IpAddr = source.parse().unwrap();
                                let socket = UdpSocket::bind((source, 0)).unwrap();
                                socket.set_read_timeout(Some(PATIENCE)).unwrap();
                                // Connected, so that only the server's own answer counts.
                                socket.connect(server).unwrap();
                                socket.send(b"anji").is_ok() && socket.recv(&mut [0; 16]).is_ok()
                            }
                        }
                    }));
                }
            }
        }
        for answer in answers {
            say(if answer.join().unwrap() { "probe: open" } else { "probe: shut" });
        }
    }
}

/// What the model says of the server's network.
fn model(networks: &Networks) -> Value {
    let kind = registry().iter().find(|kind| kind.name().as_str() == "firewall").unwrap();
    let helpers = repository().join("testdata/make/helpers.sh");
    let helpers = std::fs::read_to_string(helpers).unwrap();
    // The files are those of this machine, and nothing is asked of them.
    let live = kind.captures(&[]).into_iter().filter(|capture| capture.source == Source::Live);
    let frames: Frames = live
        .map(|capture| {
            let script = format!("{helpers}\nbody() {{\n{}\n}}\nbody\n", capture.command);
            let out = Command::new("ip")
                .args(["netns", "exec", &networks.server, "sh", "-c", &script])
                .stdin(Stdio::null())
                .env("R", "")
                .output()
                .unwrap();
            let exit = out.status.code();
            Frame { data: out.stdout, exit, diagnostics: out.stderr, ..Frame::empty(capture.id) }
        })
        .collect();
    body(&parse("firewall", None, &frames))
}

/// `Some(true)`: surely let in; `Some(false)`: surely not; nothing: not known.
fn said(body: &Value, probe: &Probe) -> Option<bool> {
    let family = if probe.address.is_ipv4() { "ip4" } else { "ip6" };
    let interface = known_as(body, probe.interface);
    let mut answer = Some(false);
    for opening in body["openings"].as_array().unwrap() {
        let port = i64::from(probe.port);
        let interfaces = opening["interface"].as_str().unwrap();
        let through = interfaces == "any" || interfaces.split(',').any(|name| name == interface);
        if opening["family"] == family
            && opening["protocol"] == probe.protocol
            && (opening["port_from"].as_i64().unwrap()..=opening["port_to"].as_i64().unwrap())
                .contains(&port)
            && through
            && opening["sources"]
                .as_array()
                .unwrap()
                .iter()
                .any(|s| holds(s.as_str().unwrap(), probe.address))
        {
            match opening["conditional"].as_bool().unwrap() {
                false => return Some(true),
                true => answer = None,
            }
        }
    }
    answer
}

/// The name by which the rules tell an interface apart: its own, the longest
/// beginning that they name, or that of all others.
fn known_as(body: &Value, interface: &str) -> String {
    let rules = body["rules"].as_array().unwrap().iter();
    let names = rules.flat_map(|rule| rule["interfaces"].as_array().unwrap());
    let names = names.map(|name| name.as_str().unwrap().trim_start_matches('!'));
    let fits = |name: &&str| {
        *name == interface || name.strip_suffix('*').is_some_and(|b| interface.starts_with(b))
    };
    let best = names.filter(fits).max_by_key(|name| (*name == interface, name.len()));
    best.unwrap_or("others").to_owned()
}

fn holds(source: &str, address: IpAddr) -> bool {
    let number = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    };
    let wide = |ip: &IpAddr| if ip.is_ipv4() { 32 } else { 128 };
    if let Some((low, high)) = source.split_once('-') {
        let (low, high) = (number(low.parse().unwrap()), number(high.parse().unwrap()));
        return (low..=high).contains(&number(address));
    }
    let (network, length) = source.split_once('/').unwrap_or((source, "128"));
    let network: IpAddr = network.parse().unwrap();
    let free = wide(&network) - length.parse::<u32>().unwrap().min(wide(&network));
    free >= 128 || number(network) >> free == number(address) >> free
}

const MATCHES: [&str; 40] = [
    "tcp dport 22",
    "tcp dport { 22, 80, 2000-3000 }",
    "tcp dport != { 22, 80 }",
    "tcp dport 1024-65535",
    "udp dport 443",
    "udp dport != 443",
    "th dport 80",
    "meta l4proto { tcp, udp } th dport { 23, 443 }",
    "meta l4proto tcp",
    "meta l4proto != tcp",
    "meta l4proto { icmp, ipv6-icmp }",
    "ip protocol udp",
    "ip6 nexthdr tcp",
    "ip saddr 10.9.0.0/24",
    "ip saddr != 10.9.0.0/16",
    "ip saddr { 192.0.2.0/24, 198.51.100.1-198.51.100.20 }",
    "ip saddr @known",
    "ip saddr != @known",
    "ip6 saddr 2001:db8::/32",
    "ip6 saddr != fd00::/8",
    "ip6 saddr { fd09::/64, 2001:db8:1::9 }",
    "ip saddr . tcp dport { 192.0.2.7 . 22, 10.9.0.100 . 80 }",
    "iifname \"s0\"",
    "iifname != \"s0\"",
    "iifname \"s*\"",
    "iifname { \"t1\", \"lo\" }",
    "iif lo",
    "iif != lo",
    "ct state new",
    "ct state established,related",
    "ct state { invalid, new }",
    "tcp flags syn / fin,syn,rst,ack",
    "tcp flags != syn / fin,syn,rst,ack",
    "tcp flags & (syn | ack) == syn",
    "meta nfproto ipv4",
    "meta nfproto ipv6",
    "fib daddr type local",
    "ip daddr 224.0.0.0/4",
    "meta pkttype host",
    "limit rate 100000/second",
];

const VERDICTS: [&str; 14] = [
    "accept",
    "accept",
    "accept",
    "drop",
    "drop",
    "counter drop",
    "reject",
    "jump side",
    "jump side",
    "goto side",
    "return",
    "counter",
    "tcp dport vmap { 22 : accept, 23 : drop, 2000-3000 : jump side }",
    "ct state vmap { established : accept, related : accept, invalid : drop }",
];

const SAVE_MATCHES: [&str; 24] = [
    "-p tcp --dport 22",
    "-p tcp -m multiport --dports 22,80,2000:3000",
    "-p udp -m multiport ! --dports 443,80",
    "-p tcp ! --dport 23",
    "-p tcp --syn",
    "-p tcp ! --syn",
    "! -p tcp",
    "-p udp",
    "-i s0",
    "! -i s0",
    "-i s+",
    "-i lo",
    "-m state --state NEW",
    "-m conntrack --ctstate RELATED,ESTABLISHED",
    "-m conntrack ! --ctstate NEW",
    "-m addrtype --dst-type LOCAL",
    "-m addrtype --dst-type MULTICAST",
    "-m limit --limit 10000/sec --limit-burst 10000",
    "-m comment --comment \"a : b -j DROP\"",
    "-p tcp --sport 1:65535",
    "-s SOURCE",
    "! -s SOURCE",
    "-m iprange --src-range RANGE",
    "-m mark --mark 5",
];

const SAVE_VERDICTS: [&str; 8] =
    ["-j ACCEPT", "-j ACCEPT", "-j DROP", "-j REJECT", "-j side", "-g side", "-j RETURN", ""];

fn rules() -> impl Strategy<Value = Vec<String>> {
    let one = (
        prop::collection::vec(prop::sample::select(&MATCHES[..]), 0..3),
        prop::sample::select(&VERDICTS[..]),
    );
    let text = |(matches, verdict): (Vec<&str>, &str)| format!("{} {verdict}", matches.join(" "));
    prop::collection::vec(one.prop_map(text), 0..7)
}

/// A table of nftables, as commands of a shell. A rule that nft itself refuses
/// is not there.
fn table() -> impl Strategy<Value = String> {
    let family = prop::sample::select(vec!["inet", "inet", "ip", "ip6"]);
    let hook = prop::sample::select(vec![
        "input priority filter",
        "input priority filter + 10",
        "input priority mangle",
        "prerouting priority raw",
    ]);
    (family, hook, any::<bool>(), rules(), rules()).prop_map(|(family, hook, drop, main, side)| {
        let policy = if drop { "drop" } else { "accept" };
        let mut text = format!(
            "nft -f - <<'END'\ntable {family} t-NUMBER {{\n  set known {{ type ipv4_addr; \
             flags interval; elements = {{ 192.0.2.0/29, 10.9.1.100 }} }}\n  chain side {{ }}\n  \
             chain main {{ type filter hook {hook}; policy {policy}; }}\n}}\nEND\n"
        );
        let side = side.iter().filter(|rule| !rule.contains("side"));
        let rules = side.map(|rule| ("side", rule)).chain(main.iter().map(|rule| ("main", rule)));
        for (chain, rule) in rules {
            let command = format!("add rule {family} t-NUMBER {chain} {rule}");
            text.push_str(&format!("nft '{command}' 2>/dev/null || :\n"));
        }
        text
    })
}

/// What one iptables restores.
fn saved() -> impl Strategy<Value = (bool, bool, String)> {
    let one = (
        prop::collection::vec(prop::sample::select(&SAVE_MATCHES[..]), 0..2),
        prop::sample::select(&SAVE_VERDICTS[..]),
    );
    let list = prop::collection::vec(one, 0..7);
    (any::<bool>(), any::<bool>(), any::<bool>(), list.clone(), list).prop_map(
        |(legacy, ip6, drop, main, side)| {
            let (source, range) = match ip6 {
                true => ("2001:db8::/32", "fd09::1-fd09::ffff"),
                false => ("192.0.2.0/24", "10.9.0.1-10.9.0.200"),
            };
            let lines = |chain: &str, rules: &[(Vec<&str>, &str)]| -> String {
                let leaf = chain == "side";
                let fits = |verdict: &str| !leaf || !verdict.contains("side");
                let rules = rules.iter().filter(|(_, verdict)| fits(verdict));
                let line = |(matches, verdict): &(Vec<&str>, &str)| {
                    let matches = matches.join(" ").replace("SOURCE", source);
                    format!("-A {chain} {} {verdict}\n", matches.replace("RANGE", range))
                };
                rules.map(line).collect()
            };
            let policy = if drop { "DROP" } else { "ACCEPT" };
            let text = format!(
                "*filter\n:INPUT {policy} [0:0]\n:side - [0:0]\n{}{}COMMIT\n",
                lines("INPUT", &main),
                lines("side", &side)
            );
            (legacy, ip6, text)
        },
    )
}

#[test]
fn the_kernel_lets_in_what_the_model_says() {
    if !Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n") {
        return;
    }
    for tool in ["nft", "iptables-legacy-restore", "ip"] {
        let there = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
        assert!(
            there.unwrap().status.success(),
            "no {tool}: apt-get install nftables iptables iproute2"
        );
    }
    let mut networks = Networks::new();
    let shut: Vec<_> = networks.probe().into_iter().filter(|probe| !probe.open).collect();
    assert!(shut.is_empty(), "there are no rules, and not all is open: {shut:?}");
    let cases = std::env::var("ANJI_ORACLE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let config =
        Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let rng = match std::env::var("ANJI_ORACLE_SEED") {
        Ok(seed) => TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.parse::<u8>().unwrap(); 32]),
        Err(_) => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let networks = std::cell::RefCell::new(&mut networks);
    let counts = std::cell::Cell::new((0u32, 0u32));
    let strategy = (prop::collection::vec(table(), 0..3), prop::option::of(saved()));
    runner
        .run(&strategy, |(tables, saved)| {
            let mut networks = networks.borrow_mut();
            let text: String = tables
                .iter()
                .enumerate()
                .map(|(at, table)| table.replace("NUMBER", &at.to_string()))
                .collect();
            networks.inside(CLEAN);
            networks.inside(&text);
            if let Some((legacy, ip6, rules)) = &saved {
                let kind = if *legacy { "legacy" } else { "nft" };
                let six = if *ip6 { "6" } else { "" };
                networks.inside(&format!("ip{six}tables-{kind}-restore <<'END'\n{rules}END\n"));
            }
            let body = model(&networks);
            let mut probes = networks.probe();
            // A busy machine may answer late: what is said to be open is asked again.
            for _ in 0..3 {
                if probes.iter().all(|probe| probe.open || said(&body, probe) != Some(true)) {
                    break;
                }
                let again = networks.probe();
                probes.iter_mut().zip(again).for_each(|(probe, again)| probe.open |= again.open);
            }
            for probe in probes {
                let said = said(&body, &probe);
                let (sure, unsure) = counts.get();
                counts.set((sure + u32::from(said.is_some()), unsure + u32::from(said.is_none())));
                let right = said.is_none_or(|said| said == probe.open);
                prop_assert!(
                    right,
                    "{probe:?}, said {said:?}\n{text}{saved:?}\n{:#}",
                    body["openings"]
                );
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let (sure, unsure) = counts.get();
    // A model that knew nothing would never be wrong.
    assert!(sure > 10 * unsure, "{sure} answers were sure, {unsure} were not");
}

const CLEAN: &str = r#"nft flush ruleset
for s in '' 6; do
  printf '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n' | ip${s}tables-legacy-restore
done
nft flush ruleset"#;
