//! Why a file of the user's cannot be used.

/// What is wrong, and where if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What was expected, and what was found.
    pub why: String,
}

impl Wrong {
    pub fn at(line: usize, why: impl Into<String>) -> Wrong {
        Wrong { line: Some(line), why: why.into() }
    }
}

impl From<String> for Wrong {
    fn from(why: String) -> Wrong {
        Wrong { line: None, why }
    }
}

impl From<&str> for Wrong {
    fn from(why: &str) -> Wrong {
        why.to_string().into()
    }
}

impl From<serde_json::Error> for Wrong {
    fn from(error: serde_json::Error) -> Wrong {
        if error.is_eof() {
            return Wrong::at(error.line(), "the JSON ends too early: it is cut off");
        }
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(&text[..], |(what, _)| what);
        Wrong::at(error.line(), format!("no JSON: {what} (column {})", error.column()))
    }
}
