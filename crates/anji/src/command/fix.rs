//! `anji fix`: the commands that would cure a finding, to be read and run by people.

use crate::Context;
use crate::exit::{Exit, Failure};
use anji_app::Fix;
use anji_model::{AbsPath, RawResult};
use anji_report::{CureView, terminal};

/// Print the commands that would cure a finding, and those that undo them
///
/// Nothing is run. The output is a shell script to read, to test on one host
/// and then to run as root: the commands for what the latest run found, each
/// with its undoing as a comment. Where the exact name of something cannot be
/// written into a command it is left to you.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The check's id or alias, for instance LNX-019
    check: String,
    /// Print the commands; there is no other way, none is ever run
    #[arg(long, required = true)]
    print: bool,
    /// The root file system that was checked, instead of this machine
    #[arg(long, value_name = "DIR", value_parser = super::plan::parse_root)]
    root: Option<AbsPath>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let subject = super::subject(args.root.as_ref())?;
    let fix = anji_app::fix(&context.home, &subject, &args.check)?;
    let id = fix.check.id.to_string();
    let Some((run, as_of)) = fix.found.clone() else {
        return Err(Failure::new(
            format!("还没有 {id} 的结果"),
            format!("there is no result of {id} yet"),
        )
        .with_help(
            format!("先运行 anji check --only {id}"),
            format!("run `anji check --only {id}` first"),
        ));
    };
    if fix.raw == Some(RawResult::Fail) && !fix.known {
        return Err(Failure::new(
            format!("{id} 没有现成的整改命令"),
            format!("no commands are known that cure {id}"),
        )
        .with_help(
            format!("anji explain {id} 说明怎样人工整改"),
            format!("`anji explain {id}` says how to repair it by hand"),
        ));
    }
    let Fix { check, cure, raw, .. } = fix;
    let view = CureView {
        commands: cure
            .commands
            .into_iter()
            .map(|command| anji_report::CureCommand {
                before: command.before,
                run: command.run,
                undo: command.undo,
                after: command.after,
            })
            .collect(),
        by_hand: cure.by_hand,
        unnamed: cure.unnamed,
        failing: raw == Some(RawResult::Fail),
        subject_name: subject.to_string(),
        check,
        run,
        as_of,
    };
    context.terminal.print(&terminal::fix(&view, &context.terminal.style()));
    Ok(Exit::Ok)
}
