//! What notices and comments say of a place: names of hospitals, telephone
//! numbers.

use super::secret::run;

/// Words that end the English name of a hospital.
const KINDS: [&[u8]; 3] = [b"Hospital", b"Infirmary", b"Clinic"];
/// Words that may stand inside such a name.
const JOINS: [&[u8]; 3] = [b"of", b"the", b"and"];
/// How a Chinese name of a hospital ends.
const CHINESE: [&str; 6] = ["医院", "卫生院", "保健院", "疾控中心", "医学中心", "卫生服务中心"];

/// The name of a hospital at the start, with the words that lead to it: its
/// length, and what it becomes. `starts` says that a word begins here.
pub(super) fn find_organisation(text: &[u8], starts: bool) -> Option<(usize, Vec<u8>)> {
    match *text.first()? {
        0xe3.. => chinese(text),
        b'A'..=b'Z' if starts => english(text),
        _ => None,
    }
}

fn english(text: &[u8]) -> Option<(usize, Vec<u8>)> {
    let mut at = 0;
    for count in 0..8 {
        let word = run(&text[at..], 33, |b| b.is_ascii_alphabetic() || b == b'\'');
        if KINDS.contains(&word) {
            let new = [b"Example ", word].concat();
            return (count > 0).then_some((at + word.len(), new));
        }
        let goes_on = word.first().is_some_and(u8::is_ascii_uppercase) || JOINS.contains(&word);
        if !goes_on || word.len() > 32 || text.get(at + word.len()) != Some(&b' ') {
            return None;
        }
        at += word.len() + 1;
    }
    None
}

fn chinese(text: &[u8]) -> Option<(usize, Vec<u8>)> {
    let reach = &text[..text.len().min(96)];
    let text = match std::str::from_utf8(reach) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&reach[..error.valid_up_to()]).ok()?,
    };
    let other = text.char_indices().find(|(_, c)| !('\u{4e00}'..='\u{9fff}').contains(c));
    let text = &text[..other.map_or(text.len(), |(at, _)| at)];
    let found = CHINESE.iter().filter_map(|kind| Some((text.find(kind)?, *kind)));
    let (at, kind) = found.min()?;
    let name = &text[..at + kind.len()];
    if name == kind {
        return Some((name.len(), name.as_bytes().to_vec()));
    }
    Some((name.len(), format!("示例{kind}").into_bytes()))
}

/// A telephone number of a mobile or of a city at the start: its length, and
/// what it becomes.
pub(super) fn find_phone(text: &[u8]) -> Option<(usize, Vec<u8>)> {
    let digits = run(text, 16, |b| b.is_ascii_digit() || b == b'-');
    let count = digits.iter().filter(|b| b.is_ascii_digit()).count();
    if !(10..=12).contains(&count) {
        return None;
    }
    let dash = digits.iter().position(|b| *b == b'-');
    let mobile = count == 11 && digits[0] == b'1' && digits[1] >= b'3' && dash.is_none();
    let city = digits[0] == b'0' && matches!(dash, Some(3 | 4)) && digits.len() == count + 1;
    let ends = text.get(digits.len()).is_none_or(|b| !b.is_ascii_alphanumeric());
    if !(mobile || city) || !ends {
        return None;
    }
    let mut new: Vec<u8> = digits.iter().map(|b| if *b == b'-' { b'-' } else { b'0' }).collect();
    if mobile {
        new[..2].copy_from_slice(b"13");
    }
    Some((digits.len(), new))
}
