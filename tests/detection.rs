//! Changes of a moderate size are found, and named first, in nearly all of a hundred series.

#[path = "../benches/support/trials.rs"]
mod trials;

use trials::{Change, of_a_hundred};

#[test]
fn changes_are_found_and_named_first() {
    for change in [Change::Spike(2.0), Change::Dip(0.25), Change::Rise(0.5), Change::New(3.0)] {
        let (found, first) = of_a_hundred(change);
        assert!(found >= 95 && first >= 95, "{change:?}: found {found}, first {first}");
    }
}

/// What is only chance is not found, though someone looks for it.
#[test]
fn nothing_is_found_where_nothing_is_done() {
    let (found, first) = of_a_hundred(Change::Spike(1.0));
    assert!(found <= 1 && first <= 1, "found {found}, first {first}");
}
