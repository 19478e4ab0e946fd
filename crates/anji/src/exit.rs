//! Exit codes, and the errors that lead to them.

use anji_model::Text;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Ran, and the threshold holds.
    Ok = 0,
    /// Could not run.
    Failed = 1,
    /// The threshold is broken, or differences or problems were found.
    Threshold = 2,
    /// Wrong usage.
    Usage = 64,
    /// Content or configuration is at fault.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A failure that ends the command: what went wrong, what to do, and the code.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The code to end with.
    pub(crate) exit: Exit,
    /// What went wrong, with its causes.
    pub(crate) message: Text,
    /// What to do about it.
    pub(crate) help: Option<Text>,
}

impl Failure {
    /// A failure with code 1.
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: Text { zh: zh.into(), en: en.into() }, help: None }
    }

    /// The same with another code.
    pub(crate) fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The same with advice.
    pub(crate) fn with_help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Text { zh: zh.into(), en: en.into() });
        self
    }
}
