//! Shell text as a list of what it does to a few variables, never run.
//!
//! The scanner knows the words, quotes and compound commands of the Bourne
//! family, as far as is needed to tell whether a command is always reached. It
//! believes that a session is interactive, so that a test of `PS1` or `$-` for
//! that is no condition. Here-documents and the words that could be secrets are
//! left out on the target already.

use super::words::{Reader, Sign, Word};

/// One thing that a file does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// The number of its line.
    pub(super) line: usize,
    /// Whether it is not always reached.
    pub(super) conditional: bool,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// `TMOUT` gets a value; `None` where it is not written out.
    Set(Option<i64>),
    /// `TMOUT` becomes read-only.
    Readonly,
    /// `TMOUT` is exported.
    Export,
    /// `TMOUT` is unset.
    Unset,
    /// Something else happens to `TMOUT`.
    Unclear,
    /// The mask of new files; `None` where it is not written out.
    Umask(Option<u16>),
    /// Another file is read in this place.
    Source(Vec<u8>),
    /// The files of `/etc/profile.d` are read in this place.
    SourceFolder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Between `if` and `then`.
    Test,
    Branch,
    Loop,
    Case,
    Brace,
    Paren,
}

#[derive(Debug)]
struct Frame {
    kind: Kind,
    reached: Reached,
    /// The tests between `if` and `then`: how many, and what the last one was.
    tests: usize,
    guard: Guard,
    /// Whether the loop runs over the files of `/etc/profile.d`.
    folder: bool,
    sourced: bool,
    /// Whether a case waits for its next pattern, and is about `$-`.
    pattern: bool,
    flags: bool,
}

/// Whether something is reached in an interactive session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Reached {
    #[default]
    Always,
    Maybe,
    Never,
}

/// Whether a command tests for an interactive session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Guard {
    #[default]
    None,
    Interactive,
    Batch,
}

/// Deeper nesting than anyone writes.
const DEPTH_MAX: usize = 200;

/// What a file does, in the order of its lines. `None` where its structure
/// cannot be followed.
pub(super) fn events(lines: &[&[u8]]) -> Option<Vec<Event>> {
    let text = lines.join(&b'\n');
    let mut scanner = Scanner {
        reader: Reader::new(&text),
        frames: Vec::new(),
        events: Vec::new(),
        rest: false,
        over: false,
        chain: Reached::Always,
        function: false,
    };
    scanner.run()?;
    Some(scanner.events)
}

struct Scanner<'a> {
    reader: Reader<'a>,
    frames: Vec<Frame>,
    events: Vec<Event>,
    /// Whether the rest of the file may not be reached.
    rest: bool,
    /// Whether it is surely not.
    over: bool,
    /// Whether the next command is reached, as far as the one before decides it.
    chain: Reached,
    /// Whether the next brace opens a function's body.
    function: bool,
}

impl Scanner<'_> {
    fn run(&mut self) -> Option<()> {
        while self.reader.at < self.reader.text.len() {
            let line = self.reader.line;
            let (words, sign) = self.reader.command()?;
            self.act(line, words, sign)?;
            if self.over {
                break;
            }
        }
        Some(())
    }

    fn reached(&self) -> Reached {
        let rest = if self.rest { Reached::Maybe } else { Reached::Always };
        let frames = self.frames.iter().map(|frame| frame.reached).max().unwrap_or_default();
        rest.max(self.chain).max(frames)
    }

    fn void(&self) -> bool {
        self.frames.iter().any(|frame| frame.kind == Kind::Paren)
    }

    fn push(&mut self, kind: Kind, reached: Reached) -> Option<()> {
        if self.frames.len() >= DEPTH_MAX {
            return None;
        }
        self.frames.push(Frame {
            kind,
            reached,
            tests: 0,
            guard: Guard::None,
            folder: false,
            sourced: false,
            pattern: false,
            flags: false,
        });
        Some(())
    }

    fn pop(&mut self, kinds: &[Kind]) -> Option<()> {
        let frame = self.frames.pop()?;
        kinds.contains(&frame.kind).then_some(())
    }

    /// Takes in one command with the sign behind it.
    fn act(&mut self, line: usize, words: Vec<Word>, sign: Sign) -> Option<()> {
        if self.frames.last().is_some_and(|frame| frame.kind == Kind::Case && frame.pattern) {
            return self.pattern(&words, sign);
        }
        let Some(words) = self.keywords(&words, sign)? else { return Some(()) };
        let guard = if words.is_empty() { Guard::None } else { guard(words) };
        let apart = sign == Sign::Apart;
        let never = self.reached() == Reached::Never;
        if !apart && !never && !self.void() && !words.is_empty() {
            self.simple(line, words)?;
        }
        if let Some(frame) = self.frames.last_mut().filter(|f| f.kind == Kind::Test)
            && !words.is_empty()
        {
            frame.tests += 1;
            frame.guard = guard;
        }
        self.after(words, guard, sign)
    }

    /// Takes in the words that structure a script, and gives those behind them;
    /// nothing where the sign was taken in too.
    fn keywords<'w>(&mut self, words: &'w [Word], sign: Sign) -> Option<Option<&'w [Word]>> {
        let mut words = words;
        let mut chain = self.chain;
        while let Some((first, rest)) = words.split_first() {
            if first.quoted || first.computed {
                break;
            }
            match first.text.as_slice() {
                b"if" => self.push(Kind::Test, Reached::Always)?,
                b"then" => self.then()?,
                b"elif" => {
                    self.pop(&[Kind::Branch])?;
                    self.push(Kind::Test, Reached::Maybe)?;
                    self.frames.last_mut()?.tests = 2;
                }
                b"else" => {
                    let guard = self.frames.last()?.guard;
                    self.pop(&[Kind::Branch])?;
                    self.push(Kind::Branch, unless(guard))?;
                }
                b"fi" => self.pop(&[Kind::Branch])?,
                b"while" | b"until" => self.push(Kind::Loop, Reached::Maybe)?,
                b"for" | b"select" => {
                    self.push(Kind::Loop, Reached::Maybe)?;
                    let folder = rest.iter().any(|word| contains(&word.text, b"/etc/profile.d"));
                    self.frames.last_mut()?.folder = folder;
                    // The rest are the loop's name and words.
                    words = &[];
                    break;
                }
                b"do" | b"time" => {}
                b"!" => chain = chain.max(Reached::Maybe),
                b"done" => self.pop(&[Kind::Loop])?,
                b"case" => {
                    self.case(rest, sign)?;
                    return Some(None);
                }
                b"esac" => self.pop(&[Kind::Case])?,
                b"{" => {
                    let function = std::mem::take(&mut self.function);
                    let own = if function { Reached::Maybe } else { Reached::Always };
                    self.push(Kind::Brace, own.max(chain))?;
                    chain = Reached::Always;
                }
                b"}" => self.pop(&[Kind::Brace])?,
                b"function" => {
                    self.function = true;
                    words = rest.get(1..).unwrap_or_default();
                    continue;
                }
                _ => break,
            }
            words = rest;
        }
        self.chain = chain;
        Some(Some(words))
    }

    /// `case WORD in`, and its first pattern where that stands on one line.
    fn case(&mut self, rest: &[Word], sign: Sign) -> Option<()> {
        self.push(Kind::Case, Reached::Always)?;
        let frame = self.frames.last_mut()?;
        frame.flags = rest.first().is_some_and(|word| word.text == b"$-");
        frame.pattern = true;
        match rest.get(2..).unwrap_or_default() {
            [] if sign == Sign::End => Some(()),
            after => self.pattern(after, sign),
        }
    }

    /// What the sign means for what comes after.
    fn after(&mut self, words: &[Word], guard: Guard, sign: Sign) -> Option<()> {
        match sign {
            Sign::End => self.chain = Reached::Always,
            Sign::And => self.chain = self.chain.max(when(guard)),
            Sign::Or => self.chain = self.chain.max(unless(guard)),
            // What comes behind a pipe runs in a shell of its own as well.
            Sign::Apart => self.chain = Reached::Maybe,
            Sign::Open => {
                self.chain = Reached::Always;
                // `name()` and `(`: the first makes a function.
                if !words.is_empty() {
                    self.reader.skip_blanks();
                    if self.reader.peek(0) == b')' {
                        self.reader.at += 1;
                        self.function = true;
                        return Some(());
                    }
                }
                self.push(Kind::Paren, Reached::Maybe)?;
            }
            Sign::Close => {
                self.chain = Reached::Always;
                self.pop(&[Kind::Paren])?;
            }
            Sign::Break => {
                self.chain = Reached::Always;
                let frame = self.frames.last_mut().filter(|frame| frame.kind == Kind::Case)?;
                frame.pattern = true;
            }
        }
        Some(())
    }

    fn then(&mut self) -> Option<()> {
        let test = self.frames.pop().filter(|frame| frame.kind == Kind::Test)?;
        let guard = if test.tests == 1 { test.guard } else { Guard::None };
        self.push(Kind::Branch, when(guard).max(test.reached))?;
        self.frames.last_mut()?.guard = guard;
        Some(())
    }

    /// The patterns of a case, up to the bracket that ends them.
    fn pattern(&mut self, words: &[Word], sign: Sign) -> Option<()> {
        if words.first().is_some_and(|word| word.text == b"esac" && !word.quoted) {
            self.pop(&[Kind::Case])?;
            return self.after(&[], Guard::None, sign);
        }
        match sign {
            Sign::Close => {
                let frame = self.frames.last_mut()?;
                let met = words.iter().any(|word| word.text == b"*i*");
                frame.reached = match (frame.flags, met) {
                    (true, true) => Reached::Always,
                    // What an interactive session matched before.
                    (true, false) if frame.guard == Guard::Interactive => Reached::Never,
                    _ => Reached::Maybe,
                };
                if met {
                    frame.guard = Guard::Interactive;
                }
                frame.pattern = false;
                Some(())
            }
            // Blank lines, alternatives and the bracket before a pattern.
            Sign::End | Sign::Apart | Sign::Open => Some(()),
            _ => None,
        }
    }

    fn event(&mut self, line: usize, what: What) {
        let conditional = self.reached() != Reached::Always;
        self.events.push(Event { line, conditional, what });
    }

    /// A command without the words that structure a script.
    fn simple(&mut self, line: usize, words: &[Word]) -> Option<()> {
        let (assigned, rest) =
            words.split_at(words.iter().take_while(|w| is_assignment(w)).count());
        let Some((name, arguments)) = rest.split_first() else {
            for word in assigned {
                self.assign(line, word);
            }
            return Some(());
        };
        match name.text.as_slice() {
            b"export" => self.declare(line, arguments, &[What::Export]),
            b"readonly" => self.declare(line, arguments, &[What::Readonly]),
            b"typeset" | b"declare" => {
                let flags = arguments.iter().take_while(|word| word.text.starts_with(b"-"));
                let mut kinds = Vec::new();
                for flag in flags.flat_map(|word| &word.text) {
                    match flag {
                        b'r' => kinds.push(What::Readonly),
                        b'x' => kinds.push(What::Export),
                        _ => {}
                    }
                }
                self.declare(line, arguments, &kinds);
            }
            b"unset" if arguments.iter().any(|word| word.text == b"TMOUT") => {
                self.event(line, What::Unset);
            }
            b"umask" => {
                let value = arguments.iter().find(|word| !word.text.starts_with(b"-"));
                if let Some(word) = value {
                    let mask = octal(word);
                    self.event(line, What::Umask(mask));
                }
            }
            b"." | b"source" => self.source(line, arguments),
            b"return" | b"exit" => match self.reached() {
                Reached::Always => self.over = true,
                Reached::Maybe => self.rest = true,
                Reached::Never => {}
            },
            // They only look at it.
            b"[" | b"[[" | b"test" | b"echo" | b"logger" | b":" => {
                let sets = |word: &Word| {
                    contains(&word.text, b"TMOUT:=") || contains(&word.text, b"TMOUT=")
                };
                if arguments.iter().any(|word| word.computed && sets(word)) {
                    self.event(line, What::Unclear);
                }
            }
            _ if rest.iter().any(|word| contains(&word.text, b"TMOUT")) => {
                self.event(line, What::Unclear);
            }
            _ => {}
        }
        Some(())
    }

    fn assign(&mut self, line: usize, word: &Word) {
        if let Some(value) = word.text.strip_prefix(b"TMOUT=") {
            let value = number(value, word.computed);
            self.event(line, What::Set(value));
        } else if word.text.starts_with(b"TMOUT+=") {
            self.event(line, What::Unclear);
        }
    }

    fn declare(&mut self, line: usize, arguments: &[Word], kinds: &[What]) {
        for word in arguments {
            if is_assignment(word) {
                self.assign(line, word);
            }
            if word.text == b"TMOUT" || word.text.starts_with(b"TMOUT=") {
                for kind in kinds {
                    self.event(line, kind.clone());
                }
            }
        }
    }

    fn source(&mut self, line: usize, arguments: &[Word]) {
        let Some(word) = arguments.first() else { return };
        if !word.computed {
            self.event(line, What::Source(word.text.clone()));
            return;
        }
        let folder = self.frames.iter_mut().rev().find(|frame| frame.folder);
        if folder.is_some_and(|frame| !std::mem::replace(&mut frame.sourced, true)) {
            self.event(line, What::SourceFolder);
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// `NAME=...` or `NAME+=...`, its name not quoted.
fn is_assignment(word: &Word) -> bool {
    let name = word.text.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let after = &word.text[name..];
    name > 0
        && !word.text[0].is_ascii_digit()
        && (after.starts_with(b"=") || after.starts_with(b"+="))
}

/// A value as bash takes it: nothing is no limit.
fn number(value: &[u8], computed: bool) -> Option<i64> {
    match value.trim_ascii() {
        _ if computed => None,
        b"" => Some(0),
        digits => super::super::decimal::<u32>(digits).map(i64::from),
    }
}

fn octal(word: &Word) -> Option<u16> {
    if word.computed || word.text.is_empty() || word.text.len() > 5 {
        return None;
    }
    let text = std::str::from_utf8(&word.text).ok()?;
    u16::from_str_radix(text, 8).ok().filter(|mask| *mask <= 0o777)
}

/// Whether a test asks for an interactive session alone.
fn guard(words: &[Word]) -> Guard {
    let test = matches!(words[0].text.as_slice(), b"[" | b"[[" | b"test");
    let joins = |word: &Word| matches!(word.text.as_slice(), b"-a" | b"-o" | b"&" | b"|" | b"(");
    let asks = |word: &Word| contains(&word.text, b"PS1") || contains(&word.text, b"$-");
    if !test || words.len() > 6 || words.iter().any(joins) || !words.iter().any(asks) {
        return Guard::None;
    }
    let not = |word: &Word| word.text == b"-z" || word.text.starts_with(b"!");
    match words.iter().filter(|word| not(word)).count() {
        0 => Guard::Interactive,
        1 => Guard::Batch,
        _ => Guard::None,
    }
}

/// Whether what follows a test that succeeded is reached.
fn when(guard: Guard) -> Reached {
    match guard {
        Guard::Interactive => Reached::Always,
        Guard::Batch => Reached::Never,
        Guard::None => Reached::Maybe,
    }
}

/// Whether what follows a test that failed is reached.
fn unless(guard: Guard) -> Reached {
    match guard {
        Guard::Interactive => Reached::Never,
        Guard::Batch => Reached::Always,
        Guard::None => Reached::Maybe,
    }
}
