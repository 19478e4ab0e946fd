//! A problem in the text of an assertion, before the loader knows where in its
//! file the text stands.

use anji_model::Text;

/// A problem at a byte offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    /// Byte offset in the assertion.
    pub(crate) at: usize,
    /// Marked bytes, at least 1.
    pub(crate) len: usize,
    pub(crate) message: Text,
    pub(crate) help: Option<Text>,
}

impl Problem {
    pub(crate) fn new(
        code: &'static str,
        at: usize,
        len: usize,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        let message = Text { zh: zh.into(), en: en.into() };
        Self { code, at, len: len.max(1), message, help: None }
    }

    pub(crate) fn help(mut self, help: Option<Text>) -> Self {
        self.help = help;
        self
    }
}

/// "Did you mean ...?", for the candidate that is nearest to `met`, if any is near.
pub fn did_you_mean<'a>(met: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    let far = met.chars().count().max(3) / 3;
    let (distance, nearest) = candidates
        .into_iter()
        .take(2000)
        .map(|candidate| (edit_distance(met, candidate), candidate))
        .min()?;
    (distance <= far.max(1)).then(|| Text {
        zh: format!("是否想写 `{nearest}`？"),
        en: format!("did you mean `{nearest}`?"),
    })
}

/// Optimal string alignment distance, case ignored; bounded by the first 64 characters.
fn edit_distance(left: &str, right: &str) -> usize {
    let chars = |text: &str| -> Vec<char> { text.to_lowercase().chars().take(64).collect() };
    let (left, right) = (chars(left), chars(right));
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, edit_distance};

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(edit_distance("permitrotlogin", "permitrootlogin"), 1);
        assert_eq!(edit_distance("ab", "ba"), 1);
        let fields = ["permitrootlogin", "loglevel", "banner"];
        let help = did_you_mean("permitrotlogin", fields).map(|text| text.en);
        assert_eq!(help.as_deref(), Some("did you mean `permitrootlogin`?"));
        assert_eq!(did_you_mean("entirely_else", fields), None);
        assert_eq!(did_you_mean("x", []), None);
    }
}
