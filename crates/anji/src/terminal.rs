//! Where the output goes: width, colour, language, and a reader that hangs up.

use crate::cli::Global;
use anji_model::Lang;
use anji_report::Style;
use clap::{ColorChoice, ValueEnum};
use jiff::tz::TimeZone;
use std::io::{IsTerminal, Write};

/// A language by its two letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// Chinese
    Zh,
    /// English
    En,
}

/// How the outcome of most commands leaves the program. A command with forms of
/// its own has an enum of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For programs; the schema is published with the product
    Json,
}

/// `--format` of those commands.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct FormatArgs {
    /// Form of the output
    #[arg(long, value_enum, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: Format,
}

/// The standard streams with what is known of them.
pub(crate) struct Terminal {
    /// Language of every text.
    pub(crate) lang: Lang,
    /// Columns of standard output; 100 where it is no terminal.
    pub(crate) width: usize,
    /// Whether standard output takes colour.
    pub(crate) color: bool,
    /// Whether the locale knows ASCII alone.
    pub(crate) ascii: bool,
    /// Whether standard error is a terminal, so that progress makes sense.
    pub(crate) progress: bool,
}

impl Terminal {
    /// Looks at the streams and the options.
    pub(crate) fn new(global: &Global) -> Self {
        let stdout_is_terminal = std::io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => stdout_is_terminal && !no_color,
        };
        Self {
            lang: language(global.lang),
            width: width(stdout_is_terminal),
            color,
            ascii: global.lang != Some(LangArg::Zh) && !locale().is_none_or(|text| is_utf8(&text)),
            progress: std::io::stderr().is_terminal(),
        }
    }

    /// How reports are laid out for this terminal.
    pub(crate) fn style(&self) -> Style {
        Style {
            width: self.width,
            color: self.color,
            ascii: self.ascii,
            lang: self.lang,
            zone: TimeZone::system(),
        }
    }

    /// Writes to standard output. A reader that has hung up ends the program
    /// quietly, as other filters do.
    pub(crate) fn print(&self, text: &str) {
        write_or_leave(&mut std::io::stdout().lock(), text.as_bytes());
    }

    /// Writes bytes of any kind to standard output.
    pub(crate) fn print_bytes(&self, bytes: &[u8]) {
        write_or_leave(&mut std::io::stdout().lock(), bytes);
    }

    /// Writes to standard error.
    pub(crate) fn complain(&self, text: &str) {
        to_stderr(text);
    }
}

/// Shows a line on standard error in place of the one that stands there, or
/// clears it with an empty text.
pub(crate) fn show_in_place(text: &str) {
    to_stderr(&format!("\r\x1b[2K{text}"));
}

fn to_stderr(text: &str) {
    // Nobody is left to tell when standard error is gone.
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

#[expect(clippy::disallowed_methods, reason = "no reader is left, and no work either")]
fn write_or_leave(stream: &mut impl Write, bytes: &[u8]) {
    if let Err(error) = stream.write_all(bytes).and_then(|()| stream.flush()) {
        let quiet = error.kind() == std::io::ErrorKind::BrokenPipe;
        if !quiet {
            drop(writeln!(std::io::stderr(), "anji: cannot write the output: {error}"));
        }
        std::process::exit(i32::from(!quiet));
    }
}

fn width(is_terminal: bool) -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    let columns = if is_terminal { measured().or(asked) } else { asked };
    columns.unwrap_or(100).clamp(40, 200)
}

/// The language asked for, else that of the locale.
pub(crate) fn language(asked: Option<LangArg>) -> Lang {
    match asked {
        Some(LangArg::Zh) => Lang::Zh,
        Some(LangArg::En) => Lang::En,
        None if locale().is_some_and(|locale| locale.starts_with("zh")) => Lang::Zh,
        None => Lang::En,
    }
}

/// The locale in force for messages, if any is set.
pub(crate) fn locale() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

/// Whether a locale's characters are UTF-8. `C` and `POSIX` are left alone:
/// they are what bare containers have, and their terminals are UTF-8 as well.
fn is_utf8(locale: &str) -> bool {
    let lower = locale.to_ascii_lowercase();
    matches!(locale, "C" | "POSIX") || lower.contains("utf-8") || lower.contains("utf8")
}
