//! The captures put together.

use super::apt::{Settings, list_line, stanzas};
use super::rpm::Rpm;
use super::{APT, Automatic, Body, RPM, STARTED};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, exit_problem, stopped, whole};
use crate::status;
use crate::types::whole_lines;
use anji_model::{FailureCategory, Gap};

const FIELDS: [&str; 4] = ["repositories", "insecure_settings", "automatic", "unattended_origins"];

/// The files of a capture, and what is wrong with it.
struct Files<'f> {
    files: Vec<(String, Vec<&'f [u8]>)>,
    problem: Option<Problem>,
}

fn files<'f>(frame: &'f Frame) -> Files<'f> {
    let mut found = Files { files: Vec::new(), problem: stopped(frame) };
    let mut ended = false;
    for line in whole_lines(frame) {
        if let Some(content) = line.strip_prefix(b" ")
            && let Some((_, lines)) = found.files.last_mut()
        {
            lines.push(content);
        } else if let Some(path) = line.strip_prefix(b"f\t") {
            found.files.push((escape(path), Vec::new()));
        } else if let Some(path) = line.strip_prefix(b"x\t") {
            let detail = format!("{} cannot be read", escape_bounded(path, 200));
            let problem = || Problem::new(FailureCategory::Permission, detail);
            found.problem.get_or_insert_with(problem);
        } else if line == b"end" {
            ended = true;
        } else {
            let detail = format!("capture {} has a line of another form", frame.id);
            let problem = || Problem::new(FailureCategory::Unparsable, detail);
            found.problem.get_or_insert_with(problem);
        }
    }
    if !ended {
        let detail = format!("capture {} has no end", frame.id);
        let problem = || Problem::new(FailureCategory::Incomplete, detail);
        found.problem.get_or_insert_with(problem);
    }
    found
}

/// Nothing is told where the thing is not there.
fn part<'f>(frames: &'f Frames, id: &str) -> Result<Option<Files<'f>>, Problem> {
    let frame = arrived(frames, id)?;
    if stopped(frame).is_none() {
        if frame.exit == Some(status::ABSENT) {
            return Ok(None);
        }
        if let Some(problem) = exit_problem(frame) {
            return Err(problem);
        }
    }
    Ok(Some(files(frame)))
}

pub(super) fn read(frames: &Frames) -> Parsed {
    let mut body = Body::default();
    let mut gaps: Vec<Gap> = Vec::new();
    let (apt, rpm) = (part(frames, APT), part(frames, RPM));
    let started = whole(frames, STARTED).map(Started::read);
    if let (Err(problem), Err(_), Err(_)) = (&apt, &rpm, &started) {
        return problem.clone().failed();
    }
    if let (Ok(None), Ok(Some(rpm)), Ok(_)) = (&apt, &rpm, &started)
        && rpm.files.is_empty()
        && rpm.problem.is_none()
    {
        return Parsed::absent("no settings of apt, yum, dnf or zypper");
    }
    let mut open = |problem: &Problem, fields: &[&str]| {
        gaps.extend(fields.iter().map(|field| problem.partial(field)));
    };
    let started = match started {
        Ok(started) => {
            if let Some(problem) = &started.problem {
                open(problem, &["automatic"]);
            }
            started
        }
        Err(problem) => {
            open(&problem, &["automatic"]);
            Started::default()
        }
    };
    match apt {
        Ok(None) => {}
        Ok(Some(files)) => {
            let odd = take_apt(&files, &started, &mut body);
            for problem in files.problem.iter().chain(&odd) {
                open(problem, &FIELDS);
            }
        }
        Err(problem) => open(&problem, &FIELDS),
    }
    match rpm {
        Ok(None) => {}
        Ok(Some(files)) => {
            let odd = take_rpm(&files, &started, &mut body);
            for problem in files.problem.iter().chain(&odd) {
                open(problem, &FIELDS);
            }
        }
        Err(problem) => open(&problem, &FIELDS),
    }
    body.repositories = canonical_list(body.repositories);
    body.insecure_settings = canonical_list(body.insecure_settings);
    body.automatic = canonical_list(body.automatic);
    body.unattended_origins = canonical_list(body.unattended_origins);
    Parsed::collected(&body, gaps)
}

fn take_rpm(files: &Files<'_>, started: &Started, body: &mut Body) -> Option<Problem> {
    let mut rpm = Rpm::default();
    let mut odd = None;
    for (path, lines) in &files.files {
        if !rpm.file(path, lines) {
            odd = Some(strange(path));
        }
    }
    rpm.tell(&started.units, &started.jobs, body);
    odd
}

fn strange(path: &str) -> Problem {
    let path = escape_bounded(path.as_bytes(), 200);
    Problem::new(FailureCategory::Unparsable, format!("{path} is not understood"))
}

/// apt passes over names with other endings, and with other signs.
fn is_read(path: &str, endings: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let bare = !name.contains('.') && endings.contains(&"");
    let named = endings.iter().any(|end| !end.is_empty() && name.ends_with(end));
    name.chars().all(plain) && !name.starts_with('.') && (bare || named)
}

fn take_apt(files: &Files<'_>, started: &Started, body: &mut Body) -> Option<Problem> {
    let mut settings = Settings::default();
    let mut odd = None;
    for (path, lines) in &files.files {
        let fine = if path.contains("/apt.conf") {
            let whole = path.ends_with("/apt.conf") || is_read(path, &["", ".conf"]);
            !whole || settings.read(lines)
        } else if path.ends_with(".sources") {
            !is_read(path, &[".sources"]) || stanzas(lines, body)
        } else {
            !is_read(path, &[".list"])
                || lines.iter().filter(|line| !list_line(line, body)).count() == 0
        };
        if !fine {
            odd.get_or_insert_with(|| strange(path));
        }
    }
    for name in [
        "APT::Get::AllowUnauthenticated",
        "Acquire::AllowInsecureRepositories",
        "Acquire::AllowWeakRepositories",
        "Acquire::AllowDowngradeToInsecureRepositories",
    ] {
        if settings.is_on(&name.to_lowercase()) {
            body.insecure_settings.push(format!("{name}=true"));
        }
    }
    for list in ["unattended-upgrade::origins-pattern", "unattended-upgrade::allowed-origins"] {
        body.unattended_origins.extend_from_slice(settings.list(list));
    }
    // apt.systemd.daily does nothing while this is off; by default it is on.
    let on = settings.value("apt::periodic::enable").is_none_or(|value| value != "0");
    body.automatic.push(Automatic {
        name: "apt-periodic".to_owned(),
        started: started.runs("apt-daily-upgrade.timer", "/etc/cron.daily/apt"),
        fetches: on && settings.periodic("apt::periodic::update-package-lists"),
        installs: on
            && settings.periodic("apt::periodic::unattended-upgrade")
            && started.programs.iter().any(|p| p.ends_with("unattended-upgrade")),
    });
    odd
}

/// What starts by itself.
#[derive(Debug, Default)]
struct Started {
    units: Vec<String>,
    jobs: Vec<String>,
    programs: Vec<String>,
    masked: Vec<String>,
    systemd: bool,
    problem: Option<Problem>,
}

impl Started {
    fn read(frame: &Frame) -> Self {
        let mut started = Self::default();
        let (mut ended, mut odd) = (false, false);
        for line in whole_lines(frame) {
            let fields: Vec<&[u8]> = line.splitn(2, |&b| b == b'\t').collect();
            match fields.as_slice() {
                [b"unit", name] => started.units.push(escape(name)),
                [b"masked", name] => started.masked.push(escape(name)),
                [b"job", name] => started.jobs.push(escape(name)),
                [b"program", name] => started.programs.push(escape(name)),
                [b"init", _] => started.systemd = true,
                [b"end"] => ended = true,
                _ => odd = true,
            }
        }
        let masked = std::mem::take(&mut started.masked);
        started.units.retain(|unit| !masked.contains(unit));
        if odd || !ended {
            let category = FailureCategory::Incomplete;
            let detail = format!("capture {} is not whole", frame.id);
            started.problem = Some(Problem::new(category, detail));
        }
        started
    }

    /// Whether a timer runs it, or where no systemd is, a daily job.
    fn runs(&self, timer: &str, job: &str) -> bool {
        self.units.iter().any(|unit| unit == timer)
            || !self.systemd && self.jobs.iter().any(|have| have.starts_with(job))
    }
}
