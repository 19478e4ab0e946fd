//! A problem in content, with the place that it stands at.

use crate::text::Text;
use serde::{Deserialize, Serialize};

/// One problem in a content file. Lines and columns count from 1, columns in
/// characters; `line_text` is the whole line, so that a renderer can mark it
/// without reading the file again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// A stable code, for instance `unknown-field`.
    pub code: String,
    /// The file, as it was named to the loader.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column of the first marked character, from 1.
    pub column: usize,
    /// How many characters are marked, at least 1.
    pub length: usize,
    /// The text of that line, bounded.
    pub line_text: String,
    /// What is wrong.
    pub message: Text,
    /// What would be right, where that is known.
    pub help: Option<Text>,
}
