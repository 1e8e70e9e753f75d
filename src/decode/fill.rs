//! From the positions of delimiters to typed columns, one column at a time.

use super::batch::{BadValue, Column, IpColumn, NumberColumn, Status, TextColumn};
use super::parse;
use super::simd::{Cpu, Work};
use crate::schema::{FieldName, Kind};

/// The records of a window.
pub struct Rows<'a> {
    pub text: &'a [u8],
    /// The positions of all delimiters.
    pub positions: &'a [u32],
    /// For each record, the index of the delimiter before it.
    pub firsts: &'a [u32],
    /// The fields of a record, less one.
    pub last: usize,
}

/// Makes the columns of some records.
pub struct Fill<'a> {
    pub rows: &'a Rows<'a>,
    pub wanted: &'a [FieldName],
    /// Where the wanted columns stand in a line.
    pub places: &'a [Option<usize>],
    /// Where the log-status stands, and the source address.
    pub status_place: Option<usize>,
    pub source_place: Option<usize>,
    pub out: Output<'a>,
}

/// What is made.
pub struct Output<'a> {
    pub columns: &'a mut [Column],
    pub status: &'a mut Vec<Status>,
    pub other_status: &'a mut Vec<(u32, u32)>,
    pub bad: &'a mut Vec<BadValue>,
}

impl Work for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, cpu: impl Cpu) {
        let Fill { rows, out, .. } = self;
        out.bad.clear();
        rows.status(self.status_place, self.source_place, out.status, out.other_status);
        for (i, (column, place)) in out.columns.iter_mut().zip(self.places).enumerate() {
            let mut odd = Odd { text: rows.text, column: i as u32, bad: out.bad };
            match (place, column) {
                (None, Column::Text(text)) if !text.given.is_empty() => text.fill_given(rows.firsts.len(), rows.text),
                (None, column) => column.fill_none(rows.firsts.len()),
                (Some(place), Column::Text(text)) => rows.text(*place, text),
                (Some(place), Column::Ip(ip)) => rows.ip(cpu, *place, ip, &mut odd),
                (Some(place), Column::Number(number)) => match self.wanted[i].kind() {
                    Kind::Time => rows.number(*place, number, &mut odd, |n| Some(seconds(n))),
                    Kind::Port => rows.number(*place, number, &mut odd, |n| (n <= 0xffff).then_some(n)),
                    Kind::Protocol => rows.number(*place, number, &mut odd, |n| (n <= 0xff).then_some(n)),
                    _ => rows.number(*place, number, &mut odd, Some),
                },
            }
        }
    }
}

/// A time of 13 digits is in milliseconds.
#[inline(always)]
pub fn seconds(time: u64) -> u64 {
    if (1_000_000_000_000..10_000_000_000_000).contains(&time) { time / 1000 } else { time }
}

#[inline(always)]
fn is_none(text: &[u8], start: usize, end: usize) -> bool {
    end - start <= 1 && (end == start || text[start] == b'-')
}

/// Takes note of values that a field cannot hold.
struct Odd<'a> {
    text: &'a [u8],
    column: u32,
    bad: &'a mut Vec<BadValue>,
}

impl Odd<'_> {
    #[cold]
    fn number(&mut self, row: usize, start: usize, end: usize, out: &mut bool, missing: &mut usize) {
        *out = false;
        *missing += 1;
        self.note_unless_none(row, start, end);
    }

    fn note_unless_none(&mut self, row: usize, start: usize, end: usize) {
        if !is_none(self.text, start, end) {
            self.bad.push(BadValue { row: row as u32, column: self.column, span: (start as u32, end as u32) });
        }
    }

    /// What is no dotted quad: an IPv6 address, no value, or a bad one.
    #[cold]
    fn ip(&mut self, row: usize, start: usize, end: usize, out: &mut IpColumn) {
        out.not_v4 += 1;
        match parse::parse_ipv6(&self.text[start..end]) {
            Some(v6) => {
                out.v4[row] = out.v6.len() as u32;
                out.v6.push(v6);
                out.family[row] = 6;
            }
            None => {
                out.v4[row] = 0;
                out.family[row] = 0;
                self.note_unless_none(row, start, end);
            }
        }
    }
}

impl<'a> Rows<'a> {
    /// The line of a record, without its newline.
    pub fn line(&self, row: usize) -> &'a [u8] {
        let first = self.firsts[row] as usize;
        let (before, behind) = (self.positions[first], self.positions[first + self.last + 1]);
        &self.text[before.wrapping_add(1) as usize..behind as usize]
    }
}

impl Rows<'_> {
    /// Start and end of the field at `place` in every record.
    #[inline(always)]
    fn spans(&self, place: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let is_last = place == self.last;
        self.firsts.iter().map(move |first| {
            let around: &[u32; 2] = self.positions[*first as usize + place..].first_chunk().expect("two delimiters");
            let (start, mut end) = (around[0].wrapping_add(1) as usize, around[1] as usize);
            if is_last && end > start && self.text[end - 1] == b'\r' {
                end -= 1;
            }
            (start, end)
        })
    }

    #[inline(always)]
    fn status(
        &self,
        status: Option<usize>,
        source: Option<usize>,
        out: &mut Vec<Status>,
        others: &mut Vec<(u32, u32)>,
    ) {
        others.clear();
        out.clear();
        out.resize(self.firsts.len(), Status::Flow);
        match (status, source) {
            (Some(place), _) => {
                for ((start, end), status) in self.spans(place).zip(out) {
                    if end - start != 2 || self.text[start..].first_chunk() != Some(b"OK") {
                        *status = odd_status(&self.text[start..end]);
                        if *status == Status::Other {
                            others.push((start as u32, end as u32));
                        }
                    }
                }
            }
            // A format without a log-status: a record without a source is one without data.
            (None, Some(place)) => {
                for ((start, end), status) in self.spans(place).zip(out) {
                    if is_none(self.text, start, end) {
                        *status = Status::NoData;
                    }
                }
            }
            (None, None) => {}
        }
    }

    #[inline(always)]
    fn text(&self, place: usize, out: &mut TextColumn) {
        out.missing = 0;
        out.spans.clear();
        out.spans.resize(self.firsts.len(), (0, 0));
        for ((start, end), span) in self.spans(place).zip(&mut out.spans) {
            if is_none(self.text, start, end) {
                out.missing += 1;
            } else {
                *span = (start as u32, end as u32);
            }
        }
    }

    #[inline(always)]
    fn ip(&self, cpu: impl Cpu, place: usize, out: &mut IpColumn, odd: &mut Odd<'_>) {
        out.not_v4 = 0;
        out.v6.clear();
        out.v4.resize(self.firsts.len(), 0);
        out.family.clear();
        out.family.resize(self.firsts.len(), 4);
        for (row, (start, end)) in self.spans(place).enumerate() {
            match cpu.ipv4(self.text, start, end) {
                Some(v4) => out.v4[row] = v4,
                None => odd.ip(row, start, end, out),
            }
        }
    }

    #[inline(always)]
    fn number(&self, place: usize, out: &mut NumberColumn, odd: &mut Odd<'_>, accept: impl Fn(u64) -> Option<u64>) {
        out.missing = 0;
        out.values.resize(self.firsts.len(), 0);
        out.present.clear();
        out.present.resize(self.firsts.len(), true);
        for (row, ((start, end), value)) in self.spans(place).zip(&mut out.values).enumerate() {
            *value = match parse::number_at(self.text, start, end).and_then(&accept) {
                Some(number) => number,
                None => {
                    odd.number(row, start, end, &mut out.present[row], &mut out.missing);
                    0
                }
            };
        }
    }
}

/// The status of a record whose log-status is not `OK`.
#[cold]
pub fn odd_status(status: &[u8]) -> Status {
    match status {
        b"NODATA" => Status::NoData,
        b"SKIPDATA" => Status::SkipData,
        _ => Status::Other,
    }
}
