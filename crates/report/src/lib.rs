//! Pure rendering: values of the model in, text out. No file, clock or
//! environment is read here; width, language and zone come in a [`Style`].
//!
//! [`terminal`] writes for people, [`json`] for programs, [`markdown`] for the
//! documentation, [`html`] for browser and printer, [`xlsx`] and [`docx`] for the
//! office; [`csv`], [`junit`], [`sarif`], [`ocsf`] and [`oscal`] write a run for
//! programs of others.

mod chart;
pub mod csv;
pub mod docx;
mod escape;
pub mod html;
pub mod json;
pub mod junit;
mod layout;
mod machine;
pub mod markdown;
mod moved;
pub mod ocsf;
mod office;
pub mod oscal;
pub mod sarif;
mod style;
pub mod terminal;
mod told;
mod view;
mod words;
pub mod xlsx;

pub use style::{Style, WIDTH_MIN};
pub use view::{
    CureCommand, CureView, DiffView, DoctorView, EvidenceItem, EvidenceView, ExplainView,
    ExplainedResult, FieldView, FieldsView, HistoryView, LintView, ParamView, ProgressView,
    QueryAnswer, QueryNameView, QueryView, RecordedCount, RecordedView, ReportView, TrendView,
    VerifyProblem, VerifyProblemKind, VerifyView, VulnSetView, VulnsView,
};
