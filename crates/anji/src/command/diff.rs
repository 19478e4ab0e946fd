//! `anji diff`: what changed between two runs.

use crate::Context;
use crate::exit::{Exit, Failure};
use anji_report::{DiffView, html, json, terminal};
use std::path::PathBuf;

/// Show what changed between two runs
///
/// Without arguments the last run is compared with the last comparable results
/// before it. Ends with 0 when nothing changed and with 2 when something did.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The earlier run (see `anji runs`)
    before: Option<String>,
    /// The later run [default: the last]
    after: Option<String>,
    /// Form of the output: for people, for programs, or as one page for a browser
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    format: Format,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One page that needs nothing else, for a browser and the printer
    Html,
    /// For programs; the schema is published with the product
    Json,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let before = args.before.as_deref().map(super::run_id).transpose()?;
    let after = args.after.as_deref().map(super::run_id).transpose()?;
    let found = anji_app::diff(&context.home, before.as_ref(), after.as_ref())?;
    let changed = !found.comparison.drift.is_empty();
    let view = DiffView {
        subject_name: found.subject_name,
        before: found.before,
        after: found.after,
        drift: found.comparison.drift,
        compared: found.comparison.compared,
        checks: found.checks,
    };
    let output = args.output.as_deref();
    let mut style = context.terminal.style();
    style.color &= super::output::is_standard(output);
    let text = match args.format {
        Format::Json => json::diff(&view),
        Format::Html => html::diff(&view, &style),
        Format::Table => terminal::diff(&view, &style),
    };
    super::output::write(output, text.as_bytes(), context)?;
    Ok(if changed { Exit::Threshold } else { Exit::Ok })
}
