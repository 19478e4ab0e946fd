//! `anji doctor`: what would let this machine show more.

use crate::Context;
use crate::exit::{Exit, Failure};

/// Print the sudo rule that lets an ordinary account collect everything
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print the sudoers lines (for /etc/sudoers.d/anji; check with visudo -c)
    #[arg(long, required = true)]
    sudoers: bool,
    /// The account that the rule is for [default: you]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    debug_assert!(args.sudoers, "clap demands it");
    let lines = anji_app::sudoers(&context.home, &context.actor, args.user.as_deref())?;
    context.terminal.print(&lines);
    Ok(Exit::Ok)
}
