//! What can go wrong when the engine is used wrongly or fed damaged input.

/// An error of the engine. Problems of content are not among them: they are
/// [`anji_model::Diagnostic`]s, with a place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A case names a recording that was not found.
    #[error("no recording `{0}`")]
    NoRecording(String),
    /// A case patches a capture that its recording does not hold.
    #[error("recording `{recording}` holds no whole capture `{capture}`")]
    NoCapture {
        /// The recording.
        recording: String,
        /// The capture.
        capture: String,
    },
    /// The text that a patch replaces must occur exactly once.
    #[error("`{find}` occurs {times} times in capture `{capture}`, not once")]
    PatchNotOnce {
        /// The capture.
        capture: String,
        /// The text looked for, bounded.
        find: String,
        /// How often it occurs.
        times: usize,
    },
    /// A recording is not a readable bundle.
    #[error("recording `{recording}` is damaged: {detail}")]
    DamagedRecording {
        /// The recording.
        recording: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A check needs an evidence type that is not registered. The loader
    /// refuses such content, so this is a fault of the program.
    #[error("no evidence type `{0}`")]
    NoEvidenceType(String),
}
