//! What `sudo -l` lists for an account, and which commands it lets that
//! account run as root without a password.
//!
//! sudo lists what stands in its rules, in their order, and the last rule that
//! fits decides. What cannot be decided here (expressions, digests, another
//! path to a program of that name) never counts as allowed.

/// The rules of one account, as `LC_ALL=C sudo -l` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SudoListing {
    rules: Vec<Rule>,
}

/// One command of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    is_denied: bool,
    needs_password: bool,
    /// Its program, escaped; `ALL` for every command.
    program: String,
    /// Its arguments, escaped; none allows any.
    arguments: Option<String>,
    /// Whether it also depends on what cannot be seen here.
    has_conditions: bool,
}

/// Whether a rule fits a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    Unclear,
}

impl SudoListing {
    /// Reads a listing; none where sudo gave none, for instance because it
    /// wants a password first.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once(" may run the following commands on ")?;
        // Without authentication for the account, only a tag asks for a password.
        let settings =
            head.rsplit_once("Matching Defaults entries for ").map_or("", |(_, all)| all);
        let is_free = settings
            .split([',', '\n'])
            .map(str::trim)
            .rfind(|word| matches!(*word, "!authenticate" | "authenticate"))
            == Some("!authenticate");
        let mut entries: Vec<String> = Vec::new();
        for line in body.lines().skip(1) {
            let Some(line) = line.strip_prefix("    ") else { break };
            match entries.last_mut() {
                // sudo breaks long lines at blanks, and sets the rest further in.
                Some(last) if line.starts_with("    ") => {
                    last.push(' ');
                    last.push_str(line.trim_start_matches(' '));
                }
                _ => entries.push(line.to_owned()),
            }
        }
        let rules = entries.iter().filter_map(|entry| as_root(entry));
        Some(Self { rules: rules.flat_map(|commands| read(commands, !is_free)).collect() })
    }

    /// Whether the account may run exactly this, as root and without a password.
    pub fn allows(&self, vector: &[String]) -> bool {
        let Some((program, arguments)) = vector.split_first() else { return false };
        let arguments = arguments.join(" ");
        self.rules.iter().fold(false, |allowed, rule| {
            let grants = !rule.is_denied && !rule.needs_password;
            match rule.fits(program, &arguments) {
                Fit::Yes => grants,
                Fit::No => allowed,
                Fit::Unclear => allowed && grants,
            }
        })
    }
}

impl Rule {
    fn fits(&self, program: &str, arguments: &str) -> Fit {
        let of_program = fits_program(&self.program, program);
        let of_arguments = match self.arguments.as_deref() {
            None => Fit::Yes,
            Some("\"\"") => {
                if arguments.is_empty() {
                    Fit::Yes
                } else {
                    Fit::No
                }
            }
            Some(pattern) if pattern.starts_with('^') => Fit::Unclear,
            Some(pattern) => fits(pattern, arguments, false),
        };
        match (of_program, of_arguments) {
            (Fit::No, _) | (_, Fit::No) => Fit::No,
            (Fit::Yes, Fit::Yes) if !self.has_conditions => Fit::Yes,
            _ => Fit::Unclear,
        }
    }
}

/// The commands of an entry, if it lets the account act as root.
fn as_root(entry: &str) -> Option<&str> {
    let (accounts, commands) = entry.strip_prefix('(')?.split_once(')')?;
    let users = accounts.split(" : ").next().unwrap_or_default();
    let last = users.split(", ").filter_map(|user| {
        let (user, is_root) = user.strip_prefix('!').map_or((user, true), |user| (user, false));
        matches!(user.trim(), "root" | "ALL" | "#0").then_some(is_root)
    });
    last.last().unwrap_or(false).then_some(commands)
}

/// The commands of an entry; a tag holds until another takes it back.
fn read(commands: &str, needs_password: bool) -> Vec<Rule> {
    let mut needs_password = needs_password;
    let mut rules = Vec::new();
    for command in pieces(commands) {
        let mut rest = command.trim_start_matches(' ');
        let mut has_conditions = false;
        while let Some((word, more)) = rest.split_once(' ') {
            match word {
                "NOPASSWD:" => needs_password = false,
                "PASSWD:" => needs_password = true,
                _ if is_digest(word) || word.starts_with("NOT") => has_conditions = true,
                _ if !is_tag(word) => break,
                _ => {}
            }
            rest = more.trim_start_matches(' ');
        }
        let (rest, is_denied) = rest.strip_prefix('!').map_or((rest, false), |rest| (rest, true));
        let (program, arguments) = match rest.split_once(' ') {
            Some((program, arguments)) => (program, Some(arguments.to_owned())),
            None => (rest, None),
        };
        let program = program.to_owned();
        rules.push(Rule { is_denied, needs_password, program, arguments, has_conditions });
    }
    rules
}

/// Splits at commas that no backslash precedes.
fn pieces(commands: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut begin, mut is_escaped) = (0, false);
    for (at, c) in commands.char_indices() {
        if c == ',' && !is_escaped {
            pieces.push(&commands[begin..at]);
            begin = at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    pieces.push(&commands[begin..]);
    pieces
}

fn is_digest(word: &str) -> bool {
    ["sha224:", "sha256:", "sha384:", "sha512:"].iter().any(|name| word.starts_with(name))
}

/// `SETENV:`, `CWD=/x` and their like.
fn is_tag(word: &str) -> bool {
    let end = word.find([':', '=']).unwrap_or(0);
    end > 0 && word[..end].bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

fn fits_program(pattern: &str, program: &str) -> Fit {
    if pattern == "ALL" {
        return Fit::Yes;
    }
    if let Some(folder) = pattern.strip_suffix('/') {
        let of_folder = program.rsplit_once('/').is_some_and(|(of, _)| of == folder);
        return if of_folder { Fit::Yes } else { Fit::No };
    }
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    match fits(pattern, program, true) {
        // sudo compares the files: another path may lead to the same one.
        Fit::No if name(pattern) == name(program) => Fit::Unclear,
        fit => fit,
    }
}

/// Whether a pattern of sudoers fits a text as a whole.
fn fits(pattern: &str, text: &str, is_path: bool) -> Fit {
    let mut signs = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        signs.push(match c {
            '\\' => Sign::One(chars.next().unwrap_or('\\')),
            '*' => Sign::Many,
            '?' => Sign::Any,
            '[' => return Fit::Unclear,
            _ => Sign::One(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    // Which beginnings of the text the signs so far can make up.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for sign in signs {
        let wild = |c: char| !(is_path && c == '/');
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match sign {
                Sign::Many => reached[at] || (at > 0 && next[at - 1] && wild(text[at - 1])),
                Sign::Any => at > 0 && reached[at - 1] && wild(text[at - 1]),
                Sign::One(c) => at > 0 && reached[at - 1] && text[at - 1] == c,
            };
        }
        reached = next;
    }
    if reached[text.len()] { Fit::Yes } else { Fit::No }
}

/// A sign of a pattern.
#[derive(Debug, Clone, Copy)]
enum Sign {
    One(char),
    Any,
    Many,
}

#[cfg(test)]
mod tests;
