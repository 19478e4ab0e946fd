//! `anji explain`: what a check means, and what it saw.

use crate::Context;
use crate::exit::{Exit, Failure};
use anji_app::{Explained, Interval};
use anji_model::AbsPath;
use anji_report::{ExplainView, ExplainedResult, HistoryView, ParamView, json, markdown, terminal};

/// Explain a check: what, why, how it is decided, what was seen, how to repair
///
/// With --format markdown its page of documentation is printed instead, which
/// says nothing of this machine.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The check's id or alias, for instance LNX-001
    check: String,
    /// About whom: local, root:/path, or a host's name [default: this machine]
    subject: Option<String>,
    /// The root file system that was checked, instead of this machine
    #[arg(long, value_name = "DIR", value_parser = super::plan::parse_root, conflicts_with = "subject")]
    root: Option<AbsPath>,
    /// Form of the output: for people, for programs, or as a page of documentation
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    format: Format,
}

/// The forms of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs; the schema is published with the product
    Json,
    /// The check's page of documentation
    Markdown,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let explained = || -> Result<ExplainView, Failure> {
        let subject =
            super::named_subject(args.subject.as_deref(), args.root.as_ref(), &context.home)?;
        Ok(view(anji_app::explain(&context.home, &subject, &args.check)?))
    };
    context.terminal.print(&match args.format {
        Format::Json => json::explain(&explained()?),
        Format::Table => terminal::explain(&explained()?, &context.terminal.style()),
        Format::Markdown => {
            let page = anji_app::check_page(&context.home, &args.check)?;
            markdown::check_page(&page, context.terminal.lang)
        }
    });
    Ok(Exit::Ok)
}

fn view(explained: Explained) -> ExplainView {
    let text = |value| serde_json::to_string(value).unwrap_or_default();
    let params = explained.params.iter().map(|param| ParamView {
        name: param.name.clone(),
        value: text(&param.value),
        overrides: param.default.as_ref().map(text),
    });
    let results = explained.results.into_iter().map(|(latest, history)| ExplainedResult {
        run: Some(latest.summary.run),
        as_of: latest.summary.as_of,
        subject_name: explained.subject_name.clone(),
        result: latest.summary.result,
        history: history.into_iter().map(stretch).collect(),
    });
    ExplainView {
        params: params.collect(),
        results: results.collect(),
        check: explained.check,
        evidence: explained.evidence,
    }
}

pub(super) fn stretch(interval: Interval) -> HistoryView {
    HistoryView {
        run: interval.first_run,
        since: interval.first_as_of,
        last_run: interval.last_run,
        until: interval.last_as_of,
        privilege: interval.privilege,
        raw: interval.result.raw,
        failed_terms_total: interval.result.failed_terms_total,
    }
}
