//! Logs that lie where flow logs lie, and are none: named, so that nobody has to guess.

use crate::schema::tokens;

/// What a text is by its first line, if that is known.
pub fn neighbour(line: &[u8]) -> Option<&'static str> {
    TABLE.iter().find(|(looks, _)| looks(line)).map(|(_, name)| *name)
}

type Looks = fn(&[u8]) -> bool;

const TABLE: [(Looks, &str); 8] = [
    (|line| balancer(line, b" app/"), "an access log of an Application Load Balancer"),
    (|line| line.starts_with(b"tls ") && has(line, b" net/"), "an access log of a Network Load Balancer"),
    (is_classic_balancer, "an access log of a Classic Load Balancer"),
    (|line| line.starts_with(b"#Version:") || line.starts_with(b"#Fields:"), "a CloudFront log"),
    (is_bucket_log, "an access log of an S3 bucket"),
    (|line| has(line, b"accelerator_id"), "a Global Accelerator flow log"),
    (|line| line.starts_with(b"<"), "XML or HTML"),
    (|line| line.starts_with(b"Permission Check Successful"), "the permission check of a CloudWatch export"),
];

fn has(line: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(line, text).is_some()
}

fn balancer(line: &[u8], mark: &[u8]) -> bool {
    let kinds: [&[u8]; 6] = [b"http ", b"https ", b"h2 ", b"grpcs ", b"ws ", b"wss "];
    kinds.iter().any(|kind| line.starts_with(kind)) && has(line, mark)
}

/// A time, a name, two addresses with ports, and the request in quotes.
fn is_classic_balancer(line: &[u8]) -> bool {
    let mut tokens = tokens(line);
    let time = tokens.next().is_some_and(|t| t.ends_with(b"Z") && t.contains(&b'T'));
    time && tokens.nth(1).is_some_and(|t| t.contains(&b':') && t.contains(&b'.')) && has(line, b" \"")
}

/// The owner's id, the bucket, and the time in brackets.
fn is_bucket_log(line: &[u8]) -> bool {
    let mut tokens = tokens(line);
    let owner = tokens.next().is_some_and(|t| t.len() == 64 && t.iter().all(u8::is_ascii_hexdigit));
    owner && tokens.nth(1).is_some_and(|t| t.starts_with(b"["))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_named() {
        for (line, name) in [
            ("https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.0.2.7:2817", "Application"),
            ("tls 2.0 2018-12-20T02:59:40 net/my-network-loadbalancer/c6e77e28c25b2234", "Network Load"),
            (
                "2015-05-13T23:39:43.945958Z my-elb 192.0.2.7:2817 10.0.0.1:80 0.1 0.1 0.1 200 200 0 29 \"GET /\"",
                "Classic",
            ),
            ("#Version: 1.0", "CloudFront"),
            ("version aws_account_id accelerator_id client_ip", "Global Accelerator"),
        ] {
            assert!(neighbour(line.as_bytes()).is_some_and(|found| found.contains(name)), "{line}");
        }
        let owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
        let line = format!("{owner} bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3");
        assert_eq!(neighbour(line.as_bytes()), Some("an access log of an S3 bucket"));
        for line in ["", "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK", "2014-12-14T04:06:50Z 2 1"] {
            assert_eq!(neighbour(line.as_bytes()), None, "{line}");
        }
    }
}
