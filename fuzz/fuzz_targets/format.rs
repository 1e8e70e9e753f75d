//! Formats: what `--log-format` takes and what a header line says. Whatever the text, there is no panic;
//! a format that is read is written as a header that is read as the same; and the two ways to name fields
//! agree.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vpcflow::schema::{Field, FieldName, Format, HeaderScan};

fuzz_target!(|input: (bool, &[u8])| {
    let (is_first, line) = input;
    if let Ok(text) = std::str::from_utf8(line) {
        match Format::parse(text) {
            Ok(format) => check(&format),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    match Format::scan_header(line, is_first) {
        HeaderScan::Data => {}
        HeaderScan::Broken(error) => assert!(!error.to_string().is_empty()),
        HeaderScan::Header(format) => {
            check(&format);
            let header = format.header();
            assert_eq!(Format::scan_header(header.as_bytes(), is_first), HeaderScan::Header(format.clone()));
            let described: Vec<String> = header.split(' ').map(|name| format!("${{{name}}}")).collect();
            assert_eq!(Format::parse(&described.join(" ")), Ok(format));
        }
    }
});

/// Its fields are there once each, and found by every name that they have.
fn check(format: &Format) {
    let fields = format.fields();
    assert!(!fields.is_empty());
    for (i, field) in fields.iter().enumerate() {
        assert_eq!(format.position(field), Some(i));
        assert_eq!(&FieldName::parse(field.name().as_bytes()), field);
        assert_eq!(&FieldName::parse(field.aws_name().as_bytes()), field);
        if let FieldName::Known(known) = field {
            assert_eq!(Field::find(known.name().replace('-', "_").to_uppercase().as_bytes()), Some(*known));
        }
    }
}
