//! Evidence keys: the unit of de-duplication when a plan is made.

use crate::id::{EvidenceType, IdError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An absolute, normalised path on a target: begins with `/`, has no empty,
/// `.` or `..` component and no NUL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AbsPath(String);

impl AbsPath {
    /// Checks the form described at [`AbsPath`].
    ///
    /// # Errors
    /// [`IdError`] when the text is not such a path.
    pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        let normal = text == "/"
            || (text.starts_with('/')
                && text.split('/').skip(1).all(|part| !matches!(part, "" | "." | "..")));
        if normal && !text.contains('\0') && text.len() <= 4096 {
            Ok(Self(text))
        } else {
            Err(IdError {
                expected: "an absolute path without `.`, `..` or doubled slashes",
                met: text,
            })
        }
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AbsPath {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl From<AbsPath> for String {
    fn from(path: AbsPath) -> String {
        path.0
    }
}

impl fmt::Display for AbsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What narrows an evidence type to one thing on the target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Selector {
    /// One file system path.
    Path(AbsPath),
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
        }
    }
}

/// A piece of evidence that can be asked for: a type and, where the type needs
/// one, a selector. Shown as `file.stat[/etc/shadow]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceKey {
    /// The evidence type.
    #[serde(rename = "type")]
    pub kind: EvidenceType,
    /// The selector, absent for types that describe the whole target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
}

impl fmt::Display for EvidenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.selector {
            None => self.kind.fmt(f),
            Some(selector) => write!(f, "{}[{selector}]", self.kind),
        }
    }
}

/// Maps keyed by [`EvidenceKey`] as a list of pairs, because JSON objects have text keys.
pub(crate) mod map_by_name {
    use super::EvidenceKey;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(crate) fn serialize<V: Serialize, S: Serializer>(
        map: &BTreeMap<EvidenceKey, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<EvidenceKey, V>, D::Error> {
        Ok(Vec::<(EvidenceKey, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::AbsPath;

    #[test]
    fn paths_are_absolute_and_normal() {
        for good in ["/", "/etc/shadow", "/a b/c\nd"] {
            assert!(AbsPath::new(good).is_ok(), "{good}");
        }
        for bad in ["", "etc", "/etc/", "//etc", "/etc/../root", "/./a", "/a\0b"] {
            assert!(AbsPath::new(bad).is_err(), "{bad}");
        }
    }
}
