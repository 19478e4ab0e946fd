//! `anji doctor`: what is missing on this machine, and why it matters.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::system;
use crate::terminal::{self, Format, FormatArgs};
use anji_app::Surroundings;
use anji_report::{DoctorView, json, terminal as report};
use anji_transport::LocalShell;
use jiff::Timestamp;

/// Examine this machine: what is missing, what it costs, which command mends it
///
/// Rights, tools, state, runs and their proof, vulnerability data, approved
/// lists, clock, language and content. Nothing is changed; an ordinary account
/// asks sudo once what it allows, which leaves a line in sudo's log. Exit code:
/// 0 when nothing is missing, 2 when something is.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print the sudoers lines (for /etc/sudoers.d/anji; check with visudo -c) instead
    #[arg(long, conflicts_with = "format")]
    sudoers: bool,
    /// The account that the rule is for [default: you]
    #[arg(long, value_name = "NAME", requires = "sudoers")]
    user: Option<String>,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if args.sudoers {
        return sudoers(args.user.as_deref(), context);
    }
    let transport = LocalShell::new();
    let surroundings = Surroundings {
        uid: system::uid(),
        options: context.given.clone(),
        transport: &transport,
        may_write: &system::may_write,
        free_bytes: &system::free_bytes,
        locale: terminal::locale(),
        zone: system::zone(),
    };
    let examined = anji_app::doctor(&context.home, Timestamp::now(), &surroundings)?;
    let lacking = examined.is_lacking();
    let view = DoctorView { at: examined.at, findings: examined.findings };
    context.terminal.print(&match args.output.format {
        Format::Json => json::doctor(&view),
        Format::Table => report::doctor(&view, &context.terminal.style()),
    });
    Ok(if lacking { Exit::Threshold } else { Exit::Ok })
}

fn sudoers(user: Option<&str>, context: &Context) -> Result<Exit, Failure> {
    if user.is_none() && context.actor.is_root() {
        return Err(Failure::new("root 不需要 sudo 规则", "root needs no sudo rule")
            .with_help(
                "用 --user 指明负责采集的普通账户",
                "name the ordinary account that collects with --user",
            )
            .with_exit(Exit::Usage));
    }
    let account = user.unwrap_or(&context.actor.name);
    if !anji_app::is_account_name(account) {
        return Err(Failure::new(
            format!("无法为这个账户名写 sudo 规则：{account:?}"),
            format!("no sudo rule can name this account: {account:?}"),
        )
        .with_help(
            "账户名须以小写字母或下划线开头，只含字母、数字和 . _ -，最长 64 个字符",
            "a name begins with a small letter or `_`, has letters, digits and `.`, `_`, `-` \
             only, and is at most 64 long",
        )
        .with_exit(Exit::Usage));
    }
    let lines = anji_app::sudoers(&context.home, &context.actor, user)?;
    context.terminal.print(&lines);
    Ok(Exit::Ok)
}
