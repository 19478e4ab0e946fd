//! What the loaded rules record: which system calls, and changes of which paths.

use super::rule::Rule;
use super::{Syscall, Watch};
use crate::body::canonical_list;
use std::collections::{BTreeMap, BTreeSet};

/// The calls that rule books name, beside those that the rules name themselves.
const CALLS: [&str; 36] = [
    "adjtimex",
    "chmod",
    "chown",
    "clock_settime",
    "creat",
    "delete_module",
    "execve",
    "fchmod",
    "fchmodat",
    "fchown",
    "fchownat",
    "finit_module",
    "fremovexattr",
    "fsetxattr",
    "ftruncate",
    "init_module",
    "lchown",
    "lremovexattr",
    "lsetxattr",
    "mount",
    "open",
    "open_by_handle_at",
    "openat",
    "ptrace",
    "removexattr",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "setdomainname",
    "sethostname",
    "settimeofday",
    "setxattr",
    "truncate",
    "unlink",
    "unlinkat",
];

/// No machine has more calls; what more a list names is not told.
const CALLS_MAX: usize = 600;

/// Those that the newer machines never had.
const OLD: [&str; 8] = ["chmod", "chown", "creat", "lchown", "open", "rename", "rmdir", "unlink"];

/// The sets of system calls of a machine, its own first; none of one that is
/// not known. Programs of 32 bits are looked at where they commonly run.
pub(super) fn arches(machine: &str) -> &'static [&'static str] {
    match machine {
        "x86_64" | "s390x" => &["b64", "b32"],
        "aarch64" | "ppc64le" | "ppc64" | "riscv64" | "loongarch64" => &["b64"],
        "i386" | "i486" | "i586" | "i686" | "armv7l" | "armv6l" => &["b32"],
        _ => &[],
    }
}

fn exists(machine: &str, call: &str) -> bool {
    match machine {
        "aarch64" => !OLD.contains(&call),
        "riscv64" | "loongarch64" => !OLD.contains(&call) && call != "renameat",
        _ => true,
    }
}

/// Every call of interest on a machine, with whether the rules record it.
pub(super) fn syscalls(machine: &str, rules: &[Rule]) -> Vec<Syscall> {
    let arches = arches(machine);
    let own = arches.first().copied().unwrap_or("b64");
    let named = rules.iter().flat_map(|rule| rule.syscalls.iter().map(String::as_str));
    let named = named.filter(|name| *name != "all");
    let mut calls: BTreeSet<&str> = CALLS.into_iter().collect();
    for name in named {
        if calls.len() < CALLS_MAX {
            calls.insert(name);
        }
    }
    let silent = excluded(rules, &["SYSCALL"]);
    let mut all = Vec::new();
    for arch in arches {
        for call in &calls {
            let decided = rules.iter().find_map(|rule| {
                let fits = rule.takes(arch, call, own);
                match () {
                    () if rule.list == "task" && shuts(rule) => Some(false),
                    () if rule.list != "exit" || !fits => None,
                    () if rule.action == "never" => shuts(rule).then_some(false),
                    () => records(rule, call).then_some(true),
                }
            });
            let exists = exists(machine, call);
            all.push(Syscall {
                call: format!("{arch} {call}"),
                name: (*call).to_owned(),
                arch: (*arch).to_owned(),
                exists,
                recorded: exists && !silent && decided == Some(true) && !task_shut(rules),
            });
        }
    }
    canonical_list(all)
}

/// The watched paths, with whether every change of them is recorded.
pub(super) fn watches(machine: &str, rules: &[Rule]) -> Vec<Watch> {
    let arches = arches(machine);
    let silent = excluded(rules, &["SYSCALL", "PATH"]) || task_shut(rules);
    let mut found: BTreeMap<(String, bool), BTreeSet<(&str, char)>> = BTreeMap::new();
    // Of exclusions the paths that they are for; none of one that is for all.
    let mut shut: Vec<Option<&str>> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.list == "exit") {
        if rule.action == "never" {
            if shuts(rule) {
                shut.push(rule.path.as_deref().or(rule.dir.as_deref()));
            }
            continue;
        }
        let Some(path) = rule.path.as_ref().or(rule.dir.as_ref()) else { continue };
        let both = (path.clone(), rule.watch || rule.dir.is_some());
        let seen = found.entry(both).or_default();
        let whole = rule.fields.is_empty() && rule.syscalls == ["all"];
        let excepted = shut.iter().any(|part| part.is_none_or(|part| overlap(part, path)));
        if excepted || silent || !whole || (rule.path.is_some() && rule.dir.is_some()) {
            continue;
        }
        for arch in arches.iter().filter(|arch| rule.takes(arch, "", arch)) {
            let letters = rule.perm.as_deref().unwrap_or("rwxa").chars();
            seen.extend(letters.map(|letter| (*arch, letter)));
        }
    }
    let watches = found.into_iter().map(|((path, deep), seen)| {
        let all = |letter| {
            !arches.is_empty() && arches.iter().all(|arch| seen.contains(&(*arch, letter)))
        };
        let perm: String = "rwxa".chars().filter(|letter| all(*letter)).collect();
        let end = if path == "/" { "" } else { "/" };
        Watch {
            below: deep.then(|| format!("{path}{end}")),
            changes: perm.contains('w') && perm.contains('a'),
            perm,
            path,
        }
    });
    canonical_list(watches)
}

/// Whether one of two paths is the other, or lies below it.
fn overlap(one: &str, two: &str) -> bool {
    let below = |long: &str, short: &str| {
        long.strip_prefix(short.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    below(one, two) || below(two, one)
}

/// Whether a rule records every successful call of people who logged in.
fn records(rule: &Rule, call: &str) -> bool {
    let whole = |field: &String| match field.as_str() {
        "auid!=-1" | "success=1" | "exit>=0" => true,
        // The clock that is the time of day.
        "a0=0" => call == "clock_settime",
        field => ["auid>=", "auid>"].iter().any(|start| {
            let least = field.strip_prefix(start).and_then(|number| number.parse::<u32>().ok());
            least.is_some_and(|number| number <= 1000)
        }),
    };
    rule.path.is_none()
        && rule.dir.is_none()
        && rule.perm.is_none()
        && rule.fields.iter().all(whole)
}

/// Whether an exclusion goes beyond processes that nobody logged in for, one
/// program, or one domain of SELinux.
fn shuts(rule: &Rule) -> bool {
    let narrow = |field: &String| {
        field == "auid=-1" || field.starts_with("exe=") || field.starts_with("subj_type=")
    };
    rule.action == "never" && !rule.fields.iter().any(narrow)
}

fn task_shut(rules: &[Rule]) -> bool {
    rules.iter().any(|rule| rule.list == "task" && shuts(rule))
}

/// Whether records of one of these types are thrown away.
fn excluded(rules: &[Rule], types: &[&str]) -> bool {
    rules.iter().any(|rule| {
        rule.list == "exclude"
            && rule.fields.iter().any(|field| {
                let named = field.strip_prefix("msgtype=");
                let by_range = field.starts_with("msgtype") && named.is_none();
                by_range || named.is_some_and(|name| types.contains(&name))
            })
            && !rule.fields.iter().any(|field| field == "auid=-1" || field.starts_with("exe="))
    })
}

#[cfg(test)]
mod tests {
    use super::super::rule::{self, Line};
    use super::*;

    fn rules(text: &str) -> Vec<Rule> {
        let read = |line: &str| match rule::read(line.as_bytes()) {
            Line::Rule { rule, .. } => *rule,
            other => panic!("{line}: {other:?}"),
        };
        text.lines().map(read).collect()
    }

    fn recorded(machine: &str, text: &str) -> Vec<String> {
        let calls = syscalls(machine, &rules(text));
        calls.into_iter().filter(|call| call.recorded).map(|call| call.call).collect()
    }

    fn changes(text: &str) -> Vec<String> {
        let all = watches("x86_64", &rules(text));
        all.into_iter().filter(|watch| watch.changes).map(|watch| watch.path).collect()
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let always = "-a always,exit -F arch=b64 -S mount -F auid>=1000 -F auid!=unset -k m";
        assert_eq!(recorded("x86_64", always), ["b64 mount"]);
        let never = "-a never,exit -F arch=b64 -S mount";
        assert!(recorded("x86_64", &format!("{never}\n{always}")).is_empty());
        assert_eq!(recorded("x86_64", &format!("{always}\n{never}")), ["b64 mount"]);
        let narrow = format!("{never} -F auid=unset\n{always}");
        assert_eq!(recorded("x86_64", &narrow), ["b64 mount"]);
        assert!(recorded("x86_64", &format!("{never} -F dir=/mnt\n{always}")).is_empty());
    }

    #[test]
    fn switches_that_silence_everything() {
        let always = "-a always,exit -S all -F auid>=1000\n-w /etc/passwd -p wa";
        assert!(recorded("x86_64", always).len() >= 72);
        for silent in [
            "-a never,task",
            "-a always,exclude -F msgtype=SYSCALL",
            "-a never,exclude -F msgtype>=1300",
        ] {
            let text = format!("{always}\n{silent}");
            assert!(recorded("x86_64", &text).is_empty(), "{silent}");
            assert!(changes(&text).is_empty(), "{silent}");
        }
        let text = format!("{always}\n-a always,exclude -F msgtype=CWD");
        assert_eq!(changes(&text), ["/etc/passwd"]);
    }

    #[test]
    fn rules_for_some_calls_only_are_not_enough() {
        for narrowed in [
            "-F exit=-EACCES",
            "-F auid>=2000",
            "-F success=0",
            "-F path=/x",
            "-F uid=0",
            "-F a0=0",
        ] {
            let text = format!("-a always,exit -F arch=b64 -S unlink {narrowed}");
            assert!(recorded("x86_64", &text).is_empty(), "{narrowed}");
        }
        let text = "-a always,exit -F arch=b64 -S clock_settime -F a0=0x0";
        assert_eq!(recorded("x86_64", text), ["b64 clock_settime"]);
    }

    #[test]
    fn machines_differ_in_their_calls() {
        let calls = syscalls("aarch64", &[]);
        let unlink = calls.iter().find(|call| call.call == "b64 unlink").unwrap();
        assert!(!unlink.exists && calls.iter().all(|call| call.arch == "b64"));
        assert!(syscalls("vax", &[]).is_empty());
    }

    #[test]
    fn watches_count_for_both_ways_of_change_and_all_arches() {
        assert_eq!(changes("-w /etc/passwd -p wa"), ["/etc/passwd"]);
        assert!(changes("-w /etc/passwd -p w").is_empty());
        assert_eq!(changes("-w /etc/passwd -p w\n-w /etc/passwd -p a"), ["/etc/passwd"]);
        let one = "-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa";
        assert!(changes(one).is_empty());
        assert_eq!(changes(&format!("{one}\n{}", one.replace("b64", "b32"))), ["/etc/passwd"]);
        assert!(changes("-a always,exit -F path=/etc/passwd -F perm=wa -F auid>=1000").is_empty());
        assert!(changes("-a never,exit -F path=/etc/passwd\n-w /etc/passwd -p wa").is_empty());
        assert!(changes("-a never,exit -F dir=/etc\n-w /etc/passwd -p wa").is_empty());
        assert_eq!(changes("-a never,exit -F dir=/srv\n-w /etc/passwd -p wa"), ["/etc/passwd"]);
        let deep = watches(
            "x86_64",
            &rules("-a always,exit -F dir=/etc/ -F perm=wa\n-a always,exit -F path=/a"),
        );
        assert_eq!(deep[1].below.as_deref(), Some("/etc/"));
        assert_eq!(deep[0].below, None);
    }
}
