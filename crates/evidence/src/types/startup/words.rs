//! The words and signs of shell text, with quotes and expansions passed over whole.

/// A word with its quotes removed.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    pub(super) text: Vec<u8>,
    /// Whether the shell would put something in place of a part of it.
    pub(super) computed: bool,
    pub(super) quoted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A newline or `;`.
    End,
    And,
    Or,
    /// `|` or `&`: what went before runs in a shell of its own.
    Apart,
    Open,
    Close,
    /// `;;` and its relatives.
    Break,
}

/// Deeper nesting than anyone writes.
const DEPTH_MAX: usize = 200;

/// Reads words.
pub(super) struct Reader<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    /// The number of the line that is read.
    pub(super) line: usize,
    /// How deep expansions stand in each other.
    nesting: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, line: 1, nesting: 0 }
    }

    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.at < self.text.len() && matches!(self.peek(0), b' ' | b'\t') {
            self.at += 1;
        }
    }

    /// The words up to the next sign.
    pub(super) fn command(&mut self) -> Option<(Vec<Word>, Sign)> {
        let mut words: Vec<Word> = Vec::new();
        loop {
            let test = words.first().is_some_and(|word| word.text == b"[[" && !word.quoted);
            let test = test && words.last().is_some_and(|word| word.text != b"]]");
            match self.peek(0) {
                _ if self.at >= self.text.len() => return Some((words, Sign::End)),
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.peek(1) == b'\n' => {
                    self.at += 2;
                    self.line += 1;
                }
                b'#' => {
                    let rest = &self.text[self.at..];
                    self.at += rest.iter().take_while(|&&b| b != b'\n').count();
                }
                b'\n' if !test => {
                    self.at += 1;
                    self.line += 1;
                    return Some((words, Sign::End));
                }
                b';' | b'&' | b'|' | b'(' | b')' if !test => {
                    if let Some(sign) = self.sign() {
                        return Some((words, sign));
                    }
                }
                b'<' | b'>' => self.redirection()?,
                b';' | b'&' | b'|' | b'(' | b')' | b'\n' => {
                    self.line += usize::from(self.peek(0) == b'\n');
                    let text = vec![self.peek(0)];
                    self.at += 1;
                    words.push(Word { text, computed: true, quoted: true });
                }
                _ => {
                    let word = self.word()?;
                    words.push(word);
                }
            }
        }
    }

    fn sign(&mut self) -> Option<Sign> {
        let two = (self.peek(0), self.peek(1));
        let (sign, length) = match two {
            (b';', b';') => (Sign::Break, 2 + usize::from(self.peek(2) == b'&')),
            (b';', b'&') => (Sign::Break, 2),
            (b';', _) => (Sign::End, 1),
            (b'&', b'&') => (Sign::And, 2),
            (b'|', b'|') => (Sign::Or, 2),
            (b'&', b'>') => {
                // A redirection of both outputs.
                self.at += 1;
                return None;
            }
            (b'&' | b'|', _) => (Sign::Apart, 1),
            (b'(', _) => (Sign::Open, 1),
            _ => (Sign::Close, 1),
        };
        self.at += length;
        Some(sign)
    }

    /// Passes over a redirection and its word.
    fn redirection(&mut self) -> Option<()> {
        while matches!(self.peek(0), b'<' | b'>' | b'&' | b'|' | b'-') {
            self.at += 1;
        }
        if self.peek(0) == b'(' {
            return self.nested(b')');
        }
        self.skip_blanks();
        if !b"\n;&|()".contains(&self.peek(0)) {
            self.word()?;
        }
        Some(())
    }

    fn word(&mut self) -> Option<Word> {
        let mut word = Word::default();
        while self.at < self.text.len() {
            let byte = self.peek(0);
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => {
                    break;
                }
                b'\\' if self.peek(1) == b'\n' => {
                    self.at += 2;
                    self.line += 1;
                }
                b'\\' => {
                    word.quoted = true;
                    word.text.push(self.peek(1));
                    self.at += 2;
                }
                b'\'' => {
                    word.quoted = true;
                    self.at += 1;
                    self.until(b'\'', &mut word)?;
                }
                b'"' => {
                    word.quoted = true;
                    self.at += 1;
                    self.double_quoted(&mut word)?;
                }
                b'$' | b'`' => self.expansion(&mut word)?,
                _ => {
                    word.computed |= b"*?[~".contains(&byte);
                    word.text.push(byte);
                    self.at += 1;
                }
            }
        }
        Some(word)
    }

    fn until(&mut self, end: u8, word: &mut Word) -> Option<()> {
        while self.at < self.text.len() {
            let byte = self.peek(0);
            self.at += 1;
            self.line += usize::from(byte == b'\n');
            if byte == end {
                return Some(());
            }
            word.text.push(byte);
        }
        None
    }

    fn double_quoted(&mut self, word: &mut Word) -> Option<()> {
        while self.at < self.text.len() {
            match self.peek(0) {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => {
                    self.line += usize::from(self.peek(1) == b'\n');
                    word.text.push(self.peek(1));
                    self.at += 2;
                }
                b'$' | b'`' => self.expansion(word)?,
                byte => {
                    self.line += usize::from(byte == b'\n');
                    word.text.push(byte);
                    self.at += 1;
                }
            }
        }
        None
    }

    /// What the shell puts something in place of; its text stays as it is written.
    fn expansion(&mut self, word: &mut Word) -> Option<()> {
        word.computed = true;
        let begin = self.at;
        if self.peek(0) == b'`' {
            self.at += 1;
            while self.peek(0) != b'`' {
                if self.at >= self.text.len() {
                    return None;
                }
                self.line += usize::from(self.peek(0) == b'\n');
                self.at += 1 + usize::from(self.peek(0) == b'\\');
            }
            self.at += 1;
        } else {
            self.at += 1;
            match self.peek(0) {
                b'(' => self.nested(b')')?,
                b'{' => self.nested(b'}')?,
                _ => {}
            }
        }
        word.text.extend_from_slice(&self.text[begin..self.at.min(self.text.len())]);
        Some(())
    }

    /// Passes over what stands between the brackets that open here, with the
    /// expansions, quotes and brackets inside.
    fn nested(&mut self, end: u8) -> Option<()> {
        self.nesting += 1;
        if self.nesting > DEPTH_MAX {
            return None;
        }
        let mut void = Word::default();
        let mut depth = 0usize;
        self.at += 1;
        while self.at < self.text.len() {
            let byte = self.peek(0);
            match byte {
                b'$' | b'`' => self.expansion(&mut void)?,
                b'"' => {
                    self.at += 1;
                    self.double_quoted(&mut void)?;
                }
                b'\'' if end == b')' => {
                    self.at += 1;
                    self.until(b'\'', &mut void)?;
                }
                b if b == end && depth == 0 => {
                    self.at += 1;
                    self.nesting -= 1;
                    return Some(());
                }
                _ => {
                    self.line += usize::from(byte == b'\n');
                    if byte == b'\\' {
                        self.line += usize::from(self.peek(1) == b'\n');
                        self.at += 1;
                    } else if end == b')' {
                        depth += usize::from(byte == b'(');
                        depth -= usize::from(byte == b')');
                    }
                    self.at += 1;
                }
            }
        }
        None
    }
}
