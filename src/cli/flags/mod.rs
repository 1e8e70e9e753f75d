//! Option groups that commands share.

mod input;
mod output;
mod rank;

pub use input::InputFlags;
pub use output::{OutputFlags, StatsForm, When};
pub use rank::RankFlags;
