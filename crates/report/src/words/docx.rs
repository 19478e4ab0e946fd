//! The words of the written report.

use super::{Counted, Phrase, phrase};

phrases! {}
counted! {}
