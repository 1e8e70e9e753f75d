//! Security Lake's nested columns.

use super::*;
use crate::decode::TableForm;

const COLUMNS: &str = "
    optional int32 class_uid; optional int64 time; optional int64 start_time; optional int64 end_time;
    optional int32 activity_id; optional binary status_code (STRING);
    optional group metadata { optional group product { optional binary version (STRING); } }
    optional group cloud { optional binary account_uid (STRING); optional binary region (STRING); }
    optional group src_endpoint {
      optional binary ip (STRING); optional int32 port; optional binary interface_uid (STRING);
      optional group intermediate_ips (LIST) { repeated group list { optional binary element (STRING); } }
    }
    optional group dst_endpoint { optional binary ip (STRING); optional binary interface_uid (STRING); }
    optional group connection_info { optional binary direction (STRING); optional int32 boundary_id; }
    optional group traffic { optional int64 bytes; }";

fn some<T>(values: Vec<Option<T>>, top: i16, of: impl Fn(Vec<T>) -> Values) -> Stored {
    let definition = Some(values.iter().map(|value| if value.is_some() { top } else { 0 }).collect());
    Stored { values: of(values.into_iter().flatten().collect()), definition, repetition: None }
}

fn text(values: &[Option<&str>], top: i16) -> Stored {
    some(values.to_vec(), top, texts)
}

pub(super) fn file(class: i32) -> Bytes {
    const T: i64 = 1_661_950_735_000;
    let lists = Stored {
        values: texts(["10.0.0.9", "10.0.0.8"]),
        // Two items, no list, and an empty one.
        definition: Some(vec![4, 4, 0, 1]),
        repetition: Some(vec![0, 1, 0, 0]),
    };
    let group = vec![
        some(vec![Some(class); 3], 1, Values::I32),
        some(vec![Some(T); 3], 1, Values::I64),
        some(vec![Some(T + 1000), None, Some(T)], 1, Values::I64),
        some(vec![Some(T + 60_000), Some(T), None], 1, Values::I64),
        some(vec![Some(6), Some(5), Some(99)], 1, Values::I32),
        text(&[Some("OK"), Some("OK"), Some("NODATA")], 1),
        text(&[Some("5"), Some("5"), Some("5")], 3),
        text(&[Some("123456789012"), None, Some("-")], 2),
        text(&[Some("us-east-1"); 3], 2),
        text(&[Some("172.16.0.1"), Some("172.16.0.2"), Some("-")], 2),
        some(vec![Some(443), None, None], 2, Values::I32),
        text(&[None, Some("eni-2"), Some("-")], 2),
        lists,
        text(&[Some("10.1.0.1"), Some("10.1.0.2"), None], 2),
        text(&[Some("eni-1"), None, Some("eni-3")], 2),
        text(&[Some("Inbound"), Some("Outbound"), Some("-")], 2),
        some(vec![Some(99), Some(11), None], 2, Values::I32),
        some(vec![Some(1000), Some(40), None], 2, Values::I64),
    ];
    write(COLUMNS, group)
}

#[test]
fn fields_are_mapped_back() {
    let table = Table::open(file(4001)).expect("sound");
    assert_eq!(table.form(), TableForm::SecurityLake);
    assert_eq!(
        table.format().header(),
        "version account-id interface-id srcaddr dstaddr srcport bytes start end action log-status \
         pkt-srcaddr pkt-dstaddr region flow-direction traffic-path"
    );
    let told = read(file(4001), &[], true).expect("sound");
    assert_eq!(
        told.rows,
        [
            "Flow 5 123456789012 eni-1 10.0.0.9 10.1.0.1 443 1000 1661950736 1661950795 ACCEPT OK 172.16.0.1 10.1.0.1 us-east-1 ingress -",
            "Flow 5 - eni-2 172.16.0.2 10.1.0.2 - 40 1661950735 1661950735 REJECT OK 172.16.0.2 10.1.0.2 us-east-1 egress 8",
            "NoData 5 - eni-3 - - - - 1661950735 - - NODATA - - us-east-1 - -",
        ]
    );
    assert!(told.bad.is_empty(), "{:?}", told.bad);
    assert_eq!(rows(file(4001), &[Field::SrcIp, Field::Bytes])[0], "Flow 10.0.0.9 1000");
}

#[test]
fn other_classes_are_refused_by_name() {
    let error = Table::open(file(4003)).expect_err("another class").to_string();
    assert_eq!(error, "OCSF class 4003, not network activity (4001)");
    // Without statistics it is seen in the records.
    let mut mixed = vec![Values::I32(vec![4001, 4003]).into(), Values::I64(vec![1, 2]).into()];
    let columns = "required int32 class_uid; required group traffic { required int64 bytes; }";
    let properties = || {
        let builder = WriterProperties::builder();
        builder.set_statistics_enabled(::parquet::file::properties::EnabledStatistics::None).build()
    };
    let refused = read(write_groups(columns, &[mixed.clone()], properties()), &[Field::Bytes], false);
    assert_eq!(refused.err(), Some(TableError::OcsfClass("4003".into())));
    mixed[0] = Values::I32(vec![4001, 4001]).into();
    assert_eq!(rows(write_groups(columns, &[mixed], properties()), &[Field::Bytes]), ["Flow 1", "Flow 2"]);
}

#[test]
fn lists_may_cross_pages_and_batches() {
    let columns = "required int32 class_uid; required group src_endpoint { required binary ip; \
                   optional group intermediate_ips (LIST) { repeated group list { optional binary element; } } }";
    let (mut items, mut definition, mut repetition, mut expected) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..9000u32 {
        for item in 0..row % 4 {
            items.push(Ipv4Addr::from(row << 8 | item).to_string());
            definition.push(3);
            repetition.push(i16::from(item > 0));
        }
        if row % 4 == 0 {
            definition.push((row / 4 % 2) as i16);
            repetition.push(0);
        }
        let first = if row % 4 == 0 { Ipv4Addr::from(7).to_string() } else { Ipv4Addr::from(row << 8).to_string() };
        expected.push(format!("Flow {first}"));
    }
    let lists = Stored {
        values: texts(items.iter().map(String::as_str)),
        definition: Some(definition),
        repetition: Some(repetition),
    };
    let ips = vec!["0.0.0.7"; 9000];
    let group = vec![Values::I32(vec![4001; 9000]).into(), texts(ips).into(), lists];
    for page in [10, 1000, 100_000] {
        let properties =
            WriterProperties::builder().set_data_page_row_count_limit(page).set_write_batch_size(7).build();
        let file = write_groups(columns, &[group.clone()], properties);
        assert_eq!(rows(file, &[Field::SrcIp]), expected);
    }
}
