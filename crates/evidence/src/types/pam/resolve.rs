//! From files to stacks: which rules libpam runs for a service.

use super::super::dump::{Dump, DumpedFile, Found};
use super::control::Control;
use super::line::{logical_lines, words};
use super::walk::{Handler, HandlerKind};
use crate::escape::escape_bounded;
use crate::problem::Problem;
use anji_model::FailureCategory;
use std::collections::{BTreeMap, BTreeSet};

/// The four kinds of stacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Auth,
    Account,
    Password,
    Session,
}

const KINDS: [(&str, Kind); 4] = [
    ("auth", Kind::Auth),
    ("account", Kind::Account),
    ("password", Kind::Password),
    ("session", Kind::Session),
];

/// Where libpam looks for a service, in this order.
pub(super) const FOLDERS: [&str; 3] = ["/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d"];

/// libpam's own limit of files within files.
const DEPTH_MAX: usize = 16;
/// More rules than an honest service has.
const RULES_MAX: usize = 500;

/// A rule with the file that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) handler: Handler,
    /// Whether its module is there; nothing for what is no module, or not known.
    pub(super) installed: Option<bool>,
    pub(super) file: Vec<u8>,
}

/// The rules of each kind, in the order of [`KINDS`].
pub(super) type Stacks = [Vec<Rule>; 4];

/// Why there are no stacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// libpam refuses the service.
    Refused,
    /// It cannot be known.
    Unknown(Problem),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Unknown(problem)
    }
}

/// What a name leads to.
pub(super) enum Opened<'l> {
    File(&'l [u8], &'l [&'l [u8]]),
    Missing,
    Unknown(Problem),
}

/// What stacks are made of.
pub(super) trait Library {
    /// The file of a service or an include.
    fn open(&self, name: &[u8]) -> Opened<'_>;
    /// Whether the file of a module is there; nothing where that is not known.
    fn installed(&self, path: &[u8]) -> Option<bool>;
    /// Whether `@include` is understood.
    fn debian(&self) -> bool;
}

/// The files of a dump.
pub(super) struct Files<'d, 'f> {
    pub(super) dump: &'d Dump<'f>,
    pub(super) modules: Result<BTreeSet<Vec<u8>>, Problem>,
    pub(super) debian: bool,
}

impl Files<'_, '_> {
    fn at(&self, path: &str) -> Opened<'_> {
        match self.dump.file(path) {
            Found::File(DumpedFile { problem: Some(problem), .. }) => {
                Opened::Unknown(problem.clone())
            }
            Found::File(file) => Opened::File(&file.path, &file.lines),
            Found::Absent => Opened::Missing,
            Found::Failed(problem) => Opened::Unknown(problem),
        }
    }
}

impl Library for Files<'_, '_> {
    fn open(&self, name: &[u8]) -> Opened<'_> {
        let elsewhere = || {
            let detail = format!("{}: a file that is not read", escape_bounded(name, 200));
            Opened::Unknown(Problem::new(FailureCategory::Unsupported, detail))
        };
        let Ok(text) = std::str::from_utf8(name) else { return elsewhere() };
        let (folders, file): (&[&str], &str) = match text.rsplit_once('/') {
            None => (&FOLDERS, text),
            Some((folder, file)) => match FOLDERS.iter().position(|known| *known == folder) {
                Some(at) => (&FOLDERS[at..=at], file),
                None => return elsewhere(),
            },
        };
        if file.is_empty() || file.starts_with('.') {
            return elsewhere();
        }
        for folder in folders {
            if self.dump.lacks(&format!("{folder}/*"), &format!("{folder}/{file}")) {
                continue;
            }
            match self.at(&format!("{folder}/{file}")) {
                Opened::Missing => {}
                found => return found,
            }
        }
        Opened::Missing
    }

    fn installed(&self, path: &[u8]) -> Option<bool> {
        let usual = ["/lib", "/usr/lib"].iter().any(|folder| path.starts_with(folder.as_bytes()));
        if path.starts_with(b"/") && !usual {
            return None;
        }
        let file = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
        self.modules.as_ref().ok().map(|modules| modules.contains(file))
    }

    fn debian(&self) -> bool {
        self.debian
    }
}

/// The stacks of a service, with what it lacks taken from `other`.
pub(super) fn service(library: &dyn Library, name: &[u8]) -> Result<Stacks, Trouble> {
    let own = file_stacks(library, name)?;
    let other =
        if name.eq_ignore_ascii_case(b"other") { None } else { file_stacks(library, b"other")? };
    let (own, mut other) = (own.unwrap_or_default(), other.unwrap_or_default());
    let mut at = 0;
    Ok(own.map(|stack| {
        at += 1;
        if stack.is_empty() { std::mem::take(&mut other[at - 1]) } else { stack }
    }))
}

fn file_stacks(library: &dyn Library, name: &[u8]) -> Result<Option<Stacks>, Trouble> {
    match library.open(name) {
        Opened::Missing => Ok(None),
        Opened::Unknown(problem) => Err(problem.into()),
        Opened::File(path, lines) => {
            let mut reader = Reader { library, stacks: Stacks::default(), count: 0 };
            reader.file(path, lines, Place { only: None, depth: 0, level: 0 }, None)?;
            Ok(Some(reader.stacks))
        }
    }
}

/// The services of the one file `pam.conf`, which counts where no folder is.
pub(super) fn single_file(
    library: &dyn Library,
    path: &[u8],
    lines: &[&[u8]],
) -> Result<BTreeMap<Vec<u8>, Stacks>, Trouble> {
    let names: BTreeSet<Vec<u8>> = logical_lines(lines)
        .lines
        .iter()
        .filter_map(|line| words(&line.text).next())
        .map(|name| name.to_ascii_lowercase())
        .collect();
    let of = |name: &[u8]| {
        let mut reader = Reader { library, stacks: Stacks::default(), count: 0 };
        reader.file(path, lines, Place { only: None, depth: 0, level: 0 }, Some(name))?;
        Ok::<_, Trouble>(reader.stacks)
    };
    let other = of(b"other")?;
    let mut services = BTreeMap::new();
    for name in names.into_iter().take(256) {
        let mut stacks = of(&name)?;
        for (own, other) in stacks.iter_mut().zip(&other) {
            if own.is_empty() {
                own.clone_from(other);
            }
        }
        services.insert(name, stacks);
    }
    Ok(services)
}

/// Where a file is read from.
#[derive(Clone, Copy)]
struct Place {
    /// The one kind that is wanted of it.
    only: Option<Kind>,
    /// In how many files it stands.
    depth: usize,
    /// In how many substacks.
    level: usize,
}

struct Reader<'l> {
    library: &'l dyn Library,
    stacks: Stacks,
    count: usize,
}

impl Reader<'_> {
    /// Reads the lines of a file; those of `service` alone where lines name one.
    fn file(
        &mut self,
        path: &[u8],
        lines: &[&[u8]],
        place: Place,
        service: Option<&[u8]>,
    ) -> Result<(), Trouble> {
        let read = logical_lines(lines);
        for line in &read.lines {
            if line.doubtful {
                let detail = format!(
                    "{}: a line that versions of libpam read differently",
                    escape_bounded(path, 200)
                );
                return Err(Problem::new(FailureCategory::Unsupported, detail).into());
            }
            let mut words = words(&line.text);
            if let Some(service) = service {
                let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(service));
                if !named {
                    continue;
                }
            }
            self.line(path, words, place)?;
        }
        if read.broken { Err(Trouble::Refused) } else { Ok(()) }
    }

    fn line(
        &mut self,
        path: &[u8],
        mut words: impl Iterator<Item = Vec<u8>>,
        place: Place,
    ) -> Result<(), Trouble> {
        let word = words.next().unwrap_or_default();
        let name = word.strip_prefix(b"-").unwrap_or(&word);
        if self.library.debian() && name.eq_ignore_ascii_case(b"@include") {
            return self.include(path, words.next(), place, false);
        }
        let known = KINDS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()));
        // A word that is no kind makes a rule that fails.
        let mut kind = HandlerKind::MustFail;
        let stack = match known {
            Some((_, known)) => {
                kind = HandlerKind::Module;
                *known
            }
            None => place.only.unwrap_or(Kind::Auth),
        };
        if place.only.is_some_and(|only| only != stack) {
            return Ok(());
        }
        let control = words.next();
        for (word, substack) in [("include", false), ("substack", true)] {
            if control.as_ref().is_some_and(|c| c.eq_ignore_ascii_case(word.as_bytes())) {
                let place = Place { only: Some(stack), ..place };
                return self.include(path, words.next(), place, substack);
            }
        }
        if control.is_none() {
            kind = HandlerKind::MustFail;
        }
        let module = words.next();
        if module.is_none() {
            kind = HandlerKind::MustFail;
        }
        let module = module.unwrap_or_default();
        let name = module_name(&module);
        let mut installed = None;
        if kind == HandlerKind::Module {
            installed = self.library.installed(&module);
            if installed == Some(false) {
                kind = HandlerKind::Missing;
            }
        }
        let handler = Handler {
            kind,
            level: place.level,
            control: control.map_or(Control::BAD, |word| Control::parse(&word)),
            module: name,
            arguments: words.collect(),
        };
        self.add(stack, handler, installed, path)
    }

    /// Puts another file's rules here.
    fn include(
        &mut self,
        path: &[u8],
        name: Option<Vec<u8>>,
        place: Place,
        substack: bool,
    ) -> Result<(), Trouble> {
        let head = |kind| Handler {
            kind,
            level: place.level,
            control: Control::BAD,
            module: Vec::new(),
            arguments: Vec::new(),
        };
        if let (true, Some(stack)) = (substack, place.only) {
            let module = name.clone().unwrap_or_default();
            self.add(stack, Handler { module, ..head(HandlerKind::Substack) }, None, path)?;
        }
        let inner = Place {
            depth: place.depth + 1,
            level: place.level + usize::from(substack),
            only: place.only,
        };
        let library = self.library;
        let read = match name {
            Some(name) if inner.depth < DEPTH_MAX => match library.open(&name) {
                Opened::Unknown(problem) => return Err(problem.into()),
                Opened::Missing => Err(Trouble::Refused),
                Opened::File(path, lines) => self.file(path, lines, inner, None),
            },
            _ => Err(Trouble::Refused),
        };
        match (read, place.only) {
            // A rule that fails stands for a file of one kind that is not had.
            (Err(Trouble::Refused), Some(stack)) => {
                self.add(stack, head(HandlerKind::MustFail), None, path)
            }
            (read, _) => read,
        }
    }

    fn add(
        &mut self,
        stack: Kind,
        handler: Handler,
        installed: Option<bool>,
        path: &[u8],
    ) -> Result<(), Trouble> {
        self.count += 1;
        if self.count > RULES_MAX {
            let detail = "more rules than a service can have";
            return Err(Problem::new(FailureCategory::Truncated, detail).into());
        }
        let at = KINDS.iter().position(|(_, kind)| *kind == stack).unwrap_or_default();
        self.stacks[at].push(Rule { handler, installed, file: path.to_vec() });
        Ok(())
    }
}

/// A module's name, as libpam itself cuts it out of its path.
fn module_name(path: &[u8]) -> Vec<u8> {
    let name = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
    let dot = name.iter().rposition(|&b| b == b'.').unwrap_or(name.len());
    name[..dot].to_vec()
}
