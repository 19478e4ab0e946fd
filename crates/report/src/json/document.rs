//! The kinds of document and their schemas.

use super::{doctor, drift, explain, lists, plan, query, report, run, verify, vulns};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::json;

/// A kind of document with a published schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Document {
    /// One run.
    Run,
    /// One run with names, evidence, history and trend.
    Report,
    /// Changes between two runs.
    Diff,
    /// A check with its results.
    Explain,
    /// Evidence of one run.
    Evidence,
    /// What would be collected.
    Plan,
    /// Problems in content.
    Lint,
    /// What verification came to.
    Verify,
    /// Approved lists.
    Registers,
    /// Stored runs.
    Runs,
    /// The audit log.
    Audit,
    /// Imported vulnerability data.
    Vulns,
    /// What is missing on a machine.
    Doctor,
    /// What an expression came to.
    Query,
}

impl Document {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Run,
        Self::Report,
        Self::Diff,
        Self::Explain,
        Self::Evidence,
        Self::Plan,
        Self::Lint,
        Self::Verify,
        Self::Registers,
        Self::Runs,
        Self::Audit,
        Self::Vulns,
        Self::Doctor,
        Self::Query,
    ];

    /// The kind's name: `run` of `anji.run/1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Report => "report",
            Self::Diff => "diff",
            Self::Explain => "explain",
            Self::Evidence => "evidence",
            Self::Plan => "plan",
            Self::Lint => "lint",
            Self::Verify => "verify",
            Self::Registers => "registers",
            Self::Runs => "runs",
            Self::Audit => "audit",
            Self::Vulns => "vulns",
            Self::Doctor => "doctor",
            Self::Query => "query",
        }
    }

    /// What the document's `format` says, for instance `anji.run/1`.
    pub fn format(self) -> String {
        format!("anji.{}/1", self.name())
    }

    /// The file that the schema is published as.
    pub fn file_name(self) -> String {
        format!("{}-1.schema.json", self.name())
    }

    /// The JSON Schema (draft 2020-12) of the document as text.
    pub fn schema(self) -> String {
        let mut schema = match self {
            Self::Run => generate::<run::Run>(),
            Self::Report => generate::<report::Report>(),
            Self::Diff => generate::<drift::Diff>(),
            Self::Explain => generate::<explain::Explain>(),
            Self::Evidence => generate::<lists::EvidenceList>(),
            Self::Plan => generate::<plan::PlanDocument>(),
            Self::Lint => generate::<lists::Lint>(),
            Self::Verify => generate::<verify::Verify>(),
            Self::Registers => generate::<lists::Registers>(),
            Self::Runs => generate::<lists::Runs>(),
            Self::Audit => generate::<lists::Audit>(),
            Self::Vulns => generate::<vulns::Vulns>(),
            Self::Doctor => generate::<doctor::Doctor>(),
            Self::Query => generate::<query::Query>(),
        };
        schema.insert("$id".to_owned(), json!(format!("urn:anji:schema:{}:1", self.name())));
        schema.insert("title".to_owned(), json!(self.format()));
        let format =
            schema.pointer_mut("/properties/format").and_then(|value| value.as_object_mut());
        if let Some(format) = format {
            format.insert("const".to_owned(), json!(self.format()));
        }
        let text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
        text + "\n"
    }
}

fn generate<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
