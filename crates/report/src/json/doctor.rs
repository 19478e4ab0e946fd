//! The document of `anji doctor`.

use super::Document;
use super::common::{Text, text, words};
use crate::style::Style;
use crate::terminal::sentence;
use crate::view::DoctorView;
use anji_model as model;
use anji_model::Lang;
use schemars::JsonSchema;
use serde::Serialize;

words! {
    /// A part of the examination.
    Topic from model::Topic {
        model::Topic::Rights => Rights,
        model::Topic::Tools => Tools,
        model::Topic::State => State,
        model::Topic::Runs => Runs,
        model::Topic::Data => Data,
        model::Topic::Lists => Lists,
        model::Topic::Clock => Clock,
        model::Topic::Locale => Locale,
        model::Topic::Content => Content,
    }
}

words! {
    /// How a finding stands: in order, worth knowing, or something is lost by it.
    Health from model::Health {
        model::Health::Well => Well,
        model::Health::Note => Note,
        model::Health::Missing => Missing,
    }
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
struct Finding {
    /// The part that it belongs to.
    topic: Topic,
    /// How it stands.
    health: Health,
    /// What was found, in words; times are in UTC.
    text: Text,
    /// The checks that stay unknown because of it.
    checks: Vec<String>,
    /// The command that mends it, if one does.
    command: Option<String>,
}

impl From<&model::Finding> for Finding {
    fn from(finding: &model::Finding) -> Self {
        let said = |lang| sentence(&finding.symptom, &Style::plain(100, lang));
        Self {
            topic: Topic::from(&finding.topic),
            health: Health::from(&finding.health),
            text: Text::from(&model::Text { zh: said(Lang::Zh), en: said(Lang::En) }),
            checks: finding.checks.iter().map(text).collect(),
            command: finding.mend.as_ref().map(text),
        }
    }
}

/// What is missing on this machine.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Doctor {
    /// The document's format and version.
    format: String,
    /// When (RFC 3339).
    at: String,
    /// The findings, by part.
    findings: Vec<Finding>,
}

impl From<&DoctorView> for Doctor {
    fn from(view: &DoctorView) -> Self {
        Self {
            format: Document::Doctor.format(),
            at: text(view.at),
            findings: view.findings.iter().map(Finding::from).collect(),
        }
    }
}
