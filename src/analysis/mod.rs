//! What numbers over time say: series in, findings out. Pure; knows nothing of flow logs.

mod order;
pub mod outliers;
#[cfg(test)]
mod random;
pub mod rate;
mod special;
