//! The values that go together, as rows.

use super::count::{Both, Item};
use super::row::{Numbers, cells, columns, condition, text};
use super::{Explain, Which};
use crate::analysis::explain::{All, Found, Group, Limits, Set, Windows, group};
use crate::cli::Error;
use crate::cli::rewind::Again;
use crate::query::Key;
use crate::report::{Column, KEEP, Report, Unit, count, plain};
use crate::schema::Value;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};

/// A set of values that one larger set has half the extra flows of is shown as the larger one.
const REPLACE: f64 = 0.5;

/// Which kept values come together.
fn sets(explain: &Explain, input: &mut Again<'_>, windows: Windows, found: &[Found<Item>]) -> Result<Vec<Set>, Error> {
    let keys = explain.keys();
    let numbers: HashMap<&Item, u32, RandomState> =
        found.iter().zip(0..).map(|(found, number)| (&found.key, number)).collect();
    let fields: Vec<usize> = (0..keys.len()).filter(|field| found.iter().any(|f| f.key.0 == *field)).collect();
    let grouping = fields.iter().map(|field| keys[*field].clone().optional()).collect();
    let both = Both { explain, windows, groupings: vec![grouping] };
    let mut answer = input.answer(&both)?;
    let mut sets: BTreeMap<Vec<u32>, Set> = BTreeMap::new();
    both.each(&mut answer, |_, values, [baseline, flows]| {
        let items = fields.iter().zip(values).filter_map(|(field, value)| numbers.get(&(*field, value)).copied());
        let mut items: Vec<u32> = items.collect();
        items.sort_unstable();
        let set = sets.entry(items).or_insert_with_key(|items| Set { items: items.clone(), flows: 0, baseline: 0 });
        set.baseline += baseline;
        set.flows += flows;
    })?;
    Ok(sets.into_values().collect())
}

/// The groups of what was found.
pub fn report(
    explain: &Explain,
    input: &mut Again<'_>,
    windows: Windows,
    found: &[Found<Item>],
    all: All,
    is_dip: bool,
) -> Result<Report, Error> {
    let sets = if found.is_empty() { vec![] } else { sets(explain, input, windows, found)? };
    let ln_p: Vec<f64> = found.iter().map(|found| found.ln_p).collect();
    let mut groups = group(&sets, &ln_p, all, &Limits { replace: REPLACE, ..Limits::default() });
    if explain.test == Which::G {
        let extra = |group: &Group| all.extra(group.flows, group.baseline);
        groups.groups.sort_by(|a, b| extra(b).total_cmp(&extra(a)));
    }
    let items = Column::measure("items", None).unit(Unit::Count).weight(4);
    let mut report = Report {
        columns: columns(vec![text("group").weight(KEEP), items]),
        rows_in_all: groups.groups.len(),
        ..Report::default()
    };
    if groups.doublings > 0 {
        report.notes.push(format!(
            "too many values go together: groups of fewer than {} flows are not looked for",
            count(groups.support.into())
        ));
    }
    let limit = if explain.limit == 0 { usize::MAX } else { explain.limit };
    let scale = windows.deviation.length() as f64 / windows.baseline.length().max(1) as f64;
    let keys = explain.keys();
    let row = |group| row(&keys, found, group, all, scale, is_dip);
    report.rows = groups.groups.iter().take(limit).map(row).collect();
    Ok(report)
}

/// A row; `scale` is the length of the deviation divided by that of the baseline.
fn row(keys: &[Key], found: &[Found<Item>], group: &Group, all: All, scale: f64, is_dip: bool) -> Vec<Value> {
    let mut items: Vec<&Found<Item>> = group.items.iter().map(|item| &found[*item as usize]).collect();
    // What tells most comes first.
    items.sort_by(|a, b| a.ln_p.total_cmp(&b.ln_p));
    let each = |text: fn(&Key, &Value) -> String, between: &str| {
        items.iter().map(|item| text(&keys[item.key.0], &item.key.1)).collect::<Vec<_>>().join(between)
    };
    let extra = all.extra(group.flows, group.baseline);
    let expected = group.flows as f64 - extra;
    let numbers = Numbers {
        flows: group.flows,
        baseline: group.baseline as f64 * scale,
        extra,
        ratio: (group.baseline > 0).then(|| group.flows as f64 / expected),
        ln_p: group.ln_p,
    };
    let text = Value::text(each(|key, value| format!("{} {}", key.name(), plain(value)), ", "));
    cells(vec![text, Value::Int(group.items.len() as u128)], &numbers, is_dip, each(condition, " and "))
}
