//! `anji check`: collect, evaluate, compare, store, show.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::screen::Screen;
use crate::system;
use crate::terminal::{Format, FormatArgs};
use anji_app::{CheckRequest, FailOn, Ports};
use anji_report::{json, terminal};
use anji_transport::{LocalShell, Stop};
use jiff::Timestamp;

/// Check this machine against its baseline, and show what changed
///
/// Without configuration the built-in starter baseline is used. Nothing is
/// installed on or changed on the machine; the evidence, the verdicts and a
/// signed manifest are kept in the state folder, so that the next check can
/// say what is different.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) scope: super::plan::Scope,
    /// When to end with exit code 2
    #[arg(long, value_enum, default_value = "never", value_name = "THRESHOLD")]
    fail_on: Threshold,
    /// Let unknown results at or above the threshold pass it
    #[arg(long)]
    allow_unknown: bool,
    /// Show the verdicts only: store nothing, compare with nothing
    #[arg(long)]
    no_store: bool,
    /// Show after the report what each command of the script cost
    #[arg(long)]
    timings: bool,
    /// No progress and no live verdicts, the report alone
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    output: FormatArgs,
}

/// The threshold of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Threshold {
    /// Never
    Never,
    /// While something that passed before is failing
    Regression,
    /// On any failure from low up
    Low,
    /// On any failure from medium up
    Medium,
    /// On any failure from high up
    High,
    /// On any critical failure
    Critical,
}

impl From<Threshold> for FailOn {
    fn from(threshold: Threshold) -> Self {
        use anji_model::Severity;
        match threshold {
            Threshold::Never => Self::Never,
            Threshold::Regression => Self::Regression,
            Threshold::Low => Self::Severity(Severity::Low),
            Threshold::Medium => Self::Severity(Severity::Medium),
            Threshold::High => Self::Severity(Severity::High),
            Threshold::Critical => Self::Severity(Severity::Critical),
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let transport = LocalShell::new();
    let stop = transport.stop();
    stop_on_signal(stop.clone())?;
    let ports = Ports {
        clock: &Timestamp::now,
        random: &system::random,
        transport: &transport,
        interrupted: &|| stop.is_told(),
    };
    let request = CheckRequest { plan: args.scope.request(), store: !args.no_store };
    let shown = (context.terminal.progress && args.output.format == Format::Table && !args.quiet)
        .then(|| Screen::start(context));
    let outcome = anji_app::check(&context.home, &context.actor, &ports, &request, &mut |event| {
        shown.iter().for_each(|screen| screen.show(&event));
    });
    drop(shown);
    let outcome = outcome?;
    context.terminal.print(&match args.output.format {
        Format::Json => json::run(&outcome.report),
        Format::Table => terminal::run(&outcome.report, &context.terminal.style()),
    });
    if args.timings && args.output.format == Format::Table {
        let (costs, own) = (&outcome.report.commands, system::cpu_milliseconds());
        let table = terminal::timings(costs, own, &context.terminal.style());
        context.terminal.print(&format!("\n{table}"));
    }
    let broken = outcome.breaks(args.fail_on.into(), args.allow_unknown);
    if let Some(error) = outcome.not_stored {
        // The verdicts stand above; that nothing of them was kept is a failure.
        return Err(error.into());
    }
    Ok(if broken { Exit::Threshold } else { Exit::Ok })
}

/// Ctrl-C and a polite kill end the script on the target too; a second one
/// ends the program at once.
#[expect(clippy::disallowed_methods, reason = "whoever asks twice wants no destructors")]
pub(super) fn stop_on_signal(stop: Stop) -> Result<(), Failure> {
    let handler = move || {
        if stop.is_told() {
            std::process::exit(130);
        }
        stop.tell();
    };
    ctrlc::set_handler(handler).map_err(|error| {
        Failure::new(
            format!("无法接管中断信号：{error}"),
            format!("cannot handle signals: {error}"),
        )
    })
}
