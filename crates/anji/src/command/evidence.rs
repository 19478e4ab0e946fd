//! `anji evidence`: what was collected.

mod query;

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_app::{EvidenceFound, EvidenceQuery, EvidenceShown, SubjectOrEvidence};
use anji_model::{AbsPath, Readable};
use anji_report::{EvidenceItem, EvidenceView, Style, json, terminal};
use jiff::Timestamp;

/// How many elements of one list are shown where nobody asked for all.
pub(super) const ELEMENTS_SHOWN: usize = 100;

/// Show the evidence of a run
///
/// Without a type all records are listed; with one its typed value is shown,
/// and what is not known stands in its place. One word alone is an evidence
/// type where there is one of that name, else a host. Personal values (such as
/// the full names of accounts) are hidden unless asked for, and asking leaves
/// an entry in the audit log.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// Whose evidence: local, root:/path or a host's name; or the type
    #[arg(value_name = "HOST|TYPE")]
    host: Option<String>,
    /// An evidence type or key, for instance accounts or file.stat[/etc/shadow]
    #[arg(value_name = "TYPE")]
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
    /// Show the elements of lists in which this text stands as they are shown, in any case of letters
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Show every element of long lists
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: FormatArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Query(query::Args),
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if let Some(Action::Query(args)) = &args.action {
        return query::run(args, context);
    }
    let (host, key) = match (&args.host, &args.key) {
        (Some(word), None) => match anji_app::subject_or_evidence(&context.home, word)? {
            SubjectOrEvidence::Subject(subject) => (Some(subject), None),
            SubjectOrEvidence::Evidence(key) => (None, Some(key)),
        },
        (Some(host), key) => (Some(anji_app::subject_called(&context.home, host)?), key.clone()),
        (None, key) => (None, key.clone()),
    };
    if host.is_some() && args.root.is_some() {
        return Err(Failure::new(
            "对象和 --root 只能写一个",
            "a host and --root cannot both be named",
        )
        .with_exit(Exit::Usage));
    }
    if args.filter.is_some() && key.is_none() {
        return Err(Failure::new("--filter 需要写明证据类型", "--filter needs an evidence type")
            .with_help(
                "例如 anji evidence accounts --filter root",
                "for instance `anji evidence accounts --filter root`",
            )
            .with_exit(Exit::Usage));
    }
    if args.filter.is_some() && args.output.format == Format::Json {
        return Err(Failure::new(
            "--filter 只用于 table，json 总是完整的",
            "--filter is for the table; JSON is always whole",
        )
        .with_exit(Exit::Usage));
    }
    let query = EvidenceQuery {
        subject: match &args.root {
            Some(root) => Some(super::subject(Some(root))?),
            None => host,
        },
        run: args.run.as_deref().map(super::run_id).transpose()?,
        key,
        personal: args.personal,
    };
    let found = anji_app::evidence(&context.home, &context.actor, Timestamp::now(), &query)?;
    let view = view(found, args, &context.terminal.style());
    context.terminal.print(&match args.output.format {
        Format::Json => json::evidence(&view),
        Format::Table => terminal::evidence(&view, &context.terminal.style()),
    });
    Ok(Exit::Ok)
}

fn view(found: EvidenceFound, args: &Args, style: &Style) -> EvidenceView {
    let item = |shown: EvidenceShown| EvidenceItem {
        record: shown.record,
        title: shown.title,
        body: shown.body,
        value: shown.value.map(|value| filtered(value, args.filter.as_deref(), style)),
        pruned: shown.pruned,
        hidden: shown.hidden,
    };
    EvidenceView {
        run: found.run,
        subject_name: found.subject_name,
        items: found.shown.into_iter().map(item).collect(),
        elements_max: (!args.all).then_some(ELEMENTS_SHOWN),
    }
}

fn filtered(mut value: Readable, text: Option<&str>, style: &Style) -> Readable {
    if let Some(text) = text {
        terminal::keep_elements(&mut value, text, style);
    }
    value
}
