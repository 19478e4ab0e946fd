//! `anji content docs`: the pages of documentation.

use crate::Context;
use crate::exit::{Exit, Failure};
use anji_model::Lang;
use anji_report::markdown;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes the pages of all checks in both languages.
pub(super) fn docs(folder: &Path, context: &Context) -> Result<Exit, Failure> {
    let pages = anji_app::check_pages(&context.home)?;
    let mut left = BTreeSet::new();
    for (lang, name) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).map_err(|error| not_written(&folder, &error))?;
        let mut written = BTreeSet::from(["index.md".to_owned()]);
        write(&folder.join("index.md"), &markdown::index(&pages, lang))?;
        for page in &pages {
            let file = markdown::file_name(page);
            write(&folder.join(&file), &markdown::check_page(page, lang))?;
            written.insert(file);
        }
        let entries = std::fs::read_dir(&folder).map_err(|error| not_written(&folder, &error))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let pages = names.filter(|file| file.ends_with(".md") && !written.contains(file));
        left.extend(pages.map(|file| folder.join(file)));
    }
    let (checks, place) = (pages.len(), folder.display());
    let mut text = match context.terminal.lang {
        Lang::Zh => format!("已写入 {checks} 个检查项的文档（中文与英文）：{place}\n"),
        Lang::En => format!("Wrote the pages of {checks} checks in both languages: {place}\n"),
    };
    for file in left {
        let file = file.display();
        text.push_str(&match context.terminal.lang {
            Lang::Zh => format!("已没有对应的检查项，可删除：{file}\n"),
            Lang::En => format!("of no check any more, remove it: {file}\n"),
        });
    }
    context.terminal.complain(&text);
    Ok(Exit::Ok)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| not_written(path, &error))
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        format!("无法写入 {}：{error}", path.display()),
        format!("cannot write `{}`: {error}", path.display()),
    )
}
