//! Expressions: whatever the text, the parser ends without a panic; what it has read is printed and
//! read again as the same; and an error points into the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vpcflow::query::filter::{Filter, World, parse};

/// A file of values for `@FILE`, whatever its name.
const FILE: &str = "10.0.0.0/8 # ours\n22\n\n80..90\nREJECT\n";

fuzz_target!(|text: &str| {
    let world = World { now: 1_773_576_000, read: &|_| Ok(FILE.into()) };
    let filter = Filter::parse(text, &world);
    if let Err(error) = &filter {
        assert!(!error.to_string().is_empty());
    }
    let Ok(expr) = parse(text) else {
        assert!(filter.is_err(), "{text:?} is a filter, and cannot be read");
        return;
    };
    let printed = expr.to_string();
    let again = parse(&printed).unwrap_or_else(|error| panic!("{text:?} is printed as {printed:?}: {error}"));
    assert_eq!(again, expr, "{text:?} is printed as {printed:?}");
    let again = Filter::parse(&printed, &world);
    match (&filter, &again) {
        (Ok(filter), Ok(again)) => assert_eq!(filter, again, "{text:?} is printed as {printed:?}"),
        (Err(_), Err(_)) => {}
        _ => panic!("{text:?} and {printed:?}: only one of them is a filter"),
    }
});
