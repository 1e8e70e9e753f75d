//! Security Lake: Parquet with the nested columns of OCSF.

use super::Form;
use super::parquet::{Leaf, Values, write};
use super::records::Record;
use parquet::basic::Compression;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;

/// The columns of a side of a flow.
const ENDPOINT: &str = "OPTIONAL INT32 port; OPTIONAL BYTE_ARRAY svc_name (UTF8); OPTIONAL BYTE_ARRAY ip (UTF8); \
                        OPTIONAL GROUP intermediate_ips (LIST) { REPEATED GROUP list { \
                        OPTIONAL BYTE_ARRAY element (UTF8); } } OPTIONAL BYTE_ARRAY interface_uid (UTF8); \
                        OPTIONAL BYTE_ARRAY vpc_uid (UTF8); OPTIONAL BYTE_ARRAY instance_uid (UTF8); \
                        OPTIONAL BYTE_ARRAY subnet_uid (UTF8);";

fn schema(account: &str) -> String {
    format!(
        "message spark_schema {{
            OPTIONAL GROUP metadata {{
                OPTIONAL GROUP product {{
                    OPTIONAL BYTE_ARRAY version (UTF8);
                    OPTIONAL BYTE_ARRAY name (UTF8);
                }}
                OPTIONAL BYTE_ARRAY version (UTF8);
            }}
            OPTIONAL GROUP cloud {{
                {account}
                OPTIONAL BYTE_ARRAY region (UTF8);
                OPTIONAL BYTE_ARRAY zone (UTF8);
                OPTIONAL BYTE_ARRAY provider (UTF8);
            }}
            OPTIONAL GROUP src_endpoint {{ {ENDPOINT} }}
            OPTIONAL GROUP dst_endpoint {{ {ENDPOINT} }}
            OPTIONAL GROUP connection_info {{
                OPTIONAL INT32 protocol_num;
                OPTIONAL INT32 tcp_flags;
                OPTIONAL BYTE_ARRAY protocol_ver (UTF8);
                OPTIONAL INT32 boundary_id;
                OPTIONAL BYTE_ARRAY boundary (UTF8);
                OPTIONAL INT32 direction_id;
                OPTIONAL BYTE_ARRAY direction (UTF8);
            }}
            OPTIONAL GROUP traffic {{ OPTIONAL INT64 packets; OPTIONAL INT64 bytes; }}
            OPTIONAL INT64 time;
            OPTIONAL INT64 start_time;
            OPTIONAL INT64 end_time;
            OPTIONAL BYTE_ARRAY status_code (UTF8);
            OPTIONAL INT32 severity_id;
            OPTIONAL BYTE_ARRAY class_name (UTF8);
            OPTIONAL INT32 class_uid;
            OPTIONAL INT32 category_uid;
            OPTIONAL INT32 activity_id;
            OPTIONAL BYTE_ARRAY disposition (UTF8);
            OPTIONAL INT32 type_uid;
        }}"
    )
}

/// A record as OCSF has it: the values of the columns, in the order of the schema.
struct Event<'r> {
    record: &'r Record,
    /// What stands in text without a value, if it is not left out.
    dash: Option<&'static str>,
}

impl<'r> Event<'r> {
    fn get(&self, field: &str) -> Option<&'r str> {
        self.record.get(field)
    }

    fn is_egress(&self) -> bool {
        self.get("flow-direction") == Some("egress")
    }

    /// A text of the interface, on the side where the interface is.
    fn own(&self, field: &str, source: bool) -> Option<&'r str> {
        self.get(field).or(self.dash).filter(|_| self.is_egress() == source)
    }

    /// The address of the packet, and the interface's if that is another; nothing where the
    /// interface's is not known, for which there is no place.
    fn addresses(&self, source: bool) -> [Option<&'r str>; 2] {
        let [packet, seen] = if source { ["pkt-srcaddr", "srcaddr"] } else { ["pkt-dstaddr", "dstaddr"] };
        let (packet, seen) = (self.get(packet), self.get(seen));
        [seen.and(packet).or(seen), seen.filter(|_| packet.is_some() && packet != seen)]
    }

    fn refused(&self) -> Option<bool> {
        self.get("action").map(|action| action == "REJECT")
    }
}

/// The columns of a row group, one after the other.
struct Columns<'r> {
    events: Vec<Event<'r>>,
    leaves: Vec<Leaf>,
    dash: Option<&'static str>,
}

impl<'r> Columns<'r> {
    /// A column of text in groups of such a depth.
    fn text(&mut self, depth: i16, value: impl Fn(&Event<'r>) -> Option<&'r str>) {
        let values: Vec<Option<&str>> = self.events.iter().map(|event| value(event).or(self.dash)).collect();
        self.exact(depth, &values);
    }

    fn exact(&mut self, depth: i16, values: &[Option<&str>]) {
        let texts = values.iter().flatten().map(|text| ByteArray::from(*text)).collect();
        self.add(depth, values.iter().map(Option::is_some), Values::Text(texts));
    }

    fn int(&mut self, depth: i16, value: impl Fn(&Event<'r>) -> Option<i64>) {
        let values: Vec<Option<i64>> = self.events.iter().map(value).collect();
        let numbers = values.iter().flatten().map(|number| *number as i32).collect();
        self.add(depth, values.iter().map(Option::is_some), Values::Int32(numbers));
    }

    fn long(&mut self, depth: i16, value: impl Fn(&Event<'r>) -> Option<i64>) {
        let values: Vec<Option<i64>> = self.events.iter().map(value).collect();
        let numbers = values.iter().copied().flatten().collect();
        self.add(depth, values.iter().map(Option::is_some), Values::Int64(numbers));
    }

    fn add(&mut self, depth: i16, present: impl Iterator<Item = bool>, values: Values) {
        let definitions = present.map(|present| if present { depth + 1 } else { depth }).collect();
        self.leaves.push(Leaf { values, definitions, repetitions: None });
    }

    /// A list of no text or one, in a group.
    fn list(&mut self, value: impl Fn(&Event<'r>) -> Option<&'r str>) {
        let values: Vec<Option<&str>> = self.events.iter().map(value).collect();
        let texts = values.iter().flatten().map(|text| ByteArray::from(*text)).collect();
        // Group, list, entry, element; a list that is empty is there.
        let definitions: Vec<i16> = values.iter().map(|value| if value.is_some() { 4 } else { 2 }).collect();
        let repetitions = Some(vec![0; definitions.len()]);
        self.leaves.push(Leaf { values: Values::Text(texts), definitions, repetitions });
    }

    fn endpoint(&mut self, source: bool) {
        let [port, service] =
            if source { ["srcport", "pkt-src-aws-service"] } else { ["dstport", "pkt-dst-aws-service"] };
        self.int(1, |event| event.record.number(port));
        self.text(1, |event| event.get(service));
        self.text(1, |event| event.addresses(source)[0]);
        self.list(|event| event.addresses(source)[1]);
        for field in ["interface-id", "vpc-id", "instance-id", "subnet-id"] {
            let values: Vec<Option<&str>> = self.events.iter().map(|event| event.own(field, source)).collect();
            self.exact(1, &values);
        }
    }
}

fn leaves(records: &[Record], dash: Option<&'static str>) -> Vec<Leaf> {
    let events = records.iter().map(|record| Event { record, dash }).collect();
    let mut columns = Columns { events, leaves: Vec::new(), dash };
    columns.text(2, |_| Some("5"));
    columns.text(2, |_| Some("Amazon VPC"));
    columns.text(1, |_| Some("1.0.0-rc.2"));
    columns.text(columns.dash.map_or(2, |_| 1), |event| event.get("account-id"));
    columns.text(1, |event| event.get("region"));
    columns.text(1, |event| event.get("az-id"));
    columns.text(1, |_| Some("AWS"));
    columns.endpoint(true);
    columns.endpoint(false);
    columns.int(1, |event| event.record.number("protocol"));
    columns.int(1, |event| event.record.number("tcp-flags"));
    columns.text(1, |event| event.get("type"));
    columns.int(1, |event| Some(event.record.number("traffic-path").map_or(99, |path| path + 3)));
    columns.text(1, |_| Some("-"));
    columns.int(1, |event| event.get("flow-direction").map(|_| if event.is_egress() { 2 } else { 1 }));
    columns
        .text(1, |event| event.get("flow-direction").map(|_| if event.is_egress() { "Outbound" } else { "Inbound" }));
    columns.long(1, |event| event.record.number("packets"));
    columns.long(1, |event| event.record.number("bytes"));
    for field in ["start", "start", "end"] {
        columns.long(0, |event| event.record.number(field).map(|seconds| seconds * 1000));
    }
    columns.text(0, |event| event.get("log-status"));
    columns.int(0, |_| Some(1));
    columns.text(0, |_| Some("Network Activity"));
    columns.int(0, |_| Some(4001));
    columns.int(0, |_| Some(4));
    columns.int(0, |event| event.refused().map(|refused| if refused { 5 } else { 6 }));
    columns.text(0, |event| event.refused().map(|refused| if refused { "Blocked" } else { "Allowed" }));
    columns.int(0, |event| event.refused().map(|refused| if refused { 400_105 } else { 400_106 }));
    columns.leaves
}

/// The object of a day in Security Lake, by both versions of its schema.
pub fn security_lake(records: &[Record]) -> Vec<Form> {
    const NESTED: &str = "OPTIONAL GROUP account { OPTIONAL BYTE_ARRAY uid (UTF8); }";
    const FLAT: &str = "OPTIONAL BYTE_ARRAY account_uid (UTF8);";
    let file = |account, dash, codec| {
        let properties = WriterProperties::builder().set_compression(codec).build();
        write(&schema(account), vec![leaves(records, dash)], properties)
    };
    let path = "aws/VPC_FLOW/2.0/region=us-east-1/accountId=123456789012/eventDay=20260315/1.gz.parquet";
    vec![
        Form::one("Security Lake 1.0, dashes", file(FLAT, Some("-"), Compression::GZIP(Default::default()))),
        Form::named("Security Lake 2.0, a tree").file(path, file(NESTED, None, Compression::ZSTD(Default::default()))),
    ]
}
