//! `anji lint`: content checked as a compiler checks code.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_report::{LintView, json, terminal};
use std::path::PathBuf;

/// Check packs, mappings and baselines, and mark every problem
///
/// CONTENT is a content folder (with packs/, mappings/, baselines/) laid over
/// the built-in content, or one file: packs/X/Y.yaml, mappings/Y.yaml or
/// baselines/Y.yaml takes the place of the built-in file of that path, any other
/// is a pack of its own. Without it the built-in content is checked, or what
/// --content names. Ends with 78 when there are problems.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A content folder or one content file
    #[arg(value_name = "CONTENT")]
    place: Option<PathBuf>,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if args.place.is_some() && context.home.content.is_some() {
        return Err(Failure::new(
            "CONTENT 与 --content 只能给出一个",
            "CONTENT and --content cannot be given together",
        )
        .with_help("请把两者放进同一个目录", "put both into one folder")
        .with_exit(Exit::Usage));
    }
    let place = args.place.as_deref().or(context.home.content.as_deref());
    let outcome = anji_app::lint(place)?;
    let clean = outcome.diagnostics.is_empty();
    let view = LintView {
        files: outcome.files as u64,
        checks: outcome.checks as u64,
        diagnostics: outcome.diagnostics,
    };
    context.terminal.print(&match args.output.format {
        Format::Json => json::lint(&view),
        Format::Table => terminal::lint(&view, &context.terminal.style()),
    });
    Ok(if clean { Exit::Ok } else { Exit::Config })
}
