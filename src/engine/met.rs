//! What the input turned out to be: forms, formats, flow logs, log groups.

use super::tally::Place;
use crate::decode::Form;
use crate::schema::Format;
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};

/// So many different formats, and log groups, are told apart: the first by their names.
const MOST: usize = 50;

/// What was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// How many sources have something of each form.
    pub forms: Vec<(Form, u64)>,
    /// The header line of every format, with how many records it has.
    pub formats: Vec<(String, u64)>,
    /// The flow logs that names of files tell, with how many files each has.
    pub flow_logs: Vec<(String, u64)>,
    pub log_groups: Vec<String>,
}

/// What one worker has met.
#[derive(Clone, Debug, Default)]
pub struct MetHere {
    /// With the last source of each form.
    forms: BTreeMap<Form, (usize, u64)>,
    formats: BTreeMap<String, u64>,
    log_groups: BTreeSet<String>,
    /// The format of the records that came last, and how many of them came.
    last: Option<(Format, u64)>,
}

impl MetHere {
    pub fn add_form(&mut self, place: Place, form: Form) {
        if place.part > 0 {
            return;
        }
        let (last, sources) = self.forms.entry(form).or_insert((usize::MAX, 0));
        *sources += u64::from(*last != place.source);
        *last = place.source;
    }

    pub fn add_group(&mut self, group: &str) {
        self.log_groups.insert(group.into());
        if self.log_groups.len() > MOST {
            self.log_groups.pop_last();
        }
    }

    pub fn add_records(&mut self, format: &Format, count: u64) {
        match &mut self.last {
            Some((last, records)) if last == format => *records += count,
            _ => {
                self.settle();
                self.last = Some((format.clone(), count));
            }
        }
    }

    fn settle(&mut self) {
        if let Some((format, records)) = self.last.take() {
            self.add_format(format.header(), records);
        }
    }

    fn add_format(&mut self, header: String, records: u64) {
        *self.formats.entry(header).or_default() += records;
        if self.formats.len() > MOST {
            self.formats.pop_last();
        }
    }

    pub fn merge(&mut self, mut other: MetHere) {
        self.settle();
        other.settle();
        for (form, (_, sources)) in other.forms {
            self.forms.entry(form).or_insert((usize::MAX, 0)).1 += sources;
        }
        other.formats.into_iter().for_each(|(header, records)| self.add_format(header, records));
        other.log_groups.iter().for_each(|group| self.add_group(group));
    }

    /// What was met in all, in these sources.
    pub fn told(&self, sources: &[Source]) -> Met {
        let mut all = MetHere::default();
        all.merge(self.clone());
        let mut flow_logs: BTreeMap<&str, u64> = BTreeMap::new();
        for id in sources.iter().filter_map(|source| source.facts.flow_log.as_deref()) {
            *flow_logs.entry(id).or_default() += 1;
        }
        Met {
            forms: all.forms.into_iter().map(|(form, (_, sources))| (form, sources)).collect(),
            formats: all.formats.into_iter().collect(),
            flow_logs: flow_logs.into_iter().map(|(id, files)| (id.to_string(), files)).collect(),
            log_groups: all.log_groups.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(source: usize, part: usize) -> Place {
        Place { source, part }
    }

    #[test]
    fn sources_count_once_a_form_and_records_by_format() {
        let (bytes, packets) = (Format::parse("bytes").expect("a format"), Format::parse("packets").expect("a format"));
        let mut one = MetHere::default();
        for (place, form) in
            [(at(0, 0), Form::Sumo), (at(0, 0), Form::Firehose), (at(0, 0), Form::Sumo), (at(1, 0), Form::Sumo)]
        {
            one.add_form(place, form);
        }
        one.add_form(at(2, 1), Form::Text);
        one.add_records(&bytes, 3);
        one.add_records(&packets, 4);
        let mut two = MetHere::default();
        two.add_form(at(2, 0), Form::Text);
        two.add_records(&bytes, 5);
        two.add_group("g");
        one.merge(two);
        let met = one.told(&[Source::stdin()]);
        assert_eq!(met.forms, [(Form::Text, 1), (Form::Firehose, 1), (Form::Sumo, 2)]);
        assert_eq!(met.formats, [("bytes".to_string(), 8), ("packets".to_string(), 4)]);
        assert_eq!((met.log_groups, met.flow_logs), (vec!["g".to_string()], vec![]));
    }

    #[test]
    fn many_formats_are_the_same_in_any_order() {
        let format = |i: usize| Format::parse(&format!("${{f{i:04}}}")).expect("a format");
        let (mut up, mut down) = (MetHere::default(), MetHere::default());
        (0..200).for_each(|i| up.add_records(&format(i), i as u64));
        (0..200).rev().for_each(|i| down.add_records(&format(i), i as u64));
        assert_eq!(up.told(&[]), down.told(&[]));
        assert_eq!(up.told(&[]).formats.len(), MOST);
    }
}
