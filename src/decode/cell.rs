//! Values out of other forms, as they stand in a line of a flow log.

use crate::schema::{FieldName, Kind, iana, parse_time};

/// Appends a value as the token of a field: `-` where there is none, a protocol as its number, a time as
/// seconds since the epoch; what cannot stand in a token is percent-encoded.
pub fn push_token(field: &FieldName, value: &[u8], out: &mut Vec<u8>) {
    let value = value.trim_ascii();
    if value.is_empty() {
        return out.push(b'-');
    }
    let plain = || std::str::from_utf8(value).ok().filter(|_| !value.iter().all(u8::is_ascii_digit));
    let number = match field.kind() {
        Kind::Protocol => plain().and_then(iana::protocol_number).map(u64::from),
        Kind::Time => plain().filter(|text| text.len() >= 10).and_then(|text| parse_time(text, 0)).map(|t| t.as_secs()),
        _ => None,
    };
    if let Some(number) = number {
        return out.extend_from_slice(number.to_string().as_bytes());
    }
    for byte in value {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            byte => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_tokens() {
        for (field, value, token) in [
            ("bytes", "17", "17"),
            ("bytes", "", "-"),
            ("protocol", "tcp", "6"),
            ("protocol", "ipv6-icmp", "58"),
            ("protocol", "6", "6"),
            ("protocol", "nonsense", "nonsense"),
            ("start", "2014-12-14T04:06:50Z", "1418530010"),
            ("start", "2014-12-14 04:06:50.000", "1418530010"),
            ("end", "1418530010", "1418530010"),
            ("end", "2h", "2h"),
            ("instance-tag", "a b", "a%20b"),
        ] {
            let mut out = Vec::new();
            push_token(&FieldName::parse(field.as_bytes()), value.as_bytes(), &mut out);
            assert_eq!(String::from_utf8_lossy(&out), token, "{field} {value}");
        }
    }
}
