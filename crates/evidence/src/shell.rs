//! Shell text: the one way in which a selector gets into a script, and the
//! helper that dumps files.

/// The helper `anji_dump` of the collection script, which needs its other
/// helpers.
pub const DUMP: &str = include_str!("types/dump.sh");

/// `text` as one word of a POSIX shell, whatever it holds. NUL has no place in
/// a shell word and is left out; selector types exclude it already.
pub fn quote(text: &str) -> String {
    let mut word = String::with_capacity(text.len() + 2);
    word.push('\'');
    for c in text.chars() {
        match c {
            '\'' => word.push_str("'\\''"),
            '\0' => {}
            c => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// A program that the body of a capture asks for by name before it uses it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tool<'c> {
    /// Its name.
    pub name: &'c str,
    /// Whether the capture gives up with [`crate::status::NO_TOOL`] without it.
    pub required: bool,
}

/// The programs that `command`, the body of a capture, asks for with
/// `anji_have NAME`: the one way in which captures ask. One that is the
/// subject itself (`command -v sshd || return 44`) is no tool.
pub fn tools(command: &str) -> Vec<Tool<'_>> {
    let gives_up = format!("|| return {}", crate::status::NO_TOOL);
    let mut found: Vec<Tool<'_>> = Vec::new();
    for line in command.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut pieces = line.split("anji_have ");
        pieces.next();
        for after in pieces {
            let plain = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
            let end = after.find(|c| !plain(c)).unwrap_or(after.len());
            let (name, rest) = after.split_at(end);
            let required = rest.trim_start().starts_with(&gives_up);
            match found.iter_mut().find(|tool| tool.name == name) {
                Some(known) => known.required |= required,
                // A name that a variable holds cannot be told beforehand.
                None if name.is_empty() => {}
                None => found.push(Tool { name, required }),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Tool, quote, tools};
    use std::collections::BTreeSet;

    #[test]
    fn captures_name_the_tools_that_they_ask_for() {
        let body = "anji_have stat || return 45\nif ! anji_have rpm; then :; fi\n\
                    # anji_have comment\nanji_have \"$t\"\nanji_have a || anji_have b || return 45";
        let required = |name, required| Tool { name, required };
        let expected = [
            required("stat", true),
            required("rpm", false),
            required("a", false),
            required("b", true),
        ];
        assert_eq!(tools(body), expected);
    }

    #[test]
    fn no_capture_that_gives_up_for_lack_of_a_tool_leaves_the_tool_unnamed() {
        let mut names = BTreeSet::new();
        let gives_up = format!("return {}", crate::status::NO_TOOL);
        for kind in crate::registry() {
            let path = anji_model::AbsPath::new("/etc/shadow").unwrap();
            let selectors = match kind.selector() {
                crate::SelectorKind::None => Vec::new(),
                crate::SelectorKind::Path => vec![anji_model::Selector::Path(path)],
            };
            for capture in kind.captures(&selectors) {
                let found = tools(&capture.command);
                // Those that look for the program themselves say so in the same body.
                let own = capture.command.contains("command -v") || capture.command.contains("[ -");
                let silent = found.is_empty() && !own;
                assert!(!silent || !capture.command.contains(&gives_up), "{}", capture.id);
                names.extend(found.iter().map(|tool| tool.name.to_owned()));
            }
        }
        for name in ["stat", "find", "rpm", "perl", "ss", "gzip", "timedatectl"] {
            assert!(names.contains(name), "{name} is not among {names:?}");
        }
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(quote("/etc/shadow"), "'/etc/shadow'");
        assert_eq!(quote("a'; rm -rf $HOME `x` \\ \n"), "'a'\\''; rm -rf $HOME `x` \\ \n'");
        assert_eq!(quote(""), "''");
    }
}
