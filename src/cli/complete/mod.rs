//! What shells complete beyond commands and options: fields, measures and saved questions.

mod scripts;
mod words;

pub use scripts::script;
pub use words::{Known, words};
