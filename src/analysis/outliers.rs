//! Points of a series that are far from the points before them: the `outlier` operator of Sumo Logic (its
//! documentation, search operators).

use super::order::{NORMAL_MAD, insert, median_deviation_of_sorted, median_of_sorted, remove};
use std::collections::VecDeque;

/// Which side of the band counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    #[default]
    Both,
    Up,
    Down,
}

/// How points are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How many points before a point it is compared with, at least 1.
    pub window: usize,
    /// The half width of the band in standard deviations.
    pub threshold: f64,
    /// How many points in a row must be outside before they count, at least 1.
    pub consecutive: usize,
    pub direction: Direction,
    /// Median and 1.4826 times the median absolute deviation in place of mean and standard deviation, and
    /// points that violate are left out of later windows. A change of level that lasts then violates for
    /// as long as it lasts.
    pub robust: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { window: 10, threshold: 3.0, consecutive: 1, direction: Direction::Both, robust: false }
    }
}

/// A point and the band it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Which point of the series.
    pub index: usize,
    pub value: f64,
    /// The mean of the window; its median if robust.
    pub mean: f64,
    /// The population's standard deviation over the window; 1.4826 times its median absolute deviation if robust.
    pub stddev: f64,
    pub lower: f64,
    pub upper: f64,
    /// The value less the mean.
    pub error: f64,
    /// Whether the value is outside of the band, on a side that counts.
    pub indicator: bool,
    /// Whether the indicator has been on for as many points in a row as asked for, this one included.
    pub violation: bool,
    /// The size of the error in standard deviations, to rank by: infinite where those are 0 and the error is not.
    pub deviation: f64,
}

/// Judges each point of a regular series, without gaps, that has a window before it. The newest point is not judged,
/// as its bucket may be incomplete; so a series is given with it. All values are finite.
pub fn judge(series: &[f64], settings: &Settings) -> Vec<Judged> {
    let window = settings.window.max(1);
    let judged = series.len().saturating_sub(1);
    if judged <= window {
        return vec![];
    }
    let series = &series[..judged];
    if settings.robust { robust(series, window, settings) } else { plain(series, window, settings) }
}

fn plain(series: &[f64], window: usize, settings: &Settings) -> Vec<Judged> {
    let mut run = 0;
    let mut sums = Sums::of(series, window);
    let mut point = |t: usize| {
        let (mean, stddev) = match &mut sums {
            Some(sums) => sums.at(series, window, t),
            None => mean_and_stddev(&series[t - window..t]),
        };
        settings.point(t, series[t], mean, stddev, &mut run)
    };
    (window..series.len()).map(&mut point).collect()
}

fn robust(series: &[f64], window: usize, settings: &Settings) -> Vec<Judged> {
    let mut run = 0;
    let mut kept: VecDeque<f64> = VecDeque::new();
    let mut sorted = Vec::new();
    let mut out = Vec::with_capacity(series.len() - window);
    for (t, value) in series.iter().enumerate() {
        let mut violates = false;
        if t >= window {
            let median = median_of_sorted(&sorted).unwrap_or_default();
            let spread = NORMAL_MAD * median_deviation_of_sorted(&sorted, median);
            let point = settings.point(t, *value, median, spread, &mut run);
            violates = point.violation;
            out.push(point);
        }
        if violates {
            continue;
        }
        insert(&mut sorted, *value);
        kept.push_back(*value);
        if kept.len() > window
            && let Some(oldest) = kept.pop_front()
        {
            remove(&mut sorted, oldest);
        }
    }
    out
}

impl Settings {
    /// The judgement of a point; `run` has how many before it were outside in a row.
    fn point(&self, index: usize, value: f64, mean: f64, stddev: f64, run: &mut usize) -> Judged {
        let (lower, upper) = (mean - self.threshold * stddev, mean + self.threshold * stddev);
        let indicator = match self.direction {
            Direction::Both => value > upper || value < lower,
            Direction::Up => value > upper,
            Direction::Down => value < lower,
        };
        *run = if indicator { *run + 1 } else { 0 };
        let error = value - mean;
        let deviation = if error == 0.0 { 0.0 } else { error.abs() / stddev };
        let violation = indicator && *run >= self.consecutive;
        Judged { index, value, mean, stddev, lower, upper, error, indicator, violation, deviation }
    }
}

/// Exact sums over a window that moves on: for whole numbers that are small enough.
struct Sums {
    sum: i128,
    squares: i128,
}

impl Sums {
    /// The sums over the first window; `None` if some could be inexact in a series.
    fn of(series: &[f64], window: usize) -> Option<Sums> {
        let largest = series.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
        // The square of window times value must be below 2^126.
        let small = largest * (window as f64) < (1u64 << 62) as f64 && largest < (1u64 << 53) as f64;
        if !small || series.iter().any(|x| x.fract() != 0.0) {
            return None;
        }
        let mut sums = Sums { sum: 0, squares: 0 };
        series[..window].iter().for_each(|x| sums.add(*x, 1));
        Some(sums)
    }

    fn add(&mut self, value: f64, times: i128) {
        let value = value as i128;
        self.sum += times * value;
        self.squares += times * value * value;
    }

    /// Mean and deviation of the window before point `t`; and moves on to that before the next.
    fn at(&mut self, series: &[f64], window: usize, t: usize) -> (f64, f64) {
        let n = window as i128;
        let mean = self.sum as f64 / window as f64;
        let variance_times = n * self.squares - self.sum * self.sum;
        self.add(series[t], 1);
        self.add(series[t - window], -1);
        (mean, (variance_times as f64).sqrt() / window as f64)
    }
}

/// Over one window, in two passes; exactly 0 where all values are the same.
fn mean_and_stddev(window: &[f64]) -> (f64, f64) {
    let n = window.len() as f64;
    // The first value is taken off, so that the rest is small where the values are alike.
    let first = window[0];
    let mean = first + window.iter().map(|x| x - first).sum::<f64>() / n;
    let squares: f64 = window.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, (squares / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::super::order::{median, median_deviation};
    use super::super::random::Random;
    use super::*;

    fn with_newest(values: &[f64]) -> Vec<f64> {
        [values, &[1e9]].concat()
    }

    fn violations(values: &[f64], settings: &Settings) -> Vec<usize> {
        judge(&with_newest(values), settings).iter().filter(|p| p.violation).map(|p| p.index).collect()
    }

    #[test]
    fn a_band_by_hand() {
        let settings = Settings { window: 4, threshold: 2.0, ..Settings::default() };
        let points = judge(&with_newest(&[2.0, 4.0, 4.0, 6.0, 7.0, 5.0]), &settings);
        assert_eq!(points.len(), 2, "neither the first window nor the newest point is judged");
        let stddev = 2.0f64.sqrt();
        let expected = Judged {
            index: 4,
            value: 7.0,
            mean: 4.0,
            stddev,
            lower: 4.0 - 2.0 * stddev,
            upper: 4.0 + 2.0 * stddev,
            error: 3.0,
            indicator: true,
            violation: true,
            deviation: 3.0 / stddev,
        };
        assert_eq!(points[0], expected);
        assert_eq!((points[1].mean, points[1].indicator), (5.25, false), "a violating point stays in the window");
    }

    #[test]
    fn without_spread_any_difference_counts() {
        let settings = Settings { window: 3, ..Settings::default() };
        for level in [0.0, 0.1, 7.0, 1e15 / 3.0] {
            let series = [level, level, level, level, level + 1.0, level];
            let points = judge(&with_newest(&series), &settings);
            assert_eq!((points[0].indicator, points[0].deviation), (false, 0.0));
            assert_eq!((points[1].indicator, points[1].deviation), (true, f64::INFINITY), "{level}");
        }
    }

    #[test]
    fn runs_and_directions() {
        let series = [5.0, 5.0, 5.0, 9.0, 5.0, 90.0, 900.0, 9000.0, -1000.0];
        let settings = Settings { window: 3, threshold: 1.0, ..Settings::default() };
        assert_eq!(violations(&series, &settings), [3, 5, 6, 7, 8]);
        assert_eq!(violations(&series, &Settings { consecutive: 2, ..settings }), [6, 7, 8]);
        assert_eq!(violations(&series, &Settings { direction: Direction::Up, ..settings }), [3, 5, 6, 7]);
        assert_eq!(violations(&series, &Settings { direction: Direction::Down, ..settings }), [8]);
        let both = Settings { direction: Direction::Down, consecutive: 2, ..settings };
        assert_eq!(violations(&series, &both), [0usize; 0], "a run is of points on a side that counts");
    }

    #[test]
    fn too_short_a_series_has_no_points() {
        for n in 0..12 {
            assert_eq!(judge(&vec![1.0; n], &Settings::default()), [], "{n}");
        }
        assert_eq!(judge(&[1.0; 12], &Settings::default()).len(), 1);
    }

    #[test]
    fn robust_forgets_what_violated() {
        let mut series = vec![10.0, 12.0, 11.0, 9.0, 10.0, 11.0];
        series.extend([500.0; 3]);
        series.push(11.0);
        let settings = Settings { window: 5, robust: true, ..Settings::default() };
        let points = judge(&with_newest(&series), &settings);
        assert_eq!(violations(&series, &settings), [6, 7, 8]);
        let last = points.last().expect("points");
        assert_eq!((last.mean, last.indicator), (11.0, false));
        let plain = Settings { robust: false, ..settings };
        assert_eq!(violations(&series, &plain), [6], "mean and deviation are swollen by the first");
    }

    /// As the definition reads, a window at a time.
    fn twin(series: &[f64], s: &Settings) -> Vec<(f64, f64, bool, bool)> {
        let mut out: Vec<(f64, f64, bool, bool)> = vec![];
        for t in s.window..series.len() - 1 {
            let violated = |i: &usize| *i >= s.window && out[*i - s.window].3;
            let mut before: Vec<f64> =
                (0..t).filter(|i| !(s.robust && violated(i))).map(|i| series[i]).collect::<Vec<_>>();
            before.drain(..before.len() - s.window);
            let n = before.len() as f64;
            let mean = before.iter().sum::<f64>() / n;
            let sigma = (before.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
            let (mean, sigma) = match s.robust {
                true => (median(&before).unwrap(), 1.4826 * median_deviation(&before).unwrap()),
                false => (mean, sigma),
            };
            let up = series[t] > mean + s.threshold * sigma && s.direction != Direction::Down;
            let down = series[t] < mean - s.threshold * sigma && s.direction != Direction::Up;
            let indicator = up || down;
            let earlier = out.iter().rev().take_while(|p| p.2).count();
            out.push((mean, sigma, indicator, indicator && earlier + 1 >= s.consecutive));
        }
        out
    }

    #[test]
    fn a_plain_twin_agrees() {
        let mut random = Random(4);
        for round in 0..400u64 {
            let n = 20 + random.below(80);
            let part = if round % 2 == 0 { 1.0 } else { 0.37 };
            let level = [0.0, 3.0, 1e6, 1e12][random.below(4) as usize];
            let value = |random: &mut Random| {
                let spike = if random.below(12) == 0 { 40.0 } else { 1.0 };
                level + (random.below(30) as f64 * spike) * part
            };
            let series: Vec<f64> = (0..n).map(|_| value(&mut random)).collect();
            let settings = Settings {
                window: 1 + random.below(15) as usize,
                threshold: [1.0, 2.1, 3.0][random.below(3) as usize],
                consecutive: 1 + random.below(3) as usize,
                direction: [Direction::Both, Direction::Up, Direction::Down][random.below(3) as usize],
                robust: random.below(2) == 0,
            };
            let (points, expected) = (judge(&series, &settings), twin(&series, &settings));
            assert_eq!(points.len(), expected.len());
            for (point, (mean, sigma, indicator, violation)) in points.iter().zip(expected) {
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + level * 1e-3);
                assert!(close(point.mean, mean) && close(point.stddev, sigma), "{point:?} {mean} {sigma}");
                let edge = ((point.error.abs() - settings.threshold * sigma) / (1.0 + level)).abs() < 1e-9;
                assert!(edge || (point.indicator, point.violation) == (indicator, violation), "{round} {point:?}");
                if edge {
                    break;
                }
            }
        }
    }

    /// Sums of squares of these do not fit a double: a running variance would be far off.
    #[test]
    fn long_series_of_large_numbers_keep_their_digits() {
        let mut random = Random(5);
        let series: Vec<f64> = (0..30_000).map(|_| 4e14 + random.below(100) as f64).collect();
        let settings = Settings { window: 3000, ..Settings::default() };
        for point in judge(&series, &settings).iter().step_by(997) {
            let window = &series[point.index - 3000..point.index];
            let mean = window.iter().map(|x| x - 4e14).sum::<f64>() / 3000.0;
            let variance = window.iter().map(|x| (x - 4e14 - mean).powi(2)).sum::<f64>() / 3000.0;
            assert!((point.stddev - variance.sqrt()).abs() < 1e-9, "{point:?}");
        }
        let fractions: Vec<f64> = series.iter().map(|x| x + 0.5).collect();
        let halves = judge(&fractions, &Settings { window: 40, ..settings });
        let whole = judge(&series, &Settings { window: 40, ..settings });
        assert!(halves.iter().zip(&whole).all(|(h, w)| (h.stddev - w.stddev).abs() < 0.01));
    }
}
