//! `anji runs`: the stored runs.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_report::{json, terminal};

/// List the stored runs, newest first
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// At most so many
    #[arg(long, short = 'n', default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let runs = anji_app::runs(&context.home, limit)?;
    context.terminal.print(&match args.output.format {
        Format::Json => json::runs(&runs),
        Format::Table => terminal::runs(&runs, &context.terminal.style()),
    });
    Ok(Exit::Ok)
}
