//! `anji plan`: what would be collected, and for which checks.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_app::PlanRequest;
use anji_model::AbsPath;
use anji_report::terminal;

/// What a run is about; shared by `check` and `plan`.
#[derive(Debug, clap::Args)]
pub(crate) struct Scope {
    /// Only this check (id or alias); may be repeated
    #[arg(long, value_name = "CHECK")]
    pub(crate) only: Vec<String>,
    /// Look at the root file system in this folder instead of the running machine
    #[arg(long, value_name = "DIR", value_parser = parse_root)]
    pub(crate) root: Option<AbsPath>,
    /// Leave out the walk over the file systems
    #[arg(long)]
    pub(crate) skip_walk: bool,
    /// The baseline
    #[arg(long, default_value = "starter", value_name = "NAME")]
    pub(crate) baseline: String,
}

/// Show which evidence a check would collect, and what each piece serves
///
/// With --script the exact shell script is printed that a check runs: read it,
/// sign it off, or run it by hand on a machine that nothing can reach.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scope: Scope,
    /// Print the shell script instead
    #[arg(long)]
    script: bool,
    #[command(flatten)]
    output: FormatArgs,
}

/// A root directory: made absolute, and looked at once so that a wrong path is
/// wrong usage and not a run full of failures.
pub(crate) fn parse_root(text: &str) -> Result<AbsPath, String> {
    let path = std::fs::canonicalize(text).map_err(|error| format!("{text}: {error}"))?;
    if !path.is_dir() {
        return Err(format!("{text} is not a folder"));
    }
    let path = path.into_os_string().into_string().map_err(|_| "the path is not UTF-8")?;
    AbsPath::new(path).map_err(|error| error.to_string())
}

impl Scope {
    /// The same as the use case takes it.
    pub(crate) fn request(&self) -> PlanRequest {
        PlanRequest {
            // The root of the running machine is the running machine.
            root: self.root.clone().filter(|root| root.as_str() != "/"),
            only: self.only.clone(),
            skip_walk: self.skip_walk,
            baseline: self.baseline.clone(),
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let planned = anji_app::plan(&context.home, &args.scope.request())?;
    let text = match (args.script, args.output.format) {
        (true, _) => planned.script,
        (false, Format::Json) => anji_report::json::plan(&planned.plan, &planned.checks),
        (false, Format::Table) => {
            terminal::plan(&planned.plan, &planned.checks, &context.terminal.style())
        }
    };
    context.terminal.print(&text);
    Ok(Exit::Ok)
}
