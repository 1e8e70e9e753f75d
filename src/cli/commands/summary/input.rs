//! What the input was: forms, formats, flow logs, log groups, and the fields that it lacks.

use crate::engine::Met;
use crate::report::{Line, Section, Unit, count};
use crate::schema::{Field, FieldName, Format, Value, escape};
use std::collections::BTreeSet;

/// So many of each are shown.
const SHOWN: usize = 10;

/// The section of the page that says what was read; `fields` are the names of all that occur.
pub fn section(met: &Met, fields: &BTreeSet<String>) -> Section {
    let forms = met.forms.iter().map(|(form, sources)| format!("{} ({})", form.name(), numbered(*sources, "file")));
    let mut formats: Vec<_> = met.formats.iter().collect();
    formats.sort_by_key(|(_, records)| std::cmp::Reverse(*records));
    let formats = formats.into_iter().map(|(header, records)| described(header, *records));
    let flow_logs = met.flow_logs.iter().map(|(id, files)| format!("{id} ({})", numbered(*files, "file")));
    let groups = met.log_groups.iter().map(|group| escape(group.as_bytes()));
    let lists = [
        ("forms", forms.collect()),
        ("formats", formats.collect()),
        ("flow_logs", flow_logs.collect()),
        ("log_groups", groups.collect()),
        ("lacks", lacking(fields)),
    ];
    let lines = lists.into_iter().flat_map(|(label, texts)| lines(label, texts));
    Section { title: "Input".into(), lines: lines.collect() }
}

/// One line for each text, the first with the label; how many more there are than are shown.
fn lines(label: &str, mut texts: Vec<String>) -> impl Iterator<Item = Line> {
    let more = texts.len().saturating_sub(SHOWN);
    if more > 0 {
        texts.truncate(SHOWN);
        texts.push(format!("and {more} more"));
    }
    let line = |(i, text): (usize, String)| {
        let label = if i == 0 { label.to_string() } else { String::new() };
        Line { label, value: Value::text(text), unit: Unit::Plain, share: None }
    };
    texts.into_iter().enumerate().map(line).collect::<Vec<_>>().into_iter()
}

fn numbered(number: u64, word: &str) -> String {
    format!("{} {word}{}", count(number.into()), if number == 1 { "" } else { "s" })
}

/// A format by its preset's name, or by its fields.
fn described(header: &str, records: u64) -> String {
    let names: Vec<&str> = header.split(' ').collect();
    let fields = Format::new(names.iter().map(|name| FieldName::parse(name.as_bytes())).collect()).ok();
    let records = numbered(records, "record");
    let preset = (2..=11).find(|version| Format::preset(*version) == fields);
    match preset {
        Some(2) => format!("v2, the default ({records})"),
        Some(version) => format!("v{version} ({records})"),
        None if fields == Some(Format::transit_gateway()) => format!("tgw, the default ({records})"),
        None => format!("{} ({records}): {}", numbered(names.len() as u64, "field"), names.join(", ")),
    }
}

/// The fields that AWS has and the data has not, by the version that introduced them.
fn lacking(fields: &BTreeSet<String>) -> Vec<String> {
    if fields.is_empty() {
        return vec![];
    }
    let versions: BTreeSet<u8> = Field::all().map(Field::version).filter(|version| *version > 0).collect();
    let gateway = Field::all().any(|field| field.version() == 6 && fields.contains(field.name()));
    let of = |version: u8| {
        let all: Vec<&str> = Field::all().filter(|field| field.version() == version).map(Field::name).collect();
        let lacking: Vec<&str> = all.iter().copied().filter(|name| !fields.contains(*name)).collect();
        let text = match lacking.len() {
            0 => return None,
            // Nobody has these but who asked for them.
            n if n == all.len() && n > 7 => format!("all {n} ({}, ...)", lacking[0]),
            _ => lacking.join(", "),
        };
        Some(format!("v{version}: {text}"))
    };
    versions.into_iter().filter(|version| *version != 6 || gateway).filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Form;

    fn shown(section: &Section) -> Vec<String> {
        section.lines.iter().map(|line| format!("{}: {}", line.label, crate::report::plain(&line.value))).collect()
    }

    #[test]
    fn formats_have_names_where_aws_has_one() {
        let default = Format::default_format();
        let met = Met {
            forms: vec![(Form::Text, 1), (Form::Parquet, 1200)],
            formats: vec![
                (Format::transit_gateway().header(), 1),
                ("srcaddr bytes".into(), 3),
                (default.header(), 2_000),
            ],
            flow_logs: (0..12).map(|i| (format!("fl-{i:02}"), 1)).collect(),
            log_groups: vec!["g\x1b".into()],
        };
        let fields = default.fields().iter().map(|field| field.name().to_string()).filter(|name| name != "action");
        let shown = shown(&section(&met, &fields.collect()));
        assert_eq!(shown[..2], ["forms: text (1 file)", ": Parquet (1,200 files)"]);
        let formats = [
            "formats: v2, the default (2,000 records)",
            ": 2 fields (3 records): srcaddr, bytes",
            ": tgw, the default (1 record)",
        ];
        assert_eq!(shown[2..5], formats);
        assert_eq!(shown[5..7], ["flow_logs: fl-00 (1 file)", ": fl-01 (1 file)"]);
        assert_eq!(shown[15..18], [": and 2 more", "log_groups: g\\x1b", "lacks: v2: action"]);
        assert_eq!(shown[19], ": v4: region, az-id, sublocation-type, sublocation-id");
        assert_eq!(shown[21], ": v7: all 10 (ecs-cluster-arn, ...)");
        assert_eq!(shown.len(), 26, "the transit gateway's fields are not missed");
    }
}
