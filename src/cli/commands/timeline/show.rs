//! A timeline as a report: the rows of all buckets, what options add to them, and the lines above.

use super::buckets::{Buckets, Cells};
use super::earlier::Earlier;
use super::forecast::Forecast;
use super::load::SHOWN;
use super::marks::Marks;
use super::summary::{self, Summaries};
use crate::cli::commands::{key_column, measure_column};
use crate::query::{Key, Measure};
use crate::report::{Column, KEEP, Report, Series, Trend, plain};
use crate::schema::{Kind, Value};

/// What is shown.
pub struct Shown<'t> {
    pub by: Option<&'t Key>,
    /// The values of the series.
    pub labels: Vec<Value>,
    pub buckets: Buckets,
    /// Where it stands in the place of sums.
    pub summaries: Option<(&'t Key, Summaries)>,
    pub earlier: Option<Earlier>,
    /// With how many buckets are foretold.
    pub forecast: Option<(Forecast, u64)>,
    pub marks: Option<Marks>,
}

impl Shown<'_> {
    pub fn report(&self) -> Report {
        let mut report = Report { columns: self.columns(), ..Report::default() };
        let flows = 1 + usize::from(self.by.is_some());
        match self.summaries {
            Some(_) => report.boxes = Some(flows + 1),
            None => report.bar = Some(flows),
        }
        self.buckets.rows(|time, series, cells| report.rows.push(self.row(time, series, cells)));
        self.foretell(&mut report);
        report.rows_in_all = report.rows.len();
        report.notes = self.notes();
        report.trend = self.lines();
        report
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::key("time", Kind::Time)];
        columns.extend(self.by.map(key_column));
        let shown = if self.summaries.is_some() { &SHOWN[..1] } else { &SHOWN[..] };
        for measure in shown {
            let column = measure_column(&measure.column(), measure);
            columns.push(if *measure == Measure::Flows { column.weight(KEEP - 1) } else { column });
        }
        columns.extend(self.summaries.iter().flat_map(|(field, _)| summary::columns(field)));
        columns.extend(self.earlier.as_ref().map(Earlier::column));
        columns.extend(self.forecast.as_ref().map(|_| Forecast::column()));
        columns.extend(self.marks.as_ref().map(|_| Marks::column()));
        // The key may be a field of the same name.
        for column in columns.iter_mut().skip(2).filter(|column| self.by.is_some_and(|key| key.name() == column.name)) {
            column.name = format!("total_{}", column.name);
        }
        columns
    }

    fn label(&self, series: usize) -> Option<Value> {
        self.by.map(|_| self.labels[series].clone())
    }

    fn row(&self, time: u64, series: usize, cells: &Cells) -> Vec<Value> {
        let mut row = vec![Value::Time(time)];
        row.extend(self.label(series));
        match &self.summaries {
            Some((_, summaries)) => {
                row.push(Value::Int(cells[0]));
                row.extend(summaries.cells(time, series));
            }
            None => row.extend(cells.map(Value::Int)),
        }
        row.extend(self.earlier.as_ref().map(|earlier| earlier.cell(time, series)));
        row.extend(self.forecast.as_ref().map(|(forecast, _)| forecast.cell(time, series)));
        row.extend(self.marks.as_ref().map(|marks| marks.cell(time, series)));
        row
    }

    /// Adds the rows of the next buckets, of which nothing is known but the trend.
    fn foretell(&self, report: &mut Report) {
        let Some((forecast, ahead)) = &self.forecast else { return };
        let place = report.columns.len() - 1 - usize::from(self.marks.is_some());
        let later = |bucket: u64| self.buckets.last().checked_add(bucket.checked_mul(self.buckets.seconds())?);
        for time in (1..=*ahead).map_while(later) {
            for series in 0..forecast.series() {
                let mut row = vec![Value::None; report.columns.len()];
                row[0] = Value::Time(time);
                if let Some(label) = self.label(series) {
                    row[1] = label;
                }
                row[place] = forecast.cell(time, series);
                report.rows.push(row);
            }
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        notes.extend(self.buckets.note());
        notes.extend(self.earlier.as_ref().and_then(|earlier| earlier.note(&self.buckets)));
        notes.extend(self.forecast.iter().flat_map(|(forecast, _)| forecast.notes(|series| self.label(series))));
        notes.extend(self.marks.as_ref().and_then(Marks::note));
        notes
    }

    fn lines(&self) -> Option<Trend> {
        let lines = self.buckets.lines()?.into_iter().enumerate();
        let mut series: Vec<Series> = lines
            .map(|(i, points)| Series {
                label: self.label(i).as_ref().map(plain).unwrap_or_default(),
                points,
                marks: self.marks.as_ref().map(|marks| marks.of(i)).unwrap_or_default(),
            })
            .collect();
        if let (Some(earlier), None, [now]) = (&self.earlier, self.by, &mut series[..]) {
            now.label = "now".into();
            let (label, points) = (format!("{} ago", earlier.name()), earlier.line(&self.buckets));
            series.push(Series { label, points, ..Series::default() });
        }
        Some(Trend { title: "flows".into(), from: self.buckets.first(), step: self.buckets.seconds(), series })
    }
}
