//! `anji evidence query`: asking evidence in the language of checks.

use super::ELEMENTS_SHOWN;
use crate::Context;
use crate::exit::{Exit, Failure};
use crate::failure;
use crate::terminal::{Format, FormatArgs};
use anji_app::{AppError, Asked, Found, QueryRequest, QuerySession, Sensitivity};
use anji_model::AbsPath;
use anji_report::{
    FieldView, FieldsView, QueryAnswer, QueryNameView, QueryView, json, terminal as report,
};
use jiff::Timestamp;
use std::io::{BufRead, IsTerminal, Read, StdinLock};
use std::path::PathBuf;

/// The longest line that is read; an expression is shorter.
const LINE_MAX: usize = 64 << 10;

/// Evaluate an expression of the check language over the evidence of a run
///
/// Evidence types go by their names, as in accounts.users.filter(u, u.uid == 0);
/// approved lists by registers.NAME, with _ for each hyphen, as they were at the
/// run. Without an expression each line of the input is one; help, types and
/// type NAME say what can be asked, and quit ends. As JSON each line gives one
/// document on a line. What is unknown, absent or partial is told, never left
/// out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The expression; - or none reads one from each line of the input
    #[arg(value_name = "EXPR")]
    expression: Option<String>,
    /// Whose evidence: local, root:/path or a host's name [default: this machine]
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// The root file system that was checked, instead of this machine
    #[arg(long, value_name = "DIR", value_parser = super::super::plan::parse_root, conflicts_with = "host")]
    root: Option<AbsPath>,
    /// The run [default: the last of the subject]
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// A recording as anji record writes it, instead of a run
    #[arg(long, value_name = "FILE", conflicts_with_all = ["host", "root", "run"])]
    recording: Option<PathBuf>,
    /// Evidence under a name of your own, for instance shadow=file.stat[/etc/shadow]; may be repeated
    #[arg(long = "bind", value_name = "NAME=KEY")]
    bindings: Vec<String>,
    /// A parameter, for instance max=4; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Allow personal values; of a run it leaves audit entries
    #[arg(long)]
    personal: bool,
    /// Show every element of long lists
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let root = args.root.as_ref();
    let subject = match (&args.host, root) {
        (None, None) => None,
        (host, root) => Some(super::super::named_subject(host.as_deref(), root, &context.home)?),
    };
    let request = QueryRequest {
        subject,
        run: args.run.as_deref().map(super::super::run_id).transpose()?,
        recording: args.recording.clone(),
        bindings: args.bindings.clone(),
        params: args.params.clone(),
        personal: args.personal,
    };
    let session = QuerySession::open(&context.home, &request)?;
    let shell = Shell { args, context, session };
    match args.expression.as_deref() {
        Some(expression) if expression != "-" => match shell.command(expression.trim()) {
            Some(done) => done.map(|()| Exit::Ok),
            None => shell.ask(expression, json::query),
        },
        _ => shell.lines(),
    }
}

/// What comes next from the input.
enum Line {
    Text(String),
    TooLong,
    NotText,
    End,
}

/// Reads a line; one that is too long is read to its end and never asked, nor
/// is any part of it.
fn next_line(input: &mut StdinLock<'_>) -> std::io::Result<Line> {
    let mut line = Vec::new();
    let got = input.by_ref().take(LINE_MAX as u64 + 1).read_until(b'\n', &mut line)?;
    if got == 0 {
        return Ok(Line::End);
    }
    let ends = line.ends_with(b"\n");
    if line.len() - usize::from(ends) > LINE_MAX {
        input.skip_until(b'\n')?;
        return Ok(Line::TooLong);
    }
    Ok(String::from_utf8(line).map_or(Line::NotText, Line::Text))
}

fn too_long() -> Failure {
    Failure::new(
        format!("一行超过 {LINE_MAX} 字节，未求值"),
        format!("a line of more than {LINE_MAX} bytes is not evaluated"),
    )
    .with_exit(Exit::Usage)
}

fn not_text() -> Failure {
    Failure::new("一行不是 UTF-8 文本，未求值", "a line that is not UTF-8 is not evaluated")
        .with_exit(Exit::Usage)
}

struct Shell<'c> {
    args: &'c Args,
    context: &'c Context,
    session: QuerySession,
}

impl Shell<'_> {
    /// One line after the other; ends with the code of the last failure.
    fn lines(&self) -> Result<Exit, Failure> {
        let stdin = std::io::stdin();
        let talking = stdin.is_terminal() && std::io::stdout().is_terminal();
        let terminal = &self.context.terminal;
        if talking {
            terminal.print(&report::query_help(&self.session.subject_name, &terminal.style()));
        }
        let mut input = stdin.lock();
        let mut exit = Exit::Ok;
        loop {
            if talking {
                terminal.print("> ");
            }
            let line = next_line(&mut input).map_err(|error| {
                Failure::new(
                    format!("无法读取输入：{error}"),
                    format!("cannot read the input: {error}"),
                )
            })?;
            let done = match &line {
                Line::Text(line) => match line.trim() {
                    "quit" | "exit" => return Ok(exit),
                    line => self.line(line),
                },
                Line::TooLong => Err(too_long()),
                Line::NotText => Err(not_text()),
                Line::End => {
                    if talking {
                        terminal.print("\n");
                    }
                    return Ok(exit);
                }
            };
            match done {
                Ok(Exit::Ok) => {}
                Ok(other) => exit = other,
                Err(failure) => {
                    terminal.complain(&failure::render(&failure, terminal.lang));
                    exit = failure.exit;
                }
            }
        }
    }

    fn line(&self, line: &str) -> Result<Exit, Failure> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(Exit::Ok);
        }
        match self.command(line) {
            Some(done) => done.map(|()| Exit::Ok),
            None => self.ask(line, json::query_line),
        }
    }

    /// Does what `help`, `types`, `type NAME` and `quit` say; none where the
    /// line is an expression.
    fn command(&self, line: &str) -> Option<Result<(), Failure>> {
        let style = self.context.terminal.style();
        let text = match line.split_once(char::is_whitespace) {
            None if line == "quit" || line == "exit" => return Some(Ok(())),
            None if line == "help" => Ok(report::query_help(&self.session.subject_name, &style)),
            None if line == "types" => Ok(report::query_names(&self.names(), &style)),
            Some(("type", name)) => {
                self.fields(name.trim()).map(|fields| report::query_fields(&fields, &style))
            }
            _ => return None,
        };
        Some(text.and_then(|text| {
            match self.args.output.format {
                Format::Table => {
                    self.context.terminal.print(&text);
                    Ok(())
                }
                Format::Json => Err(Failure::new(
                    format!("“{line}”是给人看的说明，没有 json 格式"),
                    format!("`{line}` is for people to read and has no JSON"),
                )
                .with_exit(Exit::Usage)),
            }
        }))
    }

    fn ask(&self, expression: &str, json: fn(&QueryView) -> String) -> Result<Exit, Failure> {
        let Context { terminal, home, actor, .. } = self.context;
        let style = terminal.style();
        match self.session.ask(home, actor, Timestamp::now(), expression) {
            Ok(asked) => {
                let view = self.view(expression, asked);
                terminal.print(&match self.args.output.format {
                    Format::Json => json(&view),
                    Format::Table => report::query(&view, &style),
                });
                Ok(Exit::Ok)
            }
            Err(AppError::Expression(problems)) => {
                terminal.complain(&report::problems(&problems, &style));
                Ok(Exit::Usage)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn view(&self, expression: &str, asked: Asked) -> QueryView {
        let Asked { ty, answer } = asked;
        let verdict = answer.verdict;
        let (terms, terms_total, observed) = match verdict {
            Some(verdict) => (verdict.terms, verdict.terms_total, verdict.observed),
            None => (Vec::new(), 0, Vec::new()),
        };
        QueryView {
            expression: expression.to_owned(),
            ty,
            answer: match answer.found {
                Found::Value(value) => QueryAnswer::Value(value),
                Found::Unknown => QueryAnswer::Unknown,
                Found::Absent => QueryAnswer::Absent,
            },
            terms,
            terms_total,
            observed,
            doubtful: answer.doubtful,
            absent: answer.absent,
            reasons: answer.reasons,
            elements_max: (!self.args.all).then_some(ELEMENTS_SHOWN),
        }
    }

    fn names(&self) -> Vec<QueryNameView> {
        let names = self.session.names().into_iter();
        names
            .map(|one| QueryNameView {
                name: one.name,
                title: one.title,
                is_collected: one.is_collected,
                reason: one.reason,
            })
            .collect()
    }

    fn fields(&self, name: &str) -> Result<FieldsView, Failure> {
        let described = self.session.describe(name)?;
        let field = |field: anji_app::FieldDescription| FieldView {
            path: field.path,
            ty: field.ty,
            personal: field.sensitivity == Sensitivity::Personal,
            doc: field.doc,
        };
        Ok(FieldsView {
            name: name.to_owned(),
            title: described.title,
            fields: described.fields.into_iter().map(field).collect(),
        })
    }
}
