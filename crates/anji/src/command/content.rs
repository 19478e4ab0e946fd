//! `anji content`: what the checks need and no target tells, and what they
//! say of themselves.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_app::VulnSetSummary;
use anji_model::Text;
use anji_report::{VulnSetView, VulnsView, json, terminal};
use jiff::Timestamp;
use std::path::PathBuf;

mod docs;

/// Known flaws of packages, which no machine tells, and the checks' documentation
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Import vulnerability data from files, offline
    ///
    /// Reads OVAL of Debian, Red Hat and SUSE, OSV (a record, lines, or the zip
    /// archive of a distribution), CSAF and VEX, and the list of exploited flaws
    /// of CISA. All files are imported, or none. Newer data of the same name
    /// takes the place of older data.
    ImportVulns {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        output: FormatArgs,
    },
    /// List the imported vulnerability data
    Vulns {
        #[command(flatten)]
        output: FormatArgs,
    },
    /// Write a page of documentation for each check, and an index
    ///
    /// The pages go to DIR/en and DIR/zh, which are made where they are missing:
    /// LNX-001.md and so on, and index.md. Pages that no check has any more are
    /// named and left alone.
    Docs {
        /// The folder that holds en and zh
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (view, format) = match &args.action {
        Action::ImportVulns { files, output } => {
            let now = Timestamp::now();
            let import =
                anji_app::import_vulnerabilities(&context.home, &context.actor, now, files)?;
            let skipped = import.skipped.into_iter();
            let view = VulnsView {
                sets: views(import.sets),
                skipped: skipped.map(|(why, count)| (both(why), count)).collect(),
            };
            (view, output.format)
        }
        Action::Vulns { output } => {
            let sets = views(anji_app::vulnerability_sets(&context.home)?);
            (VulnsView { sets, skipped: Vec::new() }, output.format)
        }
        Action::Docs { folder } => return docs::docs(folder, context),
    };
    context.terminal.print(&match format {
        Format::Json => json::vulns(&view),
        Format::Table => terminal::vulns(&view, &context.terminal.style()),
    });
    Ok(Exit::Ok)
}

fn views(sets: Vec<VulnSetSummary>) -> Vec<VulnSetView> {
    let view = |set: VulnSetSummary| VulnSetView {
        source: set.source,
        advisories: set.advisories,
        exploited: set.exploited,
    };
    sets.into_iter().map(view).collect()
}

/// The reason in both languages.
fn both(en: String) -> Text {
    let zh = match en.as_str() {
        "withdrawn by its publisher" => "发布者已撤回",
        "affects something that is no package" => "受影响的不是软件包",
        "versions that are listed and not given as a range" => "只列版本、未给范围",
        "a name or version that cannot be one" => "名称或版本不合法",
        "products that are no package of a known release" => "产品不是已知发行版的软件包",
        "fixed products without a version" => "已修复的产品没有版本",
        "deprecated definitions" => "已废弃的定义",
        "definitions that are about no flaw" => "与漏洞无关的定义",
        "definitions of releases that no host is matched with" => "没有主机可对应的发行版",
        "flaws without a fixed version" => "没有修复版本的漏洞",
        "definitions that name no fixed version of a package" => "没有写明软件包修复版本的定义",
        other => match other.strip_prefix("packages of ") {
            Some(rest) => {
                let family = rest.split(',').next().unwrap_or_default();
                return Text { zh: format!("{family} 的软件包，没有主机可对应"), en };
            }
            None => other,
        },
    };
    Text { zh: zh.to_owned(), en }
}
