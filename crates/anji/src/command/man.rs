//! `anji man`: manual pages.

use crate::Context;
use crate::exit::{Exit, Failure};
use std::path::{Path, PathBuf};

/// Print the manual page, or write all of them into a folder
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder for anji.1 and one page per command; without it anji.1 is printed
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let command = crate::localized();
    match &args.folder {
        None => context.terminal.print(&page(&command)?),
        Some(folder) => write_all(&command, folder)?,
    }
    Ok(Exit::Ok)
}

fn page(command: &clap::Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(|error| {
        Failure::new(format!("无法生成手册：{error}"), format!("cannot make the manual: {error}"))
    })?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn write_all(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    let write = |name: String, text: String| {
        std::fs::write(folder.join(&name), text).map_err(|error| {
            Failure::new(
                format!("无法写入 {name}：{error}"),
                format!("cannot write {name}: {error}"),
            )
        })
    };
    write("anji.1".to_owned(), page(command)?)?;
    for sub in command.get_subcommands() {
        let name = format!("anji-{}", sub.get_name());
        write(format!("{name}.1"), page(&sub.clone().name(name))?)?;
    }
    Ok(())
}
