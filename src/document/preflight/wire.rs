//! What crosses between the preflight's two processes: one line of JSON each.

use serde::{Deserialize, Serialize};

use super::verdict::Verdict;

/// Counts the changes of what is said and done here: a helper of another one is not used, and verdicts of another one
/// are forgotten.
pub(super) const PROTOCOL: u32 = 1;

/// What starts every line of the child that is meant for the parent.
pub(super) const MARK: &str = "csound-session-preflight ";

/// What the child is asked: the first line of its input, which stays open as long as the answer is wanted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub protocol: u32,
    /// The document's state.
    pub state: String,
    /// In Hz.
    pub sample_rate: f64,
}

/// What the child says; the last line is a verdict.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Line {
    /// The request was read; the watchdog counts from here.
    Ready,
    /// What is done next.
    Doing(String),
    /// The answer.
    Verdict(Verdict),
}

impl Line {
    /// The line as it is sent, newline included.
    pub fn encode(&self) -> String {
        // Plain data with string keys; cannot fail.
        format!(
            "{MARK}{}\n",
            serde_json::to_string(self).unwrap_or_default()
        )
    }

    /// What a line says; `None` for anything that is not meant for the parent.
    pub fn decode(line: &str) -> Option<Self> {
        serde_json::from_str(line.trim_end().strip_prefix(MARK)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_the_pipe_and_others_are_ignored() {
        let said = Line::Verdict(Verdict::Hung {
            while_doing: "starting instr a".to_owned(),
        });
        assert_eq!(Line::decode(&said.encode()), Some(said));
        assert_eq!(Line::decode("some opcode printed this\n"), None);
        assert_eq!(Line::decode(&format!("{MARK}{{")), None);
    }
}
