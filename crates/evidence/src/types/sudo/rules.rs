//! Rules, one for each user and command, from what the entries grant.

use super::Rule;
use super::aliases::{Aliases, Budget};
use super::lex::Arguments;
use super::parse::{Grant, Member, Privilege, Runas, What};
use super::settings::Effective;
use crate::escape::escape;
use std::collections::BTreeMap;

/// An entry that grants, with the file that it stands in.
pub(super) struct Spec {
    pub(super) file: String,
    pub(super) users: Vec<Member>,
    pub(super) privileges: Vec<Privilege>,
}

/// What is known of this host.
pub(super) struct Host<'a> {
    /// Its name, where it is known.
    pub(super) name: Option<&'a str>,
}

/// A text of the target as it stands in a list.
pub(super) fn shown(text: &[u8]) -> String {
    escape(text)
}

/// A member as it stands in a list. Quotes tell a name from what it looks like.
pub(super) fn shown_member(member: &Member) -> String {
    let sign = if member.negated { "!" } else { "" };
    format!("{sign}{}", shown_what(&member.what))
}

fn shown_what(what: &What) -> String {
    match what {
        What::All => "ALL".to_owned(),
        What::Group(name) => shown(&numbered(name, b"%#")),
        What::Netgroup(name) => shown(name),
        What::Command(path, _) => shown(path),
        What::Alias(name) | What::Word(name) => {
            let odd = |b: &u8| b" \t\",=()!>".contains(b);
            let special = name == b"ALL" || matches!(name.first(), None | Some(b'%' | b'+'));
            let text = shown(&numbered(name, b"#"));
            if special || name.iter().any(odd) { format!("\"{text}\"") } else { text }
        }
    }
}

/// A name with its number in the usual form: `#001` is `#1`.
fn numbered(name: &[u8], mark: &[u8]) -> Vec<u8> {
    match name.strip_prefix(mark) {
        Some(digits) if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            let zeros = digits.iter().take_while(|&&b| b == b'0').count();
            [mark, &digits[zeros.min(digits.len() - 1)..]].concat()
        }
        _ => name.to_vec(),
    }
}

/// Every user of `specs` with every command, in the order that sudo looks at
/// them; the last one that fits decides.
pub(super) fn rules(
    specs: &[Spec],
    aliases: &Aliases,
    settings: &Effective<'_>,
    host: &Host<'_>,
    budget: &mut Budget,
) -> Vec<Rule> {
    let mut all = Vec::new();
    let mut broad = Vec::new();
    for spec in specs {
        let users = aliases.expand(b'U', &spec.users, budget);
        for privilege in &spec.privileges {
            let hosts = aliases.expand(b'H', &privilege.hosts, budget);
            let place = Place {
                file: &spec.file,
                users: users.iter().map(shown_member).collect(),
                hosts: join(&hosts),
                here: here(&hosts, host),
                everywhere: matches!(
                    hosts.last(),
                    Some(Member { negated: false, what: What::All })
                ),
            };
            for grant in &privilege.commands {
                let maker = Maker { place: &place, grant, aliases, settings };
                maker.make(&mut all, &mut broad, budget);
            }
            if budget.spent() {
                return all;
            }
        }
    }
    override_earlier(&mut all, &broad);
    all
}

/// What the rules of one privilege have in common.
struct Place<'a> {
    file: &'a str,
    users: Vec<String>,
    hosts: String,
    here: Option<bool>,
    everywhere: bool,
}

fn join(members: &[Member]) -> String {
    members.iter().map(shown_member).collect::<Vec<_>>().join(", ")
}

struct Maker<'a> {
    place: &'a Place<'a>,
    grant: &'a Grant,
    aliases: &'a Aliases,
    settings: &'a Effective<'a>,
}

/// As whom a command runs.
struct As {
    users: Vec<String>,
    groups: Vec<String>,
    root: bool,
    written: String,
}

impl Maker<'_> {
    fn make(&self, all: &mut Vec<Rule>, broad: &mut Vec<usize>, budget: &mut Budget) {
        let commands = self.aliases.expand(b'C', std::slice::from_ref(&self.grant.command), budget);
        let runas = self.runas(budget);
        for command in &commands {
            for (at, user) in self.place.users.iter().enumerate() {
                if user.starts_with('!') {
                    continue;
                }
                let after = &self.place.users[at + 1..];
                if !budget.take() {
                    return;
                }
                let except: Vec<String> =
                    after.iter().filter_map(|u| u.strip_prefix('!')).map(str::to_owned).collect();
                let rule = self.rule(user, except, command, &runas);
                let decides_all = rule.command == "ALL"
                    && rule.except_users.is_empty()
                    && self.place.everywhere
                    && !self.grant.digest
                    && !self.grant.limited;
                if decides_all {
                    broad.push(all.len());
                }
                all.push(rule);
            }
        }
    }

    fn runas(&self, budget: &mut Budget) -> As {
        let Some(Runas { users, groups }) = self.grant.runas.as_deref() else {
            let user = self.settings.value("runas_default", "ALL", "ALL").unwrap_or("root");
            return As {
                root: matches!(user, "root" | "#0"),
                users: vec![user.to_owned()],
                groups: Vec::new(),
                written: String::new(),
            };
        };
        let users = self.aliases.expand(b'R', users, budget);
        let groups = self.aliases.expand(b'R', groups, budget);
        let root = users.iter().any(|member| {
            let root = |name: &[u8]| name == b"root" || numbered(name, b"#") == b"#0";
            !member.negated
                && match &member.what {
                    What::All => true,
                    What::Word(name) | What::Alias(name) => root(name),
                    // The group of root has root in it; others are not known here.
                    What::Group(name) => name == b"%root" || numbered(name, b"%#") == b"%#0",
                    _ => false,
                }
        });
        let colon = if groups.is_empty() { String::new() } else { format!(":{}", join(&groups)) };
        As {
            written: format!("({}{colon}) ", join(&users)),
            users: users.iter().map(shown_member).collect(),
            groups: groups.iter().map(shown_member).collect(),
            root,
        }
    }

    fn rule(&self, user: &str, except: Vec<String>, command: &Member, runas: &As) -> Rule {
        let path = shown_what(&command.what);
        let (arguments, mark) = match &command.what {
            What::Command(_, Arguments::None) => ("none", " \"\""),
            What::Command(_, Arguments::Fixed) => ("fixed", " ..."),
            What::Command(_, Arguments::Script) => ("script", " ..."),
            What::Command(_, Arguments::Pattern) => ("pattern", " *"),
            _ => ("any", ""),
        };
        let tag = |on: Option<bool>, yes: &'static str, no: &'static str| match on {
            Some(true) => yes,
            Some(false) => no,
            None => "",
        };
        let grant = self.grant;
        let tags = [
            tag(grant.nopasswd, "NOPASSWD: ", "PASSWD: "),
            tag(grant.noexec, "NOEXEC: ", "EXEC: "),
            tag(grant.setenv, "SETENV: ", "NOSETENV: "),
        ];
        let sign = if command.negated { "!" } else { "" };
        let hosts = &self.place.hosts;
        // Not where an alias stands for it: sudo looks at what is written.
        let whole = grant.command.what == What::All;
        Rule {
            rule: format!("{user} {hosts}={}{}{sign}{path}{mark}", runas.written, tags.concat()),
            file: self.place.file.to_owned(),
            user: user.to_owned(),
            except_users: except,
            hosts: hosts.clone(),
            on_this_host: self.place.here,
            runas_users: runas.users.clone(),
            runas_groups: runas.groups.clone(),
            as_root: runas.root,
            family: family(&program(&command.what)),
            program: program(&command.what),
            arguments: arguments.to_owned(),
            allowed: !command.negated,
            overridden: false,
            password: self.password(user, &path).to_owned(),
            noexec: grant.noexec.unwrap_or_else(|| self.settings.on("noexec", user, &path)),
            setenv: grant.setenv.unwrap_or_else(|| {
                (whole && !command.negated) || self.settings.on("setenv", user, &path)
            }),
            digest: grant.digest,
            command: path,
        }
    }

    fn password(&self, user: &str, command: &str) -> &'static str {
        let on = |name| self.settings.on(name, user, command);
        let authenticate = match self.grant.nopasswd {
            Some(nopasswd) => !nopasswd,
            None => self.settings.value("authenticate", user, command) != Some("off"),
        };
        match authenticate {
            false => "none",
            true if on("rootpw") => "root",
            true if on("runaspw") => "runas",
            true if on("targetpw") => "target",
            true => "invoker",
        }
    }
}

fn program(what: &What) -> String {
    match what {
        What::Command(path, _) => {
            let name = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
            let several = name.is_empty()
                || path.first() == Some(&b'^')
                || name.iter().any(|b| b"*?[".contains(b));
            if several { "*".to_owned() } else { shown(name) }
        }
        other => shown_what(other),
    }
}

/// The name without version and flavour: `python3.11` and `vim.basic` are
/// `python` and `vim`. A name that begins so stays as it is.
fn family(program: &str) -> String {
    let end = program.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(program.len());
    let name = if end == 0 { program } else { &program[..end] };
    name.strip_suffix('-').filter(|name| !name.is_empty()).unwrap_or(name).to_owned()
}

/// Whether the list holds for this host; the last member that fits decides.
fn here(hosts: &[Member], host: &Host<'_>) -> Option<bool> {
    for member in hosts.iter().rev() {
        let fits = match &member.what {
            What::All => Some(true),
            What::Word(name) | What::Alias(name) => host.is(name),
            _ => None,
        };
        match fits {
            Some(true) => return Some(!member.negated),
            Some(false) => {}
            None => return None,
        }
    }
    Some(false)
}

impl Host<'_> {
    /// Whether `name` is this host. Addresses and patterns are not compared.
    fn is(&self, name: &[u8]) -> Option<bool> {
        let own = self.name?;
        let address = name.contains(&b':')
            || name.iter().all(|b| b.is_ascii_digit() || *b == b'.' || *b == b'/');
        if address || name.iter().any(|b| b"*?[\\".contains(b)) {
            return None;
        }
        if name.contains(&b'.') {
            // sudo may ask the resolver for the full name.
            return name.eq_ignore_ascii_case(own.as_bytes()).then_some(true);
        }
        let own = own.split('.').next().unwrap_or(own);
        Some(name.eq_ignore_ascii_case(own.as_bytes()))
    }
}

/// As which users and groups a rule lets run.
type Accounts = (Vec<String>, Vec<String>);

/// Marks the rules of which a later one decides every command: one for all
/// commands, on all hosts, for the same user or all, as the same accounts or any.
fn override_earlier(rules: &mut [Rule], broad: &[usize]) {
    let covers = |list: &[String], other: &[String]| {
        list == other || matches!(list, [one] if one == "ALL") || other.is_empty()
    };
    let mut later: BTreeMap<String, Vec<Accounts>> = BTreeMap::new();
    let mut next = broad.iter().rev().copied().peekable();
    for at in (0..rules.len()).rev() {
        let rule = &rules[at];
        let overridden = ["ALL", rule.user.as_str()].into_iter().any(|user| {
            later.get(user).is_some_and(|kinds| {
                kinds.iter().any(|(users, groups)| {
                    (users == &rule.runas_users
                        || matches!(users.as_slice(), [one] if one == "ALL"))
                        && covers(groups, &rule.runas_groups)
                })
            })
        });
        if next.next_if_eq(&at).is_some() {
            let kind = (rule.runas_users.clone(), rule.runas_groups.clone());
            let kinds = later.entry(rule.user.clone()).or_default();
            // A few kinds are enough; more would only mark more rules.
            if kinds.len() < 8 && !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        rules[at].overridden = overridden;
    }
}
