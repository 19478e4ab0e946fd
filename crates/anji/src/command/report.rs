//! `anji report`: a stored run as a document.

use crate::Context;
use crate::exit::{Exit, Failure};
use anji_app::{Interval, Report};
use anji_report::{HistoryView, ReportView, Style, TrendView, docx, json, terminal, xlsx};
use clap::ValueEnum;
use jiff::Timestamp;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Make a document of a stored run: for people, for programs, for the file
///
/// Without a run it is the last one. The form follows the ending of the output
/// file (such as .html), or --format. A file that is there already is
/// replaced once the new one is whole.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run (see `anji runs`) [default: the last]
    run: Option<String>,
    /// Form of the document [default: by the output file's ending, else table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write it to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For the terminal, as `anji check` shows it
    Table,
    /// For programs; the schema is published with the product
    Json,
    /// A report to print and sign, with contents, findings, evidence and signatures
    Docx,
    /// A spreadsheet: what to put right with columns to fill in, changes, all results
    Xlsx,
}

impl Format {
    /// Endings of file names, longest first where one is part of another.
    const ENDINGS: [(&str, Self); 4] = [
        (".docx", Self::Docx),
        (".json", Self::Json),
        (".txt", Self::Table),
        (".xlsx", Self::Xlsx),
    ];

    /// The form that a file's name asks for.
    fn of(file: &Path) -> Option<Self> {
        let name = file.file_name()?.to_str()?.to_ascii_lowercase();
        Self::ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, form)| *form)
    }

    /// Whether it is bytes that no terminal shows.
    fn is_binary(self) -> bool {
        match self {
            Self::Table | Self::Json => false,
            Self::Docx | Self::Xlsx => true,
        }
    }

    fn render(self, view: &ReportView, style: &Style) -> Vec<u8> {
        match self {
            Self::Table => terminal::run(&view.report, style).into_bytes(),
            Self::Json => json::run(&view.report).into_bytes(),
            Self::Docx => docx::run(view, style),
            Self::Xlsx => xlsx::run(view, style),
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let format = match (args.format, &args.output) {
        (Some(format), _) => format,
        (None, Some(file)) => Format::of(file).ok_or_else(|| unknown_ending(file))?,
        (None, None) => Format::Table,
    };
    if args.output.is_none() && format.is_binary() && std::io::stdout().is_terminal() {
        return Err(Failure::new("这种格式不能显示在终端上", "a terminal cannot show this form")
            .with_help("用 --output 写入文件", "write it to a file with --output")
            .with_exit(Exit::Usage));
    }
    let run = args.run.as_deref().map(super::run_id).transpose()?;
    let view = view(anji_app::report(&context.home, run.as_ref())?, Timestamp::now());
    let mut style = context.terminal.style();
    style.color &= args.output.is_none();
    let document = format.render(&view, &style);
    match &args.output {
        None => context.terminal.print_bytes(&document),
        Some(file) => super::output::replace(file, &document)?,
    }
    Ok(Exit::Ok)
}

fn unknown_ending(file: &Path) -> Failure {
    let endings: Vec<_> = Format::ENDINGS.iter().map(|(ending, _)| *ending).collect();
    let endings = endings.join(" ");
    Failure::new(
        format!("从文件名 {} 看不出格式", file.display()),
        format!("the name `{}` does not say which form", file.display()),
    )
    .with_help(
        format!("用 --format 指明，或用以下扩展名之一：{endings}"),
        format!("say so with --format, or use one of the endings {endings}"),
    )
    .with_exit(Exit::Usage)
}

fn view(found: Report, made_at: Timestamp) -> ReportView {
    let stretches = |all: Vec<Interval>| all.into_iter().map(super::explain::stretch).collect();
    let history: Vec<(_, Vec<HistoryView>)> =
        found.history.into_iter().map(|(question, all)| (question, stretches(all))).collect();
    let trend = found.trend.into_iter().map(|point| TrendView {
        run: point.run,
        as_of: point.as_of,
        conformance: point.conformance,
        coverage: point.coverage,
        changes: point.changes.0,
    });
    ReportView {
        report: found.report,
        made_at,
        subjects: found.subjects,
        frameworks: found.frameworks,
        records: found.records,
        history: history.into_iter().collect(),
        trend: trend.collect(),
    }
}
