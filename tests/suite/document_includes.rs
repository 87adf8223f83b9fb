//! The files around a document: its own, those it includes, those it plays.

use csound_session::document::{Document, Implied};
use csound_session::session::orchestra::TableSource;

use super::document_file::instr;

#[test]
fn includes_are_read_and_missing_files_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    let text = format!(
        "includes = [\"lib.inc\"]\n{}[[table]]\nname = \"t\"\nfile = \"s.wav\"\n",
        instr("out a(0)")
    );
    std::fs::write(&path, text).unwrap();
    let told = Document::open(&path).unwrap_err();
    let said: Vec<_> = told.iter().map(|t| (t.line, t.to_string())).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].0 == Some(1) && said[0].1.contains("lib.inc"),
        "{said:?}"
    );
    assert!(
        said[1].0 == Some(9) && said[1].1.contains("s.wav"),
        "{said:?}"
    );
    std::fs::write(folder.path().join("lib.inc"), "gione = 1\n").unwrap();
    std::fs::write(folder.path().join("s.wav"), "").unwrap();
    let document = Document::open(&path).unwrap();
    let built = document
        .specification(48000.0, &[], Implied::Yes)
        .unwrap()
        .program;
    assert_eq!(built.orchestra.includes[0].text, "gione = 1\n");
    let wanted = folder.path().join("s.wav").to_string_lossy().into_owned();
    assert!(
        matches!(&built.orchestra.tables[0].source, TableSource::File { path, .. } if *path == wanted)
    );
    std::fs::remove_file(folder.path().join("s.wav")).unwrap();
    assert!(
        document.specification(48000.0, &[], Implied::Yes).is_err(),
        "a file that is gone is told"
    );
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let why = |path: &std::path::Path| Document::open(path).unwrap_err()[0].to_string();
    assert!(why(&folder.path().join("none.toml")).contains("none.toml"));
    assert!(why(folder.path()).contains("not a file"));
    let latin = folder.path().join("latin.toml");
    std::fs::write(&latin, b"version = 1\nname = \"caf\xe9\"\n").unwrap();
    let said = why(&latin);
    assert!(said.contains("UTF-8") && said.contains("line 2"), "{said}");
}

#[test]
fn saved_elsewhere_it_takes_its_includes_along() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(here.path().join("lib.inc"), "gione = 1\n").unwrap();
    let path = here.path().join("a.toml");
    std::fs::write(
        &path,
        format!("includes = [\"lib.inc\"]\n{}", instr("out a(0)")),
    )
    .unwrap();
    let document = Document::open(&path).unwrap();
    document.save(&path).unwrap();
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("includes = [\"lib.inc\"]")
    );
    let copy = there.path().join("b.toml");
    document.save(&copy).unwrap();
    assert_eq!(
        Document::open(&copy).unwrap().includes[0].text.as_deref(),
        Some("gione = 1\n")
    );
}
