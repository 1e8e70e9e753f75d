//! Option groups that commands share.

mod enrich;
mod filter;
mod having;
mod input;
mod output;
mod rank;
mod words;

pub use enrich::{Addresses, EnrichFlags};
pub use filter::{FilterFlags, TimeField};
pub use having::HavingFlag;
pub use input::InputFlags;
pub use output::{AccountFlags, OutputFlags, StatsForm, When};
pub use rank::RankFlags;
