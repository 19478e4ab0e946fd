//! What fstab and the mount units would mount.

use super::super::whole_lines;
use super::table::octal;
use super::{Configured, Flags};
use crate::escape::{escape, unescape};
use crate::frame::Frame;
use crate::problem::{Problem, exit_problem, stopped};
use crate::status;
use anji_model::FailureCategory;

/// More lines for one place, bind mounts on bind mounts and folders in folders
/// than these are followed no further: what they would bring is not counted on.
const LINES_MAX: usize = 8;
const DEPTH_MAX: usize = 4;
const FOLDERS_MAX: usize = 64;

/// The options of one mount, the later ones over the earlier ones.
#[derive(Debug, Clone, Copy, Default)]
struct Options {
    nosuid: bool,
    nodev: bool,
    noexec: bool,
    read_only: bool,
    bind: bool,
    noauto: bool,
}

impl Options {
    fn parse(list: &[u8]) -> Self {
        let mut all = Self::default();
        for option in list.split(|&b| b == b',') {
            match option {
                b"nosuid" => all.nosuid = true,
                b"suid" => all.nosuid = false,
                b"nodev" => all.nodev = true,
                b"dev" => all.nodev = false,
                b"noexec" => all.noexec = true,
                b"exec" => all.noexec = false,
                b"ro" => all.read_only = true,
                b"rw" => all.read_only = false,
                // What ordinary users may mount grants them nothing else.
                b"user" | b"users" => (all.nosuid, all.nodev, all.noexec) = (true, true, true),
                b"owner" | b"group" => (all.nosuid, all.nodev) = (true, true),
                b"bind" | b"rbind" => all.bind = true,
                b"noauto" => all.noauto = true,
                b"auto" => all.noauto = false,
                b"defaults" => {
                    (all.nosuid, all.nodev, all.noexec, all.read_only) =
                        (false, false, false, false);
                }
                _ => {}
            }
        }
        all
    }
}

fn unreadable(what: &str) -> Problem {
    Problem::new(FailureCategory::Unparsable, format!("{what} was told in another form"))
}

/// The lines of fstab.
pub(super) fn fstab(frame: &Frame) -> Result<Vec<Configured>, Problem> {
    if let Some(problem) = stopped(frame) {
        return Err(problem);
    }
    if frame.exit == Some(status::ABSENT) {
        return Ok(Vec::new());
    }
    if let Some(problem) = exit_problem(frame) {
        return Err(problem);
    }
    let mut lines = whole_lines(frame);
    if lines.next() != Some(b"fstab") {
        return Err(unreadable("fstab"));
    }
    let mut all = Vec::new();
    for line in lines {
        // A line without a place is passed over by mount as well.
        if line == b"?" {
            continue;
        }
        let words: Vec<&[u8]> = line.split(|&b| b == b' ').collect();
        let [b"e", source, target, fstype, options] = words.as_slice() else {
            return Err(unreadable("fstab"));
        };
        // Swap has no place.
        if !target.starts_with(b"/") {
            continue;
        }
        let options = Options::parse(options);
        all.push(configured("/etc/fstab", &octal(source), &octal(target), fstype, options, true));
    }
    Ok(all)
}

/// Whether a unit is started with the system, can be started, or never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Start,
    Idle,
    Masked,
}

/// The mount units.
pub(super) fn units(frame: &Frame) -> Result<Vec<Configured>, Problem> {
    if let Some(problem) = stopped(frame).or_else(|| exit_problem(frame)) {
        return Err(problem);
    }
    let mut lines = whole_lines(frame);
    if lines.next() != Some(b"units") {
        return Err(unreadable("the mount units"));
    }
    let mut all: Vec<Unit> = Vec::new();
    for line in lines {
        let (mark, rest) = line.split_at_checked(2).ok_or_else(|| unreadable("the mount units"))?;
        match mark {
            b"u " => all.push(Unit::begin(rest).ok_or_else(|| unreadable("a mount unit"))?),
            b"d " => {}
            b"= " => {
                let unit = all.last_mut().ok_or_else(|| unreadable("a mount unit"))?;
                unit.set(rest).ok_or_else(|| unreadable("a mount unit"))?;
            }
            b"! " => {
                let detail = format!("{}: permission denied", escape(rest));
                return Err(Problem::new(FailureCategory::Permission, detail));
            }
            _ => return Err(unreadable("the mount units")),
        }
    }
    Ok(chosen(all))
}

/// Of the units of one name the administrator's own.
fn chosen(all: Vec<Unit>) -> Vec<Configured> {
    let mut kept: Vec<Configured> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for unit in all {
        let name = unit.file.rsplit('/').next().unwrap_or_default().to_owned();
        if names.contains(&name) {
            continue;
        }
        names.push(name);
        if unit.wanted == Wanted::Masked || unit.target.is_empty() {
            continue;
        }
        kept.push(configured(
            &unit.file,
            &unit.source,
            &unit.target,
            &unit.fstype,
            Options::parse(&unit.options),
            unit.wanted == Wanted::Start,
        ));
    }
    kept
}

#[derive(Debug)]
struct Unit {
    file: String,
    wanted: Wanted,
    source: Vec<u8>,
    target: Vec<u8>,
    fstype: Vec<u8>,
    options: Vec<u8>,
}

impl Unit {
    fn begin(line: &[u8]) -> Option<Self> {
        let at = line.iter().position(|&b| b == b' ')?;
        let wanted = match &line[..at] {
            b"start" => Wanted::Start,
            b"idle" => Wanted::Idle,
            b"masked" => Wanted::Masked,
            _ => return None,
        };
        Some(Self {
            file: escape(&unescape(&line[at + 1..])?),
            wanted,
            source: b"-".to_vec(),
            target: Vec::new(),
            fstype: b"auto".to_vec(),
            options: Vec::new(),
        })
    }

    fn set(&mut self, line: &[u8]) -> Option<()> {
        let at = line.iter().position(|&b| b == b' ')?;
        let value = line[at + 1..].to_vec();
        match &line[..at] {
            b"What" => self.source = value,
            b"Where" => self.target = value,
            b"Type" => self.fstype = value,
            b"Options" => self.options = value,
            _ => return None,
        }
        Some(())
    }
}

fn configured(
    file: &str,
    source: &[u8],
    target: &[u8],
    fstype: &[u8],
    options: Options,
    wanted: bool,
) -> Configured {
    let target = match target.strip_suffix(b"/") {
        Some(shorter) if !shorter.is_empty() => escape(shorter),
        _ => escape(target),
    };
    Configured {
        entry: format!("{file} {target}"),
        file: file.to_owned(),
        target,
        source: escape(source),
        fstype: escape(fstype),
        at_start: wanted && !options.noauto,
        bind: options.bind,
        read_only: options.read_only,
        nosuid: options.nosuid,
        nodev: options.nodev,
        noexec: options.noexec,
    }
}

/// What the configuration brings at `path`, if it mounts anything there when
/// the system starts. The administrator's units win over fstab, and fstab over
/// the units of packages; of several lines for one place only what all of them
/// say is sure. A bind mount has what the mount of its source has.
pub(super) fn flags(all: &[Configured], path: &str, depth: usize) -> Option<Flags> {
    let rank = |one: &Configured| match one.file.as_str() {
        "/etc/fstab" => 1,
        file if file.starts_with("/etc/") => 0,
        _ => 2,
    };
    let here = || all.iter().filter(|one| one.at_start && one.target == path);
    let first = here().map(rank).min()?;
    let mut flags: Option<Flags> = None;
    let crowded = here().count() > LINES_MAX;
    for one in here().filter(|one| rank(one) == first) {
        let followed = one.bind && depth < DEPTH_MAX && !crowded;
        let beneath = if followed { flags_of(all, &one.source, depth + 1) } else { None };
        let has = |own: bool, of: fn(&Flags) -> bool| own || beneath.as_ref().is_some_and(of);
        let next = Flags {
            file: one.file.clone(),
            nosuid: has(one.nosuid, |f| f.nosuid),
            nodev: has(one.nodev, |f| f.nodev),
            noexec: has(one.noexec, |f| f.noexec),
        };
        flags = Some(match flags {
            None => next,
            Some(before) => Flags {
                file: before.file,
                nosuid: before.nosuid && next.nosuid,
                nodev: before.nodev && next.nodev,
                noexec: before.noexec && next.noexec,
            },
        });
    }
    flags
}

/// What the configuration brings at `path` or at the nearest place above it.
fn flags_of(all: &[Configured], path: &str, depth: usize) -> Option<Flags> {
    let mut at = path;
    for _ in 0..FOLDERS_MAX {
        if let Some(flags) = flags(all, at, depth) {
            return Some(flags);
        }
        at = match at.rsplit_once('/') {
            Some(("", rest)) if !rest.is_empty() => "/",
            Some((above, _)) if !above.is_empty() => above,
            _ => return None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Vec<Configured> {
        let data = format!("fstab\n{lines}").into_bytes();
        fstab(&Frame { data, exit: Some(0), ..Frame::empty("mounts.fstab") }).expect("fstab")
    }

    fn short(all: &[Configured], path: &str) -> Option<(bool, bool, bool)> {
        flags(all, path, 0).map(|flags| (flags.nosuid, flags.nodev, flags.noexec))
    }

    #[test]
    fn later_options_win_and_some_mean_several() {
        let all = read(
            "e tmpfs /a tmpfs -,nosuid,nodev,noexec,exec\n\
             e tmpfs /b tmpfs -,users,exec\n\
             e tmpfs /c tmpfs -,nosuid,defaults,nodev\n\
             e tmpfs /d tmpfs -,nosuid,noauto\n\
             e /dev/x none swap -,defaults\n\
             e tmpfs /e/ tmpfs -\n?\n",
        );
        assert_eq!(short(&all, "/a"), Some((true, true, false)));
        assert_eq!(short(&all, "/b"), Some((true, true, false)));
        assert_eq!(short(&all, "/c"), Some((false, true, false)));
        assert_eq!(short(&all, "/d"), None);
        assert_eq!(short(&all, "/e"), Some((false, false, false)));
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn a_bind_mount_has_what_its_source_has() {
        let all = read(
            "e tmpfs /tmp tmpfs -,nosuid,nodev,noexec\n\
             e /tmp /var/tmp none -,bind\n\
             e /tmp/x /srv/x none -,bind\n\
             e /opt /srv/y none -,bind,nodev\n\
             e /loop /loop none -,bind\n",
        );
        assert_eq!(short(&all, "/var/tmp"), Some((true, true, true)));
        assert_eq!(short(&all, "/srv/x"), Some((true, true, true)));
        assert_eq!(short(&all, "/srv/y"), Some((false, true, false)));
        assert_eq!(short(&all, "/loop"), Some((false, false, false)));
    }

    #[test]
    fn units_of_the_administrator_win_over_fstab_and_it_over_those_of_packages() {
        let data = b"units\nu start /etc/systemd/system/tmp.mount\n= Where /tmp\n= Options -,nosuid\n\
            d /etc/systemd/system/tmp.mount.d/a.conf\n= Options -,nodev\n\
            u start /usr/lib/systemd/system/tmp.mount\n= Where /tmp\n= Options -,noexec\n\
            u start /usr/lib/systemd/system/var-tmp.mount\n= Where /var/tmp\n= Options -,noexec\n\
            u masked /etc/systemd/system/srv.mount\nu idle /etc/systemd/system/x.mount\n= Where /x\n";
        let frame = Frame { data: data.to_vec(), exit: Some(0), ..Frame::empty("mounts.units") };
        let mut all = units(&frame).expect("units");
        all.extend(read("e tmpfs /tmp tmpfs -,noexec\ne tmpfs /var/tmp tmpfs -,nosuid\n"));
        assert_eq!(short(&all, "/tmp"), Some((false, true, false)));
        assert_eq!(short(&all, "/var/tmp"), Some((true, false, false)));
        assert_eq!(short(&all, "/x"), None);
    }
}
