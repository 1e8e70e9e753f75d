//! Flows at times of a day.

use super::lines::{Record, flow, log};

/// 2026-03-15T00:00:00Z.
pub const MIDNIGHT: u64 = 1_773_532_800;
pub const DAY: u64 = 86_400;

/// A flow that begins so many seconds after midnight.
pub fn at(seconds: i64) -> Record {
    let start = MIDNIGHT.saturating_add_signed(seconds);
    flow().with("start", start).with("end", start + 30)
}

/// A log with so many flows in every minute from midnight on.
pub fn minutes(counts: &[usize]) -> String {
    let records: Vec<Record> =
        counts.iter().enumerate().flat_map(|(i, count)| vec![at(60 * i as i64); *count]).collect();
    log(&records)
}
