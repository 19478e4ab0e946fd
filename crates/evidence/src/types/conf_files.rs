//! The order in which drop-in folders are read: files of one name shadow each
//! other, and what is left is read in the order of the names. `systemd-sysctl`,
//! `procps` and `modprobe` all do it this way.

use std::collections::BTreeMap;

/// Where the paths of `files` are read in turn, given `folders` from the one
/// that wins to the one that yields. Only names that end in `.conf` count, and
/// none that begin with a dot.
pub(super) fn in_order<'a, T>(
    folders: &[&str],
    files: impl IntoIterator<Item = (&'a str, T)>,
) -> Vec<(&'a str, T)> {
    let mut chosen: BTreeMap<&str, (usize, &str, T)> = BTreeMap::new();
    for (path, file) in files {
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        let Some(rank) = folders.iter().position(|known| *known == folder) else { continue };
        if !name.ends_with(".conf") || name.starts_with('.') {
            continue;
        }
        if chosen.get(name).is_none_or(|(other, ..)| rank < *other) {
            chosen.insert(name, (rank, path, file));
        }
    }
    chosen.into_values().map(|(_, path, file)| (path, file)).collect()
}

/// Whether `name` matches `pattern` as a shell's file names do: `*`, `?` and
/// `[...]`, none of which matches a slash.
pub(super) fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    // Where the last star stands, and how much it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, n));
            p += 1;
        } else if let Some(length) = one(&pattern[p.min(pattern.len())..], name[n]) {
            (p, n) = (p + length, n + 1);
        } else if let Some((at, taken)) = star
            && name[taken] != b'/'
        {
            star = Some((at, taken + 1));
            (p, n) = (at + 1, taken + 1);
        } else {
            return false;
        }
    }
    pattern[p.min(pattern.len())..].iter().all(|&b| b == b'*')
}

/// How many bytes of the pattern match this byte, if they do.
fn one(pattern: &[u8], byte: u8) -> Option<usize> {
    match *pattern.first()? {
        b'?' => (byte != b'/').then_some(1),
        b'[' => match set(pattern) {
            Some((length, holds)) => (byte != b'/' && holds(byte)).then_some(length),
            None => (byte == b'[').then_some(1),
        },
        b'\\' if pattern.len() > 1 => (pattern[1] == byte).then_some(2),
        literal => (literal == byte).then_some(1),
    }
}

/// The set that begins the pattern: its length and what it holds.
fn set(pattern: &[u8]) -> Option<(usize, impl Fn(u8) -> bool + '_)> {
    let inner = &pattern[1..];
    let negated = matches!(inner.first(), Some(b'!' | b'^'));
    let from = usize::from(negated);
    // A bracket right at the beginning is a member.
    let end = inner.iter().skip(from + 1).position(|&b| b == b']')? + from + 1;
    let members = &inner[from..end];
    let holds = move |byte: u8| {
        let mut rest = members;
        let mut met = false;
        while let Some((&low, tail)) = rest.split_first() {
            if let [b'-', high, tail @ ..] = tail {
                met |= (low..=*high).contains(&byte);
                rest = tail;
            } else {
                met |= low == byte;
                rest = tail;
            }
        }
        met != negated
    };
    Some((end + 2, holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_earlier_folder_shadows_and_names_give_the_order() {
        let files = [
            ("/usr/lib/sysctl.d/10-a.conf", 1),
            ("/etc/sysctl.d/10-a.conf", 2),
            ("/usr/lib/sysctl.d/05-b.conf", 3),
            ("/etc/sysctl.d/99-z.conf", 4),
            ("/etc/sysctl.d/README", 5),
            ("/etc/sysctl.d/.hidden.conf", 6),
            ("/opt/sysctl.d/00-x.conf", 7),
        ];
        let order = in_order(&["/etc/sysctl.d", "/usr/lib/sysctl.d"], files);
        assert_eq!(order.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [3, 2, 4]);
    }

    #[test]
    fn patterns_are_those_of_the_shell() {
        for (pattern, name, expected) in [
            ("a*c", "abbc", true),
            ("a*c", "ab/c", false),
            ("*", "", true),
            ("net/ipv4/conf/*/rp_filter", "net/ipv4/conf/eth0/rp_filter", true),
            ("net/ipv4/conf/*/rp_filter", "net/ipv4/conf/a/b/rp_filter", false),
            ("e[tn]h?", "enh0", true),
            ("e[!t]h0", "eth0", false),
            ("[0-9]x", "5x", true),
            ("[]a]", "]", true),
            ("[a", "[a", true),
            ("a?", "a/", false),
            ("\\*", "*", true),
            ("abc", "ab", false),
            ("**b", "aab", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }
}
