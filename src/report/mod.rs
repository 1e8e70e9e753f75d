//! The answer to a question: titled columns, rows, and what a reader should know about them.
//! Knows nothing of output formats.

mod human;

pub use human::{bytes, count, human, plain};

use crate::schema::{Kind, Value};
use std::{fmt, io};

/// How the numbers of a column read best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Text, addresses, times, ports, ids: shown as they are.
    Plain,
    /// How many of something.
    Count,
    Bytes,
    /// 0 to 1, shown as a percentage.
    Share,
    /// 0 to 100.
    Percent,
    /// How much a number of any of these kinds has changed, with its sign.
    CountChange,
    BytesChange,
    PercentChange,
}

impl Unit {
    /// The unit of what has changed, if it is one of changes.
    fn changed(self) -> Option<Unit> {
        match self {
            Unit::CountChange => Some(Unit::Count),
            Unit::BytesChange => Some(Unit::Bytes),
            Unit::PercentChange => Some(Unit::Percent),
            _ => None,
        }
    }

    /// Whether it is one of changes.
    pub fn is_change(self) -> bool {
        self.changed().is_some()
    }

    /// The unit of the changes of what has this one.
    pub fn change(self) -> Unit {
        match self {
            Unit::Bytes => Unit::BytesChange,
            Unit::Share | Unit::Percent => Unit::PercentChange,
            _ => Unit::CountChange,
        }
    }
}

/// A column of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The canonical name, with dashes where it is a field.
    pub name: String,
    pub unit: Unit,
    /// Numbers stand at the right.
    pub right: bool,
    /// How long it stays when the terminal is too narrow: the lowest goes first, `KEEP` never.
    pub weight: u8,
}

/// The weight of a column that is never left out.
pub const KEEP: u8 = u8::MAX;

impl Column {
    /// A column that the rows are told apart by.
    pub fn key(name: &str, kind: Kind) -> Column {
        Column {
            name: name.into(),
            unit: Unit::Plain,
            right: kind.is_number() && !matches!(kind, Kind::Time | Kind::Protocol),
            weight: KEEP,
        }
    }

    /// A column of values of `kind`; `None` for numbers with decimals.
    pub fn measure(name: &str, kind: Option<Kind>) -> Column {
        let (unit, right) = match kind {
            Some(Kind::Bytes) => (Unit::Bytes, true),
            Some(Kind::Number) => (Unit::Count, true),
            Some(Kind::Time | Kind::Text | Kind::Ip) => (Unit::Plain, false),
            _ => (Unit::Plain, true),
        };
        Column { name: name.into(), unit, right, weight: 5 }
    }

    /// The same column with another unit.
    pub fn unit(self, unit: Unit) -> Column {
        Column { unit, ..self }
    }

    /// The same column with another weight.
    pub fn weight(self, weight: u8) -> Column {
        Column { weight, ..self }
    }
}

/// Rows that are not in memory, in order.
pub type Later = Box<dyn Iterator<Item = io::Result<Vec<Value>>>>;

/// A table of values, and how to read it.
#[derive(Default)]
pub struct Report {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Value>>,
    /// All rows, instead, where they are too many for memory.
    pub later: Option<Later>,
    /// The column that tables draw bars for: values 0 to 1, or any numbers.
    pub bar: Option<usize>,
    /// The first of five columns, the smallest value, quartiles and the largest, that tables draw boxes for instead.
    pub boxes: Option<usize>,
    /// How many rows there would be without a limit.
    pub rows_in_all: usize,
    /// How it reads as a table, if that is not rows and columns.
    pub page: Option<Page>,
    /// What tables draw above the rows.
    pub trend: Option<Trend>,
    /// What a reader should know about the result, for standard error.
    pub notes: Vec<String>,
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { columns, rows, bar, .. } = self;
        let mut shown = f.debug_struct("Report");
        shown.field("columns", columns).field("rows", rows).field("bar", bar).finish_non_exhaustive()
    }
}

impl Report {
    /// Calls `take` with every row, in order, those that are not in memory one by one.
    pub fn each_row(&mut self, mut take: impl FnMut(&[Value]) -> io::Result<()>) -> io::Result<()> {
        match self.later.take() {
            Some(mut rows) => rows.try_for_each(|row| take(&row?)),
            None => self.rows.iter().try_for_each(|row| take(row)),
        }
    }

    /// Brings all rows into memory.
    pub fn hold_rows(&mut self) -> io::Result<()> {
        if let Some(rows) = self.later.take() {
            self.rows = rows.collect::<io::Result<_>>()?;
        }
        Ok(())
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.later.is_none() && self.rows.is_empty()
    }
}

/// How numbers run over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trend {
    /// What is counted.
    pub title: String,
    /// The time of the first point, in seconds since the epoch, and the seconds from one to the next.
    pub from: u64,
    pub step: u64,
    pub series: Vec<Series>,
}

/// The numbers of one series, one for every step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    pub label: String,
    pub points: Vec<u128>,
    /// Points that stand out.
    pub marks: Vec<(usize, Mark)>,
}

/// How a point stands out from those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Up,
    Down,
}

/// A report of few figures, as a page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub sections: Vec<Section>,
}

/// A part of a page.
#[derive(Clone, Debug)]
pub struct Section {
    pub title: String,
    pub lines: Vec<Line>,
}

/// A labelled value.
#[derive(Clone, Debug)]
pub struct Line {
    pub label: String,
    pub value: Value,
    pub unit: Unit,
    /// A share that is drawn as a bar, as part and whole.
    pub share: Option<(u128, u128)>,
}
