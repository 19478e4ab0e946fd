//! The order of apk-tools: numbers with dots, a letter, suffixes, a revision.

use std::cmp::Ordering;

/// What comes next in a version, in the order in which parts may follow; at
/// equal beginnings, the version whose next part is the earlier one is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Invalid,
    /// A number after a dot; zeros at its front count as they do in a fraction.
    Fraction,
    Number,
    Letter,
    Suffix,
    SuffixNumber,
    Revision,
    End,
}

/// Suffixes before a release, then those after it.
const BEFORE: [&[u8]; 4] = [b"alpha", b"beta", b"pre", b"rc"];
const AFTER: [&[u8]; 5] = [b"cvs", b"svn", b"git", b"hg", b"p"];

struct Reader<'a> {
    rest: &'a [u8],
    next: Part,
}

impl Reader<'_> {
    /// The value of the next part; what follows it becomes the next.
    fn take(&mut self) -> i64 {
        if self.rest.is_empty() {
            self.next = Part::End;
            return 0;
        }
        match self.next {
            Part::Fraction if self.rest[0] == b'0' => {
                let zeros = self.rest.iter().skip(1).take_while(|&&b| b == b'0').count();
                self.rest = &self.rest[zeros..];
                self.next = Part::Number;
                -i64::try_from(zeros).unwrap_or(i64::MAX)
            }
            Part::Fraction | Part::Number | Part::SuffixNumber | Part::Revision => {
                let digits = super::take_while(&mut self.rest, u8::is_ascii_digit);
                let value = digits.iter().fold(0i64, |sum, digit| {
                    sum.saturating_mul(10).saturating_add(i64::from(digit - b'0'))
                });
                self.advance(value)
            }
            Part::Letter => {
                let value = i64::from(self.rest[0]);
                self.rest = &self.rest[1..];
                self.advance(value)
            }
            Part::Suffix => match suffix(self.rest) {
                Some((value, length)) => {
                    self.rest = &self.rest[length..];
                    self.advance(value)
                }
                None => self.invalid(),
            },
            Part::Invalid | Part::End => self.invalid(),
        }
    }

    fn invalid(&mut self) -> i64 {
        self.next = Part::Invalid;
        -1
    }

    /// Finds out what follows, and passes `value` on.
    fn advance(&mut self, value: i64) -> i64 {
        let before = self.next;
        let numeric = matches!(before, Part::Number | Part::Fraction);
        let found = match self.rest {
            [] => Part::End,
            [b'a'..=b'z', ..] if numeric => Part::Letter,
            [b'0'..=b'9', ..] if before == Part::Letter => Part::Number,
            [b'0'..=b'9', ..] if before == Part::Suffix => Part::SuffixNumber,
            [b'.', rest @ ..] => self.skip(rest.len(), Part::Fraction),
            [b'_', rest @ ..] => self.skip(rest.len(), Part::Suffix),
            [b'-', b'r', rest @ ..] => self.skip(rest.len(), Part::Revision),
            [_, rest @ ..] => self.skip(rest.len(), Part::Invalid),
        };
        let allowed = found >= before
            || matches!(
                (before, found),
                (Part::Number, Part::Fraction)
                    | (Part::SuffixNumber, Part::Suffix)
                    | (Part::Letter, Part::Number)
            );
        self.next = if allowed { found } else { Part::Invalid };
        value
    }

    fn skip(&mut self, left: usize, part: Part) -> Part {
        self.rest = &self.rest[self.rest.len() - left..];
        part
    }
}

/// The value of a suffix, negative before a release, and its length.
fn suffix(text: &[u8]) -> Option<(i64, usize)> {
    let find = |names: &[&[u8]]| names.iter().position(|name| text.starts_with(name));
    let index = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    if let Some(at) = find(&BEFORE) {
        return Some((index(at) - index(BEFORE.len()), BEFORE[at].len()));
    }
    find(&AFTER).map(|at| (index(at), AFTER[at].len()))
}

pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let mut a = Reader { rest: a, next: Part::Number };
    let mut b = Reader { rest: b, next: Part::Number };
    loop {
        let ended = matches!(a.next, Part::End | Part::Invalid);
        if a.next != b.next || ended {
            break;
        }
        match a.take().cmp(&b.take()) {
            Ordering::Equal => {}
            unequal => return unequal,
        }
    }
    let (at, bt) = (a.next, b.next);
    if at == bt {
        return Ordering::Equal;
    }
    // The longer one is newer, unless it goes on with a mark of a pre-release.
    if at == Part::Suffix && a.take() < 0 {
        return Ordering::Less;
    }
    if bt == Part::Suffix && b.take() < 0 {
        return Ordering::Greater;
    }
    bt.cmp(&at)
}
