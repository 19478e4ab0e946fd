//! The captures of the firewall, in every shell there is.

use super::shells::{Shell, root_with, shells, text};
use super::support::{body, column, element, has_gap, parse};
use anji_model::{FailureCategory, GapKind};
use serde_json::Value;
use std::os::unix::fs::symlink;

/// Rules that let SSH in from one network.
const CONF: &[u8] =
    b"#!/usr/sbin/nft -f\nflush ruleset\ntable inet f {\n chain i {\n  type filter \
    hook input priority 0; policy drop;\n  iif lo accept\n  ip saddr 10.0.0.0/8 tcp dport 22 accept\
    \n }\n}\n";

fn boot(shell: &Shell, root: &tempfile::TempDir) -> (Value, Vec<anji_model::Gap>) {
    let parsed = parse("firewall", None, &shell.frames("firewall", text(root), &[]));
    let body = body(&parsed);
    // Another root has no kernel to ask.
    let why = FailureCategory::NotLive;
    assert!(has_gap(&parsed.gaps, "inbound[].default", GapKind::Unknown, why), "{parsed:?}");
    (body, parsed.gaps)
}

fn default(body: &Value) -> Option<&str> {
    element(&body["boot"], "name", "ip4 any")["default"].as_str()
}

#[test]
fn rules_that_come_back_are_read_in_another_root() {
    let root = root_with(&[
        ("etc/nftables.conf", CONF),
        ("etc/systemd/system/sysinit.target.wants/x", b""),
        ("etc/rc.local", b"#!/bin/sh\n# iptables -P INPUT ACCEPT\n"),
        ("etc/systemd/system/app.service", b"[Unit]\nAfter=firewalld.service nftables.service\n"),
        ("etc/crontab", b"# nft\n0 0 * * * root nfthing --drift\n"),
        ("usr/lib/systemd/system/x", b""),
    ]);
    let wants = root.path().join("etc/systemd/system/sysinit.target.wants");
    symlink("/usr/lib/systemd/system/nftables.service", wants.join("nftables.service")).unwrap();
    symlink("/usr/lib/systemd/system/ufw.service", wants.join("ufw.service")).unwrap();
    symlink("/dev/null", root.path().join("etc/systemd/system/ufw.service")).unwrap();
    for shell in shells() {
        let (body, gaps) = boot(&shell, &root);
        assert_eq!(default(&body), Some("deny"), "{}: {gaps:?}", shell.name());
        assert_eq!(column(&body["loaders"], "name"), ["nftables"], "{}", shell.name());
    }
}

#[test]
fn what_runs_at_boot_and_is_not_understood_leaves_a_gap() {
    let hostile: [(&str, &[u8]); 4] = [
        ("etc/cron.d/with $(touch x) `id` blanks", b"@reboot root /sbin/iptables-restore </x\n"),
        ("etc/cron.d/new\nline", b"@reboot root nft -f /x\n"),
        ("etc/systemd/system/vendor.service", b"[Service]\nExecStart=/opt/x/firewall.sh\n"),
        ("etc/network/interfaces", b"iface eth0 inet dhcp\n pre-up ip6tables-restore /x\n"),
    ];
    for (name, data) in hostile {
        let root = root_with(&[(name, data), ("etc/systemd/system/x.wants/x", b"")]);
        for shell in shells() {
            let (body, gaps) = boot(&shell, &root);
            assert_eq!(default(&body), None, "{name:?} {}: {body}", shell.name());
            let why = FailureCategory::Unsupported;
            assert!(has_gap(&gaps, "boot[].default", GapKind::Unknown, why), "{name:?} {gaps:?}");
            let told = column(&body["loaders"], "name");
            assert_eq!(told.len(), 1, "{name:?} {}: {told:?}", shell.name());
            assert!(!root.path().join("x").exists());
        }
    }
}

#[test]
fn nothing_that_loads_rules_is_a_fact() {
    let root = root_with(&[("etc/nftables.conf", CONF), ("etc/rc2.d/S01cron", b"")]);
    for shell in shells() {
        let (body, gaps) = boot(&shell, &root);
        assert_eq!(default(&body), Some("allow"), "{}: {gaps:?}", shell.name());
    }
    // Where nothing begins services in a known way, nothing is known.
    let root = root_with(&[("etc/nftables.conf", CONF)]);
    for shell in shells() {
        assert_eq!(default(&boot(&shell, &root).0), None, "{}", shell.name());
    }
}

#[test]
fn loaders_are_read_by_what_they_load() {
    let rules = b"*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n";
    let zone = |target: &str| format!("<zone target=\"{target}\"></zone>\n").into_bytes();
    let ufw = b"ENABLED=yes\n";
    let defaults = b"IPV6=no\nDEFAULT_INPUT_POLICY=\"DROP\"\n";
    type Files<'f> = Vec<(&'f str, Vec<u8>)>;
    let cases: [(&str, &str, Files<'_>, Option<&str>); 12] = [
        ("rc3.d", "S08iptables", vec![("etc/sysconfig/iptables", rules.to_vec())], Some("deny")),
        ("rc3.d", "K92iptables", vec![("etc/sysconfig/iptables", rules.to_vec())], Some("allow")),
        (
            "runlevels/default",
            "iptables",
            vec![("etc/iptables/rules-save", rules.to_vec())],
            Some("deny"),
        ),
        (
            "rc2.d",
            "S01netfilter-persistent",
            vec![("etc/iptables/rules.v4", rules.to_vec())],
            Some("deny"),
        ),
        ("rc2.d", "S01netfilter-persistent", vec![], Some("allow")),
        (
            "rc2.d",
            "S01netfilter-persistent",
            vec![("etc/iptables/rules.v4", b"junk\n".to_vec())],
            None,
        ),
        (
            "rc3.d",
            "S01firewalld",
            vec![("usr/lib/firewalld/zones/public.xml", zone("default"))],
            Some("deny"),
        ),
        (
            "rc3.d",
            "S01firewalld",
            vec![("etc/firewalld/zones/public.xml", zone("ACCEPT"))],
            Some("allow"),
        ),
        ("rc3.d", "S01firewalld", vec![], None),
        ("rc2.d", "S01ufw", vec![("etc/ufw/ufw.conf", b"ENABLED=no\n".to_vec())], Some("allow")),
        (
            "rc2.d",
            "S01ufw",
            vec![
                ("etc/ufw/ufw.conf", ufw.to_vec()),
                ("etc/default/ufw", defaults.to_vec()),
                ("etc/ufw/before.rules", b"*filter\nCOMMIT\n".to_vec()),
                ("etc/ufw/after.rules", b"*filter\nCOMMIT\n".to_vec()),
            ],
            Some("deny"),
        ),
        ("rc2.d", "S01shorewall", vec![], None),
    ];
    for (folder, service, files, expected) in cases {
        let begin = format!("etc/{folder}/{service}");
        let mut all: Vec<(&str, &[u8])> = vec![(begin.as_str(), b"")];
        all.extend(files.iter().map(|(name, data)| (*name, data.as_slice())));
        let root = root_with(&all);
        for shell in shells() {
            let (body, gaps) = boot(&shell, &root);
            assert_eq!(default(&body), expected, "{begin} {}: {gaps:?}", shell.name());
        }
    }
}

#[test]
fn every_shell_sees_the_same_rules_of_this_machine() {
    let mut seen: Vec<(String, Option<Vec<u8>>)> = Vec::new();
    for shell in shells() {
        let parsed = parse("firewall", None, &shell.frames("firewall", "", &[]));
        seen.push((shell.name(), parsed.body));
    }
    assert!(seen.iter().all(|(_, body)| body.is_some() && *body == seen[0].1), "{seen:?}");
}
