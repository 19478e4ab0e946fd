//! Walking over the text of a configuration, byte by byte and only forward.

/// A place in a text.
pub(super) struct Scan<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.text.len());
    }

    /// Passes over blanks and comments.
    pub(super) fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if byte.is_ascii_whitespace() {
                self.at += 1;
            } else if byte == b'#' {
                self.line();
            } else if self.rest().starts_with(b"/*") {
                self.at += 2;
                while self.peek().is_some() && !self.rest().starts_with(b"*/") {
                    self.at += 1;
                }
                self.skip(2);
            } else {
                break;
            }
        }
    }

    /// The rest of the line, its end passed over; a backslash before the end
    /// adds the next line.
    pub(super) fn line(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        while let Some(byte) = self.next() {
            match byte {
                b'\n' if line.last() == Some(&b'\\') => {
                    line.pop();
                    while self.peek().is_some_and(|b| b == b' ' || b == b'\t') {
                        self.at += 1;
                    }
                }
                b'\n' => break,
                byte => line.push(byte),
            }
        }
        line
    }

    /// A run of letters, digits and `_`, `-`, `.`.
    pub(super) fn word(&mut self) -> &'t [u8] {
        let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        let length = self.rest().iter().take_while(|b| word(b)).count();
        let found = &self.rest()[..length];
        self.at += length;
        found
    }

    /// A text in quotes, without them; the place is at the first quote.
    pub(super) fn quoted(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        let Some(quote) = self.next() else { return text };
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => text.extend(self.next()),
                byte if byte == quote => break,
                byte => text.push(byte),
            }
        }
        text
    }
}
