//! Why a use case could not be carried out.

use crate::content::ContentError;
use anji_model::{RegisterId, RunId, Subject};

/// Why a use case could not be carried out. What was stored before is
/// untouched by any of these.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The content cannot be used.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] anji_store::StoreError),
    /// An identifier does not have its form.
    #[error(transparent)]
    Id(#[from] anji_model::IdError),
    /// The engine met a fault of ours.
    #[error(transparent)]
    Engine(#[from] anji_engine::EngineError),
    /// No baseline has this name.
    #[error("there is no baseline `{name}`; there are {known}")]
    NoSuchBaseline {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No check has this id or alias.
    #[error("there is no check `{name}`")]
    NoSuchCheck {
        /// The name asked for.
        name: String,
        /// A name that is near to it.
        near: Option<String>,
    },
    /// No run has this id.
    #[error("there is no run `{0}`")]
    NoSuchRun(RunId),
    /// Nothing was stored about this subject yet.
    #[error("there is no run about `{0}` yet")]
    NoRunYet(Subject),
    /// No stored run is about a subject of this name.
    #[error("no stored run is about `{name}`")]
    NoSuchSubject {
        /// The name asked for.
        name: String,
        /// The subjects there are; empty when nothing is stored.
        known: String,
    },
    /// Several subjects are called so.
    #[error("several subjects are called `{name}`")]
    ManySubjects {
        /// The name asked for.
        name: String,
        /// Those that it fits.
        known: String,
    },
    /// A word is neither an evidence type nor a subject.
    #[error("`{name}` is neither an evidence type nor a subject of a stored run")]
    NeitherEvidenceNorSubject {
        /// The word.
        name: String,
        /// The subjects there are; empty when nothing is stored.
        known: String,
        /// "Did you mean ...?", where an evidence type has a name that is near to it.
        near: Option<anji_model::Text>,
    },
    /// The run is about others.
    #[error("run `{run}` is not about `{subject}`")]
    RunNotAbout {
        /// The run.
        run: RunId,
        /// The subject asked for.
        subject: Subject,
    },
    /// An expression has problems.
    #[error("the expression has {} problems", .0.len())]
    Expression(Vec<anji_model::Diagnostic>),
    /// An expression reads personal values, which nobody asked for.
    #[error("the expression reads personal values: {}", .0.join(", "))]
    Personal(Vec<String>),
    /// Nothing in a query has this name.
    #[error("nothing is named `{name}`")]
    NoSuchName {
        /// The name.
        name: String,
        /// "Did you mean ...?", where something has a name that is near to it.
        near: Option<anji_model::Text>,
    },
    /// A recording cannot be read.
    #[error("cannot read the recording `{}`: {}", path.display(), detail.en)]
    Recording {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        detail: anji_model::Text,
    },
    /// Two bindings, or two parameters, of a query have one name.
    #[error("`{0}` is named twice")]
    NamedTwice(String),
    /// A binding of a query cannot be read.
    #[error("`{0}` binds no evidence to a name")]
    BadBinding(String),
    /// A parameter of a query cannot be read.
    #[error("`{0}` is not a parameter")]
    BadParam(String),
    /// The run holds no such evidence.
    #[error("run `{run}` holds no evidence `{key}`")]
    NoSuchEvidence {
        /// The run.
        run: RunId,
        /// What was asked for.
        key: String,
        /// What there is.
        known: String,
    },
    /// No check uses this register.
    #[error("no check uses a register `{name}`; there are {known}")]
    NoSuchRegister {
        /// The name asked for.
        name: String,
        /// The registers there are.
        known: String,
    },
    /// The evidence for a register was not had, or not wholly.
    #[error("`{register}` cannot be adopted: {detail}")]
    CannotAdopt {
        /// The register.
        register: RegisterId,
        /// What is missing.
        detail: String,
    },
    /// The register is as it would become.
    #[error("`{register}` already holds exactly what is observed (version {version})")]
    NothingToAdopt {
        /// The register.
        register: RegisterId,
        /// Its version.
        version: u32,
    },
    /// A run and its successor are about different subjects.
    #[error("runs `{before}` and `{after}` have no subject in common")]
    NotComparable {
        /// The earlier run.
        before: RunId,
        /// The later run.
        after: RunId,
    },
    /// The evidence could not be collected at all, so nothing was stored.
    #[error("nothing could be collected: {detail}")]
    NothingCollected {
        /// What happened.
        detail: String,
    },
    /// A file of vulnerability data cannot be read.
    #[error("cannot read `{}`", path.display())]
    VulnFile {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of vulnerability data is not of a known form, or damaged. Nothing was imported.
    #[error(transparent)]
    VulnData(#[from] anji_engine::vulns::VulnError),
    /// The run was interrupted; nothing of it was stored.
    #[error("interrupted; nothing of this run was stored")]
    Interrupted,
}
