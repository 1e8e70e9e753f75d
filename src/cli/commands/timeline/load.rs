//! Where a record that spans buckets counts.

use crate::decode::Status;
use crate::query::{Key, Measure, Piece};
use crate::schema::{Field, FieldName};

/// How a record that spans buckets is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Load {
    /// In the bucket of its start
    Start,
    /// In the bucket of its end
    End,
    /// Bytes and packets shared out by time
    Proportional,
}

/// The columns of every timeline.
pub const SHOWN: [Measure; 5] = [Measure::Flows, Measure::Accepts, Measure::Rejects, Measure::Packets, Measure::Bytes];

impl Load {
    /// The field whose time decides; pieces have one of their own.
    pub fn time(self) -> FieldName {
        match self {
            Load::Proportional => Piece::Time.field(),
            _ => self.field().into(),
        }
    }

    /// The time at which the flow itself counts.
    pub fn field(self) -> Field {
        match self {
            Load::Start | Load::Proportional => Field::Start,
            Load::End => Field::End,
        }
    }

    pub fn fields(self) -> &'static [Field] {
        match self {
            Load::Start => &[Field::Start],
            Load::End => &[Field::End],
            Load::Proportional => &[Field::Start, Field::End],
        }
    }

    /// What makes up the cells of a row.
    pub fn measures(self) -> Vec<Measure> {
        let sum = |piece: Piece| Measure::Sum(Key::Field(piece.field()));
        match self {
            Load::Proportional => vec![
                Measure::OfStatus(Status::Flow),
                sum(Piece::Accepts),
                sum(Piece::Rejects),
                sum(Piece::Packets),
                sum(Piece::Bytes),
            ],
            _ => SHOWN.to_vec(),
        }
    }
}
