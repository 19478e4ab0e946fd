//! The parser: projected tables and names to the body.

use super::super::dump::{Dump, DumpedFile, Facts, Found};
use super::super::file_stat::Mode;
use super::super::{decimal, whole_lines};
use super::{Body, CronFile, Job, SCRIPTS, TABLES, script};
use crate::body::canonical_list;
use crate::escape::{escape, escape_bounded, unescape};
use crate::frame::{Frame, Frames};
use crate::kind::Parsed;
use crate::problem::{Problem, arrived, whole};
use anji_model::{FailureCategory, Gap};

/// What is found while reading.
#[derive(Default)]
struct Reader {
    jobs: Vec<Job>,
    files: Vec<CronFile>,
    variables: Vec<String>,
    malformed: Vec<String>,
    gaps: Vec<Gap>,
}

pub(super) fn read(frames: &Frames) -> Result<Parsed, Problem> {
    let dump = Dump::read(arrived(frames, TABLES)?)?;
    let mut reader = Reader::default();
    let (mut allow, mut deny) = (None, None);
    for (pattern, kind) in script::TABLES {
        match kind {
            "allow" => allow = reader.accounts(&dump, pattern, kind)?,
            "deny" => deny = reader.accounts(&dump, pattern, kind)?,
            _ if pattern.ends_with('*') => {
                let (files, problems) = dump.matching(pattern);
                for file in files {
                    reader.table(file, kind)?;
                }
                problems.iter().for_each(|problem| reader.lacks_table(problem));
            }
            _ => match dump.file(pattern) {
                Found::File(file) => reader.table(file, kind)?,
                Found::Absent => {}
                Found::Failed(problem) => reader.lacks_table(&problem),
            },
        }
    }
    match whole(frames, SCRIPTS).and_then(|frame| reader.scripts(frame)) {
        Ok(()) => {}
        Err(problem) => reader.gaps.push(problem.partial("files")),
    }
    if reader.files.iter().any(|file| file.mode.is_none()) {
        let detail = "mode and owner of a file were not told";
        let problem = Problem::new(FailureCategory::Incomplete, detail);
        for field in ["mode", "uid", "gid"] {
            reader.gaps.push(problem.unknown(&format!("files[].{field}")));
        }
    }
    let body = Body {
        jobs: canonical_list(reader.jobs),
        files: canonical_list(reader.files),
        allow,
        deny,
        variables: canonical_list(reader.variables),
        malformed: canonical_list(reader.malformed),
    };
    Ok(Parsed::collected(&body, reader.gaps))
}

fn another_form(id: &str) -> Problem {
    Problem::new(FailureCategory::Unparsable, format!("capture {id} has a line of another form"))
}

impl Reader {
    fn lacks_table(&mut self, problem: &Problem) {
        self.gaps.push(problem.partial("files"));
        self.lacks_lines(problem);
    }

    fn lacks_lines(&mut self, problem: &Problem) {
        for list in ["jobs", "variables", "malformed"] {
            self.gaps.push(problem.partial(list));
        }
    }

    fn file(&mut self, path: String, kind: &str, facts: Option<Facts>) {
        self.files.push(CronFile {
            path,
            kind: kind.to_owned(),
            mode: facts.map(|facts| format!("{:04o}", facts.mode)),
            uid: facts.map(|facts| facts.uid),
            gid: facts.map(|facts| facts.gid),
        });
    }

    fn table(&mut self, file: &DumpedFile<'_>, kind: &str) -> Result<(), Problem> {
        let path = escape(&file.path);
        let owner = file.path.rsplit(|&b| b == b'/').next().unwrap_or_default();
        for (at, line) in file.lines.iter().enumerate() {
            let words: Vec<&[u8]> = line.split(|&b| b == b'\t').collect();
            match words.as_slice() {
                [b""] | [b"#"] => {}
                [b"!"] => self.malformed.push(format!("{path}:{}", at + 1)),
                [b"E", name] => self.variables.push(format!("{path} {}", escape(name))),
                [b"J", schedule, user, program] => {
                    let user = if kind == "user" { owner } else { user };
                    self.job(&path, user, schedule, program);
                }
                _ => return Err(another_form(TABLES)),
            }
        }
        if let Some(problem) = &file.problem {
            self.lacks_lines(problem);
        }
        self.file(path, kind, file.facts);
        Ok(())
    }

    fn job(&mut self, path: &str, user: &[u8], schedule: &[u8], program: &[u8]) {
        let (user, schedule) = (escape_bounded(user, 256), escape_bounded(schedule, 400));
        let program = (!program.is_empty()).then(|| escape_bounded(program, 4096));
        if program.is_none() {
            let detail = "the program of a job takes more than splitting words to tell";
            let problem = Problem::new(FailureCategory::Unsupported, detail);
            self.gaps.push(problem.unknown("jobs[].program"));
        }
        let shown = program.as_deref().unwrap_or("?");
        self.jobs.push(Job {
            entry: format!("{path} {user} {schedule} {shown}"),
            file: path.to_owned(),
            user,
            schedule,
            program,
        });
    }

    /// The accounts of a list; none where there is no such file.
    fn accounts(
        &mut self,
        dump: &Dump<'_>,
        path: &str,
        kind: &str,
    ) -> Result<Option<Vec<String>>, Problem> {
        let file = match dump.file(path) {
            Found::File(file) => file,
            Found::Absent => return Ok(None),
            Found::Failed(problem) => {
                self.gaps.push(problem.unknown(kind));
                self.gaps.push(problem.partial("files"));
                return Ok(None);
            }
        };
        let mut names = Vec::new();
        for (at, line) in file.lines.iter().enumerate() {
            match line.split(|&b| b == b'\t').collect::<Vec<_>>().as_slice() {
                [b""] | [b"#"] => {}
                [b"!"] => self.malformed.push(format!("{path}:{}", at + 1)),
                [b"N", name] => names.push(escape(name)),
                _ => return Err(another_form(TABLES)),
            }
        }
        if let Some(problem) = &file.problem {
            self.gaps.push(problem.partial(kind));
            self.gaps.push(problem.partial("malformed"));
        }
        self.file(path.to_owned(), kind, file.facts);
        Ok(Some(canonical_list(names)))
    }

    fn scripts(&mut self, frame: &Frame) -> Result<(), Problem> {
        let mut ended = false;
        for line in whole_lines(frame) {
            if ended {
                return Err(another_form(SCRIPTS));
            }
            let word = line.split(|&b| b == b' ').next().unwrap_or_default();
            let rest = line.get(word.len() + 1..).unwrap_or_default();
            match word {
                b"f" => {
                    self.script(rest).ok_or_else(|| another_form(SCRIPTS))?;
                }
                b"closed" => {
                    let detail = format!("{}: permission denied", escape_bounded(rest, 200));
                    let problem = Problem::new(FailureCategory::Permission, detail);
                    self.gaps.push(problem.partial("files"));
                }
                b"more" => {
                    let detail = "more scripts, or such of odd names, than are told";
                    let problem = Problem::new(FailureCategory::Truncated, detail);
                    self.gaps.push(problem.partial("files"));
                }
                b"end" => ended = true,
                _ => return Err(another_form(SCRIPTS)),
            }
        }
        if ended { Ok(()) } else { Err(another_form(SCRIPTS)) }
    }

    fn script(&mut self, rest: &[u8]) -> Option<()> {
        let words: Vec<&[u8]> = rest.splitn(5, |&b| b == b' ').collect();
        let [mode, uid, gid, kind, path] = words.as_slice() else { return None };
        let facts = match *mode {
            b"-" => None,
            mode => {
                let mode = Mode::parse(mode)?.bits;
                Some(Facts { mode, uid: decimal(uid)?, gid: decimal(gid)? })
            }
        };
        let kind = match *kind {
            b"folder" => "folder",
            b"hourly" => "hourly",
            b"daily" => "daily",
            b"weekly" => "weekly",
            b"monthly" => "monthly",
            _ => return None,
        };
        self.file(escape(&unescape(path)?), kind, facts);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &[u8] = b"//- absent /etc/crontab\n//- absent /etc/cron.d/*\n\
        //- absent /var/spool/cron/*\n//- absent /var/spool/cron/crontabs/*\n\
        //- absent /var/spool/cron/tabs/*\n//- absent /etc/anacrontab\n\
        //- absent /etc/cron.allow\n//- absent /etc/cron.deny\n";

    fn of(tables: &[u8], scripts: &[u8]) -> Result<Parsed, Problem> {
        let frame = |id: &str, data: &[u8]| Frame {
            data: data.to_vec(),
            exit: Some(0),
            ..Frame::empty(id)
        };
        read(&[frame(TABLES, tables), frame(SCRIPTS, scripts)].into_iter().collect())
    }

    #[test]
    fn a_system_without_cron_has_no_jobs() {
        let parsed = of(NONE, b"end\n").unwrap();
        assert_eq!(parsed.gaps, []);
        let body = String::from_utf8(parsed.body.unwrap()).unwrap();
        assert!(body.contains("\"jobs\":[]") && body.contains("\"allow\":null"), "{body}");
    }

    #[test]
    fn closed_spools_are_gaps() {
        let text = String::from_utf8(NONE.to_vec()).unwrap();
        let text = text.replace("absent /var/spool/cron/*", "denied /var/spool/cron/*");
        let parsed = of(text.as_bytes(), b"closed /var/spool/cron\nend\n").unwrap();
        let paths: Vec<_> = parsed.gaps.iter().map(|gap| gap.path.as_str()).collect();
        assert_eq!(paths, ["files", "files", "jobs", "malformed", "variables"]);
        assert!(parsed.gaps.iter().all(|gap| gap.category == FailureCategory::Permission));
    }

    #[test]
    fn lines_of_other_forms_are_refused() {
        for bad in ["J\t* * * * *\troot", "X", "N\troot", "* * * * * root /bin/x"] {
            let text = format!("//F 81a4 0 0 9 /etc/crontab\n {bad}\n//E 0\n");
            assert!(of(&[text.as_bytes(), &NONE[24..]].concat(), b"end\n").is_err(), "{bad}");
        }
        for bad in [&b"f 81a4 0 0 other /x\nend\n"[..], b"f 81a4\nend\n", b"", b"x\nend\n"] {
            let parsed = of(NONE, bad).unwrap();
            assert!(parsed.gaps.iter().any(|gap| gap.path == "files"), "{bad:?}");
        }
    }
}
