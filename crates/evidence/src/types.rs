//! The evidence types, one file each.

pub mod access_control;
pub mod accounts;
pub mod audit;
pub mod banners;
pub mod boot_secure;
mod conf_files;
pub mod containers;
pub mod core_dumps;
pub mod disk_encryption;
mod dump;
pub mod file_stat;
pub mod file_walk;
pub mod firewall;
pub mod kernel_cmdline;
pub mod kernel_modules;
pub mod log_files;
pub mod log_forwarding;
pub mod login_defs;
pub mod logins;
pub mod mounts;
pub mod os_release;
pub mod package_updates;
pub mod package_vulnerabilities;
pub mod packages;
pub mod pam;
pub mod processes;
pub mod security_tools;
pub mod services;
pub mod sockets;
pub mod sshd;
pub mod startup;
pub mod sudo;
pub mod sysctl;
pub mod time_sync;
pub mod update_config;

use crate::frame::Frame;
use anji_model::{Capture, EvidenceType, Limits, Source, Text};

/// The name of a type, from a literal that has the required form.
fn type_name(name: &'static str) -> EvidenceType {
    EvidenceType::new(name).expect("literal names of evidence types are well-formed")
}

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

fn capture(id: &str, source: Source, limits: Limits, command: &str) -> Capture {
    Capture {
        id: id.to_owned(),
        command: command.to_owned(),
        source,
        bytes_max: limits.bytes_max,
        timeout_seconds: limits.timeout_seconds,
        sudo: Vec::new(),
    }
}

fn vector(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A shell function for bodies: why `PATH` cannot be read, as an exit status.
/// Only the system's own word that there is no such file says absent. The name
/// that stands for a loop of links in another root is not shown.
const WHY_FUNCTION: &str = r#"anji_why() {
  case $1 in /unresolved-link*) printf 'a loop of links\n' >&2; return 1 ;; esac
  if o=$(ls -ldL "$1" 2>&1); then
    case $o in -*) return 43 ;; esac
    printf 'not a regular file\n' >&2
    return 48
  fi
  case $o in
    *'Too many levels of symbolic links' | *'ymbolic link loop')
      printf 'a loop of links\n' >&2
      return 1 ;;
    *': No such file or directory' | *': Not a directory') return 44 ;;
    *'ermission denied') return 43 ;;
    *) printf '%s\n' "$o" >&2; return 1 ;;
  esac
}"#;

/// The lines of a frame that are surely whole: where the capture was stopped,
/// its last line may be half a line and is left out.
fn whole_lines(frame: &Frame) -> impl Iterator<Item = &[u8]> {
    let data = frame.data.as_slice();
    let data = if frame.truncated || frame.timed_out {
        let body = data.strip_suffix(b"\n").unwrap_or(data);
        body.iter().rposition(|&b| b == b'\n').map_or(&[][..], |at| &data[..=at])
    } else {
        data
    };
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    let none = data.is_empty();
    data.split(|&b| b == b'\n').filter(move |_| !none)
}

/// A number in plain decimal digits, or nothing.
fn decimal<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}
