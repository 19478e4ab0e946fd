//! The names of log files: what a rotation added, and what kind of log it is.

/// A path without the ending of a rotation, and whether there was one:
/// `.1`, `-20261123`, `-2026112303`, `.2.gz`, `-20261123.xz`.
pub(super) fn base(path: &str) -> (String, bool) {
    let journal = path.strip_prefix("/var/log/journal/").and_then(|rest| rest.split_once('/'));
    if let Some((_, name)) = journal {
        // `system@SEQUENCE-NUMBER-TIME.journal`, and `~` for one that broke off.
        let (name, rotated) = match name.split_once('@') {
            Some((name, _)) => (format!("{name}.journal"), true),
            None => (name.trim_end_matches('~').to_owned(), name.ends_with('~')),
        };
        return (format!("/var/log/journal/*/{name}"), rotated);
    }
    let packed = [".gz", ".xz", ".bz2", ".zst", ".lz4"];
    let plain = packed.iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
    let digits = plain.len() - plain.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (head, number) = plain.split_at(plain.len() - digits);
    let numbered = (1..=4).contains(&digits) && head.ends_with('.');
    let dated =
        (8..=14).contains(&digits) && number.starts_with('2') && head.ends_with(['-', '.', '_']);
    if numbered || dated {
        return (head[..head.len() - 1].to_owned(), true);
    }
    // Packed, and not put aside: that is a file of its own.
    (path.to_owned(), false)
}

const MESSAGES: [&str; 17] = [
    "syslog",
    "messages",
    "auth.log",
    "secure",
    "kern.log",
    "daemon.log",
    "cron",
    "cron.log",
    "user.log",
    "mail.log",
    "mail.err",
    "mail.warn",
    "mail.info",
    "maillog",
    "debug",
    "sudo.log",
    "spooler",
];

/// What kind of log stands at a path without the ending of a rotation.
pub(super) fn class(path: &str) -> &'static str {
    let Some(name) = path.strip_prefix("/var/log/") else { return "other" };
    match name {
        "wtmp" | "lastlog" | "faillog" | "tallylog" | "wtmp.db" => "logins",
        "btmp" => "failed_logins",
        name if name.starts_with("audit/audit.log") => "audit",
        name if name.starts_with("journal/") => "journal",
        name if MESSAGES.contains(&name) => "messages",
        _ => "other",
    }
}

/// A path against a pattern of logrotate, whose `*` and `?` match no slash.
/// Bracket expressions match one character whatever they hold.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(one, two)| part_fits(one.as_bytes(), two.as_bytes()))
}

fn part_fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        let set = (pattern.get(p) == Some(&b'['))
            .then(|| pattern[p..].iter().position(|&b| b == b']'))
            .flatten();
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, n));
                p += 1;
            }
            Some(b'[') if set.is_some() => {
                p += set.unwrap_or(0) + 1;
                n += 1;
            }
            Some(b'?') => (p, n) = (p + 1, n + 1),
            Some(byte) if *byte == name[n] => (p, n) = (p + 1, n + 1),
            _ => match retry {
                Some((after, at)) => {
                    retry = Some((after, at + 1));
                    (p, n) = (after, at + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_are_taken_off_the_name() {
        for (path, expected, rotated) in [
            ("/var/log/syslog", "/var/log/syslog", false),
            ("/var/log/syslog.1", "/var/log/syslog", true),
            ("/var/log/syslog.12.gz", "/var/log/syslog", true),
            ("/var/log/secure-20261123", "/var/log/secure", true),
            ("/var/log/secure-20261123.xz", "/var/log/secure", true),
            ("/var/log/audit/audit.log.3", "/var/log/audit/audit.log", true),
            ("/var/log/apt/eipp.log.xz", "/var/log/apt/eipp.log.xz", false),
            ("/var/log/his-2", "/var/log/his-2", false),
            ("/var/log/journal/0f/system.journal", "/var/log/journal/*/system.journal", false),
            ("/var/log/journal/0f/system@5-6-7.journal", "/var/log/journal/*/system.journal", true),
            (
                "/var/log/journal/0f/user-1000@5-6.journal~",
                "/var/log/journal/*/user-1000.journal",
                true,
            ),
        ] {
            assert_eq!(base(path), (expected.to_owned(), rotated), "{path}");
        }
        assert_eq!(class("/var/log/auth.log"), "messages");
        assert_eq!(class("/var/log/btmp"), "failed_logins");
        assert_eq!(class("/var/log/dpkg.log"), "other");
    }

    #[test]
    fn patterns_are_those_of_the_shell() {
        assert!(fits("/var/log/*.log", "/var/log/auth.log"));
        assert!(!fits("/var/log/*.log", "/var/log/apt/term.log"));
        assert!(fits("/var/log/[as]*", "/var/log/auth.log"));
        assert!(!fits("/var/log/syslog", "/var/log/syslog.1"));
        assert!(fits("/var/log/????log", "/var/log/authlog") && !fits("[", "a"));
    }
}
