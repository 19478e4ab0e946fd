//! Identifiers as newtypes, so that no bare string crosses a crate boundary.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An identifier that does not have its required form.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdError {
    /// What kind of identifier was expected.
    pub expected: &'static str,
    /// The text that was met.
    pub met: String,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", self.met, self.expected)
    }
}

impl std::error::Error for IdError {}

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Checks the form: ", $expected, ".")]
            ///
            /// # Errors
            /// [`IdError`] when the text does not have that form.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                let valid: fn(&str) -> bool = $valid;
                if !text.is_empty() && text.len() <= 200 && valid(&text) {
                    Ok(Self(text))
                } else {
                    Err(IdError { expected: $expected, met: text })
                }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }
    };
}

fn lower_word(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b))
}

fn printable(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || c.is_whitespace())
}

string_id!(
    /// A check of the catalogue, for instance `LNX-001`.
    CheckId, "a check id such as LNX-001 (upper-case letters, digits, hyphens)",
    |t| t.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        && t.starts_with(|c: char| c.is_ascii_uppercase())
);
string_id!(
    /// The name of an evidence type, for instance `sshd.effective`.
    EvidenceType, "an evidence type such as sshd.effective (lower case, dots)", lower_word
);
string_id!(
    /// A rule book, for instance `gbt22239-2019`.
    FrameworkId, "a framework id such as gbt22239-2019", lower_word
);
string_id!(
    /// A clause inside a rule book, as the rule book numbers it, for instance `8.1.4.1a`.
    ClauseId, "a clause id without blanks", printable
);
string_id!(
    /// An approved list, for instance `listening-sockets`.
    RegisterId, "a register id such as listening-sockets", lower_word
);
string_id!(
    /// A business system, for instance `his`. `unassigned` where there is none yet.
    SystemId, "a business system id such as his", lower_word
);
string_id!(
    /// A version of a baseline, for instance `starter@1`.
    BaselineVersion, "a baseline version such as starter@1", printable
);
string_id!(
    /// A run of the product: a sortable UTC time and a random tail,
    /// for instance `20261123T225900Z-4f1c9a2b`.
    RunId, "a run id such as 20261123T225900Z-4f1c9a2b",
    |t| t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
);

/// A SHA-256 digest; shown and stored as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.to_string()
    }
}

impl std::str::FromStr for Digest {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError {
            expected: "a SHA-256 digest (64 hexadecimal digits)",
            met: text.chars().take(80).collect(),
        };
        if text.len() != 64 || !text.is_ascii() {
            return Err(error());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| error())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| error())?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_refuse_foreign_forms() {
        assert!(CheckId::new("LNX-001").is_ok());
        assert!(CheckId::new("lnx-001").is_err());
        assert!(CheckId::new("").is_err());
        assert!(ClauseId::new("8.1 4").is_err());
        assert!(RunId::new("../../etc").is_err());
    }

    #[test]
    fn digest_reads_back_what_it_shows() {
        let digest = Digest([0xab; 32]);
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert!("zz".repeat(32).parse::<Digest>().is_err());
        assert!("ab".parse::<Digest>().is_err());
    }
}
