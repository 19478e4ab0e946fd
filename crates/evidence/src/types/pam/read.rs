//! The parser: from frames to services.

use super::super::dump::{Dump, Found};
use super::super::whole_lines;
use super::modules::{LOCKS, Part, QUALITY, part};
use super::resolve::{FOLDERS, Files, Stacks, Trouble, service, single_file};
use super::settings::{Settings, leading_int};
use super::walk::{Handler, HandlerKind};
use super::{Body, History, MODULES, RULES, Rule, SETTINGS, Service, facts, lockout, quality};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, stopped, whole};
use anji_model::{FailureCategory, Gap};
use std::collections::{BTreeMap, BTreeSet};

/// More services, and more rules in all of them, than an honest host has.
const SERVICES_MAX: usize = 512;
const RULES_MAX: usize = 8_000;

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let rules = arrived(frames, RULES)?;
    let dump = Dump::read(rules)?;
    let mut gaps: Vec<Gap> =
        stopped(rules).iter().map(|problem| problem.partial("services")).collect();
    let (modules, debian) = match modules(frames) {
        Ok((modules, debian)) => (Ok(modules), debian),
        Err(problem) => {
            for stack in ["auth", "account", "password", "session"] {
                gaps.push(problem.unknown(&format!("services[].{stack}[].installed")));
            }
            gaps.push(problem.partial("services"));
            (Err(problem), false)
        }
    };
    let frame = arrived(frames, SETTINGS);
    let frame = frame.and_then(|frame| stopped(frame).map_or(Ok(frame), Err));
    let settings = match frame.and_then(Dump::read) {
        Ok(dump) => Settings::read(Ok(&dump)),
        Err(problem) => {
            gaps.push(problem.unknown("services[].quality[].shortest"));
            Settings::read(Err(problem))
        }
    };
    let files = Files { dump: &dump, modules, debian };
    let (stacks, problems) = stacks(&files);
    gaps.extend(problems.iter().map(|problem| problem.partial("services")));
    if stacks.is_empty() && problems.is_empty() && stopped(rules).is_none() {
        return Ok(Parsed::absent("no service has rules, and there is no folder of them"));
    }
    let mut services = Vec::new();
    for (name, stacks) in stacks {
        services.push(described(&name, stacks, &settings, &mut gaps));
    }
    let body = Body { services: canonical_list(services) };
    Ok(Parsed::collected(&body, gaps))
}

/// The installed modules, and whether this is of Debian's family.
fn modules(frames: &Frames) -> Result<(BTreeSet<Vec<u8>>, bool), Problem> {
    let frame: &Frame = whole(frames, MODULES)?;
    let mut modules = BTreeSet::new();
    let (mut debian, mut ended) = (false, false);
    for line in whole_lines(frame) {
        match line.strip_prefix(b"module ") {
            Some(name) => drop(modules.insert(name.to_vec())),
            None if line == b"debian" => debian = true,
            None if line == b"end" => ended = true,
            None => {
                let detail = "the list of modules has a line of another form";
                return Err(Problem::new(FailureCategory::Unparsable, detail));
            }
        }
    }
    if !ended || modules.is_empty() {
        let detail = "no folder of modules is known";
        return Err(Problem::new(FailureCategory::Incomplete, detail));
    }
    Ok((modules, debian))
}

/// The stacks of each service, or nothing where libpam refuses it; and why
/// services may be missing.
fn stacks(files: &Files<'_, '_>) -> (BTreeMap<Vec<u8>, Option<Stacks>>, Vec<Problem>) {
    let mut stacks = BTreeMap::new();
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    let mut folders = 0;
    for folder in FOLDERS {
        let pattern = format!("{folder}/*");
        if !matches!(files.dump.file(&pattern), Found::Absent) {
            folders += 1;
        }
        let (found, missing) = files.dump.matching(&pattern);
        problems.extend(missing);
        let of = |path: &[u8]| path.rsplit(|&b| b == b'/').next().map(<[u8]>::to_vec);
        names.extend(found.iter().filter_map(|file| of(&file.path)));
    }
    if folders == 0 {
        return match files.dump.file("/etc/pam.conf") {
            Found::Absent => (stacks, problems),
            Found::Failed(problem) => (stacks, vec![problem]),
            Found::File(file) => {
                let read = match &file.problem {
                    Some(problem) => Err(Trouble::Unknown(problem.clone())),
                    None => single_file(files, &file.path, &file.lines),
                };
                match read {
                    Ok(services) => {
                        stacks.extend(services.into_iter().map(|(name, s)| (name, Some(s))));
                    }
                    Err(Trouble::Refused) => drop(stacks.insert(b"other".to_vec(), None)),
                    Err(Trouble::Unknown(problem)) => problems.push(problem),
                }
                (stacks, problems)
            }
        };
    }
    if names.len() > SERVICES_MAX {
        let detail = "more services than a host can have";
        problems.push(Problem::new(FailureCategory::Truncated, detail));
    }
    if let Found::Failed(problem) = files.dump.file("/etc/pam.conf") {
        problems.push(problem);
    }
    let mut rules = 0;
    for name in names.into_iter().take(SERVICES_MAX) {
        let found = service(files, &name);
        rules += found.as_ref().map_or(0, |stacks| stacks.iter().map(Vec::len).sum());
        if rules > RULES_MAX {
            let detail = "more rules than a host can have";
            problems.push(Problem::new(FailureCategory::Truncated, detail));
            break;
        }
        match found {
            Ok(found) => drop(stacks.insert(name, Some(found))),
            Err(Trouble::Refused) => drop(stacks.insert(name, None)),
            Err(Trouble::Unknown(problem)) => {
                let detail = format!("{}: {}", escape_bounded(&name, 80), problem.detail);
                problems.push(Problem::new(problem.category, detail));
            }
        }
    }
    (stacks, problems)
}

fn described(
    name: &[u8],
    stacks: Option<Stacks>,
    settings: &Settings,
    gaps: &mut Vec<Gap>,
) -> Service {
    let loads = stacks.is_some();
    let [auth, account, password, session] = stacks.unwrap_or_default();
    let handlers = |stack: &[super::resolve::Rule]| -> Vec<Handler> {
        stack.iter().map(|rule| rule.handler.clone()).collect()
    };
    let (auth_rules, password_rules) = (handlers(&auth), handlers(&password));
    let known = facts::auth(&auth_rules);
    let mut service = Service {
        name: escape(name),
        loads,
        auth: shown(&auth),
        account: shown(&account),
        password: shown(&password),
        session: shown(&session),
        takes_passwords: known.takes_passwords,
        password_required: known.password_required,
        second_factors: canonical_list(
            auth_rules
                .iter()
                .filter(|rule| part(&rule.module) == Part::Factor)
                .map(|rule| escape(&rule.module)),
        ),
        second_factor_required: known.second_factor_required,
        nullok: known.nullok,
        lockouts: lockouts(&auth_rules, settings, gaps),
        lockout_enforced: known.lockout_enforced,
        sets_passwords: facts::sets_passwords(&password_rules),
        quality: qualities(&password_rules, settings, gaps),
        history: history(&password_rules, settings, gaps),
        hash_scheme: hash_scheme(&password_rules),
    };
    undecided(&mut service, gaps);
    service
}

/// Gaps for what no way of following the stacks could decide.
fn undecided(service: &mut Service, gaps: &mut Vec<Gap>) {
    let name = service.name.clone();
    let mut gap = |field: &str, why: &str| {
        let detail = format!("{}: {why}", escape_bounded(name.as_bytes(), 80));
        let problem = Problem::new(FailureCategory::Unsupported, detail);
        gaps.push(problem.unknown(&format!("services[].{field}")));
    };
    let many = "more ways through the stack than are followed";
    for (field, value) in [
        ("takes_passwords", service.takes_passwords),
        ("password_required", service.password_required),
        ("second_factor_required", service.second_factor_required),
        ("sets_passwords", service.sets_passwords),
    ] {
        if value.is_none() {
            gap(field, many);
        }
    }
    if service.lockout_enforced.is_none() {
        gap("lockout_enforced", "it depends on a module whose answer is not known");
    }
    if service.quality.iter().any(|quality| quality.enforced.is_none()) {
        let why = "whether a weak password is refused depends on a module whose answer is not \
                   known, or on use_authtok, which a rule lacks";
        gap("quality[].enforced", why);
    }
}

fn position(at: usize) -> i64 {
    i64::try_from(at + 1).unwrap_or(i64::MAX)
}

fn shown(stack: &[super::resolve::Rule]) -> Vec<Rule> {
    let rules = stack.iter().enumerate().map(|(at, rule)| {
        let handler = &rule.handler;
        let control = match handler.kind {
            HandlerKind::MustFail => "fails".to_owned(),
            HandlerKind::Substack => "substack".to_owned(),
            HandlerKind::Module | HandlerKind::Missing => handler.control.normal(),
        };
        Rule {
            position: position(at),
            control,
            module: escape_bounded(&handler.module, 200),
            installed: rule.installed,
            arguments: escape_bounded(&handler.arguments.join(&b' '), 1000),
            level: i64::try_from(handler.level).unwrap_or(i64::MAX),
            file: escape_bounded(&rule.file, 200),
        }
    });
    rules.collect()
}

fn lockouts(stack: &[Handler], settings: &Settings, gaps: &mut Vec<Gap>) -> Vec<lockout::Lockout> {
    let mut all = Vec::new();
    for (at, rule) in stack.iter().enumerate() {
        if !LOCKS.contains(&rule.module.as_slice()) {
            continue;
        }
        let (lockout, problem) = lockout::lockout(rule, position(at), settings);
        all.push(lockout);
        let fields = ["deny", "unlock_time", "fail_interval", "even_deny_root", "root_unlock_time"];
        gaps.extend(problem.iter().flat_map(|problem| {
            fields.map(|field| problem.unknown(&format!("services[].lockouts[].{field}")))
        }));
    }
    canonical_list(all)
}

fn qualities(stack: &[Handler], settings: &Settings, gaps: &mut Vec<Gap>) -> Vec<quality::Quality> {
    let mut all = Vec::new();
    for (at, rule) in stack.iter().enumerate() {
        if !QUALITY.contains(&rule.module.as_slice()) {
            continue;
        }
        let (mut quality, refuses, problem) = quality::quality(rule, position(at), settings);
        quality.enforced = match refuses {
            _ if rule.kind != HandlerKind::Module => Some(false),
            Some(false) => Some(false),
            refuses => {
                facts::quality_enforced(stack, at).filter(|holds| !holds || refuses.is_some())
            }
        };
        all.push(quality);
        let fields = [
            "shortest",
            "classes",
            "minlen",
            "minclass",
            "dcredit",
            "ucredit",
            "lcredit",
            "ocredit",
            "difok",
            "maxrepeat",
            "dictcheck",
            "enforce_for_root",
            "local_users_only",
            "enforced",
        ];
        gaps.extend(problem.iter().flat_map(|problem| {
            fields.map(|field| problem.unknown(&format!("services[].quality[].{field}")))
        }));
    }
    canonical_list(all)
}

fn history(stack: &[Handler], settings: &Settings, gaps: &mut Vec<Gap>) -> Vec<History> {
    let mut all = Vec::new();
    for rule in stack {
        let given = rule.arguments.iter().rev().find_map(|argument| {
            let value = argument.strip_prefix(b"remember=")?;
            Some(leading_int(value).unwrap_or_default().clamp(0, 400))
        });
        let remember = match rule.module.as_slice() {
            b"pam_unix" if given.is_some() => given,
            b"pam_pwhistory" => given.or_else(|| match &settings.pwhistory {
                Ok(lines) => {
                    let line = lines.iter().find(|line| line.name == "remember");
                    Some(line.and_then(|line| leading_int(&line.value)).unwrap_or(10))
                }
                Err(problem) => {
                    gaps.push(problem.unknown("services[].history[].remember"));
                    None
                }
            }),
            _ => continue,
        };
        all.push(History { module: escape(&rule.module), remember });
    }
    canonical_list(all)
}

fn hash_scheme(stack: &[Handler]) -> Option<String> {
    let schemes: [&[u8]; 9] = [
        b"md5",
        b"bigcrypt",
        b"sha256",
        b"sha512",
        b"blowfish",
        b"des",
        b"gost_yescrypt",
        b"yescrypt",
        b"sm3",
    ];
    let mut rules = stack.iter().filter(|rule| rule.module == b"pam_unix");
    let rule = rules.next()?;
    let words = rule.arguments.iter().rev();
    words.map(Vec::as_slice).find(|word| schemes.contains(word)).map(escape)
}
