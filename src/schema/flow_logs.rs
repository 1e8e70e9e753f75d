//! What AWS says of an account's flow logs: `aws ec2 describe-flow-logs`. It has the format of logs
//! that come without a header.

use super::Format;
use serde_json::Value;
use std::collections::BTreeMap;

/// The formats of flow logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowLogs {
    by_id: BTreeMap<String, Format>,
    /// Those of each log group, each once.
    by_group: BTreeMap<String, Vec<Format>>,
}

impl FlowLogs {
    /// Reads the output of `aws ec2 describe-flow-logs`: one object or several after each other, or a
    /// bare array of flow logs. Fails with a sentence where it is something else.
    pub fn parse(text: &str) -> Result<FlowLogs, String> {
        let mut all = FlowLogs::default();
        for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            let document = document.map_err(|error| format!("no JSON: {error}"))?;
            let list = document.get("FlowLogs").unwrap_or(&document);
            let list = list.as_array().ok_or("no list FlowLogs in it, as `aws ec2 describe-flow-logs` writes it")?;
            for flow_log in list {
                all.add(flow_log)?;
            }
        }
        match all.by_id.is_empty() {
            true => Err("no flow log in it; is it what `aws ec2 describe-flow-logs` writes?".into()),
            false => Ok(all),
        }
    }

    fn add(&mut self, flow_log: &Value) -> Result<(), String> {
        let text = |key: &str| flow_log.get(key).and_then(Value::as_str);
        let id = text("FlowLogId").ok_or("a flow log without a FlowLogId")?;
        let format = match text("LogFormat") {
            Some(format) => Format::parse(format).map_err(|error| format!("LogFormat of {id}: {error}"))?,
            None => Format::default_format(),
        };
        if let Some(group) = text("LogGroupName") {
            let formats = self.by_group.entry(group.into()).or_default();
            if !formats.contains(&format) {
                formats.push(format.clone());
            }
        }
        self.by_id.insert(id.into(), format);
        Ok(())
    }

    /// The format of a flow log, by its `fl-...` id.
    pub fn by_id(&self, id: &str) -> Option<&Format> {
        self.by_id.get(id)
    }

    /// The different formats of the flow logs of a log group.
    pub fn by_group(&self, group: &str) -> Vec<&Format> {
        self.by_group.get(group).into_iter().flatten().collect()
    }

    /// The formats of all flow logs, by their ids.
    pub fn formats(&self) -> impl Iterator<Item = &Format> {
        self.by_id.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_flow_log_and_by_group() {
        let one = r#"{"FlowLogId":"fl-1","LogGroupName":"g","LogFormat":"${version} ${bytes}","Tags":[]}"#;
        let two = r#"{"FlowLogId":"fl-2","LogDestinationType":"s3"}"#;
        let format = Format::parse("version bytes").expect("a format");
        let pages = format!(r#"{{"FlowLogs":[{one}]}} {{"FlowLogs":[{two}],"NextToken":"x"}}"#);
        for text in [pages, format!("[{one},{two}]")] {
            let flow_logs = FlowLogs::parse(&text).expect("flow logs");
            assert_eq!(flow_logs.by_id("fl-1"), Some(&format));
            assert_eq!(flow_logs.by_id("fl-2"), Some(&Format::default_format()));
            assert_eq!(flow_logs.by_id("fl-3"), None);
            assert_eq!((flow_logs.by_group("g"), flow_logs.by_group("h")), (vec![&format], vec![]));
        }
    }

    #[test]
    fn what_is_something_else_is_refused() {
        for (text, why) in [
            ("", "no flow log in it"),
            ("{", "no JSON"),
            (r#"{"NetworkInterfaces":[]}"#, "no list FlowLogs"),
            (r#"[{"LogFormat":"${bytes}"}]"#, "without a FlowLogId"),
            (r#"[{"FlowLogId":"fl-1","LogFormat":"${bytes} ${bytes}"}]"#, "LogFormat of fl-1: field bytes twice"),
        ] {
            let error = FlowLogs::parse(text).expect_err(text);
            assert!(error.contains(why), "{error}");
        }
    }
}
