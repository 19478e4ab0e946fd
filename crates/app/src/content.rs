//! The content that a use case works with: the built-in packs, mappings and
//! baselines, with a folder of the user's laid over them.

use anji_engine::{Content, ContentFile};
use anji_model::Diagnostic;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Path (from the content folder) and text of every built-in file.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// Larger content files are refused: a pack is text that people read.
const FILE_BYTES_MAX: u64 = 4 << 20;
/// More files than this are a wrong folder, not content.
const FILES_MAX: usize = 10_000;

/// Content that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// The content has problems; all of them.
    #[error("the content has {} problems", .0.len())]
    Invalid(Vec<Diagnostic>),
    /// A file or folder cannot be read.
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
    anji_engine::load(&files(overlay)?).map_err(ContentError::Invalid)
}

fn files(overlay: Option<&Path>) -> Result<Vec<ContentFile>, ContentError> {
    let mut files: BTreeMap<String, String> =
        BUILT_IN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    if let Some(folder) = overlay {
        files.extend(read_overlay(folder)?);
    }
    Ok(files.into_iter().map(|(path, text)| ContentFile { path, text }).collect())
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

/// Checks the built-in content with `place` (a content folder or one pack
/// file) laid over it.
///
/// # Errors
/// When a file cannot be read; problems in the content are the outcome.
pub fn lint(place: Option<&Path>) -> Result<LintOutcome, ContentError> {
    let files = files(place)?;
    let (checks, diagnostics) = match anji_engine::load(&files) {
        Ok(content) => (content.checks().len(), Vec::new()),
        Err(diagnostics) => (0, diagnostics),
    };
    Ok(LintOutcome { files: files.len(), checks, diagnostics })
}

/// Reads a content folder, or one file, which counts as a pack of its own.
fn read_overlay(place: &Path) -> Result<BTreeMap<String, String>, ContentError> {
    let unreadable = |source| ContentError::Unreadable { path: place.to_owned(), source };
    let mut files = BTreeMap::new();
    if fs::metadata(place).map_err(unreadable)?.is_dir() {
        read_folder(place, place, &mut files)?;
    } else {
        let stem = place.file_stem().unwrap_or(place.as_os_str()).to_string_lossy();
        files.insert(format!("packs/{stem}/{stem}.yaml"), read_text(place)?);
    }
    if files.is_empty() {
        return Err(ContentError::Nothing(place.to_owned()));
    }
    Ok(files)
}

fn read_folder(
    root: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, String>,
) -> Result<(), ContentError> {
    let unreadable = |source| ContentError::Unreadable { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        // A link could lead back up; content has no need of links.
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            read_folder(root, &path, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|end| end == "yaml") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.insert(name, read_text(&path)?);
        }
        if files.len() > FILES_MAX {
            return Err(unreadable(std::io::Error::other("more than 10,000 content files")));
        }
    }
    Ok(())
}

fn read_text(path: &Path) -> Result<String, ContentError> {
    let unreadable = |source| ContentError::Unreadable { path: path.to_owned(), source };
    let mut text = String::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(unreadable(std::io::Error::other("the file is larger than 4 MiB")));
    }
    Ok(text)
}
