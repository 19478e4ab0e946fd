//! The content that a use case works with: the built-in packs, mappings and
//! baselines, with a folder of the user's laid over them.

mod overlay;

use anji_engine::{Content, ContentFile};
use anji_model::Diagnostic;
use overlay::{Overlay, UserFile};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Path (from the content folder) and text of every built-in file.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// Content that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// The content has problems; all of them.
    #[error("the content has {} problems", .0.len())]
    Invalid(Vec<Diagnostic>),
    /// The place cannot be read at all, or holds far too much.
    #[error("cannot read content `{}`", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A folder without any content in it: most likely the wrong one.
    #[error("no .yaml file in `{}`", .0.display())]
    Nothing(PathBuf),
}

/// Loads the built-in content, with `overlay` laid over it. A file of the
/// overlay replaces the built-in file of the same path from the content folder
/// (`packs/host-linux/ssh.yaml`); others are added.
///
/// # Errors
/// [`ContentError`], with every problem that the files have.
pub(crate) fn load(overlay: Option<&Path>) -> Result<Content, ContentError> {
    read(overlay)?.1.map_err(ContentError::Invalid)
}

/// How many files there are, and what they hold or every problem of theirs.
fn read(place: Option<&Path>) -> Result<(usize, Result<Content, Vec<Diagnostic>>), ContentError> {
    let Overlay { files: own, mut faults } = match place {
        Some(place) => Overlay::read(place)?,
        None => Overlay::default(),
    };
    let mut files: BTreeMap<&str, &str> = BUILT_IN.iter().copied().collect();
    files.extend(own.iter().map(|(path, file)| (path.as_str(), file.text.as_str())));
    let files: Vec<_> = files
        .into_iter()
        .map(|(path, text)| ContentFile { path: path.to_owned(), text: text.to_owned() })
        .collect();
    let count = files.len() + faults.len();
    let loaded = anji_engine::load(&files);
    faults.extend(own.values().filter_map(|file| file.fault.clone()));
    if faults.is_empty() {
        return Ok((count, loaded.map_err(|problems| placed(problems, &own, faults))));
    }
    Ok((count, Err(placed(loaded.err().unwrap_or_default(), &own, faults))))
}

/// All problems in the order of files and lines, each with the path that the
/// user can open; built-in files, which are on no disk, keep theirs.
fn placed(
    problems: Vec<Diagnostic>,
    own: &BTreeMap<String, UserFile>,
    mut all: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    for mut problem in problems {
        if let Some(file) = own.get(&problem.file) {
            if file.fault.is_some() {
                // Whatever else it seems to hold may be due to that.
                continue;
            }
            problem.file = file.at.display().to_string();
        }
        for text in [&mut problem.message.zh, &mut problem.message.en] {
            // The place of a name's first use: `packs/host-linux/ssh.yaml:3`.
            let first = own.iter().find(|(path, _)| text.contains(&format!("`{path}:")));
            if let Some((path, file)) = first {
                *text = text.replace(&format!("`{path}:"), &format!("`{}:", file.at.display()));
            }
        }
        all.push(problem);
    }
    all.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    all
}

/// What checking content came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintOutcome {
    /// How many files were read, the built-in ones included.
    pub files: usize,
    /// How many checks they hold; 0 when they could not be loaded.
    pub checks: usize,
    /// Every problem.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the built-in content with `place` (a content folder or one content
/// file) laid over it.
///
/// # Errors
/// When there is nothing at `place`; problems in the content, and files that
/// cannot be read, are the outcome.
pub fn lint(place: Option<&Path>) -> Result<LintOutcome, ContentError> {
    let (files, loaded) = read(place)?;
    let (checks, diagnostics) = match loaded {
        Ok(content) => (content.checks().len(), Vec::new()),
        Err(diagnostics) => (0, diagnostics),
    };
    Ok(LintOutcome { files, checks, diagnostics })
}
