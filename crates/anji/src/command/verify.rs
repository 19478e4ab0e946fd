//! `anji verify`: proof that the stored runs are what was signed.

use crate::Context;
use crate::exit::{Exit, Failure};
use crate::terminal::{Format, FormatArgs};
use anji_app::Problem;
use anji_model::{Digest, RunId};
use anji_report::{VerifyProblem, VerifyProblemKind as Kind, VerifyView, json, terminal};

/// Verify that no stored record was changed, removed, added or reordered
///
/// Ends with 0 when everything holds and with 2 when something does not.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The head of the chain that an earlier report printed: finds a tail cut off since
    #[arg(long, value_name = "HEX")]
    expect_head: Option<String>,
    /// The public key that should have signed, for a store without its key file
    #[arg(long, value_name = "HEX")]
    expect_key: Option<String>,
    #[command(flatten)]
    output: FormatArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let expected_head = args.expect_head.as_deref().map(head).transpose()?;
    let report = anji_app::verify(&context.home, expected_head, args.expect_key.as_deref())?;
    let intact = report.is_intact();
    let view = VerifyView {
        runs: report.runs,
        records: report.records,
        results: report.results,
        bodies: report.bodies,
        pruned: report.pruned,
        audit_entries: report.audit_entries,
        registers: report.registers,
        public_key: report.public_key,
        head: report.head,
        expected_head,
        problems: report.problems.iter().map(problem).collect(),
    };
    context.terminal.print(&match args.output.format {
        Format::Json => json::verify(&view),
        Format::Table => terminal::verify(&view, &context.terminal.style()),
    });
    Ok(if intact { Exit::Ok } else { Exit::Threshold })
}

fn head(text: &str) -> Result<Digest, Failure> {
    text.parse().map_err(|_| {
        Failure::new(
            "--expect-head 要 64 位十六进制数",
            "--expect-head takes 64 hexadecimal digits",
        )
        .with_exit(Exit::Usage)
    })
}

fn problem(problem: &Problem) -> VerifyProblem {
    let (kind, run) = match problem {
        Problem::Damaged { .. } => (Kind::Database, None),
        Problem::SchemaChanged { .. } => (Kind::Schema, None),
        Problem::RunsMissing { .. } => (Kind::RunMissing, None),
        Problem::ManifestChanged { place, .. } => (Kind::Manifest, Some(place)),
        Problem::BadSignature { place } => (Kind::Signature, Some(place)),
        Problem::WrongKey { place, .. } => (Kind::Key, Some(place)),
        Problem::KeyUnknown { .. } => (Kind::Key, None),
        Problem::ChainBroken { place } => (Kind::Chain, Some(place)),
        Problem::ContentChanged { place, .. } => (Kind::Content, Some(place)),
        Problem::FormChanged { .. } => (Kind::Form, None),
        Problem::SpanChanged { .. } => (Kind::Span, None),
        Problem::Unreferenced { .. } => (Kind::Unreferenced, None),
        Problem::BodyMissing { .. } => (Kind::BodyMissing, None),
        Problem::BodyChanged { .. } => (Kind::Body, None),
        Problem::AuditBroken { .. } => (Kind::Audit, None),
        Problem::RegisterChanged { .. } => (Kind::Register, None),
        Problem::SettingChanged { .. } => (Kind::Setting, None),
        Problem::PrunedChanged { .. } => (Kind::Pruned, None),
        Problem::EndChanged { .. } => (Kind::End, None),
        Problem::HeadNotFound { .. } => (Kind::Head, None),
        // A newer store may know more kinds than this command; its own words tell.
        _ => (Kind::Content, None),
    };
    VerifyProblem {
        kind,
        // A damaged row may name anything; what is no run id stands in the words below.
        run: run.and_then(|place| RunId::new(place.run.as_str()).ok()),
        object: problem.to_string(),
        detail: String::new(),
    }
}
