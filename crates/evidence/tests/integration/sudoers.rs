//! Our expansion of sudoers files against that of sudo's own `cvtsudoers`, on
//! many generated files.

use super::support::{body, frame, parse, texts};
use anji_evidence::{Frames, Parsed};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// The frames of a host with these files, by path and text.
pub(super) fn policy(files: &[(&str, &str)]) -> Frames {
    let mut dump = String::new();
    for (path, text) in files {
        writeln!(dump, "//F 8120 0 0 {} {path}", text.len()).unwrap();
        for line in text.lines() {
            writeln!(dump, " {line}").unwrap();
        }
        dump.push_str("//E 0\n");
    }
    for pattern in ["/etc/sudoers.*", "/etc/sudoers.d/*"] {
        writeln!(dump, "//D {pattern}").unwrap();
    }
    for path in ["/usr/etc/sudoers", "/usr/etc/sudoers.d/*", "/etc/sudoers-rs"] {
        writeln!(dump, "//- absent {path}").unwrap();
    }
    let names = "//- absent /etc/nsswitch.conf\n//- absent /etc/sudo.conf\n";
    let programs =
        "sudo /usr/bin/sudo\nhost db01.example\nfolder drwxr-x--- 0 0 /etc/sudoers.d\ndone\n";
    [
        frame("sudo.files", dump.as_bytes()),
        frame("sudo.names", names.as_bytes()),
        frame("sudo.programs", programs.as_bytes()),
    ]
    .into_iter()
    .collect()
}

pub(super) fn read(text: &str) -> Parsed {
    parse("sudo.rules", None, &policy(&[("/etc/sudoers", text)]))
}

/// A small generator of numbers: the same files in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn blank(&mut self) -> &'static str {
        self.one(&["", "", " ", "  ", "\t", " \\\n  ", "\\\n"])
    }

    fn list(&mut self, of: &[&str], most: usize) -> String {
        let mut text = String::new();
        for index in 0..=self.below(most) {
            if index > 0 {
                write!(text, "{},{}", self.blank(), self.blank()).unwrap();
            }
            text.push_str(self.one(&["", "", "", "!", "!!", "! "]));
            text.push_str(self.one(of));
        }
        text
    }
}

const USERS: [&str; 13] = [
    "root",
    "hisadm",
    "%sudo",
    "%#27",
    "#1001",
    "+ops",
    "ALL",
    "dr\\ wang",
    "\"li wei\"",
    "a.b-c_d$",
    "%:domain_users",
    "UOPS",
    "UTWO",
];
const HOSTS: [&str; 9] =
    ["ALL", "db01", "web.example", "10.0.0.0/8", "192.0.2.7", "fe80::1", "+hosts", "HALL", "HWEB"];
const RUNAS: [&str; 8] = ["root", "ALL", "postgres", "#0", "%dba", "+ops", "RALL", "RDBA"];
const COMMANDS: [&str; 20] = [
    "ALL",
    "/bin/ls",
    "/bin/ls \"\"",
    "/usr/bin/systemctl restart his*",
    "/usr/bin/vi /etc/hosts",
    "/usr/bin/",
    "/usr/*/less",
    "/bin/a\\,b\\:c\\=d",
    "/bin/mount -o a\\=b\\,c /mnt",
    "sudoedit /etc/motd",
    "sudoedit",
    "/usr/bin/env A\\=b x=y",
    "/usr/bin/cat /var/log/\\*",
    "/sbin/ip [a-z]*",
    "/bin/kill -9 %1",
    "CONE",
    "CTWO",
    "CDEEP",
    "/bin/(odd)\"name",
    "/bin/echo (a) !b",
];
const TAGS: [&str; 11] = [
    "",
    "",
    "",
    "NOPASSWD:",
    "NOPASSWD: ",
    "PASSWD : ",
    "NOEXEC:",
    "EXEC: ",
    "SETENV:",
    "NOPASSWD: NOEXEC: ",
    "LOG_INPUT: NOPASSWD:NOLOG_OUTPUT:",
];

const ALIASES: &str = "User_Alias UOPS = hisadm, !nobody, \\\n    %wheel : UTWO = #7, !UOPS\n\
    Host_Alias HALL = ALL, !db02\nHost_Alias HWEB=web1,web2:HNONE=!ALL\n\
    Runas_Alias RALL = ALL, !root\nRunas_Alias RDBA = postgres , mysql\n\
    Cmnd_Alias CONE = /bin/one, !/bin/two x, sudoedit /etc/issue\nCmnd_Alias CTWO = ALL, !CONE\n\
    Cmnd_Alias CDEEP = !CTWO, /bin/deep a b : CLAST = /bin/last\n";

fn generated(dice: &mut Dice) -> String {
    let mut text = String::new();
    let after = dice.below(2) == 1;
    if !after {
        text.push_str(ALIASES);
    }
    for _ in 0..=dice.below(6) {
        let comment = dice.one(&[
            "",
            "",
            "# a comment \\\n",
            "#not a uid\n",
            "Defaults env_reset, !lecture\n",
            "\n",
            "Defaults:hisadm,!root !requiretty\n",
            "Defaults secure_path=\"/bin:/usr/bin\"\n",
            "Defaults@db01 passwd_tries = 3\n",
            "Defaults!/bin/ls , !/usr/bin/ !mail_always\n",
            "Defaults>root umask=027, env_keep += \"A B\"\n",
        ]);
        text.push_str(comment);
        let users = dice.list(&USERS, 3);
        write!(text, "{users}{}", dice.one(&[" ", "\t", "  ", " \\\n "])).unwrap();
        for index in 0..=dice.below(2) {
            if index > 0 {
                write!(text, "{}: {}", dice.one(&[" ", "\t"]), dice.blank()).unwrap();
            }
            write!(text, "{}{}={}", dice.list(&HOSTS, 2), dice.blank(), dice.blank()).unwrap();
            for number in 0..=dice.below(3) {
                if number > 0 {
                    write!(text, "{},{}", dice.blank(), dice.blank()).unwrap();
                }
                match dice.below(6) {
                    0 => write!(text, "({}) ", dice.list(&RUNAS, 2)).unwrap(),
                    1 => {
                        write!(text, "({}:{})", dice.list(&RUNAS, 2), dice.list(&["ALL", "adm"], 2))
                            .unwrap()
                    }
                    2 => write!(text, "(:{})", dice.list(&["wheel", "adm", "#4"], 2)).unwrap(),
                    3 if dice.below(3) == 0 => text.push_str("()"),
                    _ => {}
                }
                text.push_str(dice.one(&TAGS));
                text.push_str(dice.one(&["", "", "", "!", "!!"]));
                text.push_str(dice.one(&COMMANDS));
            }
        }
        text.push_str(dice.one(&["\n", "\n", " # the end\n", "\t\n"]));
    }
    if after {
        text.push_str(ALIASES);
    }
    text
}

/// What sudo's own converter makes of it; nothing where it is not satisfied.
fn cvtsudoers(text: &str) -> Option<Value> {
    use std::io::Write as _;
    let program = ["/usr/bin/cvtsudoers", "/usr/sbin/cvtsudoers"];
    let program = program.into_iter().find(|path| std::path::Path::new(path).exists());
    let mut child = Command::new(program.expect("no cvtsudoers: apt-get install sudo"))
        .args(["-e", "-f", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    // It writes JSON of a wrong form for a host alias that is not defined.
    (out.status.success() && out.stderr.is_empty())
        .then(|| serde_json::from_slice(&out.stdout).ok())
        .flatten()
}

/// A member of a list, as we show it.
fn member(value: &Value) -> String {
    let object = value.as_object().unwrap();
    let sign = if object.get("negated") == Some(&Value::Bool(true)) { "!" } else { "" };
    let (kind, name) = object.iter().find(|(key, _)| *key != "negated").unwrap();
    let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
    let mark = match kind.as_str() {
        "userid" => "#",
        "usergid" if !name.starts_with('%') => "%#",
        "nonunixgroup" if !name.starts_with('%') => "%:",
        "usergroup" if !name.starts_with('%') => "%",
        "netgroup" if !name.starts_with('+') => "+",
        _ => "",
    };
    format!("{sign}{mark}{name}")
}

fn members(value: &Value) -> Vec<String> {
    value.as_array().map(|list| list.iter().map(member).collect()).unwrap_or_default()
}

/// Without the quotes, which we set in other places too.
fn unquoted(text: String) -> String {
    text.replace(['"', '\\'], "")
}

/// What we and they must agree on (SETENV not: cvtsudoers shows the one that `ALL`
/// implies for its neighbours too), one text for each user and command.
fn theirs(json: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for spec in json["User_Specs"].as_array().into_iter().flatten() {
        let users = members(&spec["User_List"]);
        let hosts = members(&spec["Host_List"]).join(", ");
        for grant in spec["Cmnd_Specs"].as_array().unwrap() {
            let has_runas = grant.get("runasusers").or(grant.get("runasgroups")).is_some();
            let mut runas = members(&grant["runasusers"]);
            runas.retain(|user| !user.is_empty());
            let mut groups = members(&grant["runasgroups"]);
            groups.iter_mut().for_each(|group| *group = group.replacen('%', "", 1));
            if !has_runas {
                runas = vec!["root".to_owned()];
            }
            let option = |name: &str| {
                let options = grant["Options"].as_array();
                options.and_then(|list| list.iter().find_map(|o| o.get(name)?.as_bool()))
            };
            for command in grant["Commands"].as_array().unwrap() {
                let text = command["command"].as_str().unwrap();
                let (path, arguments) = text.split_once(' ').unwrap_or((text, ""));
                let arguments = match arguments {
                    "" => "any",
                    "\"\"" => "none",
                    text if text.replace("\\*", "").contains(['*', '?', '[']) => "pattern",
                    text if text.starts_with('/') => "script",
                    _ => "fixed",
                };
                let allowed = command.get("negated") != Some(&Value::Bool(true));
                for (at, user) in users.iter().enumerate().filter(|(_, u)| !u.starts_with('!')) {
                    let except: Vec<_> =
                        users[at + 1..].iter().filter_map(|u| u.strip_prefix('!')).collect();
                    all.insert(unquoted(format!(
                        "{user} {except:?} {hosts} {runas:?} {groups:?} {path} {arguments} {allowed} {} {}",
                        option("authenticate") != Some(false),
                        option("noexec") == Some(true),
                    )));
                }
            }
        }
    }
    all
}

fn ours(parsed: &Parsed) -> BTreeSet<String> {
    let body = body(parsed);
    let rules = body["rules"].as_array().cloned().unwrap_or_default();
    let one = |rule: &Value| {
        let text = |field: &str| rule[field].as_str().unwrap();
        format!(
            "{} {:?} {} {:?} {:?} {} {} {} {} {}",
            text("user"),
            texts(&rule["except_users"]),
            text("hosts"),
            texts(&rule["runas_users"]),
            texts(&rule["runas_groups"]),
            text("command"),
            text("arguments"),
            rule["allowed"],
            text("password") != "none",
            rule["noexec"],
        )
    };
    rules.iter().map(one).map(unquoted).collect()
}

/// The settings of both sides that are flags or plain texts.
fn settings_agree(text: &str, json: &Value, parsed: &Parsed) {
    let mut theirs = BTreeSet::new();
    for line in json["Defaults"].as_array().into_iter().flatten() {
        let mut of = members(&line["Binding"]);
        if of.is_empty() {
            of.push(String::new());
        }
        let options = line["Options"].as_array().into_iter().flatten().filter_map(Value::as_object);
        for (name, value) in options.filter(|o| o.len() == 1).flatten() {
            let value = match value {
                Value::Bool(on) => if *on { "on" } else { "off" }.to_owned(),
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => continue,
            };
            for of in &of {
                theirs.insert(unquoted(format!("{of} {name} {value}")));
            }
        }
    }
    let body = body(parsed);
    let text_of = |s: &Value, field: &str| s[field].as_str().unwrap_or_default().to_owned();
    let ours: BTreeSet<_> = body["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| format!("{} {} {}", text_of(s, "of"), text_of(s, "name"), text_of(s, "value")))
        .map(unquoted)
        .collect();
    assert!(theirs.is_subset(&ours), "{text}\n{theirs:#?}\n{ours:#?}");
}

#[test]
fn rules_are_those_of_cvtsudoers() {
    let mut dice = Dice(20_261_125);
    let mut rules = 0;
    for _ in 0..400 {
        let text = generated(&mut dice);
        assert_eq!(texts(&body(&read(&text))["unread_lines"]), [""; 0], "{text}");
        let (parsed, json) = (read(&text), cvtsudoers(&text).expect(&text));
        settings_agree(&text, &json, &parsed);
        let (ours, theirs) = (ours(&parsed), theirs(&json));
        let missing: Vec<_> = theirs.difference(&ours).collect();
        let extra: Vec<_> = ours.difference(&theirs).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{text}\nmissing {missing:#?}\nextra {extra:#?}"
        );
        rules += ours.len();
    }
    assert!(rules > 3000, "only {rules} rules compared");
}

/// The words in capitals.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let upper = |word: &&str| word.starts_with(|c: char| c.is_ascii_uppercase());
    text.split(move |c| !plain(c)).filter(upper).filter(|word| {
        !word.contains(|c: char| c.is_ascii_lowercase()) && *word != "A" && *word != "B"
    })
}

#[test]
fn damaged_files_never_get_another_meaning() {
    let mut dice = Dice(7);
    let mut compared = 0;
    for _ in 0..1500 {
        let mut text = generated(&mut dice);
        for _ in 0..=dice.below(3) {
            let places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            let at = places[dice.below(places.len())];
            let signs = [
                "#", "!", "=", ":", ",", "(", ")", "\\", "\"", " ", "\n", "%", "+", "A", "/", "^",
                "@", "#9", "\\x41", "ALL",
            ];
            match dice.below(2) {
                0 => text.insert_str(at, dice.one(&signs)),
                _ => drop(text.remove(at)),
            }
        }
        // cvtsudoers leaves out aliases that are not defined; sudo takes them for names.
        let known = format!("{ALIASES} {} NOLOG_OUTPUT LOG_INPUT", TAGS.join(" "));
        let known: BTreeSet<_> = words(&known).collect();
        // A name that begins with an exclamation mark looks like a negation in JSON.
        if text.contains("\"!")
            || text.contains("\\!")
            || !words(&text).all(|word| known.contains(word))
        {
            continue;
        }
        let Some(json) = cvtsudoers(&text) else { continue };
        let parsed = read(&text);
        if !texts(&body(&parsed)["unread_lines"]).is_empty() {
            continue;
        }
        let (ours, theirs) = (ours(&parsed), theirs(&json));
        let missing: Vec<_> = theirs.difference(&ours).collect();
        let extra: Vec<_> = ours.difference(&theirs).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{text}\nmissing {missing:#?}\nextra {extra:#?}"
        );
        compared += 1;
    }
    assert!(compared > 200, "only {compared} files compared");
}
