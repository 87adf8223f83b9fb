//! Which folder of `src/` may use which.

use crate::source::{Source, is_word};
use crate::{check, keep};

/// Folder and what it may use. `lib.rs` lists the modules and is free; `bin` speaks of the crate by its name.
const ARROWS: [(&str, &[&str]); 7] = [
    ("csound", &[]),
    ("session", &["csound"]),
    ("document", &["session"]),
    ("render", &["document", "session"]),
    ("editor", &["document", "session"]),
    ("plugin", &["editor", "render", "document", "session"]),
    (
        "bin",
        &[
            "plugin", "editor", "render", "document", "session", "csound",
        ],
    ),
];

#[test]
fn folders_use_only_what_they_may() {
    keep(arrows);
}

#[test]
fn forbidden_arrows_are_named() {
    let says = |path, text, expected: &[&str]| check(arrows, path, text, expected);
    says("src/session/a.rs", "use crate::csound::Csound;", &[]);
    says(
        "src/session/a.rs",
        "// crate::plugin::x\nlet a = \"crate::plugin\";",
        &[],
    );
    says(
        "src/session/a.rs",
        "use crate::plugin::Slots;",
        &["src/session/a.rs:1: session may not use plugin"],
    );
    says(
        "src/csound.rs",
        "fn a() { crate::session::b() }",
        &["src/csound.rs:1: csound may not use session"],
    );
    says(
        "src/document/a.rs",
        "use crate::{\n    session::{Instr, csound},\n    csound::Csound,\n};",
        &["src/document/a.rs:1: document may not use csound"],
    );
    says(
        "src/document/a/b.rs",
        "use super::super::super::render::Score;",
        &["src/document/a/b.rs:1: document may not use render"],
    );
    says(
        "src/bin/csound-session.rs",
        "use csound_session::plugin::formats::clap;",
        &["src/bin/csound-session.rs:1: bin may not use plugin::formats"],
    );
    says(
        "src/bin/csound-session.rs",
        "use csound_session::render::Renderer;",
        &[],
    );
}

fn arrows(source: &Source) -> Vec<String> {
    let Some((folder, depth)) = folder(&source.path) else {
        return Vec::new();
    };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == folder) else {
        return vec![format!(
            "{}: src/ has no folder {folder} in the arrow table",
            source.path
        )];
    };
    let text = source.code.join("\n");
    let mut complaints = Vec::new();
    for (at, used) in roots(&text, depth) {
        let known = ARROWS.iter().any(|(name, _)| *name == used);
        let line = text[..at].matches('\n').count() + 1;
        if known && used != folder && !allowed.contains(&used.as_str()) {
            complaints.push(format!(
                "{}:{line}: {folder} may not use {used}",
                source.path
            ));
        }
        if folder == "bin" && text[at..].starts_with("csound_session::plugin::formats") {
            complaints.push(format!(
                "{}:{line}: bin may not use plugin::formats",
                source.path
            ));
        }
    }
    complaints
}

/// The folder of a file below `src/` and how many modules it is away from the crate's root.
fn folder(path: &str) -> Option<(String, usize)> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let parts: Vec<&str> = inside.split('/').collect();
    (inside != "lib").then(|| (parts[0].to_owned(), parts.len()))
}

/// Names that stand directly below the crate's root in a path, with the offset where the path starts.
fn roots(text: &str, depth: usize) -> Vec<(usize, String)> {
    let climb = "super::".repeat(depth);
    let starts = ["crate::", "csound_session::", climb.as_str()];
    let found = starts.iter().flat_map(|start| {
        let paths = text
            .match_indices(start)
            .filter(|(at, _)| starts_path(text, *at));
        paths.flat_map(|(at, _)| {
            let names = first_names(&text[at + start.len()..]);
            names.into_iter().map(move |name| (at, name))
        })
    });
    found.collect()
}

fn starts_path(text: &str, at: usize) -> bool {
    let word = text[at..].split(':').next().unwrap_or("");
    is_word(text, at, word) && !text[..at].ends_with("::")
}

/// The first name of a path, or of each path of a `{...}` list.
fn first_names(rest: &str) -> Vec<String> {
    if !rest.starts_with('{') {
        return vec![name_at(rest)];
    }
    let mut names = Vec::new();
    let mut depth = 0;
    for (i, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 1 && matches!(c, '{' | ',') {
            names.push(name_at(rest[i + 1..].trim_start()));
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn name_at(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}
