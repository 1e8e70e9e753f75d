//! Words for numbers that the log has: TCP flags, and the path of egress traffic.

use super::{Binding, Enricher, Made, Maker};
use crate::schema::{Enriched, Field, FieldName, TRAFFIC_PATHS, tcp_flag_names};

/// No flags beyond these have names.
const FLAGS: usize = 256;

pub fn maker(_: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let (source, words) = match field.enriched()? {
        Enriched::TcpFlagNames => {
            let names = |flags: usize| tcp_flag_names(flags as u64).collect::<Vec<_>>().join(",");
            let all: Vec<String> = (0..FLAGS).map(names).collect();
            (Field::TcpFlags, binding.words.all(all.iter().map(String::as_str)))
        }
        Enriched::TrafficPathName => {
            let paths = [""].into_iter().chain(TRAFFIC_PATHS.iter().copied());
            (Field::TrafficPath, binding.words.all(paths))
        }
        _ => return None,
    };
    let number = binding.number(source);
    Some(Box::new(move |batch, row, _| {
        let number = number.of(batch, row).and_then(|number| usize::try_from(number).ok());
        number.and_then(|number| words.get(number)).copied().unwrap_or(Made::None)
    }))
}
