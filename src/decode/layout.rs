//! Where the columns of a question stand in the lines of a format.

use crate::schema::{Field, FieldName, Format};

pub struct Layout {
    pub format: Format,
    /// The columns to make.
    pub fields: Vec<FieldName>,
    /// Where each stands in a line, if it does.
    pub places: Vec<Option<usize>>,
    /// Where the log-status stands, and the source address.
    pub status: Option<usize>,
    pub source: Option<usize>,
}

impl Layout {
    /// The columns `wanted`; with `all`, the other fields of the format behind them.
    pub fn new(format: Format, wanted: &[FieldName], all: bool) -> Layout {
        let mut fields = wanted.to_vec();
        if all {
            fields.extend(format.fields().iter().filter(|field| !wanted.contains(field)).cloned());
        }
        Layout {
            places: fields.iter().map(|name| format.position(name)).collect(),
            status: format.position(&Field::LogStatus.into()),
            source: format.position(&Field::SrcIp.into()),
            fields,
            format,
        }
    }
}
