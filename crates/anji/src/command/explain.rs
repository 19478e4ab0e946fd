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
    /// The root file system that was checked, instead of this machine
    #[arg(long, value_name = "DIR", value_parser = super::plan::parse_root)]
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
        let subject = super::subject(args.root.as_ref())?;
        let explained = anji_app::explain(&context.home, &subject, &args.check)?;
        Ok(view(explained, &subject.to_string()))
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

fn view(explained: Explained, subject_name: &str) -> ExplainView {
    let text = |value| serde_json::to_string(value).unwrap_or_default();
    let params = explained.params.iter().map(|param| ParamView {
        name: param.name.clone(),
        value: text(&param.value),
        overrides: param.default.as_ref().map(text),
    });
    let results = explained.results.into_iter().map(|(latest, history)| ExplainedResult {
        run: Some(latest.summary.run),
        as_of: latest.summary.as_of,
        subject_name: subject_name.to_owned(),
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
        raw: interval.result.raw,
        failed_terms_total: interval.result.failed_terms_total,
    }
}
