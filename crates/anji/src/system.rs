//! What the operating system knows: who runs us, where state belongs, which
//! language was asked for, and chance.

use crate::exit::Failure;
use crate::terminal::{self, LangArg};
use anji_app::Actor;
use anji_model::Lang;
use std::path::{Path, PathBuf};

/// The account behind this process, by the kernel's word and not by `$USER`.
/// Behind sudo the account that asked is named too.
pub(crate) fn actor() -> Actor {
    let uid = rustix::process::geteuid().as_raw();
    let name = account_name(uid).unwrap_or_else(|| format!("uid {uid}"));
    // Only root's environment is trusted for this: sudo itself has set it there.
    let behind = (uid == 0).then(|| std::env::var("SUDO_USER").ok()).flatten();
    match behind.filter(|user| user.len() <= 64 && !user.chars().any(char::is_control)) {
        Some(user) if user != name => Actor { name: format!("{name} (sudo: {user})") },
        _ => Actor { name },
    }
}

fn account_name(uid: u32) -> Option<String> {
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
    })
}

/// Where runs are stored: the option, else the system's folder for root and
/// the user's state folder for anybody else.
pub(crate) fn state_folder(asked: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(folder) = asked {
        return std::path::absolute(folder).map_err(|error| {
            Failure::new(
                format!("无法解析状态目录：{error}"),
                format!("cannot resolve the state folder: {error}"),
            )
        });
    }
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/anji"));
    }
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    folder("XDG_STATE_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local/state")))
        .map(|base| base.join("anji"))
        .ok_or_else(|| {
            Failure::new(
                "没有主目录，不知道把状态存在哪里",
                "there is no home folder to keep state in",
            )
            .with_help("请用 --state 指定目录", "name a folder with --state")
        })
}

/// The language for help texts, which are needed before the arguments are
/// parsed: `--lang` where it stands, else the locale.
pub(crate) fn language_of_arguments() -> Lang {
    let mut asked = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = match argument.split_once('=') {
            Some(("--lang", value)) => Some(value.to_owned()),
            None if argument == "--lang" => arguments.next(),
            _ => continue,
        };
        asked = match value.as_deref() {
            Some("zh") => Some(LangArg::Zh),
            Some("en") => Some(LangArg::En),
            _ => asked,
        };
    }
    terminal::language(asked)
}

/// Milliseconds of processor time that this process has used so far, without
/// the script's, which other processes run.
pub(crate) fn cpu_milliseconds() -> Option<u64> {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let milliseconds = used.tv_sec.checked_mul(1000)?.checked_add(used.tv_nsec / 1_000_000)?;
    u64::try_from(milliseconds).ok()
}

/// The effective user id.
pub(crate) fn uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whether this account may make files in `folder`.
pub(crate) fn may_write(folder: &Path) -> bool {
    use rustix::fs::{Access, AtFlags, CWD};
    let access = Access::WRITE_OK | Access::EXEC_OK;
    rustix::fs::accessat(CWD, folder, access, AtFlags::EACCESS).is_ok()
}

/// Bytes that this account can still fill on the file system of `folder`.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let room = rustix::fs::statvfs(folder).ok()?;
    Some(room.f_bavail.saturating_mul(room.f_frsize))
}

/// The name of the time zone; none where the system does not say.
pub(crate) fn zone() -> Option<String> {
    let zone = jiff::tz::TimeZone::try_system().ok()?;
    if zone.is_unknown() {
        return None;
    }
    Some(match zone.iana_name() {
        Some(name) => name.to_owned(),
        // A zone without a name still has its offset.
        None => zone.to_offset(jiff::Timestamp::now()).to_string(),
    })
}

/// Sixteen bytes of chance from the kernel.
pub(crate) fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the kernel gives random bytes once it has booted");
    bytes
}
