//! Sets of numbers and addresses as ranges: whatever is asked of a number, in the end its value lies
//! in one of some ranges.

/// Ranges, both ends included, in order and apart from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranges<T>(Vec<(T, T)>);

/// A number that ranges are made of.
pub trait Step: Copy + Ord {
    /// The next number; `None` after the last.
    fn next(self) -> Option<Self>;
    /// The number before; `None` before the first.
    fn before(self) -> Option<Self>;
}

macro_rules! step {
    ($($number:ty)*) => {
        $(impl Step for $number {
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn before(self) -> Option<Self> {
                self.checked_sub(1)
            }
        })*
    };
}

step! { u32 u64 u128 i128 }

impl<T: Step> Ranges<T> {
    /// The union of some ranges; those that end before they begin are empty.
    pub fn of(ranges: impl IntoIterator<Item = (T, T)>) -> Ranges<T> {
        let mut all: Vec<(T, T)> = ranges.into_iter().filter(|(first, last)| first <= last).collect();
        all.sort_unstable();
        let mut merged: Vec<(T, T)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match merged.last_mut() {
                Some((_, end)) if end.next().is_none_or(|next| first <= next) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Ranges(merged)
    }

    /// The ranges, in order.
    pub fn all(&self) -> &[(T, T)] {
        &self.0
    }

    /// What lies in one of both.
    pub fn union(self, other: Ranges<T>) -> Ranges<T> {
        Ranges::of(self.0.into_iter().chain(other.0))
    }

    /// What lies between `first` and `last`, but in none of them.
    pub fn complement(&self, first: T, last: T) -> Ranges<T> {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut from = Some(first);
        for (start, end) in &self.0 {
            if let (Some(from), Some(before)) = (from, start.before()) {
                gaps.push((from, before.min(last)));
            }
            from = end.next();
        }
        gaps.extend(from.map(|from| (from, last)));
        Ranges::of(gaps)
    }

    /// Whether a number lies in one of them.
    pub fn contains(&self, number: T) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= number);
        after > 0 && number <= self.0[after - 1].1
    }

    /// Whether one of them and `first..=last` have a number in common.
    pub fn meets(&self, first: T, last: T) -> bool {
        let after = self.0.partition_point(|(start, _)| *start <= last);
        after > 0 && first <= self.0[after - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranges_are_sets(
            parts in proptest::collection::vec((0u64..40, 0u64..12), 0..9), from in 0u64..50, length in 0u64..9,
        ) {
            let parts: Vec<(u64, u64)> = parts.into_iter().map(|(first, length)| (first, first + length)).collect();
            let ranges = Ranges::of(parts.clone());
            let inside = |n: u64| parts.iter().any(|(first, last)| (*first..=*last).contains(&n));
            let rest = ranges.complement(0, u64::MAX);
            for n in 0..60 {
                prop_assert_eq!(ranges.contains(n), inside(n));
                prop_assert_eq!(rest.contains(n), !inside(n));
            }
            prop_assert_eq!(ranges.meets(from, from + length), (from..=from + length).any(inside));
            prop_assert!(ranges.all().windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
            prop_assert_eq!(rest.complement(0, u64::MAX), ranges);
        }
    }

    #[test]
    fn ranges_reach_to_the_ends() {
        let all = Ranges::of([(0u32, u32::MAX)]);
        assert_eq!(all.complement(0, u32::MAX), Ranges::of([]));
        assert!(all.contains(u32::MAX));
        assert_eq!(Ranges::of([(0u32, 4), (5, u32::MAX), (7, 9)]), all);
        assert_eq!(Ranges::of([(5u32, 4)]).all(), []);
    }
}
