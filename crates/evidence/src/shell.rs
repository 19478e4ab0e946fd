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

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn words_stay_words() {
        assert_eq!(quote("/etc/shadow"), "'/etc/shadow'");
        assert_eq!(quote("a'; rm -rf $HOME `x` \\ \n"), "'a'\\''; rm -rf $HOME `x` \\ \n'");
        assert_eq!(quote(""), "''");
    }
}
