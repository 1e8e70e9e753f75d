//! Option groups that commands share.

mod input;
mod output;

pub use input::InputFlags;
pub use output::{OutputFlags, StatsForm, When};
