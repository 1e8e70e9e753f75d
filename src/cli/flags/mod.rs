//! Option groups that commands share.

mod filter;
mod input;
mod output;

pub use filter::FilterFlags;
pub use input::InputFlags;
pub use output::{OutputFlags, StatsForm, When};
