//! Points of a series outside what the points just before them allow: the outlier operator of Sumo Logic
//! (its documentation of search operators), and a variant that outliers themselves do not blunt.

/// How points are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// How many points before one it is held against; at least 1.
    pub window: usize,
    /// How many deviations from the centre are usual.
    pub threshold: f64,
    /// How many points in a row have to be outside; at least 1.
    pub consecutive: usize,
    pub direction: Direction,
    /// Median and median absolute deviation, and violations are left out of later windows.
    pub robust: bool,
}

/// On which side points are outliers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Both,
    Up,
    Down,
}

/// A point that was judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Its place in the series, from 0.
    pub index: usize,
    pub value: f64,
    /// The mean of the window, or its median.
    pub mean: f64,
    /// Its standard deviation (of the population), or 1.4826 times its median absolute deviation.
    pub stddev: f64,
    pub lower: f64,
    pub upper: f64,
    /// `value - mean`.
    pub error: f64,
    /// It lies outside.
    pub indicator: bool,
    /// So did enough points before it.
    pub violation: bool,
    /// How many deviations it lies from the mean; infinite where there is none, 0 where it is the mean.
    pub deviation: f64,
}

/// Makes the median absolute deviation of normal data its standard deviation.
const NORMAL: f64 = 1.4826;

/// Judges every point that has a whole window before it.
pub fn judge(series: &[f64], params: &Params) -> Vec<Point> {
    let mut points = Vec::with_capacity(series.len().saturating_sub(params.window));
    // What later points are held against: with `robust`, without violations.
    let mut before: Vec<f64> = series[..params.window.min(series.len())].to_vec();
    let mut in_a_row = 0;
    for (index, value) in series.iter().copied().enumerate().skip(params.window) {
        let window = &before[before.len() - params.window..];
        let (mean, stddev) = if params.robust { median_and_spread(window) } else { mean_and_deviation(window) };
        let (lower, upper) = (mean - params.threshold * stddev, mean + params.threshold * stddev);
        let (up, down) = if stddev == 0.0 { (value > mean, value < mean) } else { (value > upper, value < lower) };
        let indicator = match params.direction {
            Direction::Both => up || down,
            Direction::Up => up,
            Direction::Down => down,
        };
        in_a_row = if indicator { in_a_row + 1 } else { 0 };
        let (error, violation) = (value - mean, in_a_row >= params.consecutive);
        let deviation = if error == 0.0 { 0.0 } else { error.abs() / stddev };
        points.push(Point { index, value, mean, stddev, lower, upper, error, indicator, violation, deviation });
        if !(params.robust && violation) {
            before.push(value);
        }
    }
    points
}

fn mean_and_deviation(window: &[f64]) -> (f64, f64) {
    let count = window.len() as f64;
    // Equal values have no deviation, whatever rounding makes of their sum.
    if window.iter().all(|value| *value == window[0]) {
        return (window[0], 0.0);
    }
    let mean = window.iter().sum::<f64>() / count;
    let squares: f64 = window.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / count).sqrt())
}

fn median_and_spread(window: &[f64]) -> (f64, f64) {
    let centre = median(window.to_vec());
    (centre, NORMAL * median(window.iter().map(|value| (value - centre).abs()).collect()))
}

/// The median: of an even number, the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if values.len().is_multiple_of(2) => (lower + upper) / 2.0,
        _ => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Params =
        Params { window: 4, threshold: 3.0, consecutive: 1, direction: Direction::Both, robust: false };

    #[test]
    fn the_definition_by_hand() {
        // Before the 20: 2, 4, 4, 6; mean 4, variance 2.
        let points = judge(&[2.0, 4.0, 4.0, 6.0, 20.0, 4.0], &USUAL);
        let root = 2f64.sqrt();
        assert_eq!((points.len(), points[0].index, points[0].mean, points[0].stddev), (2, 4, 4.0, root));
        assert_eq!((points[0].lower, points[0].upper, points[0].error), (4.0 - 3.0 * root, 4.0 + 3.0 * root, 16.0));
        assert!(points[0].indicator && points[0].violation && !points[1].indicator);
        // The violation is part of the next window.
        assert_eq!(points[1].mean, 8.5);
        assert_eq!(judge(&[1.0; 4], &USUAL), []);
    }

    #[test]
    fn without_a_deviation_any_other_value_is_outside() {
        let points = judge(&[5.0, 5.0, 5.0, 5.0, 5.0, 5.1, 5.0], &USUAL);
        assert_eq!(points.iter().map(|point| point.indicator).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!((points[0].deviation, points[1].deviation), (0.0, f64::INFINITY));
        let large = judge(&[0.1 + 0.2; 40], &Params { window: 7, ..USUAL });
        assert!(large.iter().all(|point| point.stddev == 0.0 && !point.indicator));
    }

    #[test]
    fn sides_and_rows() {
        let series = [5.0, 6.0, 5.0, 6.0, 50.0, 90.0, 5.5, -200.0];
        let found = |params: Params| -> Vec<usize> {
            judge(&series, &params).iter().filter(|point| point.violation).map(|point| point.index).collect()
        };
        assert_eq!(found(Params { direction: Direction::Up, ..USUAL }), [4, 5]);
        assert_eq!(found(Params { direction: Direction::Down, threshold: 2.0, ..USUAL }), [7]);
        assert_eq!(found(Params { consecutive: 2, robust: true, ..USUAL }), [5]);
        assert!(found(Params { consecutive: 3, robust: true, ..USUAL }).is_empty());
    }

    #[test]
    fn what_is_found_does_not_blunt_the_robust_one() {
        let series = [5.0, 6.0, 5.0, 7.0, 50.0, 50.0, 50.0, 50.0, 50.0, 6.0];
        let found = |robust| -> Vec<usize> {
            let judged = judge(&series, &Params { robust, ..USUAL });
            judged.iter().filter(|point| point.violation).map(|point| point.index).collect()
        };
        assert_eq!(found(true), [4, 5, 6, 7, 8]);
        assert_eq!(found(false), [4, 9]);
    }

    #[test]
    fn medians() {
        assert_eq!((median(vec![]), median(vec![3.0]), median(vec![9.0, 1.0])), (0.0, 3.0, 5.0));
        assert_eq!(median(vec![9.0, 1.0, 4.0]), 4.0);
        assert_eq!(median(vec![9.0, 1.0, 4.0, 6.0]), 5.0);
    }

    /// Sums and sums of squares, and everything sorted: as one would write it on a blackboard.
    #[test]
    fn a_plain_twin_agrees() {
        let mut state = 7u64;
        let mut random = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) % 50
        };
        for _ in 0..200 {
            let series: Vec<f64> = (0..60).map(|_| random() as f64).collect();
            let window = 2 + random() as usize % 12;
            let params = Params { window, threshold: 1.5, ..USUAL };
            for point in judge(&series, &params) {
                let t = point.index;
                let n = window as f64;
                let sum: f64 = series[t - window..t].iter().sum();
                let squares: f64 = series[t - window..t].iter().map(|x| x * x).sum();
                let deviation = (squares / n - (sum / n) * (sum / n)).max(0.0).sqrt();
                assert!((point.mean - sum / n).abs() < 1e-9 && (point.stddev - deviation).abs() < 1e-5, "{point:?}");
                let off = (series[t] - sum / n).abs() - 1.5 * deviation;
                assert!(off.abs() < 1e-4 || point.indicator == (off > 0.0), "{point:?}");
            }
        }
    }
}
