//! Options as words of a command line, for commands that are shown.

use super::{EnrichFlags, FilterFlags, InputFlags, TimeField};
use std::path::PathBuf;

impl InputFlags {
    /// What chooses the records, but for their time, and makes fields of them: options and paths, quoted for a shell.
    pub fn words(&self) -> String {
        let mut words = self.filter.words();
        words.extend(self.enrich.words());
        words.extend(self.paths.iter().map(|path| path.display().to_string()));
        words.iter().map(|word| format!(" {}", shell_words::quote(word))).collect()
    }
}

fn option(name: &str, values: &[String]) -> Vec<String> {
    if values.is_empty() { vec![] } else { vec![name.to_string(), values.join(",")] }
}

impl FilterFlags {
    fn words(&self) -> Vec<String> {
        let lists = self.lists();
        let mut words: Vec<String> = lists.iter().flat_map(|(name, _, _, values)| option(name, values)).collect();
        words.extend(option("--drop-internal", &self.drop_internal));
        if self.time_field == TimeField::End {
            words.extend(["--time-field".into(), "end".into()]);
        }
        words.extend(self.expressions.iter().flat_map(|text| ["-w".into(), text.clone()]));
        words
    }

    /// The times that were asked for.
    pub fn time_words(&self) -> String {
        let times = [("--since", &self.since), ("--until", &self.until)];
        let given = times
            .into_iter()
            .filter_map(|(name, time)| Some(format!(" {name} {}", shell_words::quote(time.as_ref()?))));
        let last = self.last.map(|seconds| format!(" --last {}", crate::schema::span_name(seconds)));
        given.chain(last).collect()
    }
}

impl EnrichFlags {
    fn words(&self) -> Vec<String> {
        let one =
            |name: &str, path: &Option<PathBuf>| path.iter().map(|path| (name.to_string(), path.clone())).collect();
        let many = |name: &str, paths: &[PathBuf]| paths.iter().map(|path| (name.to_string(), path.clone())).collect();
        let files: [Vec<(String, PathBuf)>; 8] = [
            one("--labels", &self.labels),
            one("--aws-ranges", &self.aws_ranges),
            many("--enis", &self.enis),
            many("--subnets", &self.subnets),
            many("--instances", &self.instances),
            many("--security-groups", &self.security_groups),
            one("--geo", &self.geo),
            one("--asn", &self.asn),
        ];
        files.into_iter().flatten().flat_map(|(name, path)| [name, path.display().to_string()]).collect()
    }
}
