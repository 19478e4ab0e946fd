//! The `anji` command: arguments in, one use case of `anji_app`, words out.
//! No logic of the product lives here.

mod cli;
mod command;
mod exit;
mod failure;
mod screen;
mod system;
mod terminal;
mod zh;

use crate::cli::{Cli, Command, Global};
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use anji_app::{Actor, Home};
use anji_model::Lang;
use clap::{CommandFactory, FromArgMatches};
use std::path::Path;
use std::process::ExitCode;

/// What every command gets.
pub(crate) struct Context {
    /// The standard streams.
    pub(crate) terminal: Terminal,
    /// Where state and content are.
    pub(crate) home: Home,
    /// The options of state and content that were given, for commands to repeat.
    pub(crate) given: Vec<String>,
    /// Who is at the keyboard.
    pub(crate) actor: Actor,
}

fn main() -> ExitCode {
    let matches = match localized().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => execute(cli).into(),
        Err(error) => usage(&error),
    }
}

/// The command with its help in the language of the user.
pub(crate) fn localized() -> clap::Command {
    let command = Cli::command();
    match system::language_of_arguments() {
        Lang::Zh => zh::translate(command),
        Lang::En => command,
    }
}

/// Help and version are no errors; anything else from clap is wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    // Nothing can be said when the stream is gone.
    drop(error.print());
    if error.use_stderr() { Exit::Usage.into() } else { Exit::Ok.into() }
}

fn execute(cli: Cli) -> Exit {
    let terminal = Terminal::new(&cli.global);
    let outcome = context(&cli.global, terminal).and_then(|context| {
        let result = dispatch(cli.command, &context);
        result.map_err(|failure| (context.terminal, failure))
    });
    match outcome {
        Ok(exit) => exit,
        Err((terminal, failure)) => {
            terminal.complain(&failure::render(&failure, terminal.lang));
            failure.exit
        }
    }
}

fn context(global: &Global, terminal: Terminal) -> Result<Context, (Terminal, Failure)> {
    match system::state_folder(global.state.as_deref()) {
        Ok(state) => Ok(Context {
            terminal,
            given: given(global, &state),
            home: Home { state, content: global.content.clone() },
            actor: system::actor(),
        }),
        Err(failure) => Err((terminal, failure)),
    }
}

/// `--state` and `--content` as they were given, with paths that hold from any folder.
fn given(global: &Global, state: &Path) -> Vec<String> {
    let mut given = Vec::new();
    if global.state.is_some() {
        given.extend(["--state".to_owned(), state.display().to_string()]);
    }
    if let Some(content) = &global.content {
        let content = std::path::absolute(content).unwrap_or_else(|_| content.clone());
        given.extend(["--content".to_owned(), content.display().to_string()]);
    }
    given
}

fn dispatch(command: Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => command::check::run(&args, context),
        Command::Plan(args) => command::plan::run(&args, context),
        Command::Record(args) => command::record::run(&args, context),
        Command::Explain(args) => command::explain::run(&args, context),
        Command::Fix(args) => command::fix::run(&args, context),
        Command::Evidence(args) => command::evidence::run(&args, context),
        Command::Report(args) => command::report::run(&args, context),
        Command::Diff(args) => command::diff::run(&args, context),
        Command::Runs(args) => command::runs::run(&args, context),
        Command::Register(args) => command::register::run(&args, context),
        Command::Content(args) => command::content::run(&args, context),
        Command::Lint(args) => command::lint::run(&args, context),
        Command::Verify(args) => command::verify::run(&args, context),
        Command::Audit(args) => command::audit::run(&args, context),
        Command::Doctor(args) => command::doctor::run(&args, context),
        Command::Completions(args) => command::completions::run(&args, context),
        Command::Man(args) => command::man::run(&args, context),
    }
}
