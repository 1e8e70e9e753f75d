//! The arrays and objects around a value, as far as they matter.

use super::keys::{Key, Role};

/// What is around the next byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Values one after the other.
    Stream,
    /// An array instead.
    Top,
    /// An object that is a record, or holds them.
    Record,
    /// The array of log events, and one of them.
    Events,
    Event,
    /// The array of Insights results, a row, and one of its fields.
    Rows,
    Row,
    Pair,
    /// The array of events that a Lambda function receives, and one of them.
    Records,
    Carrier,
    /// The objects that packed data is in.
    Awslogs,
    Kinesis,
    /// The array of security groups of a message.
    Groups,
}

impl Level {
    pub fn is_array(self) -> bool {
        matches!(self, Level::Top | Level::Events | Level::Rows | Level::Row | Level::Records | Level::Groups)
    }

    /// What an object is here, if it is not left out.
    pub fn object(self, key: &Key) -> Option<Level> {
        match (self, key.role) {
            (Level::Stream | Level::Top, _) => Some(Level::Record),
            (Level::Events, _) => Some(Level::Event),
            (Level::Row, _) => Some(Level::Pair),
            (Level::Records, _) => Some(Level::Carrier),
            (Level::Record, Role::Awslogs) => Some(Level::Awslogs),
            (Level::Carrier, Role::Kinesis) => Some(Level::Kinesis),
            _ => None,
        }
    }

    /// What an array is here, if it is not left out.
    pub fn array(self, key: &Key) -> Option<Level> {
        match (self, key.role) {
            (Level::Stream, _) => Some(Level::Top),
            (Level::Top | Level::Rows, _) => Some(Level::Row),
            (Level::Record, Role::Events | Role::LogEvents) => Some(Level::Events),
            (Level::Record, Role::Results) => Some(Level::Rows),
            (Level::Record, Role::Records) => Some(Level::Records),
            (Level::Record, _) if key.extra == Some(0) => Some(Level::Groups),
            _ => None,
        }
    }

    /// Whether values of this key are kept here.
    pub fn keeps(self, key: &Key) -> bool {
        match self {
            Level::Stream | Level::Top | Level::Row | Level::Groups => true,
            Level::Record | Level::Event => key.is_kept(),
            Level::Pair => matches!(key.role, Role::Name | Role::Value),
            _ => false,
        }
    }
}
