//! What is known of the firewalls of the recorded systems.

use super::support::{body, column, complete, element, frame, has_gap, parse, recording};
use anji_evidence::Frames;
use anji_model::{FailureCategory, GapKind};
use serde_json::{Value, json};
use std::time::Instant;

fn of(host: &str) -> Value {
    complete(&parse("firewall", None, &recording(host)))
}

/// The default of a family on every interface, now or after a start.
fn default(body: &Value, when: &str, family: &str) -> String {
    let list = &body[when];
    assert!(column(list, "interface").iter().all(|name| *name == "any"));
    element(list, "family", family)["default"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_host_lets_everything_in() {
    for host in ["debian12-default", "debian12-weak", "debian12-minbase"] {
        let body = of(host);
        for family in ["ip4", "ip6"] {
            assert_eq!(default(&body, "inbound", family), "allow", "{host}");
            assert_eq!(default(&body, "boot", family), "allow", "{host}");
        }
        let all = element(&body["openings"], "entry", "ip4 tcp 0-65535 from 0.0.0.0/0");
        assert_eq!((&all["anyone"], &all["conditional"]), (&json!(true), &json!(false)), "{host}");
        assert_eq!(body["loaders"], json!([]), "{host}");
    }
    // The tool of nftables is gone, and the kernel named its tables itself.
    let weak = of("debian12-weak");
    let telnet = element(&weak["rules"], "entry", "ip filter INPUT 001");
    assert_eq!(telnet["ports"], json!(["23"]));
    assert_eq!(telnet["action"], "accept");
}

#[test]
fn the_hardened_host_names_who_may_come_in() {
    let body = of("debian12-hardened");
    for family in ["ip4", "ip6"] {
        for when in ["inbound", "boot"] {
            assert_eq!(default(&body, when, family), "deny", "{when} {family}");
            assert_eq!(element(&body[when], "family", family)["enabled"], true);
        }
    }
    assert_eq!(
        column(&body["openings"], "entry"),
        [
            "ip4 icmp from 0.0.0.0/0",
            "ip4 tcp 22 from 10.0.2.0/24,192.0.2.10-192.0.2.20",
            "ip4 tcp 5432 from 192.0.2.0/24",
            "ip4 tcp 8080-8081 from 192.0.2.0/24",
            "ip6 icmpv6 from ::/0",
        ]
    );
    assert_eq!(element(&body["loaders"], "name", "nftables")["understood"], true);
    // The same rules as they are loaded, standing connections left out.
    assert_eq!(element(&body["rules"], "entry", "inet filter input 001")["family"], "none");
    assert_eq!(element(&body["rules"], "entry", "inet filter input policy")["action"], "drop");
}

#[test]
fn an_ordinary_account_is_told_nothing() {
    let parsed = parse("firewall", None, &recording("debian12-default-unprivileged"));
    let body = body(&parsed);
    for gap in ["inbound[].default", "boot[].default"] {
        let why = FailureCategory::Permission;
        assert!(has_gap(&parsed.gaps, gap, GapKind::Unknown, why), "{:?}", parsed.gaps);
    }
    let why = FailureCategory::Permission;
    assert!(has_gap(&parsed.gaps, "openings", GapKind::Partial, why));
    assert!(body["inbound"].as_array().unwrap().iter().all(|one| one["default"].is_null()));
}

#[test]
fn a_kernel_without_filters_is_proof() {
    let parsed = parse("firewall", None, &recording("busybox-initramfs"));
    let body = body(&parsed);
    assert_eq!(default(&body, "inbound", "ip4"), "allow");
    assert_eq!(element(&body["inbound"], "family", "ip6")["enabled"], false);
    assert!(column(&body["openings"], "family").iter().all(|family| *family == "ip4"));
    // Nothing there begins services in a way that is known.
    let why = FailureCategory::Unsupported;
    assert!(has_gap(&parsed.gaps, "boot[].default", GapKind::Unknown, why));
}

/// The frames of a new host, with other rules.
fn with(id: &str, data: &str) -> Frames {
    let mut frames: Frames = recording("debian12-default").iter().cloned().collect();
    frames.insert(frame(id, data.as_bytes()));
    frames
}

#[test]
fn very_many_rules_are_walked_or_given_up_in_time() {
    let table = |rules: &str| {
        format!(
            "ruleset\ntable inet t {{\nchain i {{\ntype filter hook input priority 0; policy \
             drop;\n{rules}}}\n}}\n"
        )
    };
    let list = |rule: &dyn Fn(u32) -> String, many: u32| (0..many).map(rule).collect::<String>();
    let plain = list(&|at| format!("tcp dport {} accept\n", at % 60_000), 4_000);
    let sources = list(&|at| format!("ip saddr 10.{}.{}.7 drop\n", at / 256, at % 256), 20_000);
    let both = list(
        &|at| format!("ip saddr 10.{}.{}.7 tcp dport {} drop\n", at / 256, at % 256, at % 60_000),
        20_000,
    );
    let unsure =
        list(&|at| format!("ip saddr 10.0.{}.0/24 meta mark {at} accept\n", at % 256), 20_000);
    let set = list(&|at| format!("10.{}.{}.0/25, ", at / 256, at % 256), 60_000);
    let set = format!("ip saddr {{ {set} }} drop\ntcp dport 22 accept\n");
    for (name, rules) in
        [("plain", plain), ("sources", sources), ("both", both), ("unsure", unsure), ("set", set)]
    {
        let begun = Instant::now();
        let parsed = parse("firewall", None, &with("firewall.nft", &table(&rules)));
        let body = body(&parsed);
        let default = &element(&body["inbound"], "name", "ip4 any")["default"];
        // Given up or not: never open, and never denied for want of strength alone.
        assert!(default == "deny" || default.is_null(), "{name}: {default}");
        assert!(begun.elapsed().as_secs() < 30, "{name}: {:?}", begun.elapsed());
    }
}
