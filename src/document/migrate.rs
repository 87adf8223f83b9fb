//! States of older versions. Each step turns a state into one of the next version, as data; what it does not know, it
//! leaves alone.

use serde_json::{Map, Value, json};

use super::VERSION;

type State = Map<String, Value>;

/// The n-th step, counted from 1, leads from version n to n + 1.
const STEPS: [fn(&mut State); (VERSION - 1) as usize] = [list_files];

/// Makes a state of an older version one of this.
pub(super) fn migrate(state: &mut State, version: u64) {
    let done = usize::try_from(version.saturating_sub(1)).unwrap_or(STEPS.len());
    for step in STEPS.iter().skip(done) {
        step(state);
    }
    state.insert("version".to_owned(), VERSION.into());
}

/// Version 2 lists the sound files of a project. None of those in a project of version 1 is in it yet.
fn list_files(state: &mut State) {
    let tables = state.get("table").and_then(Value::as_array);
    let named = tables.into_iter().flatten().filter_map(|t| t.get("file"));
    let files: Vec<Value> = named
        .map(|path| json!({ "path": path, "hash": "", "bytes": 0 }))
        .collect();
    if !files.is_empty() {
        state.insert("files".to_owned(), files.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_version_1_gets_its_list_of_files_and_keeps_the_rest() {
        let old =
            json!({ "version": 1, "later": [1], "table": [{ "file": "a.wav" }, { "gen": [1] }] });
        let Value::Object(mut state) = old else {
            unreachable!("it was written as one")
        };
        migrate(&mut state, 1);
        let new = json!({ "version": VERSION, "later": [1], "table": [{ "file": "a.wav" }, { "gen": [1] }],
            "files": [{ "path": "a.wav", "hash": "", "bytes": 0 }] });
        assert_eq!(Value::Object(state), new);
    }
}
