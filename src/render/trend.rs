//! Sparklines: how numbers run over time, one line for each series, above a table.

use super::Style;
use super::paint::dim;
use super::table::shorten;
use crate::report::{Mark, Series, Trend, count, plain};
use crate::schema::{Value, span_name};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// How long lines are where there is no limit.
const WIDE: usize = 120;
/// A line shorter than this shows nothing.
const SHORTEST: usize = 8;

/// Writes the lines, and an empty one behind them. Several steps share a character where there is
/// not room for each.
pub fn write(trend: &Trend, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let steps = trend.series.iter().map(|series| series.points.len()).max().unwrap_or(0);
    let limit = style.width.unwrap_or(usize::MAX);
    let labels: Vec<String> = trend.series.iter().map(|series| shorten(&series.label, (limit / 3).max(4))).collect();
    let label = labels.iter().map(|label| label.width()).max().unwrap_or(0);
    let peaks: Vec<String> = trend.series.iter().map(|series| count(peak(series))).collect();
    let peak = peaks.iter().map(|peak| peak.width()).max().unwrap_or(0);
    let lead = if label > 0 { label + 2 } else { 0 };
    let room = limit.saturating_sub(lead + "  peak ".len() + peak).min(WIDE);
    if steps == 0 || room < SHORTEST {
        return Ok(());
    }
    let together = steps.div_ceil(room);
    let caption = caption(trend, steps, together);
    if caption.width() <= limit {
        writeln!(out, "{}", dim(&caption, style.color))?;
    }
    for ((series, label_text), peak_text) in trend.series.iter().zip(&labels).zip(&peaks) {
        let line = line(&series.points, together);
        let line = if style.color { format!("\x1b[36m{line}\x1b[0m") } else { line };
        let padding = " ".repeat(lead - label_text.width());
        writeln!(out, "{label_text}{padding}{line}  peak {peak_text:>peak$}")?;
        if !series.marks.is_empty() {
            writeln!(out, "{:lead$}{}", "", marks(&series.marks, together))?;
        }
    }
    writeln!(out)
}

fn caption(trend: &Trend, steps: usize, together: usize) -> String {
    let end = trend.from.saturating_add(trend.step.saturating_mul(steps as u64));
    let time = |seconds| plain(&Value::Time(seconds));
    let mut text = format!("{} per {}, {} to {}", trend.title, span_name(trend.step), time(trend.from), time(end));
    if together > 1 {
        text.push_str(&format!(", {} a character", span_name(trend.step.saturating_mul(together as u64))));
    }
    text
}

fn peak(series: &Series) -> u128 {
    series.points.iter().copied().max().unwrap_or(0)
}

/// A character for every point, as high as its part of the largest.
pub fn sparkline(points: &[u128]) -> String {
    line(points, 1)
}

/// A character for every `together` points: their mean, on the scale of the largest; nothing where
/// there is nothing.
fn line(points: &[u128], together: usize) -> String {
    let mean = |points: &[u128]| points.iter().map(|n| *n as f64).sum::<f64>() / points.len() as f64;
    let means: Vec<f64> = points.chunks(together).map(mean).collect();
    let largest = means.iter().copied().fold(0.0, f64::max);
    let level = |mean: &f64| match *mean {
        0.0 => ' ',
        mean => LEVELS[((mean / largest * LEVELS.len() as f64).ceil() as usize).clamp(1, LEVELS.len()) - 1],
    };
    means.iter().map(level).collect()
}

/// A character below every one of a line that has a marked point in it; of both kinds, that of the higher one.
fn marks(marks: &[(usize, Mark)], together: usize) -> String {
    let last = marks.iter().map(|(point, _)| point / together).max().unwrap_or(0);
    let of = |place: usize| marks.iter().filter(move |(point, _)| point / together == place).map(|(_, mark)| *mark);
    let sign = |place: usize| match (of(place).any(|mark| mark == Mark::Up), of(place).next()) {
        (true, _) => '▲',
        (false, Some(_)) => '▼',
        (false, None) => ' ',
    };
    (0..=last).map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_show_the_shape() {
        assert_eq!(line(&[0, 1, 2, 3, 4, 5, 6, 7, 8], 1), " ▁▂▃▄▅▆▇█");
        assert_eq!(line(&[1, 1_000_000], 1), "▁█");
        assert_eq!(line(&[0, 0], 1), "  ");
        // The last character is of fewer points, and no lower for it.
        assert_eq!(line(&[4, 4, 8, 8, 8], 2), "▄██");
        assert_eq!(line(&[u128::MAX, 0], 1), "█ ");
    }

    #[test]
    fn marks_stand_below_their_points() {
        let both = [(1, Mark::Down), (4, Mark::Up), (5, Mark::Down), (9, Mark::Down)];
        assert_eq!(marks(&both, 1), " ▼  ▲▼   ▼");
        assert_eq!(marks(&both, 2), "▼ ▲ ▼");
        assert_eq!(marks(&both, 100), "▲");
        let series = Series { label: "a".into(), points: vec![5, 0, 5], marks: vec![(1, Mark::Down)] };
        let trend = Trend { title: "flows".into(), from: 0, step: 60, series: vec![series] };
        let mut out = Vec::new();
        write(&trend, &Style::default(), &mut out).expect("memory does not fail");
        let text = String::from_utf8(out).expect("UTF-8");
        assert!(text.ends_with("Z\na  █ █  peak 5\n    ▼\n\n"), "{text}");
    }

    fn text(width: Option<usize>, steps: usize) -> String {
        let series =
            |label: &str| Series { label: label.into(), points: (0..steps as u128).collect(), ..Series::default() };
        let trend =
            Trend { title: "flows".into(), from: 0, step: 60, series: vec![series("10.0.0.1"), series("other")] };
        let mut out = Vec::new();
        write(&trend, &Style { width, ..Style::default() }, &mut out).expect("memory does not fail");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn lines_are_fitted_to_the_width() {
        for width in 0..200 {
            for line in text(Some(width), 150).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
        assert_eq!(
            text(None, 3),
            "flows per 1m, 1970-01-01T00:00:00Z to 1970-01-01T00:03:00Z\n\
             10.0.0.1   ▄█  peak 2\nother      ▄█  peak 2\n\n"
        );
        assert!(
            text(Some(80), 150)
                .starts_with("flows per 1m, 1970-01-01T00:00:00Z to 1970-01-01T02:30:00Z, 3m a character\n")
        );
        assert_eq!((text(Some(10), 150), text(None, 0)), (String::new(), String::new()));
    }
}
