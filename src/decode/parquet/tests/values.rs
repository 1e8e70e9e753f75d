//! What stored values are read as, whatever their type.

use super::*;
use crate::decode::TableForm;

const STATUS: &str = "required binary log_status (STRING);";

/// Reads a column of one field, with the values of a type, beside a log-status that is always OK.
fn field(field: Field, column: &str, values: Values) -> (Vec<String>, Vec<String>) {
    let count = match &values {
        Values::Bool(v) => v.len(),
        Values::I32(v) => v.len(),
        Values::I64(v) => v.len(),
        Values::I96(v) => v.len(),
        Values::F32(v) => v.len(),
        Values::F64(v) => v.len(),
        Values::Text(v) => v.len(),
        Values::Fixed(v) => v.len(),
    };
    let file = |dictionary: bool| {
        let properties = WriterProperties::builder().set_dictionary_enabled(dictionary).build();
        let group = vec![values.clone().into(), texts(vec!["OK"; count]).into()];
        write_groups(&format!("required {column}; {STATUS}"), &[group], properties)
    };
    let (told, plain) = (read(file(true), &[field], false), read(file(false), &[field], false));
    let (told, plain) = (told.expect("sound"), plain.expect("sound"));
    assert_eq!((&told.rows, &told.bad, &told.lines), (&plain.rows, &plain.bad, &plain.lines));
    (told.rows.iter().map(|row| row.strip_prefix("Flow ").expect("a flow").to_string()).collect(), told.bad)
}

#[test]
fn numbers_of_every_width() {
    let ports = |column, values| field(Field::SrcPort, column, values);
    assert_eq!(ports("int32 srcport", Values::I32(vec![0, 65_535, -1, 65_536])).0, ["0", "65535", "-", "-"]);
    assert_eq!(ports("int32 srcport", Values::I32(vec![-1, 65_536])).1, ["1 src-port -1", "2 src-port 65536"]);
    assert_eq!(ports("int64 srcport", Values::I64(vec![443])).0, ["443"]);
    assert_eq!(ports("int32 srcport (INTEGER(16, false))", Values::I32(vec![65_535])).0, ["65535"]);
    assert_eq!(
        ports("float srcport", Values::F32(vec![443.0, 0.5])),
        (vec!["443".into(), "-".into()], vec!["2 src-port 0.5".into()])
    );
    assert_eq!(
        ports("binary srcport", texts(["443", "x", ""])),
        (vec!["443".into(), "-".into(), "-".into()], vec!["2 src-port x".into()])
    );
    let bytes = |column, values| field(Field::Bytes, column, values);
    assert_eq!(bytes("int64 bytes (INTEGER(64, false))", Values::I64(vec![-1])).0, ["18446744073709551615"]);
    assert_eq!(bytes("int32 bytes (INTEGER(32, false))", Values::I32(vec![-1])).0, ["4294967295"]);
    assert_eq!(bytes("int64 bytes", Values::I64(vec![i64::MAX, i64::MIN])).1, ["2 bytes -9223372036854775808"]);
    let floats = Values::F64(vec![1e15, f64::NAN, -1.0, 1e30, f64::INFINITY]);
    let (rows, bad) = bytes("double bytes", floats);
    assert_eq!(rows, ["1000000000000000", "-", "-", "-", "-"]);
    assert_eq!(bad.len(), 3, "not a number is no value: {bad:?}");
    assert_eq!(bytes("boolean bytes", Values::Bool(vec![true])).1, ["1 bytes true"]);
    assert_eq!(
        bytes("int64 bytes (DECIMAL(18, 2))", Values::I64(vec![1200, 1250])),
        (vec!["12".into(), "-".into()], vec!["2 bytes 12.50".into()])
    );
    let wide = Values::Fixed(vec![vec![0, 0, 0, 0, 0, 0, 0, 5, 220].into()]);
    assert_eq!(bytes("fixed_len_byte_array(9) bytes (DECIMAL(20, 0))", wide).0, ["1500"]);
}

#[test]
fn protocols_by_number_and_by_keyword() {
    let (rows, bad) = field(Field::Protocol, "binary protocol", texts(["6", "tcp", "UDP", "None", "-", "256", "foo"]));
    assert_eq!(rows, ["6", "6", "17", "-", "-", "-", "-"]);
    assert_eq!(bad, ["6 protocol 256", "7 protocol foo"]);
}

#[test]
fn times_of_every_unit_are_seconds() {
    let time = |column: &str, values| field(Field::Start, column, values).0;
    const T: i64 = 1_661_950_735;
    assert_eq!(time("int64 start", Values::I64(vec![T, T * 1000 + 999])), ["1661950735", "1661950735"]);
    assert_eq!(time("int32 start", Values::I32(vec![T as i32])), ["1661950735"]);
    assert_eq!(time("int64 start (TIMESTAMP(MILLIS, true))", Values::I64(vec![T * 1000 + 5])), ["1661950735"]);
    assert_eq!(time("int64 start (TIMESTAMP(MICROS, false))", Values::I64(vec![T * 1_000_000])), ["1661950735"]);
    assert_eq!(
        time("int64 start (TIMESTAMP(NANOS, true))", Values::I64(vec![T * 1_000_000_000, -1])),
        ["1661950735", "-"]
    );
    // 31 August 2022, 12:58:55.
    let mut moment = Int96::new();
    let nanos = 46_735_000_000_000u64;
    moment.set_data(nanos as u32, (nanos >> 32) as u32, 2_459_823);
    assert_eq!(time("int96 start", Values::I96(vec![moment])), ["1661950735"]);
    assert_eq!(time("binary start", texts(["1661950735"])), ["1661950735"]);
}

#[test]
fn addresses_and_words_for_none() {
    let long = "2001:db8::1";
    let (rows, bad) =
        field(Field::SrcIp, "binary srcaddr", texts(["10.0.0.1", long, "-", "None", "", "10.0.0.256", "none"]));
    assert_eq!(rows, ["10.0.0.1", long, "-", "-", "-", "-", "-"]);
    assert_eq!(bad, ["6 src-ip 10.0.0.256", "7 src-ip none"]);
    assert_eq!(field(Field::SrcIp, "int32 srcaddr", Values::I32(vec![5])).1, ["1 src-ip 5"]);
    let (rows, _) = field(Field::VpcId, "binary vpc_id", texts(["vpc-1", "-", "None", "", "nONE"]));
    assert_eq!(rows, ["vpc-1", "-", "-", "-", "nONE"]);
}

#[test]
fn account_ids_keep_their_zeros() {
    let account = |column, values| field(Field::AccountId, column, values).0;
    assert_eq!(
        account("int64 account_id", Values::I64(vec![12_345_678, 123_456_789_012])),
        ["000012345678", "123456789012"]
    );
    assert_eq!(account("binary account_id", texts(["000012345678", "unknown"])), ["000012345678", "unknown"]);
    assert_eq!(
        account("fixed_len_byte_array(12) account_id", Values::Fixed(vec![b"000012345678".to_vec().into()])),
        ["000012345678"]
    );
}

#[test]
fn unknown_columns_are_carried_as_text() {
    let columns = "required binary srcaddr; required boolean is_new; required int64 when (TIMESTAMP(MILLIS, true)); \
                   required double score; required group inner { required int32 a; } required binary log_status;";
    let group = vec![
        texts(["10.0.0.1"]).into(),
        Values::Bool(vec![true]).into(),
        Values::I64(vec![1_661_950_735_123]).into(),
        Values::F64(vec![0.25]).into(),
        Values::I32(vec![1]).into(),
        texts(["OK"]).into(),
    ];
    let file = write(columns, group);
    let table = Table::open(file.clone()).expect("sound");
    assert_eq!(table.format().header(), "srcaddr is-new when score log-status");
    assert_eq!(table.left_out(), ["inner.a"]);
    let told = read(file, &[Field::SrcIp], true).expect("sound");
    assert_eq!(told.rows, ["Flow 10.0.0.1 true 2022-08-31T12:58:55.123Z 0.25 OK"]);
    assert_eq!(told.lines, ["10.0.0.1 true 2022-08-31T12:58:55.123Z 0.25 OK"]);
}

#[test]
fn a_status_is_told_as_in_text() {
    let status = [Some("OK"), Some("NODATA"), Some("SKIPDATA"), Some("WHAT"), None, Some("-"), Some("OK")];
    let addresses = texts(["10.0.0.1", "-", "-", "10.0.0.2", "10.0.0.3", "10.0.0.4", "x"]);
    let columns = "required binary srcaddr; optional binary log_status;";
    let told = rows(write(columns, vec![addresses.clone().into(), optional(&status)]), &[]);
    assert_eq!(told, ["Flow", "NoData", "SkipData", "Other=WHAT", "Other=-", "Other=-", "Flow"]);
    // Without a log-status, a record without a source is one without data.
    let told = rows(
        write("required binary srcaddr; required binary tcp_flags;", vec![addresses.clone().into(), addresses.into()]),
        &[],
    );
    assert_eq!(told, ["Flow", "NoData", "NoData", "Flow", "Flow", "Flow", "Flow"]);
    // And without both, every record is a flow.
    let told = rows(
        write(
            "required int32 srcport; required int32 dstport;",
            vec![Values::I32(vec![1, 2]).into(), Values::I32(vec![1, 2]).into()],
        ),
        &[],
    );
    assert_eq!(told, ["Flow", "Flow"]);
}

#[test]
fn given_values_hold_where_the_file_lacks_the_field() {
    let file =
        write(&format!("required binary srcaddr; {STATUS}"), vec![texts(["10.0.0.1"]).into(), texts(["OK"]).into()]);
    let table = Table::open(file).expect("sound");
    let wanted = names(&[Field::Region, Field::VpcId, Field::Bytes, Field::LogStatus]);
    let mut reader = TableReader::new(&wanted, false, false);
    reader.give([(Field::Region, "eu-west-1"), (Field::LogStatus, "NODATA")].into_iter());
    let mut told = Told::default();
    reader.read(&table, 0, 0, &mut told).expect("sound");
    assert_eq!(told.rows, ["Flow eu-west-1 - - OK"]);
}

#[test]
fn lines_are_what_aws_would_have_written() {
    let columns = "required int64 account_id; required binary srcaddr; required binary protocol; optional int64 bytes; \
                   required int64 start (TIMESTAMP(MILLIS, true)); required binary instance_tag; required int32 srcport; \
                   required binary log_status;";
    let group = vec![
        Values::I64(vec![12_345_678_901, 1]).into(),
        texts(["10.0.0.1", "2001:db8:0::1"]).into(),
        texts(["tcp", "17"]).into(),
        Stored { values: Values::I64(vec![77]), definition: Some(vec![1, 0]), repetition: None },
        Values::I64(vec![1_661_950_735_000, 1_661_950_736_999]).into(),
        texts(["a b\n", "None"]).into(),
        Values::I32(vec![-7, 443]).into(),
        texts(["OK", "OK"]).into(),
    ];
    let told = read(write(columns, group), &[Field::Bytes], false).expect("sound");
    assert_eq!(
        told.lines,
        ["012345678901 10.0.0.1 6 77 1661950735 a%20b%0A -7 OK", "000000000001 2001:db8::1 17 - 1661950736 - 443 OK"]
    );
    assert_eq!(told.rows, ["Flow 77", "Flow -"]);
    assert!(told.bad.is_empty(), "what nobody asked for is not complained about: {:?}", told.bad);
}

#[test]
fn columns_are_known_by_any_of_their_names_and_aws_own_wins() {
    let columns =
        "required binary source_ip; required int64 start_time; required int64 start; required binary LOG_STATUS;";
    let group = vec![
        texts(["10.0.0.1"]).into(),
        Values::I64(vec![1]).into(),
        Values::I64(vec![2]).into(),
        texts(["OK"]).into(),
    ];
    let file = write(columns, group);
    let table = Table::open(file.clone()).expect("sound");
    let shown: Vec<&str> = table.format().fields().iter().map(FieldName::name).collect();
    assert_eq!(shown, ["src-ip", "start-time", "start", "log-status"]);
    assert_eq!(read(file, &[Field::Start], true).expect("sound").rows, ["Flow 2 10.0.0.1 1 OK"]);
    let columns = "required binary srcaddr; required binary dstaddr; required binary note; required binary NOTE;";
    let twice = write(columns, vec![texts(["-"]).into(); 4]);
    assert_eq!(
        Table::open(twice).expect_err("twice").to_string(),
        "its columns cannot be told apart: field note twice"
    );
}

#[test]
fn what_is_no_flow_log_is_refused_with_its_columns() {
    let error =
        |columns: &str, group: Vec<Stored>| Table::open(write(columns, group)).expect_err("refused").to_string();
    assert_eq!(
        error(
            "required binary name; required int64 start; required int64 end; required binary action;",
            vec![texts(["x"]).into(), Values::I64(vec![1]).into(), Values::I64(vec![1]).into(), texts(["x"]).into()]
        ),
        "no flow log column in it; its columns are name, start, end, action"
    );
    let many: String = (0..20).map(|i| format!("required int32 c{i};")).collect();
    assert_eq!(
        error(&many, vec![Values::I32(vec![1]).into(); 20]),
        "no flow log column in it; its columns are c0, c1, c2, c3, c4, c5, c6, c7, and 12 more"
    );
    assert_eq!(
        error(
            "required group srcaddr { required int32 a; } required int32 bytes;",
            vec![Values::I32(vec![1]).into(); 2]
        ),
        "column srcaddr is nested; a column of flow logs holds plain values"
    );
    assert_eq!(
        error("required binary srcaddr; required binary country;", vec![texts(["x"]).into(), texts(["x"]).into()]),
        "no flow log column in it; its columns are srcaddr, country"
    );
    assert!(Table::open(write("required binary srcaddr;", vec![texts(["10.0.0.1"]).into()])).is_ok());
}

#[test]
fn times_of_row_groups_are_told_by_their_statistics() {
    let columns = "optional int64 start; required int64 end; required binary srcaddr;";
    let group = |start: &[Option<i64>], end: &[i64]| {
        let definition = Some(start.iter().map(|value| i16::from(value.is_some())).collect());
        let start =
            Stored { values: Values::I64(start.iter().flatten().copied().collect()), definition, repetition: None };
        vec![start, Values::I64(end.to_vec()).into(), texts(vec!["-"; end.len()]).into()]
    };
    const T: i64 = 1_661_950_735;
    let groups = [
        group(&[Some(T), Some(T - 5)], &[T + 60, T + 55]),
        group(&[Some(T), None], &[T + 60, T + 60]),
        group(&[Some(T * 1000)], &[T * 1000 + 999]),
        group(&[Some(T * 1000), Some(5)], &[T, T]),
        group(&[Some(-5)], &[T]),
    ];
    let table = Table::open(write_groups(columns, &groups, WriterProperties::new())).expect("sound");
    let (t, times) = (T as u64, |part| table.times(part));
    assert_eq!(times(0), Some(t - 5..=t + 60));
    assert_eq!(times(1), None, "a record without a start");
    assert_eq!(times(2), Some(t..=t));
    assert_eq!(times(3), None, "two units");
    assert_eq!(times(4), None, "a start that is none");
    assert_eq!((table.parts(), table.rows(0), table.rows(4)), (5, 2, 1));
    let none =
        write("required int64 bytes; required binary srcaddr;", vec![Values::I64(vec![1]).into(), texts(["-"]).into()]);
    assert_eq!(Table::open(none).expect("sound").times(0), None);
}

#[test]
fn messages_are_lines() {
    let line = "2 123456789010 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 ACCEPT OK";
    let file = write(
        "optional binary message (STRING); required int64 ts;",
        vec![optional(&[Some(line), None, Some("x")]), Values::I64(vec![1; 3]).into()],
    );
    let table = Table::open(file).expect("sound");
    assert_eq!(table.form(), TableForm::Messages);
    let mut lines = Vec::new();
    let mut reader = TableReader::new(&[], false, false);
    let read = reader.read_lines(&table, 0, &mut |line| {
        lines.push(show(line));
        true
    });
    assert_eq!((read.expect("sound").rows, &lines[..]), (3, &[line.to_string(), String::new(), "x".into()][..]));
    let read = reader.read_lines(&table, 0, &mut |_| false).expect("sound");
    assert_eq!(read.rows, 1);
}
