//! Kinds of flows: since when there are flows of a kind, until when, and how many.

/// The part of the time at its end in which what is new begins, and what is gone is no more: one in so many.
pub const PARTS: usize = 10;

/// What is less than one in so many of all flows is rare.
const RARE: u64 = 1000;

/// What is to say of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// First seen in the last tenth of the time.
    New,
    /// Last seen before it.
    Gone,
    /// Less than 0.1 % of all flows.
    Rare,
    Steady,
}

/// When a pattern was seen, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub flows: u64,
    /// The first and the last time, in seconds since the epoch.
    pub first: u64,
    pub last: u64,
}

/// The time that all data spans, in seconds since the epoch: the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: u64,
    pub last: u64,
}

impl Span {
    /// Where its last tenth begins.
    fn last_part(self) -> u64 {
        self.last - (self.last - self.first) / PARTS as u64
    }

    /// In which tenth of it a time is, 0 to 9; times outside of it are in the nearest.
    pub fn part(self, time: u64) -> usize {
        let length = u128::from(self.last - self.first) + 1;
        let since = u128::from(time.clamp(self.first, self.last) - self.first);
        (since * PARTS as u128 / length) as usize
    }
}

impl Kind {
    /// Of a pattern, where there are so many flows in all.
    pub fn of(seen: &Seen, span: Span, all: u64) -> Kind {
        match seen {
            _ if seen.first >= span.last_part() => Kind::New,
            _ if seen.last < span.last_part() => Kind::Gone,
            _ if u128::from(seen.flows) * u128::from(RARE) < all.into() => Kind::Rare,
            _ => Kind::Steady,
        }
    }
}

/// What the TCP flags of a flow tell, which are those of all its packets: the first that holds of `rst`, `fin`,
/// `syn` (alone: nobody answered, or this side began), `syn-ack` (this side answered), `other`; `none` without flags.
pub fn flag_class(flags: Option<u64>) -> &'static str {
    const FIN: u64 = 1;
    const SYN: u64 = 2;
    const RST: u64 = 4;
    const ACK: u64 = 16;
    match flags.unwrap_or(0) {
        0 => "none",
        flags if flags & RST != 0 => "rst",
        flags if flags & FIN != 0 => "fin",
        SYN => "syn",
        flags if flags == SYN | ACK => "syn-ack",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { first: 1000, last: 2000 };

    fn kind(first: u64, last: u64, flows: u64) -> Kind {
        Kind::of(&Seen { flows, first, last }, SPAN, 10_000)
    }

    #[test]
    fn kinds_follow_the_last_tenth() {
        assert_eq!([kind(1899, 1950, 50), kind(1900, 1950, 50)], [Kind::Steady, Kind::New]);
        assert_eq!([kind(1000, 1899, 50), kind(1000, 1900, 50)], [Kind::Gone, Kind::Steady]);
        assert_eq!([kind(1000, 2000, 9), kind(1000, 2000, 10)], [Kind::Rare, Kind::Steady]);
        // What is both is new, or gone, first.
        assert_eq!([kind(1950, 2000, 1), kind(1000, 1000, 1)], [Kind::New, Kind::Gone]);
    }

    #[test]
    fn parts_are_of_one_length() {
        let of = |time| SPAN.part(time);
        assert_eq!([of(0), of(1000), of(1100), of(1101), of(1999), of(2000), of(u64::MAX)], [0, 0, 0, 1, 9, 9, 9]);
        let whole = Span { first: 0, last: u64::MAX };
        assert_eq!([whole.part(0), whole.part(u64::MAX / 2), whole.part(u64::MAX)], [0, 4, 9]);
        assert_eq!(Span { first: 5, last: 5 }.part(5), 0);
    }

    #[test]
    fn flags_are_of_one_class() {
        for (flags, class) in [
            (None, "none"),
            (Some(0), "none"),
            (Some(2), "syn"),
            (Some(18), "syn-ack"),
            (Some(3), "fin"),
            (Some(19), "fin"),
            (Some(1), "fin"),
            (Some(7), "rst"),
            (Some(4), "rst"),
            (Some(16), "other"),
            (Some(8), "other"),
        ] {
            assert_eq!(flag_class(flags), class, "{flags:?}");
        }
    }
}
