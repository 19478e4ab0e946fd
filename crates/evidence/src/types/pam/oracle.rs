//! Our walk next to libpam's own, on stacks made at random: pam_debug answers
//! whatever its arguments say. Needs a C compiler, libpam (1.4 or newer) and pam_debug.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "tests run libpam"
)]

use super::control::{CODES, PERM_DENIED};
use super::line::words;
use super::resolve::{Library, Opened, Rule, Trouble, service};
use super::walk::{Handler, endings, walk};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const ANSWERS: [&str; 9] = [
    "success",
    "success",
    "auth_err",
    "ignore",
    "new_authtok_reqd",
    "user_unknown",
    "maxtries",
    "perm_denied",
    "acct_expired",
];

const KEYWORDS: [&str; 8] =
    ["required", "requisite", "sufficient", "optional", "Required", "", "nonsense", "[default=ok]"];

fn control(dice: &mut Dice) -> String {
    if dice.below(3) > 0 {
        let known = if dice.below(12) == 0 { 8 } else { 4 };
        return dice.one_of(&KEYWORDS[..known]).to_owned();
    }
    let mut text = "[".to_owned();
    for _ in 0..=dice.below(3) {
        let code = match dice.below(4) {
            0 => "default",
            _ => dice.one_of(&ANSWERS),
        };
        let action = match dice.below(9) {
            0 => "ok",
            1 => "done",
            2 => "bad",
            3 => "die",
            4 => "ignore",
            5 => "reset",
            6 => "1",
            7 => "2",
            _ => "3",
        };
        write!(text, "{code}={action} ").unwrap();
    }
    text + "]"
}

fn line(dice: &mut Dice, folder: &str, deeper: usize) -> String {
    let kind = dice.one_of(&["auth", "auth", "account", "-auth"]);
    let answers = format!("auth={} acct={}", dice.one_of(&ANSWERS), dice.one_of(&ANSWERS));
    match dice.below(20) {
        0..=2 if deeper < 4 => {
            let how = dice.one_of(&["include", "substack", "substack"]);
            format!("{kind} {how} {folder}/inc{}", deeper * 3 + 3 + dice.below(3))
        }
        3 if dice.below(3) == 0 => format!("{kind} substack {folder}/nowhere"),
        4 if dice.below(3) == 0 => format!("{kind} required pam_not_installed.so"),
        5 if dice.below(6) == 0 => {
            dice.one_of(&["auth", "auth required", "strange required x"]).to_owned()
        }
        6 => format!("{kind} {} \\\n  pam_debug.so {answers} # comment", control(dice)),
        7 => format!("{kind} {} pam_permit.so", control(dice)),
        8 => format!("{kind} {} pam_deny.so", control(dice)),
        _ => format!("{kind}\t{}  pam_debug.so {answers}", control(dice)),
    }
}

fn file(dice: &mut Dice, folder: &str, deeper: usize) -> String {
    let lines = 1 + dice.below(7);
    (0..lines).map(|_| line(dice, folder, deeper) + "\n").collect()
}

/// Files in memory; a name with a folder is looked up by its last part.
struct Memory<'f> {
    files: BTreeMap<Vec<u8>, Vec<&'f [u8]>>,
}

impl Library for Memory<'_> {
    fn open(&self, name: &[u8]) -> Opened<'_> {
        let last = name.rsplit(|&b| b == b'/').next().unwrap();
        match self.files.get_key_value(last) {
            Some((path, lines)) => Opened::File(path, lines),
            None => Opened::Missing,
        }
    }

    fn installed(&self, path: &[u8]) -> Option<bool> {
        Some(path.starts_with(b"pam_") && path.ends_with(b".so") && path != b"pam_not_installed.so")
    }

    fn debian(&self) -> bool {
        Path::new("/etc/debian_version").exists()
    }
}

/// What a module answers when `question` is asked.
fn answer(rule: &Handler, question: &str) -> u8 {
    match (rule.module.as_slice(), question) {
        (b"pam_permit", _) => return 0,
        (b"pam_deny", _) => return 7,
        _ => {}
    }
    let said = rule
        .arguments
        .iter()
        .find_map(|argument| argument.strip_prefix(question.as_bytes())?.strip_prefix(b"="));
    let code = CODES.iter().position(|name| Some(name.as_bytes()) == said);
    u8::try_from(code.unwrap_or_default()).unwrap()
}

fn ours(stacks: &Result<[Vec<Rule>; 4], Trouble>, at: usize, question: &str) -> u8 {
    let stack: Vec<Handler> = match stacks {
        Ok(stacks) => stacks[at].iter().map(|rule| rule.handler.clone()).collect(),
        // libpam gives up.
        Err(Trouble::Refused) => return 26,
        Err(Trouble::Unknown(problem)) => panic!("{problem:?}"),
    };
    if stack.is_empty() { PERM_DENIED } else { walk(&stack, |rule| answer(rule, question)) }
}

/// The answers of libpam for `services` of the folder.
fn theirs(folder: &Path, services: &[String]) -> Vec<String> {
    let program = folder.join("pam-walk");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/make/pam-walk.c");
    let mut compiler = Command::new("cc");
    let built = compiler.arg("-o").arg(&program).arg(source).arg("-l:libpam.so.0").status();
    assert!(built.unwrap().success(), "needs libpam: apt-get install libpam-modules");
    let mut child = Command::new(&program)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all((services.join("\n") + "\n").as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{:?}", out.status);
    String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn stacks_come_to_what_libpam_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut dice = Dice(7);
    let (mut services, mut texts) = (Vec::new(), BTreeMap::new());
    for round in 0..250 {
        // Each round has files of its own to include, so that few are enough.
        let inner = format!("{path}/r{round}");
        std::fs::create_dir(&inner).unwrap();
        let mut files = BTreeMap::new();
        for number in 3..18 {
            let text = file(&mut dice, &inner, number / 3);
            std::fs::write(format!("{inner}/inc{number}"), &text).unwrap();
            files.insert(format!("inc{number}").into_bytes(), text);
        }
        for number in 0..5 {
            let name = format!("s{round}-{number}");
            let text = file(&mut dice, &inner, 0);
            std::fs::write(folder.path().join(&name), &text).unwrap();
            files.insert(name.clone().into_bytes(), text);
            services.push(name);
        }
        texts.insert(round, files);
    }
    let other = "auth required pam_debug.so auth=user_unknown\naccount sufficient pam_permit.so\n";
    std::fs::write(folder.path().join("other"), other).unwrap();
    let said = theirs(folder.path(), &services);
    assert_eq!(said.len(), services.len());
    let mut successes = 0;
    for line in &said {
        let mut parts = line.split(' ');
        let name = parts.next().unwrap();
        let round: usize = name[1..].split('-').next().unwrap().parse().unwrap();
        let texts = &texts[&round];
        let mut files: BTreeMap<_, Vec<&[u8]>> = texts
            .iter()
            .map(|(name, text)| (name.clone(), text.lines().map(str::as_bytes).collect()))
            .collect();
        files.insert(b"other".to_vec(), other.lines().map(str::as_bytes).collect());
        let stacks = service(&Memory { files }, name.as_bytes());
        for (at, question) in [(0, "auth"), (1, "acct")] {
            let theirs: u8 = parts.next().unwrap().parse().unwrap();
            successes += usize::from(theirs == 0);
            let shown = || {
                let stack = stacks.as_ref().map(|stacks| stacks[at].clone());
                format!("{name} {question}\n{}\n{stack:?}", texts[name.as_bytes()])
            };
            assert_eq!(ours(&stacks, at, question), theirs, "{}", shown());
            // Following every way, with one answer for each rule, is the same walk.
            let stack = stacks.as_ref().map_or(Vec::new(), |stacks| {
                stacks[at].iter().map(|rule| rule.handler.clone()).collect()
            });
            let ends = endings(&stack, |rule, _, so_far| vec![(answer(rule, question), so_far)]);
            let ends: Vec<bool> = ends.unwrap().iter().map(|end| end.success).collect();
            assert_eq!(ends, [theirs == 0], "{}", shown());
        }
    }
    assert!(successes > 300, "only {successes} stacks succeed");
    // Words are split here as libpam splits them, or the answers would differ.
    assert_eq!(words(b"auth=success").count(), 1);
}
