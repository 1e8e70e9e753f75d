//! stub
use super::form::Form;
use crate::schema::FieldName;
pub struct JsonReader;
impl JsonReader {
    pub fn new() -> JsonReader {
        JsonReader
    }
    pub fn begin(&mut self) {}
    pub fn feed(&mut self, _: &[u8], _: &mut impl Unwrap) -> Result<(), Broken> {
        Ok(())
    }
    pub fn finish(&mut self, _: &mut impl Unwrap) -> Result<(), Broken> {
        Ok(())
    }
}
pub trait Unwrap {
    fn lines(&mut self, lines: &[u8]) -> bool;
    fn context(&mut self, context: &Context<'_>);
    fn malformed(&mut self, why: &'static str);
}
pub struct Context<'a> {
    pub form: Form,
    pub log_group: Option<&'a str>,
    pub columns: Columns,
}
pub enum Columns {
    Logged,
    And(Vec<FieldName>),
    These(Vec<FieldName>),
}
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Broken {
    #[error("x")]
    Cut,
    #[error("looks like {0}")]
    Foreign(&'static str),
}
