//! Box plots in the place of bars: the five numbers of every row, on one scale.

use super::Style;
use crate::report::{Report, human, plain};
use crate::schema::Value;
use unicode_width::UnicodeWidthStr;

/// How long plots are where there is no limit, and what columns make room for.
pub const LENGTH: (usize, usize) = (24, 12);

/// Beyond so many times the smallest value, the scale is logarithmic.
const DECADES: f64 = 100.0;

/// From the smallest to the largest value of a report.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    low: f64,
    high: f64,
    length: usize,
}

/// A plot for every row, whose five numbers begin at column `first`, and the scale as their heading.
pub fn boxes(report: &Report, first: usize, length: usize, style: &Style) -> (String, Vec<String>) {
    let rows: Vec<Option<[f64; 5]>> = report.rows.iter().map(|row| five(&row[first..first + 5])).collect();
    let all = || rows.iter().flatten();
    let low = all().map(|five| five[0]).reduce(f64::min);
    let high = all().map(|five| five[4]).reduce(f64::max);
    let Some((low, high)) = low.zip(high) else { return (String::new(), vec![String::new(); rows.len()]) };
    let scale = Scale { low, high, length };
    let shown = |value: &Value| match style.raw {
        true => plain(value),
        false => human(value, report.columns[first].unit),
    };
    let end = |column: usize, number: f64| {
        let mut values = report.rows.iter().map(|row| &row[column]);
        values.find(|value| self::number(value) == Some(number)).map(shown).unwrap_or_default()
    };
    let heading = scale.heading(&end(first, low), &end(first + 4, high));
    (heading, rows.iter().map(|five| five.map_or(String::new(), |five| scale.draw(five))).collect())
}

fn five(cells: &[Value]) -> Option<[f64; 5]> {
    let mut five = [0.0; 5];
    for (place, cell) in five.iter_mut().zip(cells) {
        *place = number(cell)?;
    }
    Some(five)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Time(seconds) => Some(*seconds as f64),
        _ => None,
    }
}

impl Scale {
    fn is_logarithmic(&self) -> bool {
        self.high > DECADES * self.low.max(1.0)
    }

    /// The character that a number stands in.
    fn place(&self, number: f64) -> usize {
        let along = |number: f64| if self.is_logarithmic() { number.max(1.0).log10() } else { number };
        let (low, high) = (along(self.low), along(self.high));
        let part = if high > low { (along(number) - low) / (high - low) } else { 0.0 };
        (part.clamp(0.0, 1.0) * (self.length - 1) as f64).round() as usize
    }

    /// Whiskers from the smallest to the largest, a box from the first quartile to the third, and the median.
    fn draw(&self, five: [f64; 5]) -> String {
        let [min, first, median, third, max] = five.map(|number| self.place(number));
        let character = |at: usize| match at {
            _ if at == median => '┃',
            _ if at == first => '▐',
            _ if at == third => '▌',
            _ if (first..third).contains(&at) => '█',
            _ if at == min => '├',
            _ if at == max => '┤',
            _ if at < min => ' ',
            _ => '─',
        };
        (0..=max).map(character).collect()
    }

    /// The ends of the scale above its ends, and what kind it is, as far as there is room.
    fn heading(&self, low: &str, high: &str) -> String {
        let room = self.length.saturating_sub(low.width() + high.width());
        let kind = if self.is_logarithmic() { "log" } else { "" };
        match room {
            0 => String::new(),
            _ if room < kind.len() + 2 => format!("{low}{:room$}{high}", ""),
            _ => format!("{low}{kind:^room$}{high}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(low: f64, high: f64, length: usize) -> Scale {
        Scale { low, high, length }
    }

    #[test]
    fn boxes_lie_where_their_numbers_do() {
        let draw = |five| scale(0.0, 100.0, 11).draw(five);
        assert_eq!(draw([0.0, 30.0, 50.0, 60.0, 100.0]), "├──▐█┃▌───┤");
        assert_eq!(draw([20.0, 20.0, 50.0, 60.0, 60.0]), "  ▐██┃▌");
        assert_eq!(draw([0.0, 40.0, 40.0, 40.0, 50.0]), "├───┃┤");
        assert_eq!(draw([10.0, 11.0, 12.0, 13.0, 14.0]), " ┃");
        assert_eq!(draw([0.0; 5]), "┃");
        assert_eq!(scale(7.0, 7.0, 8).draw([7.0; 5]), "┃");
    }

    #[test]
    fn a_wide_range_is_logarithmic() {
        assert!(!scale(1.0, 100.0, 9).is_logarithmic() && scale(1.0, 101.0, 9).is_logarithmic());
        assert_eq!(scale(0.0, 10_000.0, 9).draw([0.0, 10.0, 100.0, 1000.0, 10_000.0]), "├─▐█┃█▌─┤");
        assert_eq!(scale(1e9, 1e9 + 8.0, 9).place(1e9 + 4.0), 4);
    }

    #[test]
    fn the_heading_is_the_scale() {
        assert_eq!(scale(40.0, 1e9, 20).heading("40 B", "1.0 GB"), "40 B   log    1.0 GB");
        assert_eq!(scale(40.0, 1e9, 12).heading("40 B", "1.0 GB"), "40 B  1.0 GB");
        assert_eq!(scale(40.0, 50.0, 12).heading("40 B", "50 B"), "40 B    50 B");
        assert_eq!(scale(40.0, 50.0, 8).heading("40 B", "50 B"), "");
    }
}
