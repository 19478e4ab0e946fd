//! Daemons that run with options of their own, which `sshd -T` cannot know.

use super::super::whole_lines;
use crate::escape::escape_bounded;
use crate::frame::Frame;

/// What the presence capture found.
#[derive(Debug, Default)]
pub(super) struct Presence {
    /// Whether there is a binary, a configuration or a process.
    pub(super) any: bool,
    /// Whether some processes cannot be seen.
    pub(super) hidden: bool,
    /// What daemons' own options make uncertain: field and why.
    pub(super) doubts: Vec<(&'static str, String)>,
}

/// Every list and the contexts, in one daemon's options.
const EVERYTHING: [&str; 7] =
    ["ciphers", "contexts", "hostkeyalgorithms", "hostkeys", "kexalgorithms", "macs", "ports"];

pub(super) fn presence(frame: &Frame) -> Presence {
    let mut found = Presence::default();
    for line in whole_lines(frame) {
        if let Some(process) = line.strip_prefix(b"process ") {
            found.any = true;
            found.doubts.extend(doubts(process));
        } else if line.starts_with(b"binary ") || line.starts_with(b"config ") {
            found.any = true;
        } else if matches!(line, b"hidden" | b"noproc") {
            found.hidden = true;
        }
    }
    found.doubts.sort();
    found.doubts.dedup_by(|a, b| a.0 == b.0);
    found
}

/// What a process's options make uncertain. A listener shows itself as
/// `sshd: /usr/sbin/sshd -D [listener] ...` or, of older versions, with its
/// arguments as they are; what else calls itself `sshd: ` serves one session.
fn doubts(process: &[u8]) -> Vec<(&'static str, String)> {
    let arguments: Vec<&[u8]> = match process.strip_prefix(b"sshd: ") {
        Some(title) => {
            let mark = b"[listener]";
            let Some(end) = title.windows(mark.len()).position(|w| w == mark) else {
                return Vec::new();
            };
            title[..end].split(|b| matches!(b, b' ' | b'\t')).collect()
        }
        None => process.split(|&b| b == b'\t').collect(),
    };
    let mut doubts = Vec::new();
    let mut rest = arguments.iter().copied().filter(|word| !word.is_empty()).skip(1);
    while let Some(word) = rest.next() {
        let Some(letters) = word.strip_prefix(b"-") else { continue };
        for (at, &letter) in letters.iter().enumerate() {
            if !b"CEbcfghkopu".contains(&letter) {
                continue;
            }
            let inside = &letters[at + 1..];
            let value = if inside.is_empty() { rest.next().unwrap_or_default() } else { inside };
            for field in touched(letter, value) {
                let detail = format!(
                    "a running daemon has an option of its own: -{} {}",
                    char::from(letter),
                    escape_bounded(value, 80)
                );
                doubts.push((*field, detail));
            }
            break;
        }
    }
    doubts
}

fn touched(letter: u8, value: &[u8]) -> &'static [&'static str] {
    match letter {
        b'f' if value == b"/etc/ssh/sshd_config" => &[],
        b'f' => &EVERYTHING,
        b'p' => &["ports"],
        b'h' => &["hostkeys"],
        b'g' => &["contexts"],
        b'o' => {
            let end = value.iter().position(|b| matches!(b, b'=' | b' ' | b'\t'));
            let keyword = value[..end.unwrap_or(value.len())].to_ascii_lowercase();
            match keyword.as_slice() {
                b"ciphers" => &["ciphers"],
                b"macs" => &["macs"],
                b"kexalgorithms" => &["kexalgorithms"],
                b"hostkeyalgorithms" => &["hostkeyalgorithms"],
                b"hostkey" => &["hostkeys"],
                b"port" | b"listenaddress" => &["ports"],
                b"gssapikexalgorithms"
                | b"pubkeyacceptedkeytypes"
                | b"pubkeyacceptedalgorithms"
                | b"casignaturealgorithms"
                | b"hostbasedacceptedalgorithms"
                | b"pidfile" => &[],
                _ => &["contexts"],
            }
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(process: &str) -> Vec<&'static str> {
        doubts(process.as_bytes()).into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn own_options_are_seen_in_either_form() {
        for (process, expected) in [
            ("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", vec![]),
            ("/usr/sbin/sshd\t-D\t", vec![]),
            ("sshd: /usr/sbin/sshd -D -f /etc/ssh/sshd_config [listener] 0 of 1-2", vec![]),
            ("sshd: /usr/sbin/sshd -Df /tmp/own [listener] 0 of 1-2", EVERYTHING.to_vec()),
            ("/usr/sbin/sshd\t-D\t-oPermitRootLogin=yes\t", vec!["contexts"]),
            ("/usr/sbin/sshd\t-o\tport 2200\t", vec!["ports"]),
            ("/usr/sbin/sshd\t-D\t-oCiphers=aes128-cbc\t-oMACs=x", vec!["ciphers", "macs"]),
            ("sshd: /usr/sbin/sshd -p 2200 -g 0 [listener]", vec!["ports", "contexts"]),
            ("sshd: opsadm [priv]", vec![]),
            ("sshd: -f@pts/0", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(fields(process), expected, "{process}");
        }
    }
}
