//! What numbers over time say: series in, findings out. Pure; knows nothing of flow logs.

pub mod explain;
pub mod line;
pub mod order;
pub mod outliers;
pub mod patterns;
#[cfg(test)]
mod random;
pub mod rate;
pub mod special;
