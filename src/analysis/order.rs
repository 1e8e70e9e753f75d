//! Medians.

/// What makes the median absolute deviation of normal numbers their standard deviation: 1/z for the z that
/// half of them are within.
pub const NORMAL_MAD: f64 = 1.4826;

/// The median of numbers in rising order; of two in the middle, their mean. `None` of none.
pub fn median_of_sorted(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// The median of numbers in any order, `None` of none.
pub fn median(values: &[f64]) -> Option<f64> {
    median_of_sorted(&sorted(values))
}

/// The median of the distances from the median, `None` of no numbers.
pub fn median_deviation(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    Some(median_deviation_of_sorted(&sorted, median_of_sorted(&sorted)?))
}

/// The median of the distances of numbers in rising order from their median.
pub fn median_deviation_of_sorted(sorted: &[f64], median: f64) -> f64 {
    let (mut left, mut right) = (sorted.partition_point(|x| *x < median), sorted.partition_point(|x| *x < median));
    let mut nearest = || {
        let below = left.checked_sub(1).map_or(f64::INFINITY, |i| median - sorted[i]);
        let above = sorted.get(right).map_or(f64::INFINITY, |x| x - median);
        if below < above {
            left -= 1;
        } else {
            right += 1;
        }
        below.min(above)
    };
    let n = sorted.len();
    let lower = (0..n.div_ceil(2)).map(|_| nearest()).last().unwrap_or(0.0);
    if n % 2 == 1 || n == 0 { lower } else { f64::midpoint(lower, nearest()) }
}

/// The same numbers in rising order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Puts a number in its place among numbers in rising order.
pub fn insert(sorted: &mut Vec<f64>, value: f64) {
    let place = sorted.partition_point(|x| x.total_cmp(&value).is_lt());
    sorted.insert(place, value);
}

/// Takes a number, which is among them, out of numbers in rising order.
pub fn remove(sorted: &mut Vec<f64>, value: f64) {
    let place = sorted.partition_point(|x| x.total_cmp(&value).is_lt());
    sorted.remove(place);
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    #[test]
    fn medians_of_few() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[4.0, 1.0]), Some(2.5));
        assert_eq!(median(&[4.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median_deviation(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]), Some(1.0));
        assert_eq!(median_deviation(&[]), None);
    }

    #[test]
    fn deviations_are_those_of_a_plain_twin() {
        let mut random = Random(1);
        for n in 1..60 {
            let values: Vec<f64> = (0..n).map(|_| random.below(20) as f64 - 10.0).collect();
            let middle = median(&values).expect("some");
            let distances: Vec<f64> = values.iter().map(|x| (x - middle).abs()).collect();
            assert_eq!(median_deviation(&values), median(&distances), "{values:?}");
        }
    }

    #[test]
    fn insertion_and_removal_keep_the_order() {
        let mut random = Random(2);
        let values: Vec<f64> = (0..200).map(|_| random.below(30) as f64).collect();
        let mut kept = vec![];
        for (i, value) in values.iter().enumerate() {
            insert(&mut kept, *value);
            if i >= 17 {
                remove(&mut kept, values[i - 17]);
            }
            assert_eq!(kept, sorted(&values[i.saturating_sub(16)..=i]));
        }
    }
}
