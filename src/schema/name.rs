//! The name of a column: a field of the table, or a header name that AWS may add tomorrow.

use super::{Enriched, Field, Kind};

/// A column of a flow log, known or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FieldName {
    Known(Field),
    /// A field that is made from others, unless a log has it already.
    Enriched(Enriched),
    /// A name met in a header that the table does not have; its values are text. Lower case,
    /// with dashes.
    Other(Box<str>),
}

impl FieldName {
    /// Reads any spelling of a name.
    pub fn parse(name: &[u8]) -> FieldName {
        let enriched = || Enriched::find(name).map(FieldName::Enriched);
        match Field::find(name).map(FieldName::Known).or_else(enriched) {
            Some(found) => found,
            None => {
                let text = String::from_utf8_lossy(name).to_lowercase().replace('_', "-");
                FieldName::Other(text.into())
            }
        }
    }

    /// The canonical name.
    pub fn name(&self) -> &str {
        match self {
            FieldName::Known(field) => field.name(),
            FieldName::Enriched(field) => field.name(),
            FieldName::Other(name) => name,
        }
    }

    /// The name in header lines.
    pub fn aws_name(&self) -> &str {
        match self {
            FieldName::Known(field) => field.aws_name(),
            FieldName::Enriched(field) => field.name(),
            FieldName::Other(name) => name,
        }
    }

    /// The type of the values.
    pub fn kind(&self) -> Kind {
        match self {
            FieldName::Known(field) => field.kind(),
            FieldName::Enriched(field) => field.kind(),
            FieldName::Other(_) => Kind::Text,
        }
    }

    /// The field of the log that it is, if it is one.
    pub fn known(&self) -> Option<Field> {
        match self {
            FieldName::Known(field) => Some(*field),
            _ => None,
        }
    }

    /// Whether it is a name of one of the tables.
    pub fn is_ours(&self) -> bool {
        !matches!(self, FieldName::Other(_))
    }

    /// Whether a value can be several, with commas between.
    pub fn is_list(&self) -> bool {
        match self {
            FieldName::Known(field) => *field == Field::SecurityGroupIds,
            FieldName::Enriched(field) => field.is_list(),
            FieldName::Other(_) => false,
        }
    }

    /// The enriched field that it is, if it is one.
    pub fn enriched(&self) -> Option<Enriched> {
        match self {
            FieldName::Enriched(field) => Some(*field),
            _ => None,
        }
    }
}

impl From<Enriched> for FieldName {
    fn from(field: Enriched) -> Self {
        FieldName::Enriched(field)
    }
}

impl From<Field> for FieldName {
    fn from(field: Field) -> Self {
        FieldName::Known(field)
    }
}

/// The candidate nearest to `word`, if it is near enough to be what was meant: at most two letters
/// off, or three in a long word (optimal string alignment distance).
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('_', "-");
    let allowed = match word.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .map(|known| (distance(&word, known), known))
        .filter(|(far, _)| *far <= allowed)
        .min()
        .map(|(_, known)| known)
}

fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let names = || Field::all().map(Field::name);
        assert_eq!(closest("src-pi", names()), Some("src-ip"));
        assert_eq!(closest("srcip", names()), Some("src-ip"));
        assert_eq!(closest("interfce_id", names()), Some("interface-id"));
        assert_eq!(closest("frobnicate", names()), None);
        assert_eq!(closest("", names()), None);
    }

    #[test]
    fn unknown_names_are_kept_in_canonical_spelling() {
        assert_eq!(FieldName::parse(b"New_Field"), FieldName::Other("new-field".into()));
        assert_eq!(FieldName::parse(b"SRCADDR"), FieldName::Known(Field::SrcIp));
    }
}
