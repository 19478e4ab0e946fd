//! The printed sudo rule.

use super::support::{Bench, path_text};
use std::fs;
use std::os::unix::fs::PermissionsExt;
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

/// The examination of nobody on a host whose sudoers.d holds just `rule`: real
/// sudo, in a mount namespace of its own.
fn rights_under(bench: &Bench, rule: &str) -> (String, String) {
    let folder = bench.place("open");
    fs::create_dir_all(&folder).expect("a folder");
    let program = folder.join("anji");
    fs::copy(env!("CARGO_BIN_EXE_anji"), &program).expect("a copy that nobody may run");
    fs::write(folder.join("rule"), rule).expect("a file");
    let state = folder.join("state");
    let top = folder.parent().expect("the bench");
    for open in [top, &folder] {
        fs::set_permissions(open, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    let script = "set -e\nmount -t tmpfs -o mode=0755 none /etc/sudoers.d\n\
                  install -m 440 \"$1/rule\" /etc/sudoers.d/anji\n\
                  exec setpriv --reuid=nobody --clear-groups \"$1/anji\" doctor --format json \
                  --state \"$2\"\n";
    let ran = Command::new("unshare")
        .args(["-m", "sh", "-c", script, "sh", path_text(&folder), path_text(&state)])
        .output()
        .expect("unshare runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    let document: serde_json::Value = serde_json::from_str(&said)
        .unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&ran.stderr)));
    let findings = document["findings"].as_array().expect("findings");
    let one = findings.iter().find(|one| one["topic"] == "rights").expect("a finding");
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (word(&one["health"]), word(&one["text"]["en"]))
}

/// sudo 1.9 lists what the printed rule allows; only root can lay a rule for it.
#[test]
fn real_sudo_with_the_printed_rule_is_well_and_with_a_password_is_not() {
    let namespace = Command::new("unshare").args(["-m", "true"]).status();
    if !namespace.is_ok_and(|status| status.success()) {
        return;
    }
    let bench = Bench::new();
    let rule = bench.run(&["doctor", "--sudoers", "--user", "nobody"]).out;
    let (health, text) = rights_under(&bench, &rule);
    assert_eq!(health, "well", "{text}");
    let without = "an ordinary account without a sudo rule";
    let (health, text) = rights_under(&bench, "nobody ALL=(ALL:ALL) ALL\n");
    assert!(health == "missing" && text.starts_with(without), "{health}: {text}");
    // The last rule that fits decides, though `sudo -l COMMAND` would not say so.
    let (health, text) = rights_under(&bench, &format!("{rule}nobody ALL=(ALL:ALL) ALL\n"));
    assert!(health == "missing" && text.starts_with(without), "{health}: {text}");
    let part: String = rule
        .lines()
        .filter(|line| !line.contains("/usr/bin/cat "))
        .fold(String::new(), |all, line| all + line + "\n");
    let (health, text) = rights_under(&bench, &part);
    assert!(health == "missing" && text.contains("the sudo rule allows"), "{health}: {text}");
}

#[test]
fn no_rule_is_printed_for_a_name_that_would_say_more() {
    let bench = Bench::new();
    for name in ["bad name,ALL", "ALL", "%wheel", ""] {
        let ran = bench.run(&["doctor", "--sudoers", "--user", name]);
        assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{name}: {}", ran.err);
        assert!(ran.err.contains("no sudo rule can name this account"), "{}", ran.err);
    }
    let ran = bench.run(&["doctor", "--sudoers", "--user", "collector", "--format", "json"]);
    assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{}", ran.err);
}
