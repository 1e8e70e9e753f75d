//! The windows that are held against each other: given, around a time, or found.

use super::Explain;
use crate::analysis::explain::{
    Buckets, NoRoom, Span, Window, Windows, default_bucket, find_peak, is_below, windows_around,
};
use crate::cli::Error;
use crate::cli::commands::series;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::report::plain;
use crate::schema::{Value, parse_time};

/// The length of the buckets that are counted, in seconds: those that spikes are looked for in are multiples of it.
pub const FINEST: u64 = 60;

/// More buckets are not looked at.
const MOST: i64 = 1_000_000;

/// The windows that the options give.
pub fn given(explain: &Explain) -> Result<Option<Windows>, Error> {
    let window = |option: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => {
            let time = |text: &str| parse_time(text.trim(), world().now).map(|time| time.as_secs() as i64);
            let both = text.split_once("..").and_then(|(from, to)| Some(Window { start: time(from)?, end: time(to)? }));
            both.filter(|window| window.end > window.start).map(Some).ok_or_else(|| {
                let example = "2026-03-15T02:45..2026-03-15T03:00";
                Error::Usage(format!(
                    "{option}: expected two times, the earlier first, such as {example}, found '{text}'"
                ))
            })
        }
    };
    let windows = (window("--deviation", &explain.deviation)?, window("--baseline", &explain.baseline)?);
    at(explain)?;
    Ok(match windows {
        (Some(deviation), Some(baseline)) => Some(Windows { baseline, deviation }),
        _ => None,
    })
}

fn at(explain: &Explain) -> Result<Option<i64>, Error> {
    let time = |text: &String| parse_time(text, world().now).map(|time| time.as_secs() as i64);
    let expected =
        |text: &String| Error::Usage(format!("--at: expected a time such as 2026-03-15T02:50, found '{text}'"));
    explain.at.as_ref().map(|text| time(text).ok_or_else(|| expected(text))).transpose()
}

/// What the data spans of the time that is asked for.
fn span(answer: &mut Answer) -> Result<Span, Error> {
    let span = series::span(answer, 1)?.map(|(first, last)| Span { first: first as i64, last: last as i64 });
    span.ok_or_else(|| Error::Usage("there are no records with a time to look at".into()))
}

/// From when to when the data is, in words, by the first reading's answer.
pub fn data_of(answer: &mut Answer) -> Result<String, Error> {
    Ok(format!("the data is from {}", data(span(answer)?)))
}

/// The windows, by the first reading's answer; and whether there is a dip, where that is known.
pub fn settle(explain: &Explain, answer: &mut Answer) -> Result<(Windows, Option<bool>), Error> {
    let span = span(answer)?;
    let around = |time| windows_around(time, span).map_err(|why| no_room(why, span));
    match at(explain)? {
        Some(time) => {
            let windows = around(time)?;
            let (buckets, counts) = counts(explain, answer, span)?;
            Ok((windows, is_below(buckets, &counts, span, time)))
        }
        None => {
            let (buckets, counts) = counts(explain, answer, span)?;
            let peak = find_peak(buckets, &counts, span).ok_or_else(|| no_room(NoRoom::TooEarly(None), span))?;
            Ok((around(peak.time)?, Some(peak.is_below)))
        }
    }
}

/// Flows in buckets of the length that is looked at.
fn counts(explain: &Explain, answer: &mut Answer, span: Span) -> Result<(Buckets, Vec<u64>), Error> {
    let finest = FINEST as i64;
    let wanted =
        explain.bucket.map_or_else(|| default_bucket(span.last - span.first + 1), |bucket| bucket.get() as i64);
    let size = (wanted + finest - 1) / finest * finest;
    let start = span.first / size * size;
    let count = (span.last - start) / size + 1;
    if count > MOST {
        return Err(Error::Usage(format!("{} are more than {MOST} buckets; use a longer --bucket", data(span))));
    }
    let buckets = Buckets { start, size, count: count as usize };
    let mut counts = vec![0u64; buckets.count];
    answer.each(0, |keys, measures| {
        let Value::Time(time) = keys[0] else { return };
        let place = (time as i64 - start) / size;
        if let Some(flows) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
            *flows += measures[0].as_int() as u64;
        }
    })?;
    Ok((buckets, counts))
}

fn data(span: Span) -> String {
    let time = |seconds: i64| plain(&Value::Time(seconds.max(0) as u64));
    let odd = series::odd_span((span.first.max(0) as u64, span.last.max(0) as u64));
    let odd = odd.map(|odd| format!(" ({odd})")).unwrap_or_default();
    format!("{} to {}{odd}", time(span.first), time(span.last))
}

fn no_room(why: NoRoom, span: Span) -> Error {
    let data = data(span);
    Error::Usage(match why {
        NoRoom::Outside => format!("--at lies outside of the data, which is from {data}"),
        NoRoom::TooEarly(Some(time)) => format!(
            "there is too little before that time to hold it against: the data is from {data}, and a time from {} on has \
             enough (--deviation and --baseline take any windows)",
            plain(&Value::Time(time.max(0) as u64))
        ),
        NoRoom::TooEarly(None) => {
            format!(
                "there is no spike to explain, or too little before it: the data is from {data} (--deviation and --baseline take any windows)"
            )
        }
    })
}
