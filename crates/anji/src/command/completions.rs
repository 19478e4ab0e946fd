//! `anji completions`: completion scripts for shells.

use crate::Context;
use crate::exit::{Exit, Failure};
use clap_complete::Shell;

/// Print the completion script of a shell
///
/// For instance: anji completions bash > /usr/share/bash-completion/completions/anji
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::localized(), "anji", &mut script);
    context.terminal.print(&String::from_utf8_lossy(&script));
    Ok(Exit::Ok)
}
