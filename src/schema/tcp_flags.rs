//! The bits of `tcp-flags` and their names.

/// Name and bit of every flag, the lowest first.
const TABLE: [(&str, u64); 8] =
    [("fin", 1), ("syn", 2), ("rst", 4), ("psh", 8), ("ack", 16), ("urg", 32), ("ece", 64), ("cwr", 128)];

/// The bits of flags by name, several joined by `+`, in any case: 18 for `syn+ack`.
pub fn parse_tcp_flags(text: &str) -> Option<u64> {
    let bit = |name: &str| TABLE.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, bit)| bit);
    text.split('+').try_fold(0, |flags, name| Some(flags | bit(name)?))
}

/// The names of the flags that are set, the lowest first; bits without a name are left out.
pub fn tcp_flag_names(flags: u64) -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(move |(_, bit)| flags & bit != 0).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_names() {
        let names = |flags| tcp_flag_names(flags).collect::<Vec<_>>().join(",");
        assert_eq!((names(18), names(7), names(0)), ("syn,ack".into(), "fin,syn,rst".into(), String::new()));
        assert_eq!(names(255).split(',').count(), 8);
        assert_eq!(names(1 << 8), "");
        assert_eq!(
            (parse_tcp_flags("syn+ack"), parse_tcp_flags("SYN"), parse_tcp_flags("syn+")),
            (Some(18), Some(2), None)
        );
    }
}
