//! What every pair of words means: the table that drift is read from.

use anji_model::{DriftKind, RawResult};

/// What a pair of words means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing that anyone must know of.
    Quiet,
    /// A change whatever the values are.
    Kind(DriftKind),
    /// Both fail: a change when other terms fail.
    Terms,
    /// Both hold: a change when a compared value is another.
    Values,
    /// Neither is known: a change when what waits for an approved list is another.
    Waiting,
}

const QT: Cell = Cell::Quiet;
const TM: Cell = Cell::Terms;
const VA: Cell = Cell::Values;
const WT: Cell = Cell::Waiting;
const RE: Cell = Cell::Kind(DriftKind::Regressed);
const RC: Cell = Cell::Kind(DriftKind::Recovered);
const LO: Cell = Cell::Kind(DriftKind::EvidenceLost);
const RS: Cell = Cell::Kind(DriftKind::EvidenceRestored);
const AP: Cell = Cell::Kind(DriftKind::Appeared);
const GO: Cell = Cell::Kind(DriftKind::Gone);
const MV: Cell = Cell::Kind(DriftKind::ValueMoved);

/// Before (row) and after (column): no result, then the words in the order of
/// [`RawResult::ALL`]. Only pairs whose question the later run asked get here,
/// so that "none" after means: asked no more, and not: left out today.
///
/// What is decided here, beyond the obvious:
/// - fail to unknown is evidence lost while failing, never recovered; unknown
///   to fail is evidence restored and failing. It is not "regressed", because
///   nothing says that it held in between; [`super::newly_failing`] names both.
/// - error and unknown are one in this table: either way it is not known.
/// - notapplicable is knowledge: to lose it is evidence lost. A pass that
///   becomes notapplicable is gone: the thing that was asked about is not there.
/// - notchecked and notselected before are as good as no result; after, what was
///   decided and is refused now is lost, what is selected no more is gone.
/// - fixed holds now, but did not when the run began: pass to fixed shows that.
const TABLE: [[Cell; 10]; 10] = [
    // none pass fail err  unkn n/a  nchk nsel info fixd
    [QT, QT, AP, AP, AP, QT, QT, QT, QT, QT], // none
    [GO, VA, RE, LO, LO, GO, LO, GO, GO, MV], // pass
    [GO, RC, TM, LO, LO, GO, LO, GO, GO, RC], // fail
    [GO, RS, RS, QT, QT, RS, QT, GO, RS, RS], // error
    [GO, RS, RS, QT, WT, RS, QT, GO, RS, RS], // unknown
    [QT, QT, AP, LO, LO, QT, QT, QT, QT, QT], // notapplicable
    [QT, QT, AP, AP, AP, QT, QT, QT, QT, QT], // notchecked
    [QT, QT, AP, AP, AP, QT, QT, QT, QT, QT], // notselected
    [GO, QT, AP, LO, LO, QT, LO, GO, VA, QT], // informational
    [GO, VA, RE, LO, LO, GO, LO, GO, GO, VA], // fixed
];

/// The meaning of a pair of words; none is "no result".
pub(super) fn cell(before: Option<RawResult>, after: Option<RawResult>) -> Cell {
    let index = |word: Option<RawResult>| word.map_or(0, |word| word as usize + 1);
    TABLE[index(before)][index(after)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Every state, in the order of the table.
    fn states() -> Vec<Option<RawResult>> {
        std::iter::once(None).chain(RawResult::ALL.map(Some)).collect()
    }

    fn word(state: Option<RawResult>) -> &'static str {
        state.map_or("none", RawResult::word)
    }

    /// One line for each cell, as people would say it.
    fn spoken(cell: Cell) -> &'static str {
        match cell {
            Cell::Quiet => "-",
            Cell::Terms => "moved if terms differ",
            Cell::Values => "moved if values differ",
            Cell::Waiting => "moved if the waiting differ",
            Cell::Kind(DriftKind::Regressed) => "regressed",
            Cell::Kind(DriftKind::EvidenceLost) => "evidence lost",
            Cell::Kind(DriftKind::Appeared) => "appeared",
            Cell::Kind(DriftKind::Gone) => "gone",
            Cell::Kind(DriftKind::Recovered) => "recovered",
            Cell::Kind(DriftKind::EvidenceRestored) => "evidence restored",
            Cell::Kind(DriftKind::ValueMoved) => "moved",
        }
    }

    /// Each of the hundred cells, written out apart from the table and in words.
    const EXPECTED: &str = "\
pass: none gone, pass moved if values differ, fail regressed, error evidence lost, \
unknown evidence lost, notapplicable gone, notchecked evidence lost, notselected gone, \
informational gone, fixed moved
fail: none gone, pass recovered, fail moved if terms differ, error evidence lost, \
unknown evidence lost, notapplicable gone, notchecked evidence lost, notselected gone, \
informational gone, fixed recovered
error: none gone, pass evidence restored, fail evidence restored, error -, unknown -, \
notapplicable evidence restored, notchecked -, notselected gone, \
informational evidence restored, fixed evidence restored
unknown: none gone, pass evidence restored, fail evidence restored, error -, unknown moved if the waiting differ, \
notapplicable evidence restored, notchecked -, notselected gone, \
informational evidence restored, fixed evidence restored
notapplicable: none -, pass -, fail appeared, error evidence lost, unknown evidence lost, \
notapplicable -, notchecked -, notselected -, informational -, fixed -
notchecked: none -, pass -, fail appeared, error appeared, unknown appeared, \
notapplicable -, notchecked -, notselected -, informational -, fixed -
notselected: none -, pass -, fail appeared, error appeared, unknown appeared, \
notapplicable -, notchecked -, notselected -, informational -, fixed -
informational: none gone, pass -, fail appeared, error evidence lost, \
unknown evidence lost, notapplicable -, notchecked evidence lost, notselected gone, \
informational moved if values differ, fixed -
fixed: none gone, pass moved if values differ, fail regressed, error evidence lost, \
unknown evidence lost, notapplicable gone, notchecked evidence lost, notselected gone, \
informational gone, fixed moved if values differ
none: none -, pass -, fail appeared, error appeared, unknown appeared, notapplicable -, \
notchecked -, notselected -, informational -, fixed -";

    #[test]
    fn each_of_the_hundred_cells_is_as_written() {
        let mut expected = BTreeSet::new();
        for line in EXPECTED.lines() {
            let (before, cells) = line.split_once(": ").expect("a row has a name");
            for cell in cells.split(", ") {
                let (after, meaning) = cell.split_once(' ').expect("a cell has a name");
                expected.insert((before, after, meaning));
            }
        }
        let mut met = BTreeSet::new();
        for before in states() {
            for after in states() {
                let meaning = spoken(cell(before, after));
                met.insert((word(before), word(after), meaning));
            }
        }
        assert_eq!(met.len(), 100);
        assert_eq!(met, expected);
    }

    fn undecided(state: Option<RawResult>) -> bool {
        matches!(state, Some(RawResult::Error | RawResult::Unknown | RawResult::NotChecked))
    }

    fn holds(state: Option<RawResult>) -> bool {
        matches!(state, Some(RawResult::Pass | RawResult::Fixed))
    }

    #[test]
    fn only_known_answers_regress_or_recover() {
        for before in states() {
            for after in states() {
                let failing = |state| state == Some(RawResult::Fail);
                let (b, a) = (word(before), word(after));
                match cell(before, after) {
                    Cell::Kind(DriftKind::Recovered) => {
                        assert!(failing(before) && holds(after), "{b} {a}");
                    }
                    Cell::Kind(DriftKind::Regressed) => {
                        assert!(holds(before) && failing(after), "{b} {a}");
                    }
                    Cell::Kind(DriftKind::EvidenceLost) => {
                        assert!(!undecided(before) && undecided(after), "{b} {a}");
                    }
                    Cell::Kind(DriftKind::EvidenceRestored) => {
                        assert!(undecided(before) && !undecided(after), "{b} {a}");
                    }
                    Cell::Kind(DriftKind::Gone) => assert!(!failing(after), "{b} {a}"),
                    Cell::Waiting => {
                        assert!(undecided(before) && undecided(after), "{b} {a}");
                    }
                    Cell::Quiet => {
                        assert!(!failing(after), "a new failure is never quiet: {b} {a}")
                    }
                    Cell::Kind(DriftKind::Appeared | DriftKind::ValueMoved)
                    | Cell::Terms
                    | Cell::Values => {}
                }
                if failing(before) && undecided(after) {
                    assert_eq!(cell(before, after), LO, "{b} {a}");
                }
            }
        }
    }

    /// The way back means the opposite, wherever both ways mean something.
    #[test]
    fn the_way_back_is_the_opposite() {
        let opposite = |kind| match kind {
            DriftKind::Regressed => &[DriftKind::Recovered][..],
            DriftKind::Recovered => &[DriftKind::Regressed],
            DriftKind::EvidenceLost => &[DriftKind::EvidenceRestored, DriftKind::Appeared],
            DriftKind::EvidenceRestored => &[DriftKind::EvidenceLost],
            DriftKind::Appeared => &[DriftKind::Gone],
            DriftKind::Gone => &[DriftKind::Appeared],
            DriftKind::ValueMoved => &[DriftKind::ValueMoved],
        };
        for before in states() {
            for after in states() {
                let (there, back) = (cell(before, after), cell(after, before));
                if let (Cell::Kind(there), Cell::Kind(back)) = (there, back) {
                    assert!(
                        opposite(there).contains(&back) || opposite(back).contains(&there),
                        "{} {}: {there:?}, back {back:?}",
                        word(before),
                        word(after)
                    );
                }
            }
        }
    }
}
