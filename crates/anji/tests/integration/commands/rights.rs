//! The printed sudo rule.

use super::support::{Bench, path_text};
use std::fs;
use std::process::Command;

#[test]
fn the_sudo_rule_covers_every_command_exactly_and_sudo_accepts_it() {
    let bench = Bench::new();
    let rule = bench.run(&["doctor", "--sudoers", "--user", "collector"]);
    assert_eq!(rule.code, 0, "{}", rule.err);
    assert!(!rule.out.contains("No rule"), "{}", rule.out);
    for command in ["/usr/sbin/sshd -T", "/usr/bin/awk -F", "/usr/bin/ss -H -tulpn"] {
        assert!(rule.out.contains(command), "`{command}` is missing in\n{}", rule.out);
    }
    let file = bench.place("sudoers");
    fs::write(&file, &rule.out).expect("a file");
    let checked = Command::new("/usr/sbin/visudo")
        .args(["-c", "-f", path_text(&file)])
        .output()
        .expect("visudo runs; without it: apt-get install sudo");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn root_is_told_that_it_needs_no_rule() {
    let bench = Bench::new();
    let ran = bench.run(&["doctor", "--sudoers"]);
    if rustix::process::geteuid().is_root() {
        assert_eq!(ran.code, 64, "{}", ran.out);
    } else {
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
}
