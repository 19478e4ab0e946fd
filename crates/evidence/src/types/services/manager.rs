//! Which program manages the services.

use std::collections::BTreeSet;

/// What a program as process 1 is, by its path or name.
fn of_program(program: &[u8]) -> Option<&'static str> {
    let name = program.rsplit(|&b| b == b'/').next().unwrap_or_default();
    Some(match name {
        b"systemd" => "systemd",
        b"openrc-init" => "openrc",
        b"runit" | b"runit-init" | b"runsvdir" => "runit",
        b"s6-svscan" | b"s6-linux-init" => "s6",
        b"svscan" => "daemontools",
        b"busybox" => "busybox",
        _ => return None,
    })
}

/// The manager of a running system: by its own mark, else by the program of
/// process 1. A plain `init` is told by what its configuration has it start.
pub(super) fn live(
    booted: &BTreeSet<Vec<u8>>,
    program: Option<&[u8]>,
    name: &[u8],
    there: &BTreeSet<Vec<u8>>,
) -> &'static str {
    if booted.contains(&b"systemd"[..]) {
        return "systemd";
    }
    if booted.contains(&b"openrc"[..]) {
        return "openrc";
    }
    let known = program.and_then(of_program).or_else(|| of_program(name));
    match known {
        Some(manager) => manager,
        None if name == b"init" && there.contains(&b"/etc/inittab"[..]) => "sysvinit",
        None => "other",
    }
}

/// The manager that a root folder would be started with.
pub(super) fn of_files(init: &[u8], there: &BTreeSet<Vec<u8>>) -> &'static str {
    let has = |path: &str| there.contains(path.as_bytes());
    match of_program(init) {
        Some(manager) => manager,
        None if init == b"none" => "none",
        None if has("/sbin/openrc") || has("/sbin/openrc-run") => "openrc",
        None if has("/etc/inittab") => "sysvinit",
        None => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managers_are_told_by_mark_then_by_program() {
        let set = |words: &[&str]| words.iter().map(|w| w.as_bytes().to_vec()).collect();
        let none = set(&[]);
        assert_eq!(live(&set(&["systemd"]), None, b"init", &none), "systemd");
        assert_eq!(live(&none, Some(b"/bin/busybox"), b"init", &set(&["/etc/inittab"])), "busybox");
        assert_eq!(live(&none, Some(b"/sbin/init"), b"init", &set(&["/etc/inittab"])), "sysvinit");
        assert_eq!(live(&none, None, b"runit", &none), "runit");
        assert_eq!(live(&none, Some(b"/usr/bin/java"), b"java", &none), "other");
        assert_eq!(of_files(b"/lib/systemd/systemd", &none), "systemd");
        assert_eq!(of_files(b"file", &set(&["/etc/inittab", "/sbin/openrc-run"])), "openrc");
        assert_eq!(of_files(b"file", &set(&["/etc/inittab"])), "sysvinit");
        assert_eq!(of_files(b"none", &none), "none");
    }
}
