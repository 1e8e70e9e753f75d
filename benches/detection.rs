//! How large a change has to be for `anomalies rate` to find it: `cargo bench --bench detection`.

#[path = "support/trials.rs"]
mod trials;

use std::io::{self, Write};
use trials::{Change, of_a_hundred};

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "| done to one of 20 series of a week | found, of 100 | named first, of 100 |")?;
    writeln!(out, "|---|---|---|")?;
    let percent = |part: f64| format!("{:.0} %", 100.0 * part);
    let spikes = [1.25, 1.5, 2.0, 3.0].map(|x| (Change::Spike(x), format!("one bucket with {x} times the flows")));
    let dips = [0.75, 0.5, 0.25, 0.0].map(|x| (Change::Dip(x), format!("one bucket with {} of the flows", percent(x))));
    let rises = [0.1, 0.25, 0.5, 1.0].map(|x| (Change::Rise(x), format!("a rise by {} over a day", percent(x))));
    let new = [0.5, 1.0, 3.0, 10.0].map(|x| (Change::New(x), format!("a new source, {x} flows a bucket")));
    for (change, name) in spikes.into_iter().chain(dips).chain(rises).chain(new) {
        let (found, first) = of_a_hundred(change);
        writeln!(out, "| {name} | {found} | {first} |")?;
    }
    Ok(())
}
