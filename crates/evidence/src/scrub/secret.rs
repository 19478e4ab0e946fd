//! Identifiers, digests, keys and passwords by their form.

use super::words;

/// The run of at most `max` bytes at the start that `inside` takes. Runs are
/// bounded, because one may be looked at from each of its words.
pub(super) fn run(text: &[u8], max: usize, inside: impl Fn(u8) -> bool) -> &[u8] {
    let end = text.iter().take(max).take_while(|b| inside(**b)).count();
    &text[..end]
}

/// A `8-4-4-4-12` identifier at the start.
pub(super) fn find_uuid(text: &[u8]) -> Option<&[u8]> {
    let uuid = text.get(..36)?;
    let fits = uuid.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = text.get(36).is_none_or(|b| !b.is_ascii_alphanumeric());
    (fits && ends).then_some(uuid)
}

/// The number in an identifier that we gave.
pub(super) fn given_uuid(uuid: &[u8]) -> Option<u64> {
    let digits = uuid.strip_prefix(b"00000000-0000-4000-8000-")?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// At least 32 hexadecimal digits.
pub(super) fn find_digest(text: &[u8]) -> Option<&[u8]> {
    // One word, so that it is looked at once.
    let digits = run(text, usize::MAX, |b| b.is_ascii_hexdigit());
    let ends = text.get(digits.len()).is_none_or(|b| !b.is_ascii_alphanumeric());
    // A long row of decimal digits alone is a number.
    let letters = digits.iter().any(u8::is_ascii_alphabetic) || digits.starts_with(b"00000000");
    (digits.len() >= 32 && ends && letters).then_some(digits)
}

/// The number in a digest that we gave: zeros, then at most eight digits.
pub(super) fn given_digest(digest: &[u8]) -> Option<u64> {
    let (zeros, digits) = digest.split_at_checked(digest.len().checked_sub(8)?)?;
    if !zeros.iter().all(|b| *b == b'0') {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// At least eight pairs of hexadecimal digits between colons: a fingerprint.
pub(super) fn find_pairs(text: &[u8]) -> Option<&[u8]> {
    let all = run(text, 256, |b| b.is_ascii_hexdigit() || b == b':');
    let count = all.len().div_ceil(3);
    let fits = all.len() >= 23
        && all.len() == count * 3 - 1
        && all.iter().enumerate().all(|(at, byte)| (at % 3 == 2) == (*byte == b':'));
    let ends = text.get(all.len()).is_none_or(|b| !b.is_ascii_alphanumeric());
    (fits && ends).then_some(all)
}

/// The number in a fingerprint that we gave.
pub(super) fn given_pairs(pairs: &[u8]) -> Option<u64> {
    let digits: Vec<u8> = pairs.iter().copied().filter(|b| *b != b':').collect();
    let (zeros, digits) = digits.split_at_checked(digits.len().checked_sub(8)?)?;
    if !zeros.iter().all(|b| *b == b'0') {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The number as a digest of the same form: with colons where it has some.
pub(super) fn digest_like(form: &[u8], number: u64) -> Vec<u8> {
    let number = (number % 100_000_000).to_string();
    let mut digits = number.bytes().rev();
    let mut text: Vec<u8> = form
        .iter()
        .rev()
        .map(|byte| if *byte == b':' { b':' } else { digits.next().unwrap_or(b'0') })
        .collect();
    text.reverse();
    text
}

/// A password hash `$id$...`: what stands before the hash, and the hash.
pub(super) fn find_crypt(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let id = run(text.strip_prefix(b"$")?, 11, |b| b.is_ascii_alphanumeric());
    if !(1..=10).contains(&id.len()) || text.get(id.len() + 1) != Some(&b'$') {
        return None;
    }
    let head = id.len() + 2;
    let rest =
        run(&text[head..], usize::MAX, |b| b.is_ascii_alphanumeric() || b"./$=,+-".contains(&b));
    (rest.len() >= 8 && rest != b"scrubbed").then_some((&text[..head], rest))
}

/// Key text: a long piece of base64, which no name or path looks like.
pub(super) fn find_key(text: &[u8]) -> Option<&[u8]> {
    let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
    let all = run(text, 256, inside);
    if all.len() < 24 || !all.split(|b| *b == b'/').any(looks_random) {
        return None;
    }
    // All of it is replaced, however long it is.
    let all = run(text, usize::MAX, inside);
    let padding = text[all.len()..].iter().take(2).take_while(|b| **b == b'=').count();
    Some(&text[..all.len() + padding])
}

fn looks_random(piece: &[u8]) -> bool {
    let class = |byte: u8| match byte {
        b'A'..=b'Z' => 0,
        b'a'..=b'z' => 1,
        _ => 2,
    };
    let all = |wanted| piece.iter().filter(|b| class(**b) == wanted).count();
    let turns = piece.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    piece.len() >= 16 && all(0) >= 2 && all(1) >= 2 && all(2) >= 1 && turns * 4 >= piece.len()
}

/// What a setting's name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Secret,
    Serial,
    Volume,
}

/// A setting at the start of `text` whose value is to be replaced: the length
/// of all that stands before the value, and the value.
pub(super) fn find_setting(text: &[u8]) -> Option<(Value, usize, &[u8])> {
    let name = run(text, 41, |b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if !(3..=40).contains(&name.len()) {
        return None;
    }
    let lower: Vec<u8> =
        name.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    let ends = |words: &[&str]| words.iter().any(|word| lower.ends_with(word.as_bytes()));
    let secrets = [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "apikey",
        "pwd",
        "bindpw",
        "psk",
        "privatekey",
        "authkey",
    ];
    let serials = ["serial", "serialnumber", "serialno", "assettag", "wwn", "wwid", "machineid"];
    let volumes = ["uuid", "partuuid"];
    let kind = if ends(&secrets) {
        Value::Secret
    } else if ends(&serials) {
        Value::Serial
    } else if ends(&volumes) {
        Value::Volume
    } else {
        return None;
    };
    let rest = &text[name.len()..];
    let blanks = |text: &[u8]| run(text, 8, |b| b == b' ' || b == b'\t').len();
    let mut at = blanks(rest);
    match rest.get(at) {
        Some(b'=') => at += 1,
        Some(b':') if kind == Value::Serial => at += 1,
        Some(b'/') if kind == Value::Volume && at == 0 => at += 1,
        _ => return None,
    }
    at += blanks(&rest[at..]);
    let quoted = matches!(rest.get(at), Some(b'"' | b'\''));
    at += usize::from(quoted);
    let inside = |b: u8| !b.is_ascii_whitespace() && !b"\"';,)&\\".contains(&b);
    if !is_worth_replacing(kind, run(&rest[at..], 64, inside)) {
        return None;
    }
    Some((kind, name.len() + at, run(&rest[at..], usize::MAX, inside)))
}

/// `--password VALUE`, in text that begins with the hyphens.
pub(super) fn find_option(text: &[u8]) -> Option<(usize, &[u8])> {
    let rest = text.strip_prefix(b"--")?;
    let name = run(rest, 40, |b| b.is_ascii_alphanumeric() || b == b'-');
    let words: [&[u8]; 5] = [b"password", b"passwd", b"passphrase", b"token", b"secret"];
    if !words.iter().any(|word| name.ends_with(word)) || rest.get(name.len()) != Some(&b' ') {
        return None;
    }
    let head = name.len() + 3;
    let inside = |b: u8| !b.is_ascii_whitespace() && !b"\"'".contains(&b);
    let worth = is_worth_replacing(Value::Secret, run(&text[head..], 64, inside));
    worth.then(|| (head, run(&text[head..], usize::MAX, inside)))
}

fn is_worth_replacing(kind: Value, value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    match kind {
        Value::Secret => !words::is_benign_value(value),
        Value::Serial => {
            (digits >= 2 && letters >= 1 && value.len() >= 6) || digits >= 8 && letters == 0
        }
        Value::Volume => {
            value.len() == 9
                && value[4] == b'-'
                && value.iter().enumerate().all(|(at, b)| at == 4 || b.is_ascii_hexdigit())
        }
    }
}
