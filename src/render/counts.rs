//! A list of values with their counts in a cell of a table: as many of them as there is room for.

use super::table::shorten;
use crate::report::plain;
use crate::schema::Value;
use unicode_width::UnicodeWidthStr;

/// Stands for those that are left out.
const MORE: &str = ", …";

/// The list in at most `width` columns; the first value is shortened, if it has to be.
pub fn fitted(items: &[(Value, u128)], width: usize) -> String {
    let whole = |count: usize| plain(&Value::Counts(items[..count].to_vec()));
    if items.is_empty() || whole(items.len()).width() <= width {
        return whole(items.len());
    }
    let fewer = (1..items.len()).rev().map(|count| whole(count) + MORE).find(|text| text.width() <= width);
    let mark = if items.len() > 1 { MORE } else { "" };
    fewer.unwrap_or_else(|| shorten(&whole(1), width.saturating_sub(mark.width()).max(1)) + mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_fit() {
        let items = [(Value::Int(443), 75), (Value::Int(22), 24), (Value::Int(53), 1)];
        for (width, text) in [
            (99, "443 (75), 22 (24), 53 (1)"),
            (25, "443 (75), 22 (24), 53 (1)"),
            (24, "443 (75), 22 (24), …"),
            (19, "443 (75), …"),
            (8, "44…5), …"),
            (6, "4…), …"),
        ] {
            assert_eq!(fitted(&items, width), text, "{width}");
        }
        assert_eq!(fitted(&[], 9), "");
    }
}
