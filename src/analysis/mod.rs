//! What numbers over time say: series in, findings out. Pure; knows nothing of flow logs.

pub mod outliers;
