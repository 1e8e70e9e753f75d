use super::*;
use proptest::prelude::*;

const NOW: u64 = 1_773_576_000;

fn world() -> World<'static> {
    World {
        now: NOW,
        read: &|path| match path {
            "hosts" => Ok("# ours\n10.0.0.1\n10.1.0.0/16 # lab\r\n\n::1\n".into()),
            "bad" => Ok("10.0.0.1\n10.0.0\n".into()),
            "nested" => Ok("@hosts\n".into()),
            _ => Err("No such file or directory".into()),
        },
    }
}

fn filter(text: &str) -> Filter {
    Filter::parse(text, &world()).unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: &str) -> String {
    Filter::parse(text, &world()).expect_err(text).to_string()
}

#[test]
fn the_same_condition_in_other_words() {
    for (a, b) in [
        ("action == REJECT and dst-port in {22, 3389}", "action='reject' && dstport in {3389,22,22}"),
        ("not src-ip in 10.0.0.0/8", "! (src_ip in {10.0.0.0..10.255.255.255})"),
        ("src-ip not in 10.0.0.0/8", "not src-ip == 10.0.0.0/8"),
        ("eni not like \"eni-0a*\"", "not eni like eni-0a*"),
        ("tcp-flags not has syn", "! tcp-flags has syn"),
        ("duration > 1m", "duration > 60"),
        ("duration in {90s..1h30m}", "duration in {90..5400}"),
        ("bytes >= 10K", "bytes gt 9999.5"),
        ("packets lt 5 or bytes gt 1GiB", "packets < 5 || bytes > 1073741824"),
        ("protocol == TCP", "proto == 6"),
        ("protocol-number <= 17", "protocol-number lt 18"),
        ("start >= 2026-03-15T10:00", "start >= 1773568800"),
        ("start in {2026-03-15..2026-03-16}", "start in {1773532800000..1773619200}"),
        ("end < 2h", "end < 2026-03-15T10:00:00Z"),
        ("ip == 10.0.0.1", "src-ip == 10.0.0.1 or dst-ip == 10.0.0.1"),
        ("port != 22", "src-port != 22 and dst-port != 22"),
        ("exists port", "exists src-port or exists dst-port"),
        ("src-ip in @hosts", "src-ip in {10.0.0.1, 10.1.0.0/16, ::1}"),
        ("src-ip in {@\"hosts\", ::2}", "src-ip in {::1..::2, 10.0.0.1, 10.1.0.0/16}"),
        ("tcp-flags has syn+ack", "tcp-flags has ACK+SYN"),
        ("tcp-flags == syn+ack", "tcp-flags == 18"),
        ("dst-port != 22", "dst-port ne 0022"),
        ("interface-id like \"eni-0a*\"", "eni like eni-0a*"),
        ("log-status == nodata", "log-status == NODATA"),
    ] {
        assert_eq!(filter(a), filter(b), "{a}");
    }
}

#[test]
fn errors_show_the_place_and_what_was_expected() {
    assert_eq!(
        error("action == REJECT and dst-prot in {22}"),
        "--where: unknown field 'dst-prot'; did you mean 'dst-port'?\n  \
         action == REJECT and dst-prot in {22}\n                       ^^^^^^^^"
    );
    assert_eq!(
        error("dst-port == ssh"),
        "--where: expected a port (0 to 65535); ssh is 22\n  dst-port == ssh\n              ^^^"
    );
    for (text, message) in [
        ("", "expected a condition"),
        ("src-ip", "expected a comparison (== != < <= > >=), 'in', 'like' or 'has' after 'src-ip'"),
        ("src-ip ==", "expected a value"),
        ("src-ip == 10.0.0", "expected an IP address or a network"),
        ("src-ip < 10.0.0.1", "'<' is for numbers and times, and src-ip is of type IP address; use a range"),
        ("src-ip like 10.*", "use a network"),
        ("src-ip == {10.0.0.1}", "a set goes with 'in'"),
        ("src-ip/24 == 10.0.0.0", "write 'src-ip in 10.0.0.0/8'"),
        ("src-ip in {10.0.0.1..::1}", "same family"),
        ("src-ip in @bad", "bad:2: expected an IP address or a network such as 10.0.0.0/8, found '10.0.0'"),
        ("src-ip in @nested", "nested:1: expected a value"),
        ("src-ip in @none", "none: No such file or directory"),
        ("dst-port in {22 23}", "expected ',' or '}'"),
        ("dst-port in {22,", "expected a value"),
        ("dst-port in {23..22}", "ends before it begins"),
        ("dst-port == 65536", "expected a port"),
        ("bytes > 5 and", "expected the name of a field"),
        ("bytes > -5", "expected a number such as 10"),
        ("(bytes > 5", "expected ')'"),
        ("bytes > 5)", "no '(' for this ')'"),
        ("bytes > 5 packets > 6", "expected 'and', 'or' or the end"),
        ("bytes > 5 & packets > 6", "expected '&&' or 'and'"),
        ("bytes > 5 | packets > 6", "expected '||' or 'or'"),
        ("action == \"REJECT", "a quote is not closed"),
        ("\"action\" == REJECT", "a text in quotes is a value"),
        ("action == REJCT", "did you mean 'REJECT'?"),
        ("action > ACCEPT", "is of type text; use like"),
        ("action == -", "write 'not exists action'"),
        ("eni == eni-0a*", "use 'like'"),
        ("eni in {a..b}", "ranges are for numbers"),
        ("eni like \"a[\"", "not a pattern"),
        ("protocol == tpc", "did you mean 'tcp'?"),
        ("duration > soon", "expected a length of time such as 90, 5m or 1h30m"),
        ("bytes has syn", "'has' is for tcp-flags, not for bytes"),
        ("tcp-flags has sin", "expected TCP flags (fin, syn"),
        ("start > yesterday", "expected a time such as"),
        (&"(".repeat(5000), "nested deeper"),
        (&format!("{} bytes > 1", "not ".repeat(5000)), "nested deeper"),
    ] {
        let said = error(text);
        assert!(said.contains(message), "{text}: {said}");
    }
    assert!(error("bytes > 5\nand\tpackets > x").ends_with("\n  and\\x09packets > x\n                   ^"));
}

#[test]
fn what_is_as_deep_as_can_be_is_printed_and_read_again() {
    for test in ["bytes in {1}", "bytes not in {1}"] {
        let deepest = |text: &String| parse(text).is_ok();
        let text = (0..=100).rev().map(|depth| format!("{}{test}", "!".repeat(depth))).find(deepest).expect("a text");
        let expr = parse(&text).expect("an expression");
        assert_eq!(parse(&expr.to_string()), Ok(expr));
    }
}

#[test]
fn files_are_left_out_only_if_no_record_can_match() {
    let known = Known { account: Some("123456789012"), region: Some("eu-west-1"), times: Some(1000..=2000) };
    for text in [
        "account == 123456789012",
        "region like eu-*",
        "region != us-east-1",
        "start >= 2000",
        "start < 1001",
        "end in {0..5, 1500..1600}",
        "not region == eu-west-1",
        "not start >= 5000",
        "region == us-east-1 or bytes > 5",
        "exists region",
        "not exists region",
        "dst-port == 22",
    ] {
        assert!(filter(text).may_match(&known), "{text}");
        assert!(filter(text).may_match(&Known::default()), "{text}");
    }
    for text in [
        "account == 210987654321",
        "region in {us-east-1, us-west-2}",
        "region != eu-west-1",
        "start >= 2001",
        "end < 1000",
        "bytes > 5 and start > 2h",
        "region == us-east-1 or start > 2000",
    ] {
        assert!(!filter(text).may_match(&known), "{text}");
        assert!(filter(text).may_match(&Known::default()), "{text}");
    }
}

fn word() -> impl Strategy<Value = Word> {
    let plain = "[a-zA-Z0-9@.:/*?-]{1,8}".prop_map(|text| Word { text, quoted: false, span: 0..0 });
    let quoted = "[a-z \"'\\\\{}(),=<>|&!\u{e9}\n]{0,8}".prop_map(|text| Word { text, quoted: true, span: 0..0 });
    prop_oneof![plain, quoted]
}

fn subject() -> impl Strategy<Value = Word> {
    let name = prop_oneof!["x[a-z0-9/-]{0,8}", "d[a-z]{0,4}\\([a-z-]{1,6}\\)"];
    name.prop_map(|text| Word { text, quoted: false, span: 0..0 })
}

fn expr() -> impl Strategy<Value = Expr> {
    let comparison = prop_oneof![Just(Comparison::Equal), Just(Comparison::NotEqual), Just(Comparison::LessOrEqual)];
    let test = prop_oneof![
        (comparison, word()).prop_map(|(comparison, value)| Test::Compare(comparison, value)),
        proptest::collection::vec(word().prop_map(Element::of), 1..4).prop_map(Test::In),
        word().prop_map(Test::Like),
        word().prop_map(Test::Has),
        Just(Test::Exists),
    ];
    let leaf = (subject(), test).prop_map(|(subject, test)| Expr::Test { subject, test });
    leaf.prop_recursive(5, 40, 4, |inner| {
        let several = || proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several().prop_map(Expr::And),
            several().prop_map(Expr::Or),
            inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
}

/// The tree as the parser makes it: no conjunction directly within a conjunction, likewise for the rest.
fn flattened(expr: Expr) -> Expr {
    let all = |parts: Vec<Expr>| parts.into_iter().map(flattened).collect();
    match expr {
        Expr::And(parts) => Expr::all(all(parts)),
        Expr::Or(parts) => Expr::any(all(parts)),
        Expr::Not(inner) => Expr::Not(Box::new(flattened(*inner))),
        test => test,
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_the_same(expr in expr()) {
        let text = expr.to_string();
        prop_assert_eq!(parse(&text).map_err(|error| error.to_string()), Ok(flattened(expr)), "{}", text);
    }

    #[test]
    fn any_text_is_an_expression_or_an_error(text in "[a-z0-9 .:/@\"'(){},=<>!&|\u{e9}\n-]{0,60}") {
        match parse(&text) {
            Ok(expr) => prop_assert_eq!(parse(&expr.to_string()), Ok(expr)),
            Err(error) => prop_assert!(error.to_string().contains('^')),
        }
        _ = Filter::parse(&text, &world());
    }
}
