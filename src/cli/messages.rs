//! What is said on standard error.

use crate::engine::{Tally, Warning};
use crate::source::Severity;
use std::io::{self, Write};

/// Writes sentences to standard error. What cannot be written there is lost: there is no other
/// place to say so.
#[derive(Debug, Default)]
pub struct Messages {}

impl Messages {
    /// Why there is no result.
    pub fn error(&self, text: &str) {
        self.line(text);
    }

    /// Something that the result leaves out, or that is worth knowing.
    pub fn warnings(&self, warnings: &[Warning]) {
        for warning in warnings {
            match warning.severity {
                Severity::Note => self.line(&warning.text),
                Severity::Partial | Severity::Failed => self.line(&format!("error: {}", warning.text)),
            }
        }
    }

    /// A remark.
    pub fn note(&self, text: &str) {
        self.line(text);
    }

    fn line(&self, text: &str) {
        _ = writeln!(io::stderr(), "vpcflow: {text}");
    }

    /// The account, as `name value` lines or as one JSON object.
    pub fn stats(&self, tally: &Tally, null_keys: u64, json: bool) {
        let c = &tally.counts;
        let counts = [
            ("files", c.files),
            ("files_failed", c.files_failed),
            ("files_partial", c.files_partial),
            ("files_skipped", c.files_skipped),
            ("files_pruned", c.files_pruned),
            ("row_groups_pruned", c.row_groups_pruned),
            ("bytes_read", c.bytes_read),
            ("bytes_unpacked", c.bytes_unpacked),
            ("lines", c.lines),
            ("headers", c.headers),
            ("blank", c.blank),
            ("records", c.records),
            ("flows", c.flows),
            ("nodata", c.nodata),
            ("skipdata", c.skipdata),
            ("other_status", c.other_status),
            ("malformed", c.malformed),
            ("bad_values", c.bad_values),
            ("matched", c.matched),
            ("duplicates", c.duplicates),
            ("null_keys", null_keys),
        ];
        let mut text = String::new();
        if json {
            for (name, count) in counts {
                text.push_str(&format!("\"{name}\":{count},"));
            }
            text = format!("{{{text}\"seconds\":{:.6}}}\n", tally.seconds);
        } else {
            for (name, count) in counts {
                text.push_str(&format!("{name:17} {:>15}\n", crate::report::count(count.into())));
            }
            text.push_str(&format!("{:17} {:>15.3}\n", "seconds", tally.seconds));
        }
        _ = io::stderr().write_all(text.as_bytes());
    }
}
