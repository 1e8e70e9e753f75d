//! The order of fields in a line: from a header line, a preset, or a description by the user.

use super::{Field, FieldName, closest};

/// The fields of a line, in order. At least one; none twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    fields: Vec<FieldName>,
}

/// Why a description is not a format.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum FormatError {
    #[error("field {0} twice")]
    Twice(String),
    #[error("unknown field '{name}'{}", hint(.near))]
    Unknown { name: String, near: Option<&'static str> },
    #[error("no field in it")]
    Empty,
    #[error("it is that of {0}")]
    Foreign(&'static str),
}

fn hint(near: &Option<&'static str>) -> String {
    near.map(|n| format!("; did you mean '{n}'?")).unwrap_or_default()
}

/// What a line is when it is looked at as a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderScan {
    /// Not a header.
    Data,
    Header(Format),
    /// A header, but one that cannot be used.
    Broken(FormatError),
}

impl Format {
    /// These fields. Fails where there is none, or one twice.
    pub fn new(fields: Vec<FieldName>) -> Result<Format, FormatError> {
        if fields.is_empty() {
            return Err(FormatError::Empty);
        }
        for (i, field) in fields.iter().enumerate() {
            if fields[..i].contains(field) {
                return Err(FormatError::Twice(field.name().to_string()));
            }
        }
        Ok(Format { fields })
    }

    /// The fields of AWS's versions 2 to `version`, in AWS's order (version 6, the transit
    /// gateway's, apart). `None` for a version that AWS has not announced.
    pub fn preset(version: u8) -> Option<Format> {
        let known = Field::all().any(|f| f.version() == version && version != 6);
        let fields = Field::all().filter(|f| (2..=version).contains(&f.version()) && f.version() != 6);
        (known && version > 0).then(|| Format { fields: fields.map(FieldName::Known).collect() })
    }

    /// The 14 fields of AWS's default format.
    pub fn default_format() -> Format {
        Format { fields: Field::all().take(14).map(FieldName::Known).collect() }
    }

    /// The 36 fields of AWS's default format for transit gateways.
    pub fn transit_gateway() -> Format {
        use Field::*;
        let fields = [Version, ResourceType, AccountId, TgwId, TgwAttachmentId, TgwSrcVpcAccountId]
            .into_iter()
            .chain([TgwDstVpcAccountId, TgwSrcVpcId, TgwDstVpcId, TgwSrcSubnetId, TgwDstSubnetId, TgwSrcEni])
            .chain([TgwDstEni, TgwSrcAzId, TgwDstAzId, TgwPairAttachmentId, SrcIp, DstIp, SrcPort, DstPort])
            .chain([Protocol, Packets, Bytes, Start, End, LogStatus, Type, PacketsLostNoRoute])
            .chain([PacketsLostBlackhole, PacketsLostMtuExceeded, PacketsLostTtlExpired, TcpFlags, Region])
            .chain([FlowDirection, PktSrcAwsService, PktDstAwsService]);
        Format { fields: fields.map(FieldName::Known).collect() }
    }

    /// The same fields, and others behind them; `None` if one would be there twice.
    pub fn and(&self, others: &[FieldName]) -> Option<Format> {
        Format::new([&self.fields, others].concat()).ok()
    }

    /// Reads what `--log-format` takes: `v2`, `v5` and so on, `tgw`, the AWS form `${version} ...`,
    /// or field names separated by commas or spaces. Names that AWS may add are only taken in the
    /// AWS form; elsewhere they are more likely slips.
    pub fn parse(text: &str) -> Result<Format, FormatError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("tgw") {
            return Ok(Format::transit_gateway());
        }
        if let Some(format) = text.strip_prefix(['v', 'V']).and_then(|v| v.parse().ok()).and_then(Format::preset) {
            return Ok(format);
        }
        let words = text.split([' ', ',', '\t', '\n']).filter(|w| !w.is_empty());
        let fields = words.map(|word| match word.strip_prefix("${").and_then(|w| w.strip_suffix('}')) {
            Some(name) => Ok(FieldName::parse(name.as_bytes())),
            None => match Field::find(word.as_bytes()) {
                Some(field) => Ok(FieldName::Known(field)),
                None => Err(FormatError::Unknown {
                    name: word.to_string(),
                    near: closest(word, Field::all().map(Field::name)),
                }),
            },
        });
        Format::new(fields.collect::<Result<_, _>>()?)
    }

    /// Tells whether a line is a header: all its tokens could be names, and all, at least five, or, of
    /// three and more, more than two thirds of them are names of fields, of logs or made from them. No data
    /// line can hold tokens such as `srcaddr`. A single word is a header only where it is the first line of
    /// all: elsewhere `end` is more likely something else.
    pub fn scan_header(line: &[u8], is_first: bool) -> HeaderScan {
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let count = tokens(line).take_while(|token| is_name(token)).count();
        if count == 0 || count > MOST_FIELDS || count == 1 && !is_first || tokens(line).nth(count).is_some() {
            return HeaderScan::Data;
        }
        let known = tokens(line).filter(|token| FieldName::parse(token).is_ours()).count();
        let mostly_known = known >= 5 || known >= 3 && known > 2 * (count - known);
        if known < count && !mostly_known {
            return HeaderScan::Data;
        }
        if tokens(line).any(|token| matches!(token, b"accelerator_id" | b"accelerator-id")) {
            return HeaderScan::Broken(FormatError::Foreign("a Global Accelerator flow log, not of a VPC flow log"));
        }
        match Format::new(tokens(line).map(FieldName::parse).collect()) {
            Ok(format) => HeaderScan::Header(format),
            Err(error) => HeaderScan::Broken(error),
        }
    }

    /// The header line, as AWS writes it.
    pub fn header(&self) -> String {
        let names: Vec<&str> = self.fields.iter().map(FieldName::aws_name).collect();
        names.join(" ")
    }

    /// The fields, in the order of the line.
    pub fn fields(&self) -> &[FieldName] {
        &self.fields
    }

    /// Where `field` stands in the line, from 0.
    pub fn position(&self, field: &FieldName) -> Option<usize> {
        self.fields.iter().position(|f| f == field)
    }
}

/// A line of more fields is no header: AWS has less than a hundred.
const MOST_FIELDS: usize = 1000;

/// What some editors put in front of UTF-8 text.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The tokens of a line: runs of spaces separate them, a carriage return at the end is not part
/// of the last. Tabs separate nothing.
pub(crate) fn tokens(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    line.split(|b| *b == b' ').filter(|token| !token.is_empty())
}

/// A token that could be the name of a field: a letter, then letters, digits, dashes, underscores.
fn is_name(token: &[u8]) -> bool {
    token.first().is_some_and(u8::is_ascii_alphabetic)
        && token.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const V2: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

    #[test]
    fn presets_are_aws_orders() {
        let v2 = Format::default_format();
        let names: Vec<&str> = Field::all().take(14).map(Field::aws_name).collect();
        assert_eq!(names.join(" "), V2);
        assert_eq!(Format::parse("v2").unwrap(), v2);
        assert_eq!(Format::parse("v5").unwrap().fields().len(), 29);
        assert_eq!(Format::parse("V11").unwrap().fields().len(), 54);
        assert!([0, 1, 6, 12].iter().all(|version| Format::preset(*version).is_none()));
        let tgw = Format::parse("TGW").unwrap();
        assert_eq!(tgw.fields().len(), 36);
        assert!(Field::all().filter(|f| f.version() == 6).all(|f| tgw.position(&f.into()).is_some()));
    }

    #[test]
    fn three_ways_to_say_the_same() {
        let list = Format::parse("srcaddr, dst_ip bytes").unwrap();
        assert_eq!(Format::parse("${srcaddr} ${dstaddr} ${bytes}").unwrap(), list);
        assert_eq!(list.position(&Field::Bytes.into()), Some(2));
        assert_eq!(list.header(), "srcaddr dstaddr bytes");
    }

    #[test]
    fn descriptions_that_are_none() {
        assert_eq!(Format::parse("  "), Err(FormatError::Empty));
        assert_eq!(Format::parse("bytes bytes"), Err(FormatError::Twice("bytes".into())));
        assert_eq!(
            Format::parse("srcaddr bites").unwrap_err().to_string(),
            "unknown field 'bites'; did you mean 'bytes'?"
        );
        assert!(Format::parse("${a-field-of-2031}").is_ok());
    }

    #[test]
    fn headers_and_data() {
        let header = |line: &str| matches!(Format::scan_header(line.as_bytes(), true), HeaderScan::Header(_));
        assert!(header(V2));
        assert!(header(&format!("{V2}\r\n")));
        assert!(header("bytes"));
        assert!(header("srcaddr dstaddr"));
        assert!(header("srcaddr dstaddr packets bytes new-field-2031"));
        assert!(!header("start bytes new-a") && !header("srcaddr dstaddr bytes new-a new-b"));
        assert!(header(&format!("{V2} new-field-2031")));
        assert!(header(&format!("{} NEW-FIELD-2031", V2.to_uppercase())));
        assert!(header(&format!("new-a new-b {V2}")));
        assert!(header("\u{feff}srcaddr bytes"));
        assert!(header("srcaddr dstaddr src-country dst_label") && header("srcaddr src-country bytes new-a"));
        assert!(!header("version account-id something-else"));
        assert!(!header(&format!("{V2} 17")));
        assert!(!header(&format!("{V2} -")));
        assert!(!header(""));
        assert!(!header("2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK"));
        let twice = format!("{V2} bytes");
        assert_eq!(Format::scan_header(b"end", false), HeaderScan::Data);
        assert_eq!(
            Format::scan_header(twice.as_bytes(), false),
            HeaderScan::Broken(FormatError::Twice("bytes".into()))
        );
    }
}
