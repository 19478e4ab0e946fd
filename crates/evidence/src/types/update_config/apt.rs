//! Sources and settings of apt.

use super::{Body, Repository};
use crate::escape::escape;
use std::collections::BTreeMap;

/// The most that braces may be nested; apt's own files have two levels.
const DEPTH_MAX: usize = 16;

/// Settings of apt by their full name in lower case; the last one holds, lists add up.
#[derive(Debug, Default)]
pub(super) struct Settings {
    values: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<String>>,
}

impl Settings {
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub(super) fn is_on(&self, name: &str) -> bool {
        let value = self.value(name).unwrap_or_default().to_ascii_lowercase();
        matches!(value.as_str(), "true" | "yes" | "1" | "on" | "with" | "enable")
    }

    /// Whether an interval says that something is done: neither absent nor `0`.
    pub(super) fn periodic(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| !matches!(value, "" | "0"))
    }

    pub(super) fn list(&self, name: &str) -> &[String] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// Reads one file of settings. False where its form is not understood.
    pub(super) fn read(&mut self, lines: &[&[u8]]) -> bool {
        let Some(tokens) = tokens(lines) else { return false };
        let mut scopes: Vec<String> = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let name = |scopes: &[String], word: &str| {
            let all = scopes.iter().map(String::as_str).chain([word]);
            let all: Vec<&str> = all.filter(|part| !part.is_empty()).collect();
            all.join("::").to_lowercase()
        };
        for token in tokens {
            match token {
                Token::Word(word) | Token::Text(word) => words.push(word),
                Token::Open => {
                    if scopes.len() >= DEPTH_MAX {
                        return false;
                    }
                    scopes.push(std::mem::take(&mut words).into_iter().next().unwrap_or_default());
                }
                Token::Close => {
                    words.clear();
                    if scopes.pop().is_none() {
                        return false;
                    }
                }
                Token::End => match std::mem::take(&mut words).as_slice() {
                    [] => {}
                    [value] => {
                        let list = self.lists.entry(name(&scopes, "")).or_default();
                        list.push(value.clone());
                    }
                    [word, value] => match word.strip_suffix("::") {
                        Some(word) => {
                            let list = self.lists.entry(name(&scopes, word)).or_default();
                            list.push(value.clone());
                        }
                        None if word == "#clear" => {
                            let cleared = name(&scopes, value);
                            self.lists.remove(&cleared);
                            self.values.remove(&cleared);
                        }
                        None => {
                            self.values.insert(name(&scopes, word), value.clone());
                        }
                    },
                    _ => return false,
                },
            }
        }
        scopes.is_empty() && words.is_empty()
    }
}

enum Token {
    Word(String),
    Text(String),
    Open,
    Close,
    End,
}

fn tokens(lines: &[&[u8]]) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut comment = false;
    for line in lines {
        let mut rest = *line;
        while let Some(&byte) = rest.first() {
            if comment {
                match rest.windows(2).position(|pair| pair == b"*/") {
                    Some(at) => (comment, rest) = (false, &rest[at + 2..]),
                    None => break,
                }
                continue;
            }
            match byte {
                b' ' | b'\t' => rest = &rest[1..],
                b'/' if rest.starts_with(b"//") => break,
                b'/' if rest.starts_with(b"/*") => (comment, rest) = (true, &rest[2..]),
                b'#' if !rest.starts_with(b"#clear") => break,
                b'"' => {
                    let end = rest[1..].iter().position(|&b| b == b'"')?;
                    tokens.push(Token::Text(escape(&rest[1..=end])));
                    rest = &rest[end + 2..];
                }
                b'{' | b'}' | b';' => {
                    tokens.push(match byte {
                        b'{' => Token::Open,
                        b'}' => Token::Close,
                        _ => Token::End,
                    });
                    rest = &rest[1..];
                }
                _ => {
                    let end = rest.iter().position(|b| b" \t\"{};".contains(b));
                    let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                    tokens.push(Token::Word(escape(word)));
                    rest = after;
                }
            }
        }
    }
    (!comment).then_some(tokens)
}

/// One line of a `.list` file. False where its form is not understood.
pub(super) fn list_line(line: &[u8], body: &mut Body) -> bool {
    let line = line.split(|&b| b == b'#').next().unwrap_or_default().trim_ascii();
    if line.is_empty() {
        return true;
    }
    let (options, line) = match line.iter().position(|&b| b == b'[') {
        Some(open)
            if line[..open].trim_ascii().iter().all(|b| b.is_ascii_lowercase() || *b == b'-') =>
        {
            let Some(close) = line.iter().position(|&b| b == b']').filter(|c| *c > open) else {
                return false;
            };
            let joined = [&line[..open], b" ", &line[close + 1..]].concat();
            (line[open + 1..close].to_vec(), joined)
        }
        _ => (Vec::new(), line.to_vec()),
    };
    let words = |text: &[u8]| -> Vec<String> {
        text.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).map(escape).collect()
    };
    let found = words(&line);
    let [kind, uri, suite, ..] = found.as_slice() else { return false };
    if !matches!(kind.as_str(), "deb" | "deb-src") {
        return false;
    }
    let options = words(&options);
    let option = |name: &str| {
        options
            .iter()
            .filter_map(|o| o.strip_prefix(name)?.trim_start_matches('+').strip_prefix('='))
            .next_back()
    };
    let on = |name: &str| option(name).is_some_and(is_yes);
    body.repositories.push(repository(
        kind,
        uri,
        suite,
        true,
        !(on("trusted") || on("allow-insecure")),
        option("signed-by").map(str::to_owned),
    ));
    true
}

/// The stanzas of a `.sources` file. False where their form is not understood.
pub(super) fn stanzas(lines: &[&[u8]], body: &mut Body) -> bool {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    let mut fine = true;
    for line in lines.iter().copied().chain([&b""[..]]) {
        if line.starts_with(b"#") {
            continue;
        }
        if line.trim_ascii().is_empty() {
            fine &= fields.is_empty() || stanza(&fields, body);
            fields.clear();
            last.clear();
        } else if line.starts_with(b" ") || line.starts_with(b"\t") {
            match fields.get_mut(&last) {
                Some(value) if last != "signed-by" => {
                    value.push(' ');
                    value.push_str(&escape(line.trim_ascii()));
                }
                Some(_) => {}
                None => fine = false,
            }
        } else if let Some(at) = line.iter().position(|&b| b == b':') {
            last = escape(line[..at].trim_ascii()).to_lowercase();
            fields.insert(last.clone(), escape(line[at + 1..].trim_ascii()));
        } else {
            fine = false;
        }
    }
    fine
}

fn stanza(fields: &BTreeMap<String, String>, body: &mut Body) -> bool {
    let get = |name: &str| fields.get(name).map_or("", String::as_str);
    let words = |name: &str| get(name).split_whitespace().collect::<Vec<_>>();
    let (kinds, uris, suites) = (words("types"), words("uris"), words("suites"));
    if kinds.is_empty() || uris.is_empty() || suites.is_empty() {
        return false;
    }
    let verified = !(is_yes(get("trusted")) || is_yes(get("allow-insecure")));
    let signed = fields
        .get("signed-by")
        .map(|by| if by.is_empty() { "a key in the file itself".to_owned() } else { by.clone() });
    let enabled = fields.get("enabled").is_none_or(|value| is_yes(value));
    let all = kinds.iter().flat_map(|k| uris.iter().map(move |u| (k, u)));
    for (kind, uri) in all {
        // The product of three lists in one file of bounded size stays bounded.
        for suite in suites.iter().take(64) {
            if body.repositories.len() >= 4096 {
                return false;
            }
            body.repositories.push(repository(kind, uri, suite, enabled, verified, signed.clone()));
        }
    }
    true
}

fn is_yes(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "yes" | "true" | "1" | "on" | "with" | "enable")
}

pub(super) fn repository(
    kind: &str,
    uri: &str,
    suite: &str,
    enabled: bool,
    verified: bool,
    signed_by: Option<String>,
) -> Repository {
    let (scheme, rest) = uri.split_once(':').unwrap_or(("", uri));
    let host = rest.strip_prefix("//").map_or("", |rest| rest.split('/').next().unwrap_or(""));
    Repository {
        repository: format!("{kind} {uri} {suite}"),
        kind: kind.to_owned(),
        scheme: scheme.to_lowercase(),
        host: host.to_owned(),
        suite: suite.to_owned(),
        enabled,
        verified,
        signed_by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_every_form() {
        let text = b"// c\nAPT::Periodic::Update-Package-Lists \"1\"; # c\n\
            Unattended-Upgrade::Origins-Pattern {\n  \"origin=Debian\"; // x\n\"b\";\n};\n\
            APT { Get { AllowUnauthenticated \"true\"; }; };\nDir::A:: \"x\"; /* long\n comment */\n";
        let lines: Vec<&[u8]> = text.split(|&b| b == b'\n').collect();
        let mut settings = Settings::default();
        assert!(settings.read(&lines));
        assert!(settings.periodic("apt::periodic::update-package-lists"));
        assert!(settings.is_on("apt::get::allowunauthenticated"));
        assert_eq!(settings.list("unattended-upgrade::origins-pattern"), ["origin=Debian", "b"]);
        assert_eq!(settings.list("dir::a"), ["x"]);
        for bad in ["A {", "};", "A \"x", "A \"b\" \"c\";", "A \"b\"", "/* x"] {
            assert!(!Settings::default().read(&[bad.as_bytes()]), "{bad}");
        }
        let deep = "a{".repeat(1000);
        assert!(!Settings::default().read(&[deep.as_bytes()]));
    }

    #[test]
    fn sources_of_both_forms() {
        let mut body = Body::default();
        assert!(list_line(
            b"deb [ arch=amd64 trusted=yes signed-by=/k.gpg ] http://h:8/d s main # c",
            &mut body
        ));
        assert!(list_line(b"deb-src cdrom:[Debian 12]/ bookworm main", &mut body));
        assert!(list_line(b"# deb x y", &mut body));
        assert!(!list_line(b"deb http://h", &mut body));
        let [one, two] = body.repositories.as_slice() else { panic!("{body:?}") };
        assert_eq!(
            (one.host.as_str(), one.verified, one.signed_by.as_deref()),
            ("h:8", false, Some("/k.gpg"))
        );
        assert_eq!((two.scheme.as_str(), two.host.as_str(), two.verified), ("cdrom", "", true));
        let mut body = Body::default();
        let text = b"Types: deb deb-src\nURIs: https://h/d\nSuites: a\n b\nEnabled: no\nSigned-By:\n -----BEGIN\n\n# c\n";
        assert!(stanzas(&text.split(|&b| b == b'\n').collect::<Vec<_>>(), &mut body));
        assert_eq!(body.repositories.len(), 4);
        assert!(!body.repositories[0].enabled && body.repositories[0].verified);
        assert!(!stanzas(&[b"Types: deb"], &mut body));
        assert!(!stanzas(&[b"junk"], &mut body));
    }
}
