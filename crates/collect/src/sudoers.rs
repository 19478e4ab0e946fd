//! The sudoers lines for a collecting account that is not root.

use anji_model::CollectionPlan;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Lines for a file in `/etc/sudoers.d` that let `user` run exactly the
/// commands that the plan's captures list, with exactly their arguments and
/// without a password.
///
/// sudo compares all arguments as one text, joined by blanks. An argument with
/// a blank in it could therefore be given in pieces, as another command; such
/// a command gets no rule. Neither does a user name or a command that has no
/// safe form in such a file. A comment says so each time.
pub fn sudoers_lines(plan: &CollectionPlan, user: &str) -> String {
    let mut lines = String::from("# Anji: what the collecting account may run as root.\n");
    if !is_account_name(user) {
        lines.push_str("# No rule: the user name has no safe form here.\n");
        return lines;
    }
    for vector in vectors(plan) {
        // Writing to a String cannot fail.
        let _infallible = match command(vector) {
            Some(command) => writeln!(lines, "{user} ALL=(root) NOPASSWD: {command}"),
            None => {
                writeln!(
                    lines,
                    "# No rule: a command without a full path, or with an argument that sudo \
                         cannot hold exactly."
                )
            }
        };
    }
    lines
}

/// The commands for which [`sudoers_lines`] gives a rule.
pub fn sudo_commands(plan: &CollectionPlan) -> Vec<&[String]> {
    let with_rule = vectors(plan).into_iter().filter(|vector| command(vector).is_some());
    with_rule.map(Vec::as_slice).collect()
}

fn vectors(plan: &CollectionPlan) -> BTreeSet<&Vec<String>> {
    plan.captures.iter().flat_map(|capture| &capture.sudo).collect()
}

/// Whether a rule can name this account: names as useradd makes them; others
/// could be read as aliases, groups, numbers or keywords.
pub fn is_account_name(user: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    user.len() <= 64
        && user.bytes().all(plain)
        && user.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
}

fn command(vector: &[String]) -> Option<String> {
    let (program, arguments) = vector.split_first()?;
    let exact = |text: &String| {
        !text.is_empty() && !text.chars().any(|c| c == ' ' || (c.is_control() && c != '\t'))
    };
    // Arguments that begin with a circumflex would be read as an expression.
    let plain = arguments.first().is_none_or(|first| !first.starts_with('^'));
    if !program.starts_with('/') || !vector.iter().all(exact) || !plain {
        return None;
    }
    let mut text = escape(program);
    if arguments.is_empty() {
        // Without this, any arguments would be allowed.
        text.push_str(" \"\"");
    }
    for argument in arguments {
        text.push(' ');
        text.push_str(&escape(argument));
    }
    Some(text)
}

/// A backslash before all that means something in a sudoers file, and before
/// the signs of the patterns that arguments are matched with. A backslash
/// itself goes through both readings.
fn escape(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '\\' => text.push_str("\\\\\\"),
            ':' | ',' | '=' | '#' | '\t' | '*' | '?' | '[' | ']' | '!' => text.push('\\'),
            _ => {}
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use anji_model::{Capture, Source, Subject};

    fn lines(vectors: &[&[&str]], user: &str) -> String {
        let owned = |v: &&[&str]| v.iter().map(|&word| word.to_owned()).collect();
        let capture = Capture {
            id: "x".to_owned(),
            command: String::new(),
            source: Source::Live,
            bytes_max: 1,
            timeout_seconds: 1,
            sudo: vectors.iter().map(owned).collect(),
        };
        let plan = CollectionPlan {
            subject: Subject::local(),
            root: None,
            wanted: Vec::new(),
            captures: vec![capture.clone(), capture],
        };
        sudoers_lines(&plan, user).lines().skip(1).map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn each_command_stands_once_with_its_exact_arguments() {
        assert_eq!(
            lines(&[&["/usr/sbin/sshd", "-T"], &["/usr/bin/id"]], "collector"),
            "collector ALL=(root) NOPASSWD: /usr/bin/id \"\"\n\
             collector ALL=(root) NOPASSWD: /usr/sbin/sshd -T\n"
        );
    }

    #[test]
    fn nothing_grows_into_a_wider_rule() {
        let odd = ["/bin/x", "a*", "b,c", "d:e=f\\", "#!g", "(\"$h\")"];
        assert_eq!(
            lines(&[&odd], "collector"),
            "collector ALL=(root) NOPASSWD: \
             /bin/x a\\* b\\,c d\\:e\\=f\\\\\\\\ \\#\\!g (\"$h\")\n"
        );
        let refused: [&[&str]; 6] = [
            &["relative"],
            &["/bin/x", "a\nb"],
            &["/bin/x", ""],
            &[],
            &["/bin/x", "a b"],
            &["/bin/x", "^a$"],
        ];
        for bad in refused {
            assert!(lines(&[bad], "collector").starts_with("# No rule"), "{bad:?}");
        }
        for bad in ["ALL", "%wheel", "#0", "+net", "a b", "a,b", "", "\u{7528}"] {
            assert!(!lines(&[&["/bin/x"]], bad).contains("/bin/x"), "{bad}");
        }
    }
}
