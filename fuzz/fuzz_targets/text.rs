//! Text: whatever the bytes, each line is a header, blank, a record or malformed, and counted once;
//! and however the lines are cut into blocks and windows, the same is told of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vpcflow::decode::{Batch, Column, Decoder, Form, Lines, Malformed, Said, Sink, Stop};
use vpcflow::schema::{Field, FieldName, Format};

/// Everything that the decoder tells of a text.
#[derive(Default, Debug, PartialEq)]
struct Told {
    forms: Vec<Form>,
    formats: Vec<String>,
    malformed: Vec<(u64, Malformed)>,
    records: Vec<String>,
    bad: Vec<(u64, u32, Vec<u8>)>,
    lines: Lines,
    stop: Option<Stop>,
}

impl Sink for Told {
    fn batch(&mut self, batch: &Batch<'_>) {
        for row in 0..batch.rows() {
            let values: Vec<String> = batch.columns.iter().map(|column| value(column, row, batch.text)).collect();
            let line = batch.line(row).escape_ascii();
            self.records.push(format!("{} {:?} {values:?} {line}", batch.lines[row], batch.status[row]));
        }
        for bad in batch.bad {
            let text = &batch.text[bad.span.0 as usize..bad.span.1 as usize];
            self.bad.push((batch.lines[bad.row as usize], bad.column, text.to_vec()));
        }
    }

    fn malformed(&mut self, line: u64, why: Malformed) {
        self.malformed.push((line, why));
    }

    fn format(&mut self, format: &Format) {
        self.formats.push(format.header());
    }

    fn form(&mut self, form: Form, _: Option<&str>) {
        self.forms.push(form);
    }
}

fn value(column: &Column, row: usize, text: &[u8]) -> String {
    match column {
        Column::Ip(ip) => match ip.family[row] {
            0 => "none".into(),
            4 => format!("{:x}", ip.v4[row]),
            6 => format!("{:x}", ip.v6_of(row)),
            family => panic!("family {family}"),
        },
        Column::Number(number) => format!("{} {}", number.present[row], number.values[row]),
        Column::Text(column) => column.bytes(row, text).escape_ascii().to_string(),
    }
}

/// Reads the blocks, and holds that the account closes.
fn read<'b>(blocks: impl Iterator<Item = &'b [u8]>, window: usize, said: &Said) -> Told {
    let wanted = [Field::SrcIp, Field::DstPort, Field::Bytes, Field::Start, Field::InterfaceId];
    let mut decoder = Decoder::new(&wanted.map(FieldName::Known), said).with_window(window);
    let mut told = Told::default();
    decoder.begin(None, None);
    let stop = blocks.map(|block| decoder.feed(block, &mut told)).find_map(Result::err);
    told.stop = stop.or_else(|| decoder.finish(&mut told).err());
    told.lines = decoder.lines();
    let Lines { lines, headers, blank, records, malformed } = told.lines;
    assert_eq!(lines, headers + blank + records + malformed, "{told:?}");
    assert_eq!((records, malformed), (told.records.len() as u64, told.malformed.len() as u64), "{told:?}");
    told.bad.sort();
    told
}

/// Cuts the text behind some of its newlines: after every so many bytes.
fn cut(text: &[u8], least: usize) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.len().min(least).checked_sub(1)?;
        let end = rest[start..].iter().position(|b| *b == b'\n').map_or(rest.len(), |newline| start + newline + 1);
        let (block, behind) = rest.split_at(end);
        rest = behind;
        Some(block)
    })
}

fuzz_target!(|text: &[u8]| {
    let custom = Format::parse("interface-id srcaddr dstport bytes start log-status").expect("a format");
    for said in [Said::default(), Said { format: Some(custom), ..Said::default() }] {
        let whole = read(cut(text, text.len()), 1 << 20, &said);
        let counted = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        if whole.stop.is_none() {
            let expected = counted.split_inclusive(|b| *b == b'\n').count();
            assert_eq!(whole.lines.lines, expected as u64, "{whole:?}");
        }
        for (least, window) in [(1, 1 << 20), (1, 1), (40, 64), (200, 7), (text.len(), 100)] {
            let parts = read(cut(text, least), window, &said);
            assert_eq!(parts, whole, "in blocks of {least} bytes or more, windows of {window}");
        }
    }
});
