//! `anji register`: approved lists.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::Format;
use anji_app::AdoptRequest;
use anji_model::{AbsPath, Lang};
use anji_report::{json, terminal};
use jiff::Timestamp;

/// Approved lists: what may be there
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the registers that the checks use, and whether one was adopted
    List {
        #[command(flatten)]
        subject: SubjectArgs,
    },
    /// Show a register's entries, and its earlier versions
    Show {
        /// The register, for instance suid-files
        register: String,
        #[command(flatten)]
        subject: SubjectArgs,
    },
    /// Take what the last run observed as the approved list
    ///
    /// The list is shown before it is taken. It counts as self-recorded unless
    /// somebody else is named as approver.
    Adopt {
        /// The register, for instance suid-files
        register: String,
        /// Who approved it, if not you
        #[arg(long, value_name = "NAME")]
        approved_by: Option<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Show what would be adopted, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        subject: SubjectArgs,
    },
}

#[derive(Debug, clap::Args)]
struct SubjectArgs {
    /// The root file system that was checked, instead of this machine
    #[arg(long, value_name = "DIR", value_parser = super::plan::parse_root)]
    root: Option<AbsPath>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List { subject } => list(subject, context),
        Action::Show { register, subject } => show(register, subject, context),
        Action::Adopt { register, approved_by, reason, dry_run, subject } => {
            let request = AdoptRequest {
                register: register.clone(),
                subject: super::subject(subject.root.as_ref())?,
                approved_by: approved_by.clone(),
                reason: reason.clone(),
                dry_run: *dry_run,
            };
            adopt(&request, context)
        }
    }
}

fn list(subject: &SubjectArgs, context: &Context) -> Result<Exit, Failure> {
    let subject = super::subject(subject.root.as_ref())?;
    let (adopted, missing) = anji_app::registers(&context.home, &subject)?;
    if context.terminal.format == Format::Json {
        context.terminal.print(&json::registers(&adopted));
        return Ok(Exit::Ok);
    }
    let mut text = terminal::registers(&adopted, &context.terminal.style());
    for id in missing {
        text.push_str(&match context.terminal.lang {
            Lang::Zh => format!("{id}：尚无核准清单；查看并采用：anji register adopt {id}\n"),
            Lang::En => {
                format!("{id}: no approved list yet; look and adopt: anji register adopt {id}\n")
            }
        });
    }
    context.terminal.print(&text);
    Ok(Exit::Ok)
}

fn show(name: &str, subject: &SubjectArgs, context: &Context) -> Result<Exit, Failure> {
    let subject = super::subject(subject.root.as_ref())?;
    let versions = anji_app::register_history(&context.home, &subject, name)?;
    let Some(newest) = versions.first() else {
        return Err(Failure::new(
            format!("{name} 尚无核准清单"),
            format!("no approved list `{name}` has been adopted"),
        )
        .with_help(
            format!("查看并采用：anji register adopt {name}"),
            format!("look and adopt: anji register adopt {name}"),
        ));
    };
    context.terminal.print(&match context.terminal.format {
        Format::Json => json::registers(&versions),
        Format::Table => terminal::register(newest, &context.terminal.style()),
    });
    Ok(Exit::Ok)
}

fn adopt(request: &AdoptRequest, context: &Context) -> Result<Exit, Failure> {
    let adoption = anji_app::adopt(&context.home, &context.actor, Timestamp::now(), request)?;
    if context.terminal.format == Format::Json {
        context.terminal.print(&json::registers(&[adoption.register]));
        return Ok(Exit::Ok);
    }
    let mut text = terminal::register(&adoption.register, &context.terminal.style());
    let (added, removed) = (adoption.added.len(), adoption.removed.len());
    text.push_str(&match (context.terminal.lang, adoption.stored) {
        (Lang::Zh, true) => format!("已采用：新增 {added} 项，移除 {removed} 项。\n"),
        (Lang::Zh, false) => format!("未改动：将新增 {added} 项，移除 {removed} 项。\n"),
        (Lang::En, true) => format!("adopted: {added} added, {removed} removed\n"),
        (Lang::En, false) => {
            format!("nothing changed: {added} would be added, {removed} removed\n")
        }
    });
    context.terminal.print(&text);
    Ok(Exit::Ok)
}
