//! The words of a sudoers file, as sudo's own scanner cuts them.
//!
//! The scanner of sudo takes the longest text that any of its rules matches,
//! and the first of equal ones; what stands here gives the same words. A
//! backslash at a line's end continues the entry; a comment does not.

/// One word of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `@include` and its relatives; true for a folder.
    Include(Vec<u8>, bool),
    /// `Defaults`, with the sign of its binding (`:`, `@`, `>`, `!`) if it has one.
    Defaults(Option<u8>),
    /// The name of a setting.
    Setting(Vec<u8>),
    /// `=`, `+` (for `+=`) or `-` (for `-=`) after the name of a setting.
    Assign(u8),
    /// `User_Alias` and its relatives: `U`, `H`, `C`, `R`.
    AliasKind(u8),
    /// `NOPASSWD:` and its relatives, without the colon.
    Tag(&'static str),
    /// `TIMEOUT`, `CWD` and their relatives, where `=` follows.
    Option(&'static str),
    /// The reserved word `ALL`.
    All,
    /// A word that may name an alias.
    Alias(Vec<u8>),
    /// A user, host or value.
    Word(Vec<u8>),
    /// `%group`, `%#gid`, `%:group`.
    Group(Vec<u8>),
    /// `+netgroup`.
    Netgroup(Vec<u8>),
    /// A command with its arguments.
    Command(Vec<u8>, Arguments),
    /// A digest that the command's file must have.
    Digest,
    /// An odd number of `!`.
    Not,
    Comma,
    Colon,
    Equals,
    Open,
    Close,
    /// What no rule matches.
    Error,
}

/// What arguments a command may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Arguments {
    /// Any at all.
    Any,
    /// None: `""`.
    None,
    /// Exactly the ones that stand there.
    Fixed,
    /// The same, and the first of them is an absolute path.
    Script,
    /// Those that match a pattern or an expression.
    Pattern,
}

/// An entry: the words up to the end of its last line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The number of its first line.
    pub(super) line: usize,
    pub(super) tokens: Vec<Token>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// After `Defaults`, in its binding.
    Binding,
    /// Before the name of a setting.
    Names,
    /// After the name of a setting.
    Value,
    /// After a digest's name.
    Digest(usize),
    /// After `CWD` or `CHROOT`.
    Path,
}

const TAGS: [&str; 16] = [
    "NOPASSWD",
    "PASSWD",
    "NOEXEC",
    "EXEC",
    "INTERCEPT",
    "NOINTERCEPT",
    "SETENV",
    "NOSETENV",
    "LOG_OUTPUT",
    "NOLOG_OUTPUT",
    "LOG_INPUT",
    "NOLOG_INPUT",
    "MAIL",
    "NOMAIL",
    "FOLLOW",
    "NOFOLLOW",
];

const OPTIONS: [&str; 10] = [
    "TIMEOUT",
    "NOTBEFORE",
    "NOTAFTER",
    "CWD",
    "CHROOT",
    "ROLE",
    "TYPE",
    "APPARMOR_PROFILE",
    "PRIVS",
    "LIMITPRIVS",
];

const DIGESTS: [(&str, usize); 4] =
    [("sha224", 28), ("sha256", 32), ("sha384", 48), ("sha512", 64)];

const ALIAS_KINDS: [(&str, u8); 5] = [
    ("Host_Alias", b'H'),
    ("Cmnd_Alias", b'C'),
    ("Cmd_Alias", b'C'),
    ("User_Alias", b'U'),
    ("Runas_Alias", b'R'),
];

/// Cuts a file into its entries. Blank lines and comments make none.
pub(super) fn entries(lines: &[&[u8]]) -> Vec<Entry> {
    let mut text = Vec::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
    for line in lines {
        // sudo reads a line up to its NUL only, and some tools too: a wrong entry.
        let line = if line.contains(&0) { b")" } else { *line };
        text.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        text.push(b'\n');
    }
    let mut lexer = Lexer { text: &text, at: 0, line: 1, state: State::Start };
    let mut entries = Vec::new();
    while lexer.at < text.len() {
        let line = lexer.line;
        let tokens = lexer.entry();
        if !tokens.is_empty() {
            entries.push(Entry { line, tokens });
        }
    }
    entries
}

struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    state: State,
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

impl Lexer<'_> {
    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    fn peek(&self) -> u8 {
        // The text ends in a newline, and nothing reads past one.
        self.text.get(self.at).copied().unwrap_or(b'\n')
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().iter().take_while(|&&b| is_blank(b)).count();
    }

    /// The length of a continuation that stands here: backslash, blanks, line end.
    fn continuation(&self) -> Option<usize> {
        let after = self.rest().strip_prefix(b"\\")?;
        let blanks = after.iter().take_while(|&&b| is_blank(b)).count();
        (after.get(blanks) == Some(&b'\n')).then_some(blanks + 2)
    }

    fn entry(&mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.state = State::Start;
        self.opening(&mut tokens);
        loop {
            if let Some(length) = self.continuation() {
                self.at += length;
                self.line += 1;
                continue;
            }
            match self.peek() {
                b'\n' => break,
                b if is_blank(b) => {
                    self.skip_blanks();
                    if self.state == State::Binding && self.peek() != b',' {
                        let comma = matches!(tokens.last(), Some(Token::Comma));
                        self.state = if comma { State::Binding } else { State::Names };
                    }
                }
                b'#' if self.is_comment() => {
                    self.at += self.rest().iter().take_while(|&&b| b != b'\n').count();
                }
                _ => {
                    let token = self.token();
                    tokens.extend(token);
                }
            }
        }
        self.at += 1;
        self.line += 1;
        tokens
    }

    /// `#` begins a comment unless a number follows.
    fn is_comment(&self) -> bool {
        let after = self.rest().get(1).copied().unwrap_or(b'\n');
        let minus = after == b'-' && self.rest().get(2).is_some_and(u8::is_ascii_digit);
        match self.state {
            State::Start | State::Names | State::Value => !after.is_ascii_digit() && !minus,
            State::Binding | State::Digest(_) | State::Path => false,
        }
    }

    /// The words that are such only where a line begins.
    fn opening(&mut self, tokens: &mut Vec<Token>) {
        for (word, folder, must) in [
            (&b"@includedir"[..], true, false),
            (b"@include", false, false),
            (b"#includedir", true, true),
            (b"#include", false, true),
        ] {
            let Some(after) = self.rest().strip_prefix(word) else { continue };
            let follows = after.first().copied().unwrap_or(b'\n');
            if is_blank(follows) || (!must && follows == b'"') {
                self.at += word.len();
                let path = self.include_path();
                tokens.push(path.map_or(Token::Error, |path| Token::Include(path, folder)));
                return;
            }
        }
        self.skip_blanks();
        let word = self.rest().iter().take_while(|&&b| b.is_ascii_alphabetic() || b == b'_');
        let word = &self.rest()[..word.count()];
        let after = self.rest().get(word.len()).copied().unwrap_or(b'\n');
        let kind = ALIAS_KINDS.iter().find(|(name, _)| name.as_bytes() == word);
        if let Some((_, kind)) = kind
            && (is_blank(after) || after == b'\n' || after == b'\\')
        {
            let length = word.len();
            tokens.push(Token::AliasKind(*kind));
            self.at += length;
        } else if word == b"Defaults" {
            let binding = matches!(after, b':' | b'@' | b'>' | b'!').then_some(after);
            if binding.is_none() && !is_blank(after) && after != b'\n' && after != b'\\' {
                return;
            }
            self.at += b"Defaults".len() + usize::from(binding.is_some());
            if binding.is_some() {
                self.skip_blanks();
            }
            self.state = State::Binding;
            tokens.push(Token::Defaults(binding));
        }
    }

    fn include_path(&mut self) -> Option<Vec<u8>> {
        self.skip_blanks();
        if self.peek() == b'"' {
            return self.string();
        }
        let mut path = Vec::new();
        loop {
            match (self.peek(), self.rest().get(1).copied()) {
                (b'\\', Some(next)) if next != b'\n' => {
                    path.push(next);
                    self.at += 2;
                }
                (b, _) if b.is_ascii_whitespace() || b == 0x0b => break,
                (b, _) => {
                    path.push(b);
                    self.at += 1;
                }
            }
        }
        // What follows on the line is passed over, as sudo does.
        self.at += self.rest().iter().take_while(|&&b| b != b'\n').count();
        (!path.is_empty()).then_some(path)
    }

    /// A text in quotes; none where it is empty or does not end on its line.
    fn string(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let mut text = Vec::new();
        loop {
            if let Some(length) = self.continuation() {
                self.at += length;
                self.line += 1;
                self.skip_blanks();
                continue;
            }
            match (self.peek(), self.rest().get(1)) {
                (b'\n', _) => return None,
                (b'\\', Some(b'"')) => {
                    text.push(b'"');
                    self.at += 2;
                }
                (b'"', _) => {
                    self.at += 1;
                    return (!text.is_empty()).then_some(text);
                }
                (byte, _) => {
                    text.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn token(&mut self) -> Option<Token> {
        let byte = self.peek();
        if byte == b'!' {
            let count = self.rest().iter().take_while(|&&b| b == b'!').count();
            self.at += count;
            return (count % 2 == 1).then_some(Token::Not);
        }
        Some(match self.state {
            State::Names => self.setting(),
            State::Value => self.value(byte),
            State::Digest(length) => self.digest(length),
            State::Start | State::Binding | State::Path => self.word(byte),
        })
    }

    fn setting(&mut self) -> Token {
        let length =
            self.rest().iter().take_while(|&&b| b.is_ascii_lowercase() || b == b'_').count();
        if length == 0 {
            self.at += 1;
            return Token::Error;
        }
        let name = self.rest()[..length].to_vec();
        self.at += length;
        self.state = State::Value;
        Token::Setting(name)
    }

    fn value(&mut self, byte: u8) -> Token {
        let assign = match (byte, self.rest().get(1)) {
            (b',', _) => {
                self.at += 1;
                self.state = State::Names;
                return Token::Comma;
            }
            (b'"', _) => return self.string().map_or(Token::Error, Token::Word),
            (b'=', _) => 1,
            (b'+' | b'-', Some(b'=')) => 2,
            _ => 0,
        };
        if assign > 0 {
            self.at += assign;
            return Token::Assign(byte);
        }
        self.run(b"#=, \t\n\"").map_or(Token::Error, Token::Word)
    }

    fn digest(&mut self, length: usize) -> Token {
        if self.peek() == b':' {
            self.at += 1;
            return Token::Colon;
        }
        let is_digit = |b: &&u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
        let text = self.rest();
        let text = &text[..text.iter().take_while(is_digit).count()];
        let (count, padded) = (text.len(), text.ends_with(b"="));
        let hexadecimal = count == length * 2 && text.iter().all(u8::is_ascii_hexdigit);
        let base64 = if padded { 4 * length.div_ceil(3) } else { (4 * length).div_ceil(3) };
        self.state = State::Start;
        if hexadecimal || (count == base64 && count > 0) {
            self.at += count;
            return Token::Digest;
        }
        self.at += count.max(1);
        Token::Error
    }

    /// Passes over a run without the given bytes; a backslash takes the next
    /// byte along. False where nothing stands here, or a backslash that escapes
    /// nothing.
    fn pass(&mut self, ends: &[u8]) -> bool {
        let begin = self.at;
        loop {
            let byte = self.peek();
            if byte == b'\\' {
                if self.continuation().is_some() {
                    break;
                }
                self.at += 1;
                if matches!(self.peek(), b'\t' | b'\n') {
                    return false;
                }
            } else if byte == b'\n' || ends.contains(&byte) {
                break;
            }
            self.at += 1;
        }
        if self.at == begin {
            self.at += 1;
        }
        self.at > begin + 1 || (self.at == begin + 1 && !ends.contains(&self.text[begin]))
    }

    /// As `pass`, with what was passed over, its escapes undone.
    fn run(&mut self, ends: &[u8]) -> Option<Vec<u8>> {
        let begin = self.at;
        self.pass(ends).then(|| unescaped(&self.text[begin..self.at]))
    }

    fn word(&mut self, byte: u8) -> Token {
        let single = match byte {
            b'(' => Token::Open,
            b')' => Token::Close,
            b',' => Token::Comma,
            b'=' => Token::Equals,
            b':' if self.address().is_none() => Token::Colon,
            b'"' => return self.quoted(),
            b'#' => return self.number(),
            _ => return self.longer(byte),
        };
        self.at += 1;
        single
    }

    fn quoted(&mut self) -> Token {
        match self.string() {
            None => Token::Error,
            Some(text) => match text.first() {
                Some(b'%') if text == b"%" || text == b"%:" => Token::Error,
                Some(b'+') if text == b"+" => Token::Error,
                Some(b'%') => Token::Group(text),
                Some(b'+') => Token::Netgroup(text),
                _ => Token::Word(text),
            },
        }
    }

    /// `#1001`, a number in place of a name.
    fn number(&mut self) -> Token {
        let minus = usize::from(self.rest().get(1) == Some(&b'-'));
        let digits = self.rest().iter().skip(1 + minus).take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            self.at += 1;
            return Token::Error;
        }
        let text = self.rest()[..1 + minus + digits].to_vec();
        self.at += text.len();
        Token::Word(text)
    }

    /// An address of IPv6, which holds colons.
    fn address(&self) -> Option<usize> {
        let is_part = |b: &&u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.' | b'/');
        let text = self.rest();
        let text = &text[..text.iter().take(100).take_while(is_part).count()];
        if text.iter().filter(|&&b| b == b':').count() < 2 {
            return None;
        }
        let text_form = std::str::from_utf8(text).ok()?;
        let (address, mask) = text_form.split_once('/').unwrap_or((text_form, "0"));
        let of_mask = |mask: &str| {
            mask.parse::<u8>().is_ok_and(|bits| bits <= 128)
                || mask.parse::<std::net::Ipv6Addr>().is_ok()
        };
        (address.parse::<std::net::Ipv6Addr>().is_ok() && of_mask(mask)).then_some(text.len())
    }

    fn longer(&mut self, byte: u8) -> Token {
        if let Some(length) = self.address() {
            let text = self.rest()[..length].to_vec();
            self.at += length;
            return Token::Word(text);
        }
        if self.state == State::Path {
            self.state = State::Start;
            return self.run(b",:= \t#").map_or(Token::Error, Token::Word);
        }
        if byte == b'/'
            && let Some(token) = self.command()
        {
            return token;
        }
        if byte == b'^'
            && let Some(token) = self.expression()
        {
            return token;
        }
        let begin = self.at;
        if byte == b'%' {
            self.at += 1 + usize::from(self.rest().get(1) == Some(&b':'));
            if self.peek() == b'#' {
                return match self.number() {
                    Token::Word(_) => Token::Group(self.text[begin..self.at].to_vec()),
                    _ => Token::Error,
                };
            }
        }
        if !self.pass(b"#>!=:,() \t\n\"") {
            return Token::Error;
        }
        self.classify(begin)
    }

    /// What the run from `begin` to here is.
    fn classify(&mut self, begin: usize) -> Token {
        let raw = &self.text[begin..self.at];
        let is = |name: &&&str| name.as_bytes() == raw;
        if let Some(tag) = TAGS.iter().find(is) {
            let blanks = self.rest().iter().take_while(|&&b| is_blank(b)).count();
            if self.rest().get(blanks) == Some(&b':') {
                self.at += blanks + 1;
                return Token::Tag(tag);
            }
        }
        if raw == b"ALL" {
            return Token::All;
        }
        if self.state == State::Start
            && let Some(option) = OPTIONS.iter().find(is)
        {
            if matches!(*option, "CWD" | "CHROOT") {
                self.state = State::Path;
            }
            return Token::Option(option);
        }
        if let Some((_, length)) = DIGESTS.iter().find(|(name, _)| name.as_bytes() == raw) {
            self.state = State::Digest(*length);
            return Token::Digest;
        }
        if raw == b"sudoedit" {
            let arguments = self.arguments();
            return arguments.map_or(Token::Error, |a| Token::Command(raw_edit(), a));
        }
        let upper = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
        if raw[0].is_ascii_uppercase() && raw.iter().all(upper) {
            return Token::Alias(raw.to_vec());
        }
        let text = unescaped(raw);
        match raw[0] {
            b'%' => Token::Group(text),
            b'+' if raw.len() > 1 => Token::Netgroup(text),
            b'+' => Token::Error,
            _ => Token::Word(text),
        }
    }

    /// A path with the arguments after it; none where a longer word stands here.
    fn command(&mut self) -> Option<Token> {
        let mut path = Vec::new();
        let mut at = self.at;
        loop {
            let byte = self.text.get(at).copied().unwrap_or(b'\n');
            let next = self.text.get(at + 1).copied().unwrap_or(b'\n');
            if byte == b'\\' && b",:= \t#".contains(&next) {
                // Not a continuation: blanks that only a line end follows.
                if is_blank(next) && self.is_continuation_at(at) {
                    break;
                }
                path.push(next);
                at += 2;
            } else if b",:=\\ \t\n#\r".contains(&byte) {
                if byte == b'\\' && next != b'\n' {
                    return None;
                }
                break;
            } else {
                path.push(byte);
                at += 1;
            }
        }
        if path.len() < 2 {
            return None;
        }
        self.at = at;
        if path.ends_with(b"/sudoedit") {
            path = raw_edit();
        }
        if path.ends_with(b"/") || self.state == State::Binding {
            return Some(Token::Command(path, Arguments::Any));
        }
        Some(self.arguments().map_or(Token::Error, |arguments| Token::Command(path, arguments)))
    }

    fn is_continuation_at(&self, at: usize) -> bool {
        let after = &self.text[at + 1..];
        let blanks = after.iter().take_while(|&&b| is_blank(b)).count();
        after.get(blanks) == Some(&b'\n')
    }

    /// A path given as an expression: `^/usr/bin/.*$`.
    fn expression(&mut self) -> Option<Token> {
        let length = self.expression_length()?;
        let text = self.rest()[..length].to_vec();
        self.at += length;
        if self.state == State::Binding {
            return Some(Token::Command(text, Arguments::Any));
        }
        Some(self.arguments().map_or(Token::Error, |arguments| Token::Command(text, arguments)))
    }

    fn expression_length(&self) -> Option<usize> {
        let mut before = 0;
        for (index, &byte) in self.rest().iter().enumerate() {
            match byte {
                b'\n' => return None,
                b'#' if before != b'\\' => return None,
                b'$' if before != b'\\' => return Some(index + 1),
                _ => before = byte,
            }
        }
        None
    }

    /// What arguments follow a command, up to the sign that ends it.
    fn arguments(&mut self) -> Option<Arguments> {
        let mut text = Vec::new();
        let mut pattern = false;
        loop {
            if let Some(length) = self.continuation() {
                self.at += length;
                self.line += 1;
                continue;
            }
            let byte = self.peek();
            let next = self.rest().get(1).copied().unwrap_or(b'\n');
            match byte {
                b if is_blank(b) => self.skip_blanks(),
                b'#' | b':' | b',' | b'\n' => break,
                b'\\' if b"*?[]!^:\\,= \t#".contains(&next) => {
                    text.push(next);
                    self.at += 2;
                }
                b'\\' => return None,
                b'^' if text.is_empty() => {
                    let length = self.expression_length()?;
                    self.at += length;
                    return Some(Arguments::Pattern);
                }
                _ => {
                    let chunk = self.rest();
                    let ends = |b: &&u8| !b"#\\:, \t\n".contains(b);
                    let chunk = &chunk[..chunk.iter().take_while(ends).count()];
                    if chunk == b"=" {
                        break;
                    }
                    pattern |= chunk.iter().any(|b| b"*?[".contains(b));
                    text.extend_from_slice(chunk);
                    self.at += chunk.len();
                }
            }
        }
        Some(match (text.as_slice(), pattern) {
            (b"", _) => Arguments::Any,
            (b"\"\"", _) => Arguments::None,
            (_, true) => Arguments::Pattern,
            _ if text.starts_with(b"/") => Arguments::Script,
            _ => Arguments::Fixed,
        })
    }
}

fn raw_edit() -> Vec<u8> {
    b"sudoedit".to_vec()
}

/// A word with its escapes undone.
fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        let (byte, after) = match (byte, after.split_first()) {
            (b'\\', Some((b'x', digits))) if hexadecimal(digits).is_some() => {
                (hexadecimal(digits).unwrap_or(b'x'), &digits[2..])
            }
            (b'\\', Some((&next, after))) => (next, after),
            _ => (byte, after),
        };
        text.push(byte);
        rest = after;
    }
    text
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits.get(..2)?).ok()?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(())?;
    u8::from_str_radix(digits, 16).ok()
}
