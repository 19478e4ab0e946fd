//! `anji audit`: who changed what.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_report::{json, terminal};

/// Show the audit log, newest first
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// At most so many
    #[arg(long, short = 'n', default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let entries = anji_app::audit_log(&context.home, args.limit)?;
    context.terminal.print(&match args.output.format {
        Format::Json => json::audit(&entries),
        Format::Table => terminal::audit(&entries, &context.terminal.style()),
    });
    Ok(Exit::Ok)
}
