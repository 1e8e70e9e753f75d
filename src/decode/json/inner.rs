//! Messages that are wrapped once more: a Firehose object that went through CloudWatch.

use super::scan::{Kind, skip_blank, string_end, value};
use super::unescape::unescape;

/// The message of an object that is a message itself; `false` if it has none.
pub fn message(text: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    find(text, out).is_some()
}

fn find(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut at = skip_blank(text, text.starts_with(b"{").then_some(1)?);
    let mut found = None;
    while text.get(at)? == &b'"' {
        let (end, _) = string_end(text, at + 1)?;
        let is_message = &text[at..end] == b"\"message\"";
        at = skip_blank(text, end);
        at = skip_blank(text, (text.get(at)? == &b':').then_some(at + 1)?);
        let span = value(text, at)?;
        if is_message && span.kind == Kind::Text {
            found = found.or(Some(span));
        }
        at = skip_blank(text, span.end);
        match text.get(at)? {
            b',' => at = skip_blank(text, at + 1),
            b'}' => {
                let rest = skip_blank(text, at + 1);
                let span = found.filter(|_| rest == text.len())?;
                return unescape(&text[span.start..span.end], out).then_some(());
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_objects_have_a_message() {
        let of = |text: &str| {
            let mut out = Vec::new();
            message(text.as_bytes(), &mut out).then(|| String::from_utf8(out).expect("UTF-8"))
        };
        assert_eq!(of(r#"{"message":"2 1"}"#).as_deref(), Some("2 1"));
        assert_eq!(of("{ \"a\" : [1, {\"message\":\"no\"}] , \"message\" : \"a\\nb\" }\n").as_deref(), Some("a\nb"));
        for none in [r#"{"message":1}"#, "{}", "", r#"{"message":"a"} x"#, r#"{"message":"a""#, r#"{"message":"\q"}"#] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
