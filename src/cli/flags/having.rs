//! Which rows of a result are shown.

use crate::cli::Error;
use crate::cli::scope::world;
use crate::query::{Having, ResultColumn};
use std::sync::{Arc, OnceLock};

/// A condition on the columns of a result.
#[derive(clap::Args, Debug, Default)]
pub struct HavingFlag {
    /// Only rows that meet a condition on their columns, such as 'rejects > 100 and bytes < 1M'
    ///
    /// The language is that of --where. The names are those of the columns that are shown:
    /// distinct_dst_port, distinct-dst-port or distinct(dst-port); share goes from 0 to 1. Rows are left
    /// out before the limit, and shares stay parts of the total over all matching flows.
    #[arg(long, value_name = "EXPR", value_hint = clap::ValueHint::Other)]
    having: Option<String>,

    /// What `check` has made of it.
    #[arg(skip)]
    condition: OnceLock<Arc<Having>>,
}

impl HavingFlag {
    /// Reads the condition, which is on these columns.
    pub fn check(&self, columns: impl FnOnce() -> Vec<ResultColumn>) -> Result<(), Error> {
        if let Some(text) = &self.having {
            _ = self.condition.set(Arc::new(Having::parse(text, &columns(), &world())?));
        }
        Ok(())
    }

    /// The condition that was read, if there is one.
    pub fn condition(&self) -> Option<Arc<Having>> {
        self.condition.get().cloned()
    }
}
