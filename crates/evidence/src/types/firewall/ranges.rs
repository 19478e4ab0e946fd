//! Sets of numbers (ports, addresses) as ranges.

/// Ranges with both ends in them, in order, neither touching nor overlapping.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    pub(super) fn new(ranges: impl IntoIterator<Item = (u128, u128)>) -> Self {
        let mut all: Vec<_> = ranges.into_iter().filter(|(low, high)| low <= high).collect();
        all.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(all.len());
        for (low, high) in all {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    pub(super) fn one(low: u128, high: u128) -> Self {
        Self::new([(low, high)])
    }

    /// 0 to `high`.
    pub(super) fn up_to(high: u128) -> Self {
        Self(vec![(0, high)])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn as_slice(&self) -> &[(u128, u128)] {
        &self.0
    }

    /// How many numbers are in it, up to the largest that can be told.
    pub(super) fn count(&self) -> u128 {
        let sizes = self.0.iter().map(|(low, high)| (high - low).saturating_add(1));
        sizes.fold(0, u128::saturating_add)
    }

    pub(super) fn contains_all(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let (mut a, mut b) = (0, 0);
        let mut common = Vec::new();
        while let (Some(x), Some(y)) = (self.0.get(a), other.0.get(b)) {
            let (low, high) = (x.0.max(y.0), x.1.min(y.1));
            if low <= high {
                common.push((low, high));
            }
            if x.1 < y.1 { a += 1 } else { b += 1 }
        }
        Self(common)
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        let mut b = 0;
        for &(low, high) in &self.0 {
            let mut low = Some(low);
            while b < other.0.len() && low.is_some_and(|low| other.0[b].1 < low) {
                b += 1;
            }
            let mut at = b;
            while let (Some(start), Some(&(from, to))) = (low, other.0.get(at)) {
                if from > high {
                    break;
                }
                if from > start {
                    rest.push((start, from - 1));
                }
                low = to.checked_add(1).filter(|next| *next <= high);
                at += 1;
            }
            if let Some(start) = low {
                rest.push((start, high));
            }
        }
        Self(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(members: &[bool]) -> Ranges {
        let numbers = members.iter().enumerate().filter(|(_, member)| **member);
        Ranges::new(numbers.map(|(at, _)| (at as u128, at as u128)))
    }

    fn has(ranges: &Ranges, number: u128) -> bool {
        ranges.0.iter().any(|(low, high)| (*low..=*high).contains(&number))
    }

    #[test]
    fn the_ends_of_the_numbers_are_no_trap() {
        let all = Ranges::up_to(u128::MAX);
        assert_eq!(all.count(), u128::MAX);
        let rest = all.minus(&Ranges::one(1, u128::MAX - 1));
        assert_eq!(rest, Ranges::new([(0, 0), (u128::MAX, u128::MAX)]));
        assert!(all.minus(&all).is_empty());
        assert!(Ranges::one(5, 4).is_empty());
    }

    proptest! {
        #[test]
        fn they_are_sets(a in prop::collection::vec(any::<bool>(), 0..24),
                         b in prop::collection::vec(any::<bool>(), 0..24)) {
            let (x, y) = (set(&a), set(&b));
            for number in 0..24 {
                let at = |list: &[bool]| list.get(number as usize).copied().unwrap_or(false);
                prop_assert_eq!(has(&x.and(&y), number), at(&a) && at(&b));
                prop_assert_eq!(has(&x.minus(&y), number), at(&a) && !at(&b));
            }
            prop_assert!(x.contains_all(&x.and(&y)));
            prop_assert_eq!(x.and(&y).count() + x.minus(&y).count(), x.count());
        }
    }
}
