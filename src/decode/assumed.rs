//! The formats that text without a header may have.

use crate::schema::{FieldName, FlowLogs, Format, tokens};
use std::sync::Arc;

/// What the user says of text without a header.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The format itself.
    pub format: Option<Format>,
    /// What AWS says of the user's flow logs.
    pub flow_logs: Option<Arc<FlowLogs>>,
}

impl Said {
    /// All formats that the user has named.
    pub fn formats(&self) -> impl Iterator<Item = &Format> {
        self.format.iter().chain(self.flow_logs.iter().flat_map(|described| described.formats()))
    }

    /// What that makes of text of a flow log, or of a log group, where these are known.
    pub fn of(&self, flow_log: Option<&str>, log_group: Option<&str>) -> Assumed {
        let described = self.flow_logs.as_deref();
        let by_id = described.zip(flow_log).and_then(|(described, id)| described.by_id(id));
        if let Some(format) = by_id {
            return Assumed::named(format.clone());
        }
        let by_group = described.zip(log_group).map_or(vec![], |(described, group)| described.by_group(group));
        // What FILE says of other groups says nothing of this one.
        let described = described.filter(|_| log_group.is_none());
        match (&by_group[..], &self.format, described) {
            ([one], ..) => Assumed::named((*one).clone()),
            ([], Some(format), _) => Assumed::named(format.clone()),
            ([], None, Some(described)) => Assumed::one_of(described.formats()),
            ([], None, None) => Assumed::default(),
            (several, ..) => Assumed::one_of(several.iter().copied()),
        }
    }
}

/// The formats of which one is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// This one, whatever the text looks like.
    named: Option<Format>,
    /// The one of these with as many fields as a line has.
    candidates: Vec<Format>,
    /// Fields that stand behind those of every format.
    extra: Vec<FieldName>,
}

/// What a line is to be read by.
#[derive(Debug, PartialEq, Eq)]
pub enum Choice {
    Take(Format),
    /// Several formats have as many fields.
    Several,
    None,
}

impl Assumed {
    /// This format and no other.
    pub fn named(format: Format) -> Assumed {
        Assumed { named: Some(format), ..Assumed::default() }
    }

    fn one_of<'f>(formats: impl Iterator<Item = &'f Format>) -> Assumed {
        let mut candidates: Vec<Format> = Vec::new();
        for format in formats {
            if !candidates.contains(format) {
                candidates.push(format.clone());
            }
        }
        Assumed { candidates, ..Assumed::default() }
    }

    /// The same, with fields behind those of every format.
    pub fn and(mut self, extra: &[FieldName]) -> Assumed {
        self.extra = extra.to_vec();
        self
    }

    /// What is taken where no line tells.
    pub fn fallback(&self) -> Format {
        self.with_extra(self.named.clone().unwrap_or_else(Format::default_format))
            .unwrap_or_else(Format::default_format)
    }

    /// Whether a line says nothing that the user has not said.
    pub fn is_named(&self) -> bool {
        self.named.is_some()
    }

    /// Whether a line of so many fields may be of one of the formats.
    pub fn has_length(&self, fields: usize) -> bool {
        let lengths = self.named.iter().chain(&self.candidates).map(|format| format.fields().len());
        let guessed = GUESSES.iter().map(|(_, format)| format().fields().len());
        lengths.chain(guessed).any(|length| length + self.extra.len() == fields)
    }

    /// The format of the first line that is no header. `fields` is the number of its fields.
    pub fn choose(&self, line: &[u8], fields: usize) -> Choice {
        match &self.named {
            Some(format) => self.with_extra(format.clone()).map_or(Choice::None, Choice::Take),
            None => self.by_length(line, fields),
        }
    }

    /// The format of a line that has more or fewer fields than `now`, the one in force: only where that
    /// was chosen by a line, too, not by a header or by the user.
    pub fn other(&self, now: &Format, line: &[u8], fields: usize) -> Option<Format> {
        if self.named.is_some() || !self.is_chosen(now) {
            return None;
        }
        match self.by_length(line, fields) {
            Choice::Take(format) => Some(format),
            Choice::Several | Choice::None => None,
        }
    }

    fn is_chosen(&self, now: &Format) -> bool {
        let guesses = GUESSES.iter().map(|(_, format)| format());
        self.candidates.iter().cloned().chain(guesses).any(|format| self.with_extra(format).as_ref() == Some(now))
    }

    fn by_length(&self, line: &[u8], fields: usize) -> Choice {
        let own = fields.saturating_sub(self.extra.len());
        let mut fitting = self.candidates.iter().filter(|format| format.fields().len() == own);
        let guess = || GUESSES.iter().find(|(looks, format)| format().fields().len() == own && looks(line, own));
        let format = match (fitting.next(), fitting.next()) {
            (Some(_), Some(_)) => return Choice::Several,
            (Some(one), None) => Some(one.clone()),
            (None, _) => guess().map(|(_, format)| format()),
        };
        format.and_then(|format| self.with_extra(format)).map_or(Choice::None, Choice::Take)
    }

    fn with_extra(&self, format: Format) -> Option<Format> {
        if self.extra.is_empty() { Some(format) } else { format.and(&self.extra) }
    }
}

/// Formats that a line is recognised by its looks as.
const GUESSES: [(Looks, fn() -> Format); 2] =
    [(looks_default, Format::default_format), (looks_transit_gateway, Format::transit_gateway)];

type Looks = fn(&[u8], usize) -> bool;

/// A version first, an action and a word last: AWS's default format.
fn looks_default(line: &[u8], fields: usize) -> bool {
    let mut tokens = tokens(line).take(fields);
    let version = tokens.next().is_some_and(|t| t.len() <= 2 && t.iter().all(u8::is_ascii_digit));
    let action = tokens.nth(fields - 3).is_some_and(|t| matches!(t, b"ACCEPT" | b"REJECT" | b"-"));
    version && action && tokens.next().is_some_and(|t| t == b"-" || t.iter().all(u8::is_ascii_alphabetic))
}

/// A version, and the ids of a gateway and its attachment where they stand.
fn looks_transit_gateway(line: &[u8], _: usize) -> bool {
    let mut tokens = tokens(line);
    let version = tokens.next().is_some_and(|t| t.iter().all(u8::is_ascii_digit));
    let kind = tokens.next().is_some_and(|t| t.starts_with(b"TransitGateway"));
    let gateway = tokens.nth(1).is_some_and(|t| t.starts_with(b"tgw-"));
    let attachment = tokens.next().is_some_and(|t| t.starts_with(b"tgw-attach-"));
    version && (kind || gateway && attachment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: &str = "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK";
    const GATEWAY: &str = "3 - 748335378900 tgw-1 tgw-attach-1 - - vpc-1 vpc-2 - - eni-1 eni-2 - - - 192.0.2.1 \
                           192.0.2.2 1 2 17 13 6842 1755592553 1755592580 OK - - - - - - - ingress - -";

    fn format(text: &str) -> Format {
        Format::parse(text).expect("a format")
    }

    fn choose(assumed: &Assumed, line: &str) -> Choice {
        assumed.choose(line.as_bytes(), tokens(line.as_bytes()).count())
    }

    #[test]
    fn lines_are_known_by_their_looks() {
        let nothing = Assumed::default();
        assert_eq!(choose(&nothing, DEFAULT), Choice::Take(Format::default_format()));
        assert_eq!(choose(&nothing, GATEWAY), Choice::Take(Format::transit_gateway()));
        assert_eq!(choose(&nothing, &GATEWAY.replace("tgw-1", "-")), Choice::None);
        assert_eq!(choose(&nothing, &DEFAULT.replace("OK", "7")), Choice::None);
        assert_eq!(choose(&nothing, &DEFAULT.replace("ACCEPT", "token")), Choice::None);
        assert_eq!(choose(&nothing, &DEFAULT.replacen('2', "1773536401", 1)), Choice::None);
        assert_eq!(choose(&nothing, "1 2 3"), Choice::None);
        assert_eq!(choose(&Assumed::named(format("bytes")), DEFAULT), Choice::Take(format("bytes")));
    }

    #[test]
    fn what_stands_behind_is_part_of_the_format() {
        let extra = [FieldName::parse(b"vpc-id"), FieldName::parse(b"region")];
        let assumed = Assumed::default().and(&extra);
        let line = format!("{DEFAULT} vpc-1 eu-west-1");
        assert_eq!(
            choose(&assumed, &line),
            Choice::Take(Format::default_format().and(&extra).expect("no field twice"))
        );
        assert_eq!(choose(&assumed, DEFAULT), Choice::None);
    }

    #[test]
    fn one_of_several_formats_is_known_by_its_length() {
        let said = Said {
            format: Some(format("v3")),
            flow_logs: Some(Arc::new(
                FlowLogs::parse(
                    r#"{"FlowLogs":[
                    {"FlowLogId":"fl-1","LogGroupName":"a","LogFormat":"${bytes} ${packets}"},
                    {"FlowLogId":"fl-2","LogGroupName":"a","LogFormat":"${start} ${end} ${bytes}"},
                    {"FlowLogId":"fl-3","LogGroupName":"b","LogFormat":"${end} ${start} ${bytes}"}]}"#,
                )
                .expect("flow logs"),
            )),
        };
        let a = said.of(None, Some("a"));
        assert_eq!(choose(&a, "1 2"), Choice::Take(format("bytes packets")));
        assert_eq!(choose(&a, "1 2 3"), Choice::Take(format("start end bytes")));
        assert_eq!(a.other(&format("bytes packets"), b"1 2 3", 3), Some(format("start end bytes")));
        assert_eq!(a.other(&format("bytes packets"), b"1 2 3 4", 4), None);
        assert_eq!(a.other(&format("v3"), b"1 2 3", 3), None, "a header has said so");
        assert_eq!(choose(&said.of(Some("fl-3"), Some("a")), "x"), Choice::Take(format("end start bytes")));
        assert_eq!(choose(&said.of(None, Some("other")), "x"), Choice::Take(format("v3")));
        let nobody = Said { format: None, ..said };
        assert_eq!(choose(&nobody.of(None, Some("other")), "1 2"), Choice::None, "that is of another group");
        let nobody = nobody.of(None, None);
        assert_eq!(choose(&nobody, "1 2 3"), Choice::Several);
        assert_eq!(choose(&nobody, "1 2"), Choice::Take(format("bytes packets")));
        assert_eq!(choose(&nobody, DEFAULT), Choice::Take(Format::default_format()));
    }
}
