//! Compressed files that are damaged, odd, or something else.

use super::super::lines::{V2, flow, log, many};
use super::super::tree::{gzip, members};
use super::Fault;
use std::io::{Read, Write};

/// The flows of most of the files.
const FLOWS: u64 = 2000;

/// Every fault.
pub fn all() -> Vec<Fault> {
    [cut(), damaged(), several_members(), behind_the_end(), nothing(), misnamed(), packed_twice(), foreign(), bombs()]
        .into_iter()
        .flatten()
        .collect()
}

fn good() -> (String, Vec<u8>) {
    let text = many(FLOWS as u32);
    let packed = gzip(&text);
    (text, packed)
}

/// What a plain reader gets out of a file, if it is whole or not.
pub fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    _ = flate2::read::GzDecoder::new(packed).read_to_end(&mut text);
    text
}

pub fn changed(bytes: &[u8], from_end: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let place = bytes.len() - from_end;
    bytes[place] ^= 0x10;
    bytes
}

fn cut() -> Vec<Fault> {
    let (text, good) = good();
    let half = &good[..good.len() / 2];
    let rest = unpacked(half);
    let whole = rest.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert!(whole > 100 && !rest.ends_with(b"\n"), "the example is cut in a line");
    let in_the_middle = Fault::packed("cut in the middle", half, rest)
        .flows(whole - 1)
        .counts("malformed", 1)
        .partial(format!("truncated at byte {} of the compressed data", half.len()))
        .says("malformed: cut off in the middle");
    let behind = [("without its trailer", 8), ("with half a trailer", 3), ("without its last byte", 1)];
    let behind = behind.map(|(subject, less)| {
        let less = &good[..good.len() - less];
        Fault::packed(subject, less, &text).flows(FLOWS).partial("truncated at byte")
    });
    let before = [2, 5, 10].map(|length| {
        Fault::packed(&format!("cut at byte {length}"), &good[..length], "")
            .partial(format!("truncated at byte {length} "))
    });
    [vec![in_the_middle], behind.into(), before.into()].into_iter().flatten().collect()
}

fn damaged() -> Vec<Fault> {
    let (text, good) = good();
    let mut reserved = good.clone();
    reserved[3] |= 0x80;
    // A block of a type that there is not, behind the header of ten bytes.
    let block = [&good[..10], &[0x07], &good[11..]].concat();
    vec![
        Fault::packed("with a bad checksum", changed(&good, 6), &text).flows(FLOWS).partial("checksum mismatch"),
        Fault::packed("with a bad length", changed(&good, 2), &text).flows(FLOWS).partial("checksum mismatch"),
        Fault::packed("with a header of tomorrow", reserved, "").partial("damaged compressed data after 0 bytes"),
        Fault::packed("damaged from the start", block, "").partial("damaged compressed data after 0 bytes"),
    ]
}

fn several_members() -> Vec<Fault> {
    let text = many(50);
    let split = [vec![700], vec![1, 2, 3], vec![10, 10, 4000], vec![text.len()], vec![0]];
    let mut faults: Vec<Fault> = split
        .iter()
        .map(|cuts| Fault::packed(&format!("members, split at {cuts:?}"), members(&text, cuts), &text).flows(50))
        .collect();
    let other = "bytes packets dstaddr srcaddr protocol log-status\n7 1 10.9.9.9 10.8.8.8 6 OK\n";
    let two = |subject: &str, first: &[u8], second: &[u8], text: &str| {
        Fault::packed(subject, [first, second].concat(), text).counts("headers", 2)
    };
    let (packed, twice) = (gzip(&text), text.repeat(2));
    faults.push(two("equal members", &packed, &packed, &twice).counts("flows", 100));
    let layouts = format!("{text}{other}");
    faults.push(two("members of two layouts", &packed, &gzip(other), &layouts).counts("flows", 51));
    let damage = |subject: &str, second: &[u8], says: &str| {
        two(subject, &packed, second, &twice).counts("flows", 100).partial(says)
    };
    faults.push(damage("a second member with a bad checksum", &changed(&packed, 6), "checksum mismatch"));
    faults.push(damage("a second member without a trailer", &packed[..packed.len() - 8], "truncated"));
    let first = [&changed(&packed, 6)[..], &packed].concat();
    faults
        .push(Fault::packed("a first member with a bad checksum", first, &text).flows(50).partial("checksum mismatch"));
    faults.push(Fault::packed("a member with a name, a comment and more", dressed(&text), &text).flows(50));
    faults
}

/// A member with all that its header may hold.
fn dressed(text: &str) -> Vec<u8> {
    let builder = flate2::GzBuilder::new().filename("x.log").comment("of a firewall").extra(b"extra".to_vec());
    let mut encoder = builder.write(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("memory does not fail")
}

fn behind_the_end() -> Vec<Fault> {
    let (text, good) = good();
    let with = |subject: &str, tail: &[u8]| Fault::packed(subject, [&good[..], tail].concat(), &text).flows(FLOWS);
    vec![
        with("with nothing behind its end", b""),
        with("with garbage behind its end", b"GARBAGE").says("7 bytes after the gzip end ignored"),
        with("with zeros and garbage behind its end", b"\0\0\0G").says("4 bytes after the gzip end ignored"),
        with("with one byte behind its end", b"\x1f").says("1 byte after the gzip end ignored"),
        with("with a member behind its end whose first byte is damaged", b"\x1e\x8b\x08\0\0\0\0\0\0\xff garbled")
            .partial("damaged compressed data after"),
        with("with a member behind its end whose second byte is damaged", b"\x1f\x8a\x08\0\0\0\0\0\0\xff garbled")
            .partial("damaged compressed data after"),
        with("with zeros behind its end", &[0; 512]),
        with("with many zeros behind its end", &[0; 200_000]),
    ]
}

fn nothing() -> Vec<Fault> {
    let header = format!("{V2}\n");
    let empty = Fault::packed("of no bytes at all", "", "").counts("files_failed", 1);
    vec![
        Fault { status: 3, ..empty.says_of_name("empty (0 bytes): not a gzip file") },
        Fault::packed("of nothing", gzip(""), ""),
        Fault::packed("of a header alone", gzip(&header), &header).counts("headers", 1),
    ]
}

fn misnamed() -> Vec<Fault> {
    let (text, much) = (many(5), many(90_000));
    assert!(much.len() > 8 << 20, "it would be mapped");
    let packed = |name| Fault::packed(&format!("named {name}"), gzip(&text), &text).flows(5).named(name);
    let says = "named as if it were not compressed, but gzip: unpacked";
    vec![
        Fault::plain("plain text named .gz", &text)
            .named("plain.log.gz")
            .flows(5)
            .says_of_name("named .gz, but not compressed: read as it is"),
        Fault::plain("much plain text named .gz", &much)
            .named("plain.log.gz")
            .flows(90_000)
            .says_of_name("named .gz, but not compressed: read as it is"),
        packed("packed.log").says_of_name(says),
        packed("packed.json").says_of_name(says),
        // Firehose names its objects so.
        packed("stream-1-2026-03-15-10-00-00-0a1b2c3d"),
    ]
}

fn packed_twice() -> Vec<Fault> {
    let text = many(9);
    let once = gzip(&text);
    let (outer, trailer) = (gzip(&once), 8);
    let without = |packed: &[u8]| packed[..packed.len() - trailer].to_vec();
    vec![
        Fault::packed("gzip inside gzip", &outer, &text).flows(9),
        Fault::packed("gzip inside gzip inside gzip", gzip(&outer), "").failed("gzip inside gzip inside gzip"),
        Fault::packed("cut gzip inside gzip", gzip(without(&once)), &text).flows(9).partial("truncated at byte"),
        Fault::packed("gzip inside cut gzip", without(&outer), &text).flows(9).partial("truncated at byte"),
    ]
}

/// What begins as something else does, under any name.
fn foreign() -> Vec<Fault> {
    let utf16 = |to: fn(u16) -> [u8; 2]| many(9).encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let mut tar = b"AWSLogs/x.log".to_vec();
    tar.resize(257, 0);
    tar.extend(b"ustar\x0000");
    tar.resize(512, 0);
    tar.extend(many(9).as_bytes());
    let kinds: [(&str, Vec<u8>); 16] = [
        ("Parquet", b"PAR1\x15\x04\n\n\n\n\nmore\n\nPAR1".to_vec()),
        ("zstd", b"\x28\xb5\x2f\xfd\x24\n\n\n\n".to_vec()),
        ("bzip2", b"BZh91AY&SY\n\n".to_vec()),
        ("xz", b"\xfd7zXZ\0\0\n".to_vec()),
        ("lz4", b"\x04\x22\x4d\x18\x64\x40\n\n".to_vec()),
        ("snappy", b"\xff\x06\0\0sNaPpY\n\n".to_vec()),
        ("a zip archive", b"PK\x03\x04\n\n\n".to_vec()),
        ("a 7z archive", b"7z\xbc\xaf\x27\x1c\n\n".to_vec()),
        ("a tar archive", tar),
        ("compress (.Z)", b"\x1f\x9d\x90\n\n".to_vec()),
        ("JSON", b"{\"Records\":[\n{},\n{}]}\n".to_vec()),
        ("JSON", b"[\n1,\n2]\n".to_vec()),
        ("UTF-16 text", [b"\xff\xfe", &utf16(u16::to_le_bytes)[..]].concat()),
        ("UTF-16 text", [b"\xfe\xff", &utf16(u16::to_be_bytes)[..]].concat()),
        ("UTF-16 text", utf16(u16::to_le_bytes)),
        ("a program", b"\x7fELF\x02\x01\n\n".to_vec()),
    ];
    let under = |(what, bytes): (&str, Vec<u8>)| {
        [("foreign.log", bytes.clone()), ("foreign.log.gz", bytes.clone()), ("inside.log.gz", gzip(&bytes))]
            .map(|(name, bytes)| Fault::packed(&format!("{what} as {name}"), bytes, "").named(name).failed(what))
    };
    kinds.into_iter().flat_map(under).collect()
}

/// As small as it can be.
fn small(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory does not fail")
}

/// Little that becomes much.
fn bombs() -> Vec<Fault> {
    const SIZE: usize = 20 << 20;
    let long = format!("{V2}\n{}", flow().line()).into_bytes();
    let zeros = [&long[..], &vec![0; SIZE]].concat();
    let too_long = format!("line too long ({SIZE} bytes; at most 1 MiB)");
    let behind = [&zeros[..], b"\n", flow().line().as_bytes()].concat();
    let three = [log(&[flow()]).as_bytes(), &[b'A'; 3 << 20], b"\n", flow().line().as_bytes()].concat();
    vec![
        Fault::packed("a bomb", small(&zeros), &zeros)
            .flows(1)
            .counts("malformed", 1)
            .says("times its size")
            .says(too_long.as_str()),
        Fault::packed("a bomb between records", small(&behind), &behind)
            .flows(2)
            .counts("malformed", 1)
            .says("times its size")
            .says(too_long.as_str()),
        Fault::packed("a bomb and nothing else", small(&vec![b'A'; SIZE]), vec![b'A'; SIZE])
            .counts("malformed", 1)
            .says("times its size")
            .says(too_long.as_str()),
        Fault::packed("a line of 3 MiB", gzip(&three), &three)
            .flows(2)
            .counts("malformed", 1)
            .says("line too long (3145728 bytes; at most 1 MiB)"),
    ]
}
