//! Option groups that commands share.

mod filter;
mod input;
mod output;
mod rank;

pub use filter::FilterFlags;
pub use input::InputFlags;
pub use output::{OutputFlags, StatsForm, When};
pub use rank::RankFlags;
