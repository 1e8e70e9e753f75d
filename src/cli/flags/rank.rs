//! Which groups are shown, in which order, and how they are counted.

use super::HavingFlag;
use crate::query::MinShare;

/// Options of the commands that rank groups by a measure.
#[derive(clap::Args, Debug)]
pub struct RankFlags {
    /// Smallest first
    #[arg(long = "asc", visible_alias = "bottom")]
    pub ascending: bool,

    /// Only rows whose share is at least so large: 0.01, or 1%
    ///
    /// Shares are parts of the total over all matching flows, whether their rows are shown or not.
    #[arg(long, value_name = "SHARE", value_parser = MinShare::parse)]
    pub min_share: Option<MinShare>,

    /// Add a column cum_share: what this row and those above it have together
    #[arg(long)]
    pub cum_share: bool,

    #[command(flatten)]
    pub having: HavingFlag,

    /// Approximate distinct counts: a standard error of 1.6 %, less memory where sets are large
    ///
    /// Counts by HyperLogLog with 4096 registers for each group. Two of three counts are within
    /// 1.6 % of the exact one, nearly all within 5 %; small ones (up to about a hundred) are nearly
    /// exact, and take no less memory. The same input gives the same counts, whatever the number of
    /// threads.
    #[arg(long)]
    pub approx: bool,
}
