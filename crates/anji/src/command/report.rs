//! `anji report`: a stored run as a document.

use crate::Context;
use crate::exit::{Exit, Failure};
use anji_app::{Interval, Report};
use anji_report::{
    HistoryView, ReportView, Style, TrendView, csv, docx, html, json, junit, ocsf, oscal, sarif,
    terminal, xlsx,
};
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
    /// One page that needs nothing else, for a browser and the printer
    Html,
    /// A report to print and sign, with contents, findings, evidence and signatures
    Docx,
    /// A spreadsheet: what to put right with columns to fill in, changes, all results
    Xlsx,
    /// For programs, as `anji check` gives it; the schema is published with the product
    Json,
    /// The same with names, evidence, history and trend; its schema is published too
    JsonReport,
    /// For spreadsheets: one row for each result
    Csv,
    /// For the test reports of pipelines; what is unknown is an error there
    Junit,
    /// SARIF 2.1.0, for tools that gather findings
    Sarif,
    /// OCSF 1.5.0 Compliance Findings, one event a line, for log systems
    Ocsf,
    /// OSCAL 1.2.1 assessment results
    Oscal,
    /// OSCAL 1.2.1 plan of action and milestones, for what fails or is unknown
    OscalPoam,
}

impl Format {
    /// Endings of file names; where one is part of another, the longer is first.
    const ENDINGS: &[(&str, Self)] = &[
        (".html", Self::Html),
        (".htm", Self::Html),
        (".docx", Self::Docx),
        (".xlsx", Self::Xlsx),
        (".csv", Self::Csv),
        (".junit.xml", Self::Junit),
        (".sarif", Self::Sarif),
        (".sarif.json", Self::Sarif),
        (".ocsf.jsonl", Self::Ocsf),
        (".ocsf.json", Self::Ocsf),
        (".oscal-poam.json", Self::OscalPoam),
        (".poam.json", Self::OscalPoam),
        (".oscal.json", Self::Oscal),
        (".report.json", Self::JsonReport),
        (".json", Self::Json),
        (".txt", Self::Table),
    ];

    /// The form that a file's name asks for.
    fn of(file: &Path) -> Option<Self> {
        let name = file.file_name()?.to_str()?.to_ascii_lowercase();
        Self::ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, form)| *form)
    }

    /// Whether history and trend are told.
    fn tells_past(self) -> bool {
        !matches!(self, Self::Table | Self::Json)
    }

    /// Whether it is bytes that no terminal shows.
    fn is_binary(self) -> bool {
        matches!(self, Self::Docx | Self::Xlsx)
    }

    fn render(self, view: &ReportView, style: &Style) -> Vec<u8> {
        match self {
            Self::Table => terminal::run(&view.report, style).into_bytes(),
            Self::Html => html::run(view, style).into_bytes(),
            Self::Docx => docx::run(view, style),
            Self::Xlsx => xlsx::run(view, style),
            Self::Json => json::run(&view.report).into_bytes(),
            Self::JsonReport => json::report(view).into_bytes(),
            Self::Csv => csv::run(view, style).into_bytes(),
            Self::Junit => junit::run(view, style).into_bytes(),
            Self::Sarif => sarif::run(view, style).into_bytes(),
            Self::Ocsf => ocsf::run(view, style).into_bytes(),
            Self::Oscal => oscal::results(view, style).into_bytes(),
            Self::OscalPoam => oscal::poam(view, style).into_bytes(),
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let format = match (args.format, &args.output) {
        (Some(format), _) => format,
        (None, Some(file)) if !super::output::is_standard(Some(file)) => {
            Format::of(file).ok_or_else(|| unknown_ending(file))?
        }
        (None, _) => Format::Table,
    };
    let output = args.output.as_deref();
    let standard = super::output::is_standard(output);
    if standard && format.is_binary() && std::io::stdout().is_terminal() {
        return Err(super::output::not_for_a_terminal());
    }
    let run = args.run.as_deref().map(super::run_id).transpose()?;
    let view =
        view(anji_app::report(&context.home, run.as_ref(), format.tells_past())?, Timestamp::now());
    let mut style = context.terminal.style();
    style.color &= standard;
    super::output::write(output, &format.render(&view, &style), context)?;
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
        changes: point.changes.map(|changes| changes.0),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_names_endings_as_they_are_known() {
        let guides = [
            include_str!("../../../../docs/reports.md"),
            include_str!("../../../../docs/reports.zh-CN.md"),
        ];
        for guide in guides {
            let mut named = 0;
            for row in guide.lines().filter(|line| line.starts_with("| `")) {
                let mut cells = row.split('|').map(|cell| cell.trim().trim_matches('`'));
                let (Some(form), Some(ending)) = (cells.nth(1), cells.next()) else { continue };
                let form = Format::from_str(form, false).expect("a form that --format knows");
                assert_eq!(Format::of(Path::new(&format!("x{ending}"))), Some(form), "{ending}");
                named += 1;
            }
            assert_eq!(named, Format::value_variants().len(), "every form is in the guide");
        }
    }

    #[test]
    fn other_common_endings_do_not_fall_to_plain_json() {
        for (name, form) in [
            ("x.sarif.json", Format::Sarif),
            ("x.ocsf.json", Format::Ocsf),
            ("x.poam.json", Format::OscalPoam),
            ("x.json", Format::Json),
        ] {
            assert_eq!(Format::of(Path::new(name)), Some(form), "{name}");
        }
    }
}
