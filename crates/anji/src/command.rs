//! The commands, one file each: its arguments, the use case it calls, and how
//! the outcome is shown.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod content;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod evidence;
pub(crate) mod explain;
pub(crate) mod fix;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod output;
pub(crate) mod plan;
pub(crate) mod record;
pub(crate) mod register;
pub(crate) mod report;
pub(crate) mod runs;
pub(crate) mod verify;

use crate::exit::{Exit, Failure};
use anji_app::{AppError, Home};
use anji_model::{AbsPath, RunId, Subject};

/// A run id as typed.
fn run_id(text: &str) -> Result<RunId, Failure> {
    RunId::new(text).map_err(|_| {
        Failure::new(format!("“{text}”不是运行编号"), format!("`{text}` is not a run id"))
            .with_help("anji runs 列出已有的运行", "list the runs there are with `anji runs`")
            .with_exit(Exit::Usage)
    })
}

/// The subject that is named as people write it, else by `--root` or its lack.
fn named_subject(
    name: Option<&str>,
    root: Option<&AbsPath>,
    home: &Home,
) -> Result<Subject, Failure> {
    match name {
        Some(name) => Ok(anji_app::subject_called(home, name)?),
        None => subject(root),
    }
}

/// The subject that `--root` (or its lack) names.
fn subject(root: Option<&AbsPath>) -> Result<Subject, Failure> {
    let root = root.filter(|root| root.as_str() != "/");
    Ok(anji_app::local_subject(root).map_err(AppError::from)?)
}
