//! Less than root: what may not be read is a permission failure, never absent,
//! and listed commands go through sudo.

use crate::support::{as_user, capture, collect_over, key, need_root, plan, plan_for, run, tool};
use anji_collect::sudoers_lines;
use anji_evidence::{EvidenceKind, SelectorKind, registry};
use anji_model::{
    Capture, CollectionPlan, EvidenceKey, EvidenceStatus, FailureCategory, Privilege,
};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const NOBODY: u32 = 65_534;

#[test]
fn an_ordinary_user_gets_permission_failures() {
    need_root();
    let folder = tempfile::tempdir().expect("folder");
    let hidden = folder.path().join("hidden");
    std::fs::create_dir(&hidden).expect("folder");
    std::fs::write(hidden.join("file"), "x").expect("file");
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).expect("mode");
    std::fs::set_permissions(&hidden, PermissionsExt::from_mode(0o700)).expect("mode");
    let file = hidden.join("file").display().to_string();
    let missing = hidden.join("missing").display().to_string();
    let keys = [
        key("file.stat", Some(&file)),
        key("file.stat", Some(&missing)),
        key("file.stat", Some("/no/such/file")),
        key("accounts", None),
    ];
    let collected = collect_over(&as_user(NOBODY, NOBODY), &plan_for(&keys, None));
    assert_eq!(collected.host.uid, Some(NOBODY));
    assert_eq!(collected.host.privilege(), Privilege::User);
    for at in [0, 1] {
        let record = &collected.snapshot.records[&keys[at]];
        let EvidenceStatus::Failed { category, .. } = record.status else {
            panic!("{}: {:?}", keys[at], record.status);
        };
        assert_eq!((category, record.privilege), (FailureCategory::Permission, Privilege::User));
    }
    let absent = &collected.snapshot.records[&keys[2]].status;
    assert!(matches!(absent, EvidenceStatus::Absent { .. }), "{absent:?}");
    let accounts = &collected.snapshot.records[&keys[3]];
    assert_eq!(accounts.status, EvidenceStatus::Collected);
    let permission = |gap: &anji_model::Gap| gap.category == FailureCategory::Permission;
    assert!(accounts.gaps.iter().any(permission), "{:?}", accounts.gaps);
}

#[test]
fn without_sudo_a_listed_command_says_that_it_may_not() {
    let mut one = capture("a.sudo", "anji_sudo /usr/bin/id -u");
    one.sudo = vec![vec!["/usr/bin/id".to_owned(), "-u".to_owned()]];
    let frames = run(&as_user(NOBODY, NOBODY), &plan(vec![one])).frames();
    let frame = frames.get("a.sudo").expect("frame");
    assert_eq!(frame.exit, Some(43), "{frame:?}");
    assert!(frame.data.is_empty());
    assert!(String::from_utf8_lossy(&frame.diagnostics).contains("permission denied"));
}

/// A made account with the sudoers lines of a plan; both go with it.
struct Account {
    name: String,
    uid: u32,
    gid: u32,
    rule: PathBuf,
}

impl Account {
    fn make(plan: &CollectionPlan) -> Self {
        need_root();
        let useradd = tool(&["/usr/sbin/useradd"], "passwd");
        let visudo = tool(&["/usr/sbin/visudo"], "sudo");
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("anji-test-{}-{count}", std::process::id());
        let made = Command::new(useradd)
            .args(["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", &name])
            .status();
        assert!(made.expect("useradd starts").success());
        let rule = Path::new("/etc/sudoers.d").join(&name);
        let number = |flag: &str| {
            let output = Command::new("id").args([flag, &name]).output().expect("id starts");
            String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
        };
        let account = Self { uid: number("-u"), gid: number("-g"), name, rule };
        std::fs::write(&account.rule, sudoers_lines(plan, &account.name)).expect("rule");
        std::fs::set_permissions(&account.rule, PermissionsExt::from_mode(0o440)).expect("mode");
        let checked = Command::new(visudo).arg("-cf").arg(&account.rule).output();
        let checked = checked.expect("visudo starts");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        account
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        // What is missing already need not be removed.
        let _rule = std::fs::remove_file(&self.rule);
        let _account = Command::new("/usr/sbin/userdel").arg(&self.name).status();
    }
}

#[test]
fn listed_commands_run_through_sudo_and_no_others() {
    let printf = "/usr/bin/printf";
    let vector = |words: &[&str]| words.iter().map(|&w| w.to_owned()).collect::<Vec<String>>();
    let odd = [
        "%s\\n",
        "a*b,c:d=e",
        "x!y#z",
        "(q)",
        "semi;colon",
        "it's",
        "\"double\"",
        "[a-z]?",
        "tab\there",
        "back\\slash",
    ];
    let mut odd_vector = vec![printf];
    odd_vector.extend(odd);
    let quoted: Vec<String> = odd_vector.iter().map(|w| anji_evidence::shell::quote(w)).collect();
    let listed = Capture {
        sudo: vec![
            vector(&["/usr/bin/id", "-u"]),
            vector(&["/usr/bin/whoami"]),
            vector(&odd_vector),
        ],
        ..capture("a.listed", "anji_sudo /usr/bin/id -u; anji_sudo /usr/bin/whoami")
    };
    let plan = plan(vec![
        listed,
        capture("a.odd", &format!("anji_sudo {}", quoted.join(" "))),
        capture("a.other", "anji_sudo /usr/bin/id"),
        capture("a.more", "anji_sudo /usr/bin/whoami --version"),
        capture(
            "a.wider",
            &format!(
                "anji_sudo {printf} '%s\\n' 'aXXXb,c:d=e' 'x!y#z' '(q)' 'semi;colon' \"it's\" '\"double\"' 'a?'"
            ),
        ),
    ]);
    let account = Account::make(&plan);
    let ran = run(&as_user(account.uid, account.gid), &plan);
    let (header, frames) = ran.read();
    assert_eq!((header.uid, header.sudo), (account.uid, true));
    let got = |id: &str| {
        let frame = frames.get(id).unwrap_or_else(|| panic!("no frame {id}"));
        let errors = String::from_utf8_lossy(&frame.diagnostics).into_owned();
        (frame.exit, String::from_utf8_lossy(&frame.data).into_owned(), errors)
    };
    let (exit, data, errors) = got("a.listed");
    assert_eq!((exit, data.as_str()), (Some(0), "0\nroot\n"), "{errors}");
    let (exit, data, errors) = got("a.odd");
    assert_eq!(exit, Some(0), "{errors}");
    assert_eq!(data, odd[1..].iter().map(|w| format!("{w}\n")).collect::<String>());
    for id in ["a.other", "a.more", "a.wider"] {
        let (exit, data, errors) = got(id);
        assert_eq!((exit, data.as_str()), (Some(43), ""), "{id}: {errors}");
    }
    let collected = collect_over(&as_user(account.uid, account.gid), &{
        let mut plan = plan_for(&[key("accounts", None)], None);
        plan.captures[0].sudo.push(vector(&["/usr/bin/id", "-u"]));
        plan
    });
    assert_eq!(collected.host.privilege(), Privilege::Sudo);
}

/// The shadow program runs through sudo as it is listed, within its memory.
#[test]
fn passwords_are_known_through_sudo() {
    let accounts = key("accounts", None);
    let plan = plan_for(std::slice::from_ref(&accounts), None);
    let account = Account::make(&plan);
    let collected = collect_over(&as_user(account.uid, account.gid), &plan);
    let record = &collected.snapshot.records[&accounts];
    assert_eq!(record.status, EvidenceStatus::Collected);
    let passwords = record.gaps.iter().find(|gap| gap.path == "users[].password");
    assert_eq!(passwords, None);
}

/// One key of every evidence type there is.
fn every_key() -> Vec<EvidenceKey> {
    let key = |kind: &&dyn EvidenceKind| match kind.selector() {
        SelectorKind::None => key(kind.name().as_str(), None),
        SelectorKind::Path => key(kind.name().as_str(), Some("/etc/shadow")),
    };
    registry().iter().map(key).collect()
}

/// What sudo itself says of a command of the account.
fn sudo_allows(account: &Account, vector: &[String]) -> bool {
    let asked = Command::new("/usr/bin/sudo")
        .args(["-l", "-U", &account.name, "--"])
        .args(vector)
        .output()
        .expect("sudo starts");
    asked.status.success()
}

/// By sudo's own word the printed rules allow every command that some evidence
/// type lists, and none that differs from it in one argument.
#[test]
fn the_rules_of_all_types_allow_each_command_and_nothing_near_it() {
    let plan = plan_for(&every_key(), None);
    let account = Account::make(&plan);
    let rules = std::fs::read_to_string(&account.rule).expect("rules");
    assert!(!rules.contains("No rule"), "{rules}");
    let vectors: BTreeSet<_> = plan.captures.iter().flat_map(|c| c.sudo.clone()).collect();
    let (mut known, mut programs) = (0, 0);
    for vector in vectors {
        // sudo knows no rule for a program that is not there.
        if !Path::new(&vector[0]).exists() {
            continue;
        }
        known += 1;
        programs += usize::from(vector.iter().any(|word| word.contains("FNR==1")));
        assert!(sudo_allows(&account, &vector), "refused: {vector:?}\n{rules}");
        let mut near = vec![[vector.as_slice(), &["x".to_owned()]].concat()];
        if let [head @ .., _] = vector.as_slice()
            && head.len() > 1
        {
            near.push(head.to_vec());
        }
        for at in 1..vector.len() {
            let mut other = vector.clone();
            other[at] = match other[at].contains(['*', '?']) {
                // What a pattern would stand for.
                true => other[at].replace('*', "abc").replace('?', "a"),
                false => format!("{}x", other[at]),
            };
            near.push(other);
        }
        for other in near {
            assert!(!sudo_allows(&account, &other), "allowed: {other:?}\n{rules}");
        }
    }
    assert!(known >= 10 && programs >= 1, "only {known} commands, {programs} of folders");
}

/// A folder that an ordinary account may not list is read through sudo as root
/// reads it, by the one program that the rules of all types share.
#[test]
fn closed_folders_are_read_through_sudo_as_root_reads_them() {
    need_root();
    let folder = tempfile::tempdir().expect("folder");
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).expect("folder");
    std::fs::write(closed.join("a.conf"), "one\n two\\n \"$(id)\"\n").expect("file");
    std::fs::write(closed.join("b.conf"), "no newline").expect("file");
    std::fs::write(closed.join("c.other"), "not asked for\n").expect("file");
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).expect("mode");
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o700)).expect("mode");

    let all = plan_for(&every_key(), None);
    let listed = all.captures.iter().flat_map(|capture| &capture.sudo);
    let mut vector = listed
        .filter(|vector| vector.iter().any(|word| word.contains("FNR==1")))
        .min()
        .expect("some type reads a closed folder")
        .clone();
    let name = vector.iter().position(|word| word == "-name").expect("names are asked for");
    vector[2] = closed.display().to_string();
    vector[name + 1] = "*.conf".to_owned();
    let mut dump = capture("a.dump", &format!("anji_dump '{}/*.conf'", closed.display()));
    dump.sudo = vec![vector];
    let plan = plan(vec![dump]);
    let account = Account::make(&plan);
    let read = |uid: u32, gid: u32| {
        let frames = run(&as_user(uid, gid), &plan).frames();
        let frame = frames.get("a.dump").expect("frame").clone();
        assert_eq!(frame.exit, Some(0), "{frame:?}");
        let text = String::from_utf8(frame.data).expect("text");
        // Files come in any order, and through sudo without their facts.
        let mut files = BTreeMap::new();
        let mut name = String::new();
        for line in text.lines() {
            if let Some(facts) = line.strip_prefix("//F") {
                name = facts.rsplit([' ', '\t']).next().unwrap_or_default().to_owned();
            } else if let Some(content) = line.strip_prefix(' ') {
                files.entry(name.clone()).or_insert_with(Vec::new).push(content.to_owned());
            }
        }
        files
    };
    let by_root = read(0, 0);
    assert_eq!(by_root.len(), 2, "{by_root:?}");
    assert_eq!(read(account.uid, account.gid), by_root);
    assert_ne!(read(NOBODY, NOBODY), by_root, "without a rule");
}

/// sudo passes a request to end on to what it runs. What ignores the request
/// and runs as root cannot be killed by the account that asked for it: it is
/// not waited for, and what it wrote decides nothing.
#[test]
fn what_cannot_be_killed_is_not_waited_for() {
    let seconds = format!("{}", 100_000 + std::process::id());
    let vector = ["/usr/bin/env", "--ignore-signal=TERM", "/usr/bin/sleep", &seconds];
    let mut hang = capture("a.hang", &format!("echo begun; anji_sudo {}", vector.join(" ")));
    hang.timeout_seconds = 1;
    hang.sudo = vec![vector.iter().map(|&word| word.to_owned()).collect()];
    let plan = plan(vec![hang, capture("a.after", "echo after")]);
    let account = Account::make(&plan);
    let began = Instant::now();
    let ran = run(&as_user(account.uid, account.gid), &plan);
    let took = began.elapsed();
    let ended = crate::support::running(&["/usr/bin/sleep", &seconds]);
    ended.iter().for_each(|process| crate::support::kill(process));
    assert!(took < Duration::from_secs(20), "{took:?}");
    let frames = ran.frames();
    let hung = frames.get("a.hang").expect("frame");
    assert!(hung.timed_out && hung.exit != Some(0), "{hung:?}");
    assert_eq!(frames.get("a.after").expect("frame").data, b"after\n");
}

/// The real plan's lines stand the syntax check too.
#[test]
fn the_lines_of_a_host_plan_are_valid() {
    let visudo = tool(&["/usr/sbin/visudo"], "sudo");
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("rules");
    let lines = sudoers_lines(&plan_for(&crate::support::host_keys(), None), "collector");
    assert!(lines.lines().filter(|line| line.starts_with("collector ")).count() >= 2, "{lines}");
    std::fs::write(&path, &lines).expect("rules");
    let output = Command::new(visudo).arg("-cf").arg(&path).output().expect("visudo starts");
    assert!(output.status.success(), "{lines}\n{}", String::from_utf8_lossy(&output.stderr));
}
