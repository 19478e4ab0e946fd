//! The command line as clap sees it. English help stands here beside the
//! definitions; `zh` holds the same texts in Chinese.

use crate::command;
use crate::terminal::LangArg;
use clap::{ColorChoice, Parser, Subcommand};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
   0  ran, and the threshold holds
   1  could not run
   2  the threshold of --fail-on is broken; differences or problems were found
  64  wrong usage
  78  content or configuration is at fault

Examples:
  anji check                           this machine against the starter baseline
  anji check --only LNX-001            one check
  anji check --fail-on high            for scripts: exit 2 on a high failure
  anji explain LNX-001                 what a check means and what it saw
  anji fix LNX-019 --print             the commands that would cure it
  anji register adopt suid-files       approve what was observed as the first list
  anji diff                            what changed between the last two runs
  anji report -o today.html            the last run as a page; also .docx .xlsx .csv and more
  anji doctor                          what is missing here, and what mends it
  anji verify                          prove that no stored record was changed";

/// Checks a machine against its security baseline, and shows what changed.
#[derive(Debug, Parser)]
#[command(name = "anji", version, after_long_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Global {
    /// Folder of stored runs, registers and the signing key [default: /var/lib/anji as root, else ~/.local/state/anji]
    #[arg(long, global = true, value_name = "DIR", env = "ANJI_STATE")]
    pub(crate) state: Option<PathBuf>,
    /// Folder of packs, mappings and baselines laid over the built-in content
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) content: Option<PathBuf>,
    /// Language of the output [default: from the locale]
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub(crate) lang: Option<LangArg>,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

/// One line per command; each command's arguments and work stand in its own file.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(command::check::Args),
    Plan(command::plan::Args),
    Record(command::record::Args),
    Explain(command::explain::Args),
    Fix(command::fix::Args),
    Evidence(command::evidence::Args),
    Report(command::report::Args),
    Diff(command::diff::Args),
    Runs(command::runs::Args),
    Register(command::register::Args),
    Lint(command::lint::Args),
    Content(command::content::Args),
    Verify(command::verify::Args),
    Audit(command::audit::Args),
    Doctor(command::doctor::Args),
    Completions(command::completions::Args),
    Man(command::man::Args),
}
