//! Pure rendering: values of the model in, text out. No file, clock or
//! environment is read here; width, language and zone come in a [`Style`].
//!
//! [`terminal`] writes for people, [`json`] for programs, [`markdown`] for the
//! documentation.

mod escape;
pub mod json;
mod layout;
pub mod markdown;
mod moved;
mod style;
pub mod terminal;
mod view;
mod words;

pub use style::{Style, WIDTH_MIN};
pub use view::{
    CureCommand, CureView, DiffView, DoctorView, EvidenceItem, EvidenceView, ExplainView,
    ExplainedResult, FieldView, FieldsView, HistoryView, LintView, ParamView, ProgressView,
    QueryAnswer, QueryNameView, QueryView, RecordedCount, RecordedView, ReportView, TrendView,
    VerifyProblem, VerifyProblemKind, VerifyView, VulnSetView, VulnsView,
};
