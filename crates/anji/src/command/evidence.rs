//! `anji evidence`: what was collected.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_app::EvidenceQuery;
use anji_model::AbsPath;
use anji_report::{EvidenceItem, EvidenceView, json, terminal};
use jiff::Timestamp;

/// Show the evidence of a run
///
/// Without a type all records are listed; with one its typed value is shown.
/// Personal values (such as the full names of accounts) are hidden unless
/// asked for, and asking leaves an entry in the audit log.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An evidence type or key, for instance accounts or file.stat[/etc/shadow]
    key: Option<String>,
    /// The run [default: the last of the subject]
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// The root file system that was checked, instead of this machine
    #[arg(long, value_name = "DIR", value_parser = super::plan::parse_root)]
    root: Option<AbsPath>,
    /// Show personal values too; leaves an audit entry
    #[arg(long)]
    personal: bool,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let query = EvidenceQuery {
        subject: super::subject(args.root.as_ref())?,
        run: args.run.as_deref().map(super::run_id).transpose()?,
        key: args.key.clone(),
        personal: args.personal,
    };
    let (run, shown) = anji_app::evidence(&context.home, &context.actor, Timestamp::now(), &query)?;
    let items = shown.into_iter().map(|shown| EvidenceItem {
        record: shown.record,
        body: shown.body,
        hidden: shown.hidden,
    });
    let view =
        EvidenceView { run, subject_name: query.subject.to_string(), items: items.collect() };
    context.terminal.print(&match args.output.format {
        Format::Json => json::evidence(&view),
        Format::Table => terminal::evidence(&view, &context.terminal.style()),
    });
    Ok(Exit::Ok)
}
