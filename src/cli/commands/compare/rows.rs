//! The rows of a comparison.

use super::shift::Shift;
use super::window::{Past, Window};
use super::{BUCKETS, Compare};
use crate::cli::Error;
use crate::cli::commands::series::{number, odd_span, value};
use crate::cli::commands::{key_column, measure_column};
use crate::engine::Answer;
use crate::query::Measure;
use crate::report::{Column, KEEP, Report, Series, Trend, Unit, plain};
use crate::schema::{Kind, Value};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What is compared: by bucket and key, the numbers now and those of every earlier window.
pub type Rows = BTreeMap<(u64, Vec<Value>), Vec<Vec<f64>>>;

/// A number as what it is.
fn typed(measure: &Measure, number: Value) -> Value {
    match (measure.kind(), number) {
        (Some(Kind::Time), Value::Int(0)) => Value::None,
        (Some(Kind::Time), Value::Int(seconds)) => Value::Time(seconds as u64),
        (_, number) => number,
    }
}

impl Compare {
    /// Adds the numbers of an answer, in those places of a row whose window lies so many seconds earlier. Returns how
    /// many flows have no value for a key.
    pub fn add(
        &self,
        rows: &mut Rows,
        answer: &mut Answer,
        window: &Window,
        places: &[(usize, i64)],
    ) -> Result<u64, Error> {
        let (width, empty) = (self.width(), vec![0.0; self.series.measures().len()]);
        let whole = self.is_whole();
        Ok(answer.each(BUCKETS, |mut keys, values| {
            let Value::Time(time) = keys.remove(0) else { return };
            for (i, by) in places {
                let Some(time) = time.checked_add_signed(*by).filter(|time| window.holds(*time)) else { continue };
                let bucket = if whole { window.start } else { window.bucket(time) };
                let row = rows.entry((bucket, keys.clone())).or_insert_with(|| vec![empty.clone(); width]);
                row[*i].iter_mut().zip(&values).for_each(|(sum, more)| *sum += number(more));
            }
        })?)
    }

    /// How many windows there are.
    fn width(&self) -> usize {
        1 + self.shifts().iter().flat_map(Shift::each).count()
    }

    /// Adds rows of zeros where there are no keys.
    fn complete(&self, rows: &mut Rows, window: &Window) {
        if self.series.keys().is_empty() {
            for time in window.buckets() {
                let empty = || vec![vec![0.0; self.series.measures().len()]; self.width()];
                rows.entry((time, vec![])).or_insert_with(empty);
            }
        }
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::key("time", Kind::Time)];
        if self.is_whole() {
            columns[0].weight = 0;
        }
        columns.extend(self.series.keys().iter().map(key_column));
        for measure in self.series.measures() {
            let name = measure.column();
            let now = measure_column(&name, &measure);
            let unit = now.unit;
            columns.push(now.weight(KEEP));
            for shift in &self.shifts() {
                let of = |suffix: &str| format!("{name}_{}{suffix}", shift.name());
                columns.push(Column { name: of(""), ..measure_column(&name, &measure) }.weight(8));
                columns.push(Column::measure(&of("_change"), None).unit(unit.change()).weight(7));
                columns.push(Column::measure(&of("_pct"), None).unit(Unit::PercentChange).weight(9));
            }
        }
        let coverage = |shift: &Shift| Column::measure(&format!("coverage_{}", shift.name()), None).unit(Unit::Share);
        columns.extend(self.shifts().iter().map(|shift| coverage(shift).weight(3)));
        columns
    }

    /// The cells of a row behind its keys.
    fn cells(&self, time: u64, row: &[Vec<f64>], window: &Window, pasts: &[Past]) -> Vec<Value> {
        let places = |measure: &Measure| if measure.kind().is_some() { 0 } else { 2 };
        let mut cells = Vec::new();
        for (m, measure) in self.series.measures().iter().enumerate() {
            let now = row[0][m];
            cells.push(typed(measure, value(now, places(measure))));
            let mut earlier = pasts.iter().zip(&row[1..]);
            for shift in &self.shifts() {
                let parts: Vec<Option<f64>> = earlier
                    .by_ref()
                    .take(shift.each().count())
                    .map(|(past, numbers)| window.has(time, past, self.is_whole()).then_some(numbers[m]))
                    .collect();
                let then = shift.fold(&parts);
                let change = then.map(|then| now - then);
                let has_pct = measure.kind() != Some(Kind::Time);
                let pct = then.filter(|then| *then != 0.0 && has_pct).map(|then| (now - then) / then.abs() * 100.0);
                let cell = |number: Option<f64>, places| number.map_or(Value::None, |number| value(number, places));
                cells.push(typed(measure, cell(then, places(measure).max(shift.places()))));
                cells.push(match change.map(|change| value(change, places(measure).max(shift.places()))) {
                    Some(Value::Int(change)) => Value::Decimal { units: change as i128, places: 0 },
                    other => other.unwrap_or(Value::None),
                });
                cells.push(cell(pct, 2));
            }
        }
        cells
    }

    /// Lines of the first measure, where there is one series.
    fn trend(&self, rows: &Rows, window: &Window) -> Option<Trend> {
        let lines = self.series.keys().is_empty() && self.width() == 1 + self.shifts().len() && rows.len() > 1;
        let points = |i: usize| rows.values().map(|row| row[i][0].max(0.0) as u128).collect();
        let shifts = self.shifts();
        let labels = std::iter::once("now".to_string()).chain(shifts.iter().map(|shift| match self.before[..] {
            [] => format!("{} ago", shift.name()),
            _ => shift.name(),
        }));
        let series =
            || labels.enumerate().map(|(i, label)| Series { label, points: points(i), ..Series::default() }).collect();
        lines.then(|| Trend {
            title: self.series.measures()[0].column(),
            from: window.start,
            step: window.step,
            series: series(),
        })
    }

    pub fn show(&self, mut rows: Rows, window: &Window, pasts: &[Past]) -> Report {
        self.complete(&mut rows, window);
        let mut report = Report { columns: self.columns(), trend: self.trend(&rows, window), ..Report::default() };
        let coverages = self.coverages(window, pasts);
        let cells_of = |coverage: &f64| value(*coverage, 4);
        let coverage: Vec<Value> = coverages.iter().map(cells_of).collect();
        let mut changes = Vec::new();
        for ((time, keys), row) in rows {
            changes.push((row[1][0] - row[0][0]).abs());
            let cells = self.cells(time, &row, window, pasts);
            report.rows.push([vec![Value::Time(time)], keys, cells, coverage.clone()].concat());
        }
        report.rows_in_all = report.rows.len();
        if self.is_whole() {
            let mut order: Vec<usize> = (0..changes.len()).collect();
            // The keys stand in order already.
            order.sort_by_key(|i| Reverse(changes[*i].to_bits()));
            order.truncate(if self.limit == 0 { usize::MAX } else { self.limit });
            report.rows = order.into_iter().map(|i| std::mem::take(&mut report.rows[i])).collect();
        }
        report.notes.extend(self.notes(window, pasts, &coverages));
        report.notes.extend(odd_span(window.data));
        report
    }

    /// The part of each column's earlier windows that the data spans.
    fn coverages(&self, window: &Window, pasts: &[Past]) -> Vec<f64> {
        let mut pasts = pasts.iter();
        let of = |shift: &Shift| {
            let parts: Vec<f64> = pasts.by_ref().take(shift.each().count()).map(|past| window.coverage(past)).collect();
            parts.iter().sum::<f64>() / parts.len() as f64
        };
        self.shifts().iter().map(of).collect()
    }

    fn notes(&self, window: &Window, pasts: &[Past], coverages: &[f64]) -> Vec<String> {
        let time = |seconds: u64| plain(&Value::Time(seconds));
        let mut notes = vec![format!("compared: {} to {}", time(window.start), time(window.end))];
        if let (false, [past]) = (self.before.is_empty(), pasts) {
            let at = |now: u64| time(now.saturating_add_signed(past.by.wrapping_neg()));
            notes = vec![format!("{}, with {} to {}", notes[0], at(window.start), at(window.end))];
        }
        for (shift, coverage) in self.shifts().iter().zip(coverages) {
            let earlier = if self.before.is_empty() { format!("{} earlier", shift.name()) } else { "before".into() };
            if *coverage == 0.0 {
                notes.push(format!("there are no records of {earlier}"));
            } else if *coverage < 1.0 && self.is_whole() {
                let percent = plain(&value(coverage * 100.0, 1));
                notes.push(format!(
                    "there are logs of {percent}% of the window {earlier}: its numbers are smaller for it"
                ));
            }
        }
        notes
    }
}
