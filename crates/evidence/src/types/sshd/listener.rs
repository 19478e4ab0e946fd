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
    // A session's process runs with the settings of its time: only what a
    // listener shows makes anything uncertain.
    let mut listens = false;
    for line in whole_lines(frame) {
        if let Some(process) = line.strip_prefix(b"process ") {
            found.any = true;
            listens = !is_session(process);
            found.doubts.extend(doubts(process));
        } else if let Some(other) = line.strip_prefix(b"other ") {
            let what = escape_bounded(other, 80);
            let detail = format!("a running daemon is another program than the one asked: {what}");
            found.doubt_everything(listens, &detail);
        } else if line == b"stale" {
            let detail = "the configuration was changed after the daemon began; reload it";
            found.doubt_everything(listens, detail);
        } else if let Some(asked) = line.strip_prefix(b"asked ") {
            let usual: [&[u8]; 3] = [b"/usr/sbin/sshd", b"/usr/bin/sshd", b"/sbin/sshd"];
            let detail = "which configuration this daemon reads is not known";
            found.doubt_everything(!usual.contains(&asked), detail);
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

impl Presence {
    fn doubt_everything(&mut self, holds: bool, detail: &str) {
        let all = EVERYTHING.iter().filter(|_| holds);
        self.doubts.extend(all.map(|field| (*field, detail.to_owned())));
    }
}

/// What a daemon calls itself after its program's name: `sshd: TITLE`.
fn title(process: &[u8]) -> Option<&[u8]> {
    let at = process.windows(2).position(|pair| pair == b": ")?;
    let program = &process[..at];
    let plain = !program.iter().any(|b| matches!(b, b'/' | b'\t' | b' '));
    plain.then(|| &process[at + 2..])
}

/// Whether a process serves one session: `sshd: NAME [priv]`, `sshd: [accepted]`,
/// `sshd: NAME@pts/0`. A listener's title begins with the path of its program.
fn is_session(process: &[u8]) -> bool {
    let marks: [&[u8]; 6] =
        [b"[priv]", b"[net]", b"[accepted]", b"[pam]", b"[preauth]", b"[postauth]"];
    title(process).is_some_and(|title| {
        let marked = marks.iter().any(|mark| title.windows(mark.len()).any(|w| w == *mark));
        let listens = title.windows(10).any(|w| w == b"[listener]");
        let name = title.split(|&b| b == b'@').next().unwrap_or_default();
        let on_terminal = name.len() < title.len() && !name.iter().any(|b| b" /".contains(b));
        !listens && !title.starts_with(b"/") && (marked || on_terminal)
    })
}

/// What a listener's options make uncertain. It shows itself as
/// `sshd: /usr/sbin/sshd -D [listener] ...` or, in older versions, with its
/// arguments as they are. A title without its mark was cut off, and what
/// stood behind the cut is not known.
fn doubts(process: &[u8]) -> Vec<(&'static str, String)> {
    let mut doubts = Vec::new();
    if is_session(process) {
        return doubts;
    }
    let arguments: Vec<&[u8]> = match title(process) {
        Some(title) => {
            let mark = b"[listener]";
            let end = title.windows(mark.len()).position(|w| w == mark).unwrap_or_else(|| {
                let cut = "a running daemon's options cannot be read whole";
                doubts.extend(EVERYTHING.iter().map(|field| (*field, cut.to_owned())));
                title.len()
            });
            title[..end].split(|b| matches!(b, b' ' | b'\t')).collect()
        }
        None => process.split(|&b| b == b'\t').collect(),
    };
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
    fn another_daemon_or_configuration_than_the_judged_one_is_doubted() {
        let doubted = |lines: &str| {
            let mut frame = Frame::empty("sshd.presence");
            frame.data = lines.as_bytes().to_vec();
            presence(&frame).doubts.iter().any(|(field, _)| *field == "contexts")
        };
        let usual = "asked /usr/sbin/sshd\nprocess sshd: /usr/sbin/sshd -D [listener] 0 of 10\n";
        assert!(!doubted(usual));
        for strange in [
            "other /usr/local/sbin/sshd\n",
            "stale\n",
            "asked /usr/local/sbin/sshd\n",
            "process sftp-sshd: /x/sftp-sshd -D -f /x/other [listener] 0 of 10\n",
            "process sshd: /usr/sbin/sshd -D -oPermitRootL\n",
            "process sshd: ./sshd -D -f OWN -oBanner=/a@b [listener] 0 of 10\n",
        ] {
            assert!(doubted(&format!("{usual}{strange}")), "{strange}");
        }
        // What a session shows says nothing of the listener.
        let session = "process sshd: zhang [priv]\nother /usr/sbin/sshd (deleted)\nstale\n";
        assert!(!doubted(&format!("{usual}{session}")));
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
