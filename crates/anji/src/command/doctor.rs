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
    if args.user.is_none() && context.actor.is_root() {
        return Err(Failure::new("root 不需要 sudo 规则", "root needs no sudo rule")
            .with_help(
                "用 --user 指明负责采集的普通账户",
                "name the ordinary account that collects with --user",
            )
            .with_exit(Exit::Usage));
    }
    let lines = anji_app::sudoers(&context.home, &context.actor, args.user.as_deref())?;
    context.terminal.print(&lines);
    Ok(Exit::Ok)
}
