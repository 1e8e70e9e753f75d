//! Stored values become the values of a field, whatever their width.

use super::footer::{Logical, Physical};
use super::stream::MAX_TEXT;
use super::{Damaged, text};
use crate::decode::batch::{Column, IpColumn, NumberColumn, TextColumn};
use crate::decode::fill::seconds;
use crate::decode::parse;
use crate::decode::simd::{Cpu, Work, dispatch};
use crate::schema::{Kind, iana};

/// Words that stand for others.
pub type Words = &'static [(&'static str, &'static str)];

/// What the values of a column are, and what they become.
#[derive(Clone, Copy, Debug)]
pub struct Convert {
    pub kind: Kind,
    pub physical: Physical,
    pub logical: Logical,
    /// How many digits a whole number has at least, where it is shown as text.
    pub digits: usize,
    /// What texts are replaced by before anything else.
    pub words: Words,
}

const TOO_LONG: Damaged = Damaged("texts too long");

/// A value that its field cannot hold: its row, and where its text stands.
pub type Bad = (u32, (u32, u32));

/// Where texts are put, and values that the field cannot hold.
pub struct Notes<'a> {
    pub text: &'a mut Vec<u8>,
    pub bad: &'a mut Vec<Bad>,
}

impl Notes<'_> {
    #[cold]
    fn bad(&mut self, row: usize, value: &[u8]) {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(value);
        self.bad.push((row as u32, (start, self.text.len() as u32)));
    }
}

/// Whether a text stands for no value.
fn is_none(text: &[u8]) -> bool {
    matches!(text, b"" | b"-" | b"None")
}

impl Convert {
    /// Appends numbers, as `Stream::words` gives them.
    pub fn words(&self, words: &[u64], out: &mut Column, notes: &mut Notes<'_>) -> Result<(), Damaged> {
        match out {
            Column::Number(out) if self.words.is_empty() => self.numbers(words, out, notes)?,
            Column::Text(out) if self.words.is_empty() => {
                for word in words {
                    let start = notes.text.len() as u32;
                    if !self.is_nan(*word) {
                        self.show(*word, notes.text)?;
                    }
                    out.missing += usize::from(notes.text.len() as u32 == start);
                    out.spans.push((start, notes.text.len() as u32));
                }
            }
            _ => {
                let (mut shown, mut spans) = (Vec::new(), Vec::new());
                for word in words {
                    let start = shown.len() as u32;
                    self.show(*word, &mut shown)?;
                    spans.push((start, shown.len() as u32));
                }
                self.replaced(&shown, &spans, out, notes)?;
            }
        }
        Ok(())
    }

    fn show(&self, word: u64, out: &mut Vec<u8>) -> Result<(), Damaged> {
        text::word(word, self.physical, self.logical, self.digits, out);
        if out.len() > MAX_TEXT { Err(TOO_LONG) } else { Ok(()) }
    }

    fn is_nan(&self, word: u64) -> bool {
        matches!(self.physical, Physical::Float | Physical::Double) && f64::from_bits(word).is_nan()
    }

    fn numbers(&self, words: &[u64], out: &mut NumberColumn, notes: &mut Notes<'_>) -> Result<(), Damaged> {
        let is_int = matches!(self.physical, Physical::Int32 | Physical::Int64);
        let most = match (self.logical, self.kind) {
            (Logical::None | Logical::Unsigned, Kind::Port) => 0xffff,
            (Logical::None | Logical::Unsigned, Kind::Protocol) => 0xff,
            (Logical::None, _) => i64::MAX as u64,
            _ => u64::MAX,
        };
        let plain = is_int && matches!(self.logical, Logical::None | Logical::Unsigned);
        if plain && words.iter().all(|word| *word <= most) {
            match self.kind {
                Kind::Time => out.values.extend(words.iter().map(|word| seconds(*word))),
                _ => out.values.extend_from_slice(words),
            }
            out.present.resize(out.values.len(), true);
            return Ok(());
        }
        for word in words {
            let number = self.whole(*word).and_then(|number| accept(self.kind, number));
            if number.is_none() && !self.is_nan(*word) {
                let start = notes.text.len() as u32;
                self.show(*word, notes.text)?;
                notes.bad.push((out.values.len() as u32, (start, notes.text.len() as u32)));
            }
            push_number(out, number);
        }
        Ok(())
    }

    /// The whole number, or the seconds of a moment.
    fn whole(&self, word: u64) -> Option<u64> {
        let signed = word as i64;
        match (self.physical, self.logical) {
            (Physical::Bool, _) => None,
            (Physical::Int96, _) => u64::try_from(signed.div_euclid(1_000_000)).ok(),
            (Physical::Float | Physical::Double, _) => {
                let number = f64::from_bits(word);
                (number >= 0.0 && number < u64::MAX as f64 && number.fract() == 0.0).then_some(number as u64)
            }
            (_, Logical::Unsigned) => Some(word),
            (_, Logical::Timestamp(units)) => u64::try_from(signed.div_euclid(units as i64)).ok(),
            (_, Logical::Date) => u64::try_from(signed).ok()?.checked_mul(86_400),
            (_, Logical::Decimal(places)) => {
                let unit = 10i64.checked_pow(places)?;
                (signed % unit == 0).then(|| u64::try_from(signed / unit).ok())?
            }
            _ => u64::try_from(signed).ok(),
        }
    }

    /// Appends texts that stand in `bytes`.
    pub fn texts(
        &self,
        bytes: &[u8],
        spans: &[(u32, u32)],
        out: &mut Column,
        notes: &mut Notes<'_>,
    ) -> Result<(), Damaged> {
        let odd = matches!(self.logical, Logical::Decimal(_) | Logical::Uuid | Logical::Half | Logical::Opaque);
        if !odd && self.words.is_empty() {
            return self.plain_texts(bytes, spans, out, notes);
        }
        let (mut shown, mut shown_spans) = (Vec::new(), Vec::new());
        if region(spans).len() > MAX_TEXT {
            return Err(TOO_LONG);
        }
        for (start, end) in spans {
            let at = shown.len() as u32;
            text::bytes(&bytes[*start as usize..*end as usize], self.logical, &mut shown);
            shown_spans.push((at, shown.len() as u32));
        }
        self.replaced(&shown, &shown_spans, out, notes)
    }

    /// Appends texts, those of `words` replaced.
    fn replaced(
        &self,
        bytes: &[u8],
        spans: &[(u32, u32)],
        out: &mut Column,
        notes: &mut Notes<'_>,
    ) -> Result<(), Damaged> {
        let (mut made, mut made_spans) = (Vec::new(), Vec::new());
        for (start, end) in spans {
            let text = &bytes[*start as usize..*end as usize];
            let word = self.words.iter().find(|(from, _)| from.as_bytes().eq_ignore_ascii_case(text));
            let at = made.len() as u32;
            made.extend_from_slice(word.map_or(text, |(_, to)| to.as_bytes()));
            made_spans.push((at, made.len() as u32));
        }
        self.plain_texts(&made, &made_spans, out, notes)
    }

    fn plain_texts(
        &self,
        bytes: &[u8],
        spans: &[(u32, u32)],
        out: &mut Column,
        notes: &mut Notes<'_>,
    ) -> Result<(), Damaged> {
        let region = region(spans);
        if notes.text.len() + region.len() > MAX_TEXT {
            return Err(TOO_LONG);
        }
        match out {
            Column::Text(out) => copy_texts(bytes, spans, region, out, notes.text),
            Column::Ip(out) => dispatch(Addresses { bytes, spans, out, notes }),
            Column::Number(out) => {
                for (start, end) in spans {
                    let (start, end) = (*start as usize, *end as usize);
                    let number = parse::number_at(bytes, start, end).and_then(|number| accept(self.kind, number));
                    let number = number.or_else(|| self.keyword(&bytes[start..end]));
                    if number.is_none() && !is_none(&bytes[start..end]) {
                        notes.bad(out.values.len(), &bytes[start..end]);
                    }
                    push_number(out, number);
                }
            }
        }
        Ok(())
    }

    #[cold]
    fn keyword(&self, text: &[u8]) -> Option<u64> {
        match self.kind {
            Kind::Protocol => std::str::from_utf8(text).ok().and_then(iana::protocol_number).map(u64::from),
            _ => None,
        }
    }
}

/// The number as a field of this kind takes it.
fn accept(kind: Kind, number: u64) -> Option<u64> {
    match kind {
        Kind::Time => Some(seconds(number)),
        Kind::Port => (number <= 0xffff).then_some(number),
        Kind::Protocol => (number <= 0xff).then_some(number),
        _ => Some(number),
    }
}

fn push_number(out: &mut NumberColumn, number: Option<u64>) {
    out.values.push(number.unwrap_or(0));
    out.present.push(number.is_some());
    out.missing += usize::from(number.is_none());
}

/// What texts that follow each other stand in, with what stands between them.
fn region(spans: &[(u32, u32)]) -> std::ops::Range<usize> {
    spans.first().zip(spans.last()).map_or(0..0, |(first, last)| first.0 as usize..last.1 as usize)
}

/// Copies the texts at once, with what stands between them.
fn copy_texts(
    bytes: &[u8],
    spans: &[(u32, u32)],
    region: std::ops::Range<usize>,
    out: &mut TextColumn,
    text: &mut Vec<u8>,
) {
    let shift = (text.len() as u32).wrapping_sub(region.start as u32);
    text.extend_from_slice(&bytes[region]);
    for (start, end) in spans {
        let none = is_none(&bytes[*start as usize..*end as usize]);
        out.missing += usize::from(none);
        out.spans.push(if none { (0, 0) } else { (start.wrapping_add(shift), end.wrapping_add(shift)) });
    }
}

/// Addresses out of texts.
struct Addresses<'a, 'n> {
    bytes: &'a [u8],
    spans: &'a [(u32, u32)],
    out: &'a mut IpColumn,
    notes: &'a mut Notes<'n>,
}

impl Work for Addresses<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run(self, cpu: impl Cpu) {
        let Addresses { bytes, spans, out, notes } = self;
        for (start, end) in spans {
            match cpu.ipv4(bytes, *start as usize, *end as usize) {
                Some(v4) => {
                    out.v4.push(v4);
                    out.family.push(4);
                }
                None => odd_address(&bytes[*start as usize..*end as usize], out, notes),
            }
        }
    }
}

/// What is no dotted quad: an IPv6 address, no value, or a bad one.
#[cold]
fn odd_address(text: &[u8], out: &mut IpColumn, notes: &mut Notes<'_>) {
    out.not_v4 += 1;
    match parse::parse_ipv6(text) {
        Some(v6) => {
            out.v4.push(out.v6.len() as u32);
            out.v6.push(v6);
            out.family.push(6);
        }
        None => {
            if !is_none(text) {
                notes.bad(out.v4.len(), text);
            }
            out.v4.push(0);
            out.family.push(0);
        }
    }
}
