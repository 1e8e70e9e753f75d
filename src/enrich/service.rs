//! Which side serves, and which began.

use super::{Binding, Enricher, Made, Maker, Number};
use crate::decode::Batch;
use crate::schema::{Enriched, Field, FieldName, INITIATORS, iana};

/// The ports and the protocol of a flow.
#[derive(Clone, Copy)]
struct Ports {
    source: Number,
    destination: Number,
    protocol: Number,
}

const SYN: u64 = 2;
const ACK: u64 = 16;

impl Ports {
    fn new(binding: &Binding<'_>) -> Ports {
        Ports {
            source: binding.number(Field::SrcPort),
            destination: binding.number(Field::DstPort),
            protocol: binding.number(Field::Protocol),
        }
    }

    /// The ports that there are, and the protocol.
    fn of(self, batch: &Batch<'_>, row: usize) -> ([Option<u64>; 2], u8) {
        let ports = [self.source, self.destination].map(|port| port.of(batch, row));
        (ports, self.protocol.of(batch, row).unwrap_or(0) as u8)
    }

    fn service(self, batch: &Batch<'_>, row: usize) -> Option<(u64, u8)> {
        let ([source, destination], protocol) = self.of(batch, row);
        let ports = source.into_iter().chain(destination);
        Some((ports.min_by_key(|port| iana::service_rank(*port, protocol))?, protocol))
    }
}

/// Which side began: 0 for the source, 1 for the destination.
fn initiator(flags: Option<u64>, ports: [Option<u64>; 2], protocol: u8) -> Option<usize> {
    match flags {
        // A connection is opened by SYN alone, and taken up by SYN and ACK.
        Some(flags) if flags & (SYN | ACK) == SYN => return Some(0),
        Some(flags) if flags & (SYN | ACK) == SYN | ACK => return Some(1),
        _ => {}
    }
    let [Some(source), Some(destination)] = ports else { return None };
    if source == 0 || destination == 0 {
        return None;
    }
    let [source, destination] = [source, destination].map(|port| iana::service_rank(port, protocol));
    match source.cmp(&destination) {
        std::cmp::Ordering::Less => Some(1),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(0),
    }
}

pub fn maker(_: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let ports = Ports::new(binding);
    Some(match field.enriched()? {
        Enriched::ServicePort => {
            Box::new(move |batch, row, _| ports.service(batch, row).map_or(Made::None, |(port, _)| Made::Number(port)))
        }
        Enriched::ServiceName => {
            // What was made for the rows of IANA's table.
            let mut made: Vec<Option<Made>> = Vec::new();
            Box::new(move |batch, row, words| {
                let service = ports.service(batch, row);
                let number = service.and_then(|(port, protocol)| iana::service_number(port as u16, protocol));
                let Some(number) = number else { return Made::None };
                made.resize(made.len().max(number + 1), None);
                *made[number].get_or_insert_with(|| words.word(iana::name_of(number).as_bytes()))
            })
        }
        Enriched::Initiator => {
            let flags = binding.number(Field::TcpFlags);
            let words = binding.words.all(INITIATORS.iter().copied());
            Box::new(move |batch, row, _| {
                let (ports, protocol) = ports.of(batch, row);
                initiator(flags.of(batch, row), ports, protocol).map_or(Made::None, |side| words[side])
            })
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_began_is_told_by_flags_then_by_ports() {
        let of = |flags, source, destination| initiator(flags, [Some(source), Some(destination)], 6);
        assert_eq!(of(Some(2), 443, 50000), Some(0));
        assert_eq!(of(Some(18), 50000, 443), Some(1));
        assert_eq!(of(Some(3), 443, 50000), Some(0), "opened and closed in one interval");
        assert_eq!(of(Some(19), 443, 50000), Some(1));
        for flags in [None, Some(0), Some(1), Some(4), Some(16)] {
            assert_eq!(of(flags, 50000, 443), Some(0), "{flags:?}");
            assert_eq!(of(flags, 443, 50000), Some(1), "{flags:?}");
            assert_eq!(of(flags, 50000, 5432), Some(0), "{flags:?}: IANA names it");
            assert_eq!(of(flags, 50000, 60000), Some(1), "{flags:?}: the lower serves");
            assert_eq!((of(flags, 7000, 7000), of(flags, 0, 0), of(flags, 0, 443)), (None, None, None), "{flags:?}");
        }
        assert_eq!(initiator(None, [None, Some(443)], 6), None);
    }
}
