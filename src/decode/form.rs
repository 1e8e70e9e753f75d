//! The forms in which flow logs come.

/// How records are wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Lines, with or without a header.
    Text,
    /// Lines behind the time of their event: an export to S3, or `aws logs tail`.
    Stamped,
    Csv,
    /// `aws logs get-log-events` and `filter-log-events`.
    LogEvents,
    Insights,
    Subscription,
    Lambda,
    Firehose,
    OpenObserve,
    Sumo,
    /// JSON objects whose keys are fields.
    Objects,
    Parquet,
    /// OCSF in Parquet.
    SecurityLake,
    /// Lines in a column of Parquet.
    ParquetLines,
}

impl Form {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Form::Text => "text",
            Form::Stamped => "CloudWatch text with times",
            Form::Csv => "CSV",
            Form::LogEvents => "CloudWatch log events",
            Form::Insights => "Logs Insights results",
            Form::Subscription => "CloudWatch subscription",
            Form::Lambda => "Lambda events",
            Form::Firehose => "Firehose JSON",
            Form::OpenObserve => "OpenObserve JSON",
            Form::Sumo => "Sumo Logic VPC-JSON",
            Form::Objects => "JSON objects",
            Form::Parquet => "Parquet",
            Form::SecurityLake => "Security Lake (OCSF) Parquet",
            Form::ParquetLines => "Parquet with lines",
        }
    }
}
