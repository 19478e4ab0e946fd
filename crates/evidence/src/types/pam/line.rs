//! Lines and words of a PAM file, put together as libpam does.

/// A logical line, with its continuation lines joined and its comment cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Logical {
    pub(super) text: Vec<u8>,
    /// Versions of libpam read it differently.
    pub(super) doubtful: bool,
}

/// The lines of a file, or nothing where libpam refuses the file because it
/// ends in the middle of a continued line.
pub(super) struct Lines {
    pub(super) lines: Vec<Logical>,
    pub(super) broken: bool,
}

/// Older versions read a line in pieces of this many bytes.
const PIECE: usize = 1000;

pub(super) fn logical_lines(raw: &[&[u8]]) -> Lines {
    let mut lines = Vec::new();
    let mut open: Option<Logical> = None;
    for line in raw {
        let comment = line.iter().position(|&b| b == b'#');
        let text = strip_blanks(&line[..comment.unwrap_or(line.len())]);
        let end = text.iter().rposition(|&b| b != b' ' && b != b'\t');
        let continued = comment.is_none() && end.is_some_and(|at| text[at] == b'\\');
        let part = match end {
            Some(at) if continued => &text[..at],
            _ => text,
        };
        // An empty or commented line between two parts ends the line for new
        // versions and is passed over by old ones.
        let interrupted = open.is_some() && text.is_empty();
        let mut whole = open.take().unwrap_or(Logical { text: Vec::new(), doubtful: false });
        whole.text.extend_from_slice(part);
        if continued {
            whole.text.push(b' ');
            open = Some(whole);
            continue;
        }
        whole.doubtful |= interrupted || whole.text.len() > PIECE;
        if !whole.text.is_empty() {
            lines.push(whole);
        }
    }
    Lines { lines, broken: open.is_some() }
}

fn strip_blanks(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|&b| b != b' ' && b != b'\t').unwrap_or(text.len());
    &text[start..]
}

/// The words of a line. `[...]` at the beginning of a word is one word without
/// its edges, in which `\]` stands for `]`.
pub(super) fn words(text: &[u8]) -> Words<'_> {
    Words { rest: text }
}

pub(super) struct Words<'t> {
    rest: &'t [u8],
}

impl Iterator for Words<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let is_blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n');
        let start = self.rest.iter().position(|b| !is_blank(b))?;
        let text = &self.rest[start..];
        let Some(inner) = text.strip_prefix(b"[") else {
            let end = text.iter().position(is_blank).unwrap_or(text.len());
            self.rest = text.get(end + 1..).unwrap_or_default();
            return Some(text[..end].to_vec());
        };
        let mut word = Vec::new();
        let mut at = 0;
        while at < inner.len() && inner[at] != b']' {
            if inner[at..].starts_with(b"\\]") {
                at += 1;
            }
            word.push(inner[at]);
            at += 1;
        }
        self.rest = inner.get(at + 1..).unwrap_or_default();
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> (Vec<String>, bool) {
        let raw: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
        let read = logical_lines(&raw);
        let texts = read.lines.iter().map(|line| String::from_utf8(line.text.clone()).unwrap());
        (texts.collect(), read.broken)
    }

    #[test]
    fn lines_are_put_together_as_libpam_does() {
        let (lines, broken) =
            joined("# c\n\n \t\n  auth a # x\nauth \\\n  b \\ \t\n c\nauth d # e \\\nf");
        assert_eq!(lines, ["auth a ", "auth  b  c", "auth d ", "f"]);
        assert!(!broken);
        assert!(joined("auth a \\").1);
        assert!(joined("auth a\nb \\\n# c").0.len() == 2);
    }

    #[test]
    fn what_versions_read_differently_is_doubtful() {
        let doubt = |text: &str| {
            let raw: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
            logical_lines(&raw).lines.iter().any(|line| line.doubtful)
        };
        assert!(doubt("auth \\\n# c\nrequired x"));
        assert!(doubt("auth \\\n\nrequired x"));
        assert!(doubt(&"a".repeat(1200)));
        assert!(!doubt("auth \\\nrequired x # c"));
    }

    #[test]
    fn brackets_are_one_word() {
        let of = |text: &str| {
            words(text.as_bytes()).map(|w| String::from_utf8(w).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(
            of("auth [a=1 b=2] x.so [q \\] [r]s"),
            ["auth", "a=1 b=2", "x.so", "q ] [r", "s"]
        );
        assert_eq!(of(" a[b]\tc "), ["a[b]", "c"]);
        assert_eq!(of("[open"), ["open"]);
        assert_eq!(of("[]x"), ["", "x"]);
        assert!(of(" \t").is_empty());
    }
}
