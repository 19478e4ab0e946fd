//! Which file a line of a frame comes from, where frames carry files.

/// Follows the marks of files through the lines of one frame.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The path of the file that the lines belong to.
    pub(super) file: Vec<u8>,
    /// Inside the text of a private key.
    pub(super) in_key: bool,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The frame's own, or of a command's output.
    Own,
    /// A file's; its text begins behind so many bytes.
    File(usize),
}

impl Place {
    /// Takes the next line of a frame.
    pub(super) fn take(&mut self, line: &[u8]) -> Line {
        for mark in [&b"//F"[..], b"> "] {
            if let Some(rest) = line.strip_prefix(mark)
                && let Some(at) = rest.iter().position(|b| *b == b'/')
            {
                self.file = rest[at..].iter().copied().take(512).collect();
                self.in_key = false;
                return Line::Own;
            }
        }
        match line.first() {
            Some(b' ' | b'=') if !self.file.is_empty() => Line::File(1),
            _ => Line::Own,
        }
    }

    /// Whether `line` is key text inside a private key.
    pub(super) fn key_text(&mut self, line: &[u8]) -> bool {
        let text = line.strip_prefix(b"=").unwrap_or(line).trim_ascii();
        if let Some(what) = text.strip_prefix(b"-----BEGIN ") {
            self.in_key = what.windows(11).take(64).any(|part| part == b"PRIVATE KEY");
            return false;
        }
        let coded = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
        self.in_key = self.in_key && text.iter().all(coded);
        self.in_key && !text.is_empty()
    }

    pub(super) fn is(&self, end: &str) -> bool {
        self.file.ends_with(end.as_bytes())
    }

    pub(super) fn is_below(&self, part: &str) -> bool {
        part.is_empty() || self.file.windows(part.len()).any(|window| window == part.as_bytes())
    }
}
