//! Lines of flow logs.

/// The header of AWS's default format.
pub const V2: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes \
                      start end action log-status";

/// The header of the 29 fields of versions 2 to 5, in AWS's order.
pub const V5: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes \
                      start end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr \
                      pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service \
                      pkt-dst-aws-service flow-direction traffic-path";

/// A record of the default format, of which tests change what they are about.
#[derive(Clone, Debug)]
pub struct Record {
    fields: Vec<String>,
}

/// A flow: 10.0.0.1:50000 to 10.0.0.2:443, tcp, 3 packets, 300 bytes, accepted.
pub fn flow() -> Record {
    let line = "2 123456789012 eni-0a1b2c3d 10.0.0.1 10.0.0.2 50000 443 6 3 300 1700000000 1700000060 ACCEPT OK";
    Record { fields: line.split(' ').map(String::from).collect() }
}

/// A record without data.
pub fn nodata() -> Record {
    let line = "2 123456789012 eni-0a1b2c3d - - - - - - - 1700000000 1700000060 - NODATA";
    Record { fields: line.split(' ').map(String::from).collect() }
}

impl Record {
    /// The same record with another value in a field (AWS's name).
    pub fn with(mut self, field: &str, value: impl ToString) -> Record {
        let place = V2.split(' ').position(|name| name == field).expect("a field of the default format");
        self.fields[place] = value.to_string();
        self
    }

    /// The line, with its newline.
    pub fn line(&self) -> String {
        self.fields.join(" ") + "\n"
    }
}

/// A log of the default format: the header and these records.
pub fn log(records: &[Record]) -> String {
    let lines: String = records.iter().map(Record::line).collect();
    format!("{V2}\n{lines}")
}

/// A log with `count` flows of different sources, the i-th with i bytes.
pub fn many(count: u32) -> String {
    let mut text = format!("{V2}\n");
    for i in 1..=count {
        let source = std::net::Ipv4Addr::from(0x0a00_0000 + i);
        text.push_str(&flow().with("srcaddr", source).with("bytes", i).line());
    }
    text
}
