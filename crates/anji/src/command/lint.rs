//! `anji lint`: content checked as a compiler checks code.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::Format;
use anji_report::{LintView, json, terminal};
use std::path::PathBuf;

/// Check packs, mappings and baselines, and mark every problem
///
/// CONTENT is a content folder (with packs/, mappings/, baselines/) laid over
/// the built-in content, or one pack file; without it the built-in content is
/// checked. Ends with 78 when there are problems.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A content folder or a pack file
    #[arg(value_name = "CONTENT")]
    place: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let place = args.place.as_deref().or(context.home.content.as_deref());
    let outcome = anji_app::lint(place)?;
    let clean = outcome.diagnostics.is_empty();
    let view = LintView {
        files: outcome.files as u64,
        checks: outcome.checks as u64,
        diagnostics: outcome.diagnostics,
    };
    context.terminal.print(&match context.terminal.format {
        Format::Json => json::lint(&view),
        Format::Table => terminal::lint(&view, &context.terminal.style()),
    });
    Ok(if clean { Exit::Ok } else { Exit::Config })
}
