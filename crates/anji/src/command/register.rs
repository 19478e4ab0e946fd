//! `anji register`: approved lists.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_app::{AdoptRequest, Adoption};
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
        common: Common,
    },
    /// Show a register's entries, and its earlier versions
    Show {
        /// The register, for instance suid-files
        register: String,
        #[command(flatten)]
        common: Common,
    },
    /// Take what the last run observed as the approved list
    ///
    /// The list is stored at once, as a new version; look at it first with
    /// --dry-run. It counts as self-recorded unless somebody else is named as
    /// approver.
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
        common: Common,
    },
}

#[derive(Debug, clap::Args)]
struct Common {
    /// The root file system that was checked, instead of this machine
    #[arg(long, value_name = "DIR", value_parser = super::plan::parse_root)]
    root: Option<AbsPath>,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.action {
        Action::List { common } => list(common, context),
        Action::Show { register, common } => show(register, common, context),
        Action::Adopt { register, approved_by, reason, dry_run, common } => {
            let request = AdoptRequest {
                register: register.clone(),
                subject: super::subject(common.root.as_ref())?,
                approved_by: approved_by.clone(),
                reason: reason.clone(),
                dry_run: *dry_run,
            };
            adopt(&request, common.output.format, context)
        }
    }
}

fn list(common: &Common, context: &Context) -> Result<Exit, Failure> {
    let root = root_option(common.root.as_ref());
    let subject = super::subject(common.root.as_ref())?;
    let (adopted, missing) = anji_app::registers(&context.home, &subject)?;
    if common.output.format == Format::Json {
        context.terminal.print(&json::registers(&adopted));
        return Ok(Exit::Ok);
    }
    let mut text = terminal::registers(&adopted, &context.terminal.style());
    for id in missing {
        text.push_str(&match context.terminal.lang {
            Lang::Zh => format!("{id}：尚无核准清单；采用：anji register adopt {id}{root}\n"),
            Lang::En => {
                format!("{id}: no approved list yet; adopt one: anji register adopt {id}{root}\n")
            }
        });
    }
    context.terminal.print(&text);
    Ok(Exit::Ok)
}

fn show(name: &str, common: &Common, context: &Context) -> Result<Exit, Failure> {
    let root = root_option(common.root.as_ref());
    let subject = super::subject(common.root.as_ref())?;
    let versions = anji_app::register_history(&context.home, &subject, name)?;
    let Some(newest) = versions.first() else {
        return Err(Failure::new(
            format!("{name} 尚无核准清单"),
            format!("no approved list `{name}` has been adopted"),
        )
        .with_help(
            format!("采用：anji register adopt {name}{root}"),
            format!("adopt one: anji register adopt {name}{root}"),
        ));
    };
    context.terminal.print(&match common.output.format {
        Format::Json => json::registers(&versions),
        Format::Table => terminal::register(newest, &context.terminal.style()),
    });
    Ok(Exit::Ok)
}

fn adopt(request: &AdoptRequest, format: Format, context: &Context) -> Result<Exit, Failure> {
    let adoption = anji_app::adopt(&context.home, &context.actor, Timestamp::now(), request)?;
    if format == Format::Json {
        context.terminal.print(&json::registers(&[adoption.register]));
        return Ok(Exit::Ok);
    }
    let mut text = terminal::register(&adoption.register, &context.terminal.style());
    if adoption.register.version > 1 {
        text.push_str(&difference(&adoption, context.terminal.lang));
    }
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

/// What the version before did not have (+), and what only it had (-).
fn difference(adoption: &Adoption, lang: Lang) -> String {
    let before = adoption.register.version - 1;
    let mut text = match lang {
        Lang::Zh => format!("与第 {before} 版相比：\n"),
        Lang::En => format!("compared with version {before}:\n"),
    };
    for (sign, entries) in [('+', &adoption.added), ('-', &adoption.removed)] {
        for entry in entries {
            text.push_str(&format!("  {sign} {}\n", printable(&entry.value)));
        }
    }
    text
}

/// Entries come from the machine that was looked at: none of them may move the
/// cursor or turn the line round.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let unsafe_format = matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || unsafe_format {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// The `--root` that a command needs to be about the same subject.
fn root_option(root: Option<&AbsPath>) -> String {
    let Some(root) = root.filter(|root| root.as_str() != "/") else {
        return String::new();
    };
    let root = root.as_str();
    let plain = root.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+@:,".contains(c));
    if plain {
        format!(" --root {root}")
    } else {
        format!(" --root '{}'", printable(root).replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_names_the_root_that_it_is_about_as_a_shell_reads_it() {
        let option = |root: Option<&str>| {
            let root = root.map(|root| AbsPath::new(root).expect("a path"));
            root_option(root.as_ref())
        };
        assert_eq!(option(None), "");
        assert_eq!(option(Some("/")), "");
        assert_eq!(option(Some("/srv/root-1")), " --root /srv/root-1");
        assert_eq!(option(Some("/srv/it's here")), " --root '/srv/it'\\''s here'");
    }

    #[test]
    fn entries_cannot_move_the_cursor() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}名"), "a\\u{1b}[2J\\u{202e}名");
    }
}
