//! A straight line through numbers at equal distances, by least squares.

/// A line, and how well it fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// How much it rises from one point to the next.
    pub slope: f64,
    /// Where it is at point 0.
    pub intercept: f64,
    /// The part of the variance that it explains, 0 to 1; none where all points are the same.
    pub r2: Option<f64>,
}

impl Line {
    /// The line through `points`, all finite, of which the first is point number `first`; `None` of fewer than two.
    pub fn through(points: &[f64], first: usize) -> Option<Line> {
        if points.len() < 2 {
            return None;
        }
        let n = points.len() as f64;
        // Both means are taken off, so that large numbers keep their digits.
        let middle = (n - 1.0) / 2.0;
        let mean = points[0] + points.iter().map(|y| y - points[0]).sum::<f64>() / n;
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (i, y) in points.iter().enumerate() {
            let (x, y) = (i as f64 - middle, y - mean);
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        let slope = xy / xx;
        let r2 = (yy > 0.0).then(|| (xy / xx * (xy / yy)).clamp(0.0, 1.0));
        Some(Line { slope, intercept: mean - slope * (first as f64 + middle), r2 })
    }

    /// Where it is at a point.
    pub fn at(&self, point: usize) -> f64 {
        self.intercept + self.slope * point as f64
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    fn line(points: &[f64]) -> Line {
        Line::through(points, 0).expect("a line")
    }

    #[test]
    fn lines_by_hand() {
        assert_eq!(line(&[1.0, 3.0, 5.0, 7.0]), Line { slope: 2.0, intercept: 1.0, r2: Some(1.0) });
        assert_eq!(line(&[9.0, 6.0]), Line { slope: -3.0, intercept: 9.0, r2: Some(1.0) });
        assert_eq!(line(&[4.0, 4.0, 4.0]), Line { slope: 0.0, intercept: 4.0, r2: None });
        // Up and down again: no line explains it.
        assert_eq!(line(&[0.0, 6.0, 0.0]), Line { slope: 0.0, intercept: 2.0, r2: Some(0.0) });
        // The sums of x and y are 10 and 20, of xx 30, of xy 46, of yy 90.
        let by_hand = line(&[1.0, 6.0, 4.0, 6.0, 3.0]);
        assert_eq!((by_hand.slope, by_hand.at(2)), (0.4, 4.0));
        assert!((by_hand.r2.expect("a spread") - 1.6 / 18.0).abs() < 1e-12, "{by_hand:?}");
        assert_eq!((Line::through(&[], 0), Line::through(&[1.0], 0)), (None, None));
    }

    #[test]
    fn points_keep_their_numbers() {
        let (whole, later) = (line(&[1.0, 3.0, 5.0, 7.0]), Line::through(&[5.0, 7.0], 2).expect("a line"));
        assert_eq!((later.slope, later.at(2), later.at(10)), (2.0, 5.0, whole.at(10)));
    }

    /// The normal equations, solved in whole numbers.
    #[test]
    fn a_plain_twin_agrees() {
        let mut random = Random(7);
        for _ in 0..500 {
            let n = 2 + random.below(60) as i128;
            let level = [0, 5, 1_000_000_000_000][random.below(3) as usize];
            let points: Vec<i128> = (0..n).map(|_| level + random.below(1000) as i128).collect();
            let sum = |of: &dyn Fn(i128, i128) -> i128| (0..n).zip(&points).map(|(x, y)| of(x, *y)).sum::<i128>();
            let (x, y, xx, xy, yy) =
                (sum(&|x, _| x), sum(&|_, y| y), sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
            let (rise, spread_x, spread_y) = (n * xy - x * y, n * xx - x * x, n * yy - y * y);
            let found = line(&points.iter().map(|y| *y as f64).collect::<Vec<_>>());
            assert!((found.slope - rise as f64 / spread_x as f64).abs() < 1e-9, "{points:?}");
            let intercept = (y * xx - x * xy) as f64 / spread_x as f64;
            assert!((found.intercept - intercept).abs() < 1e-9 * (1.0 + intercept.abs()), "{points:?}");
            let r2 = (spread_y > 0).then(|| (rise as f64).powi(2) / spread_x as f64 / spread_y as f64);
            assert!(found.r2.zip(r2).map_or(found.r2 == r2, |(a, b)| (a - b).abs() < 1e-9), "{points:?}");
        }
    }
}
