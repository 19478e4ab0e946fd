//! `anji record`: this machine as a recording that others may read.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::system;
use anji_app::{Ports, RecordRequest, Recording};
use anji_report::{RecordedCount, RecordedView, terminal};
use anji_transport::LocalShell;
use jiff::Timestamp;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Record what a check would collect, without what identifies anybody
///
/// The recording holds the output of every command of the plan, in the form
/// that cases of checks read. With --scrub names of people, hosts and networks,
/// addresses, identifiers and secrets are replaced, the same thing by the same
/// replacement, so that checks answer as before. Read it through before you
/// share it: no program knows everything that tells your hospital apart.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scope: super::plan::Scope,
    /// Replace what identifies people, hosts and networks
    #[arg(long, conflicts_with = "raw")]
    scrub: bool,
    /// Keep everything as it came: for yourself, never for others
    #[arg(long)]
    raw: bool,
    /// Record every evidence type, not only what the baseline needs
    #[arg(long, conflicts_with = "only")]
    all_types: bool,
    /// Write to this new file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if !args.scrub && !args.raw {
        return Err(Failure::new(
            "原样的录制含有人名、主机名、地址和标识，不适合给别人看",
            "a recording as it came holds names of people and hosts, addresses and identifiers",
        )
        .with_help(
            "加 --scrub 替换它们；确要原样保留（仅供自己使用）则加 --raw",
            "add --scrub to replace them, or --raw to keep them, for yourself alone",
        )
        .with_exit(Exit::Usage));
    }
    // A file that cannot be written is told before the machine is asked.
    let file = args.output.as_deref().map(new_file).transpose()?;
    let transport = LocalShell::new();
    let stop = transport.stop();
    super::check::stop_on_signal(stop.clone())?;
    let ports = Ports {
        clock: &Timestamp::now,
        random: &system::random,
        transport: &transport,
        interrupted: &|| stop.is_told(),
    };
    let request =
        RecordRequest { plan: args.scope.request(), all_types: args.all_types, scrub: args.scrub };
    let recorded = anji_app::record(&context.home, &ports, &request);
    let written = recorded.map_err(Failure::from).and_then(|recording| {
        match (file, &args.output) {
            (Some(mut file), Some(path)) => {
                file.write_all(&recording.bytes).map_err(|error| not_written(path, &error))?;
            }
            _ => context.terminal.print_bytes(&recording.bytes),
        }
        Ok(recording)
    });
    let recording = match written {
        Ok(recording) => recording,
        Err(failure) => {
            // An empty file that looks like a recording would only mislead.
            args.output.iter().for_each(|path| drop(std::fs::remove_file(path)));
            return Err(failure);
        }
    };
    let view = view(recording, args.output.as_deref());
    context.terminal.complain(&terminal::recorded(&view, &context.terminal.style()));
    Ok(if view.complete { Exit::Ok } else { Exit::Failed })
}

/// A file that was not there before, for its owner alone.
fn new_file(path: &Path) -> Result<std::fs::File, Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::new(
            format!("{} 已经存在", path.display()),
            format!("`{}` is there already", path.display()),
        )
        .with_help("换一个文件名，或先移走它", "name another file, or move it away first")
        .with_exit(Exit::Usage),
        _ => not_written(path, &error),
    })
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("无法写入 {}：{error}", path.display()),
        format!("cannot write `{}`: {error}", path.display()),
    )
}

fn view(recording: Recording, output: Option<&Path>) -> RecordedView {
    let counts = recording.replaced.map(|counts| {
        let count = |one: anji_app::ReplacedCount| RecordedCount {
            kind: one.kind,
            things: one.things,
            times: one.times,
        };
        counts.into_iter().map(count).collect()
    });
    RecordedView {
        captures: recording.captures,
        bytes: recording.bytes.len() as u64,
        place: output.map(|path| path.display().to_string()),
        damaged: recording.damaged.into_iter().map(|(id, why)| (id, why.to_owned())).collect(),
        complete: recording.complete,
        privilege: recording.privilege,
        replaced: counts,
    }
}
