//! Names of hosts and domains in text.

use super::known::Known;
use super::secret::run;
use super::words;

/// Whether the text is an IP address, not a name.
pub(super) fn address_like(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<std::net::IpAddr>().is_ok())
}

/// The part of a name that is registered: two labels, or three where the
/// country's names are registered one level below.
pub(super) fn registered(name: &[u8]) -> &[u8] {
    let dots: Vec<usize> = (0..name.len()).filter(|at| name[*at] == b'.').collect();
    let from = |labels: usize| match dots.len().checked_sub(labels) {
        Some(index) => dots.get(index).map_or(name, |at| &name[at + 1..]),
        None => name,
    };
    let two = from(2);
    let second = two.split(|b| *b == b'.').next().unwrap_or_default();
    let last = two.rsplit(|b| *b == b'.').next().unwrap_or_default();
    match words::is_second_level(second) && last.len() == 2 {
        true => from(3),
        false => two,
    }
}

/// The name with dots that begins at `text`: its length, in running text.
/// `anywhere` says that a name must stand here (in a URL), whatever its end.
pub(super) fn find(text: &[u8], known: &Known, anywhere: bool) -> Option<usize> {
    let all = run(text, 254, |b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    if all.len() > 253 {
        return None;
    }
    let end = all.iter().rposition(u8::is_ascii_alphanumeric)? + 1;
    let all = &all[..end];
    if anywhere {
        return Some(end);
    }
    if !all.contains(&b'.') || words::is_lookalike(all) || all.windows(2).any(|two| two == b"..") {
        return None;
    }
    let last = all.rsplit(|b| *b == b'.').next().unwrap_or_default();
    if words::is_domain_end(last) {
        return Some(end);
    }
    // A domain that the frames have named, inside a longer name of a file.
    let ends = (0..=end).rev().filter(|at| *at == end || all[*at] == b'.');
    ends.filter(|at| *at > 0).take(32).find(|at| {
        let lower = all[..*at].to_ascii_lowercase();
        (0..lower.len())
            .filter(|from| *from == 0 || lower[from - 1] == b'.')
            .take(32)
            .any(|from| known.domains.contains(&lower[from..]))
    })
}
