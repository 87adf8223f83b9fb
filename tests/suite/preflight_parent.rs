//! The parent of the preflight's child: whom it trusts, what it remembers, what it leaves behind.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use csound_session::document::load::{prepare_unguarded, prepare_with};
use csound_session::document::preflight::{Cache, Preflight, Verdict};
use csound_session::document::{Document, Implied};

use super::preflight_child::{check, document, helper, preflight};

#[test]
fn a_verdict_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Some(Cache::new(folder.path().to_owned()));
    let first = Preflight {
        helper: Some(helper()),
        cache: cache.clone(),
    };
    let later = Preflight {
        helper: Some(folder.path().join("no helper")),
        cache,
    };
    let fine = document("out a(0)\n");
    let bad = document("ival = 1/0\nout a(ival)\n");
    assert!(matches!(
        later.check(&fine, 48000.0),
        Verdict::NoHelper { .. }
    ));
    for document in [&fine, &bad] {
        let verdict = first.check(document, 48000.0);
        assert_eq!(
            later.check(document, 48000.0),
            verdict,
            "no child is started for it"
        );
    }
    let renamed = Document {
        name: "other".to_owned(),
        values: [("a.k".to_owned(), 1.0)].into(),
        ..fine.clone()
    };
    assert!(
        later.check(&renamed, 48000.0).is_fine(),
        "names and values do not count"
    );
    assert!(
        matches!(later.check(&fine, 44100.0), Verdict::NoHelper { .. }),
        "another sample rate"
    );
    let edited = document("out a(0.1)\n");
    assert!(
        matches!(later.check(&edited, 48000.0), Verdict::NoHelper { .. }),
        "another text"
    );
}

#[test]
fn a_trusted_document_needs_no_child() {
    let nothing = Preflight {
        helper: Some(PathBuf::from("/nonexistent")),
        cache: None,
    };
    let mut document = Document::default_document();
    document.values.insert("synth.kcutoff".to_owned(), 300.0);
    assert!(nothing.check(&document, 48000.0).is_fine());
    document.instr[0].body.push_str("; touched\n");
    assert!(matches!(
        nothing.check(&document, 48000.0),
        Verdict::NoHelper { .. }
    ));
}

#[test]
fn a_helper_that_is_none_is_told() {
    for (program, words) in [
        ("/nonexistent", "does not start"),
        ("/bin/true", "does not answer"),
    ] {
        let preflight = Preflight {
            helper: Some(program.into()),
            cache: None,
        };
        let verdict = preflight.check(&document("out a(0)\n"), 48000.0);
        assert!(
            matches!(&verdict, Verdict::NoHelper { why } if why.contains(words)),
            "{verdict:?}"
        );
    }
}

#[test]
fn the_helper_is_found_from_a_test() {
    assert_eq!(
        csound_session::document::preflight::helper_path().unwrap(),
        helper()
    );
}

#[test]
fn the_child_dies_with_its_standard_input() {
    let body = "ival = 0\nwhile ival < 1 do\nival = ival * 1\nod\nout a(ival)\n";
    let request = serde_json::json!({ "protocol": 1, "state": document(body).to_state(), "sample_rate": 48000.0 });
    let mut child = child_process(&helper());
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{request}").unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "it hangs");
    drop(input);
    let end = Instant::now() + Duration::from_secs(2);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "it outlives its parent");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn loading_gives_a_program_or_the_reason() {
    let good = prepare_with(
        &preflight(),
        &document("|kcut=1|\nout a(0)\n"),
        48000.0,
        &[],
        Implied::Yes,
    )
    .unwrap();
    assert_eq!(
        good.specification.program.slots.find("synth", "kcut"),
        Some(0)
    );
    let bad = prepare_with(
        &preflight(),
        &document("|kcut=|\nout a(0)\n"),
        48000.0,
        &[],
        Implied::Yes,
    );
    assert!(matches!(bad, Err(Verdict::Diagnostics(_))), "{bad:?}");
    let refused = prepare_unguarded(&document("exitnow 1\n"), 48000.0);
    assert!(matches!(refused, Err(Verdict::Refused(_))), "{refused:?}");
}

#[test]
fn no_process_is_left_behind() {
    let before = children();
    check(&document("out a(0)\n"));
    check(&document("ival = 1/0\nout a(ival)\n"));
    // Other tests have children too; those of these two checks must be gone.
    let left: Vec<_> = children()
        .into_iter()
        .filter(|child| !before.contains(child))
        .collect();
    let zombies: Vec<_> = left
        .into_iter()
        .filter(|pid| state_of(*pid) == Some('Z'))
        .collect();
    std::thread::sleep(Duration::from_millis(100));
    let lasting: Vec<_> = zombies
        .into_iter()
        .filter(|pid| state_of(*pid) == Some('Z'))
        .collect();
    assert_eq!(lasting, [0_u32; 0]);
}

fn child_process(helper: &Path) -> std::process::Child {
    Command::new(helper)
        .args(["check", "--json", "--child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The process ids of this process's children.
fn children() -> Vec<u32> {
    let own = std::process::id();
    let tasks = std::fs::read_dir(format!("/proc/{own}/task"))
        .unwrap()
        .flatten();
    let lists = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<u32>>()
        })
        .collect()
}

/// The state of a process as the kernel names it.
fn state_of(pid: u32) -> Option<char> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    status.rsplit_once(") ")?.1.chars().next()
}

/// The child that waits is asked first; one that has died meanwhile, or the next document, gets a new one.
#[test]
fn a_child_that_waits_is_used_and_one_that_died_is_replaced() {
    use csound_session::document::preflight::{keep_ready, let_go};
    let preflight = Preflight {
        helper: None,
        cache: None,
    };
    keep_ready();
    keep_ready();
    let text = |level: f64| document(&format!("out a({level})\n"));
    assert!(preflight.check(&text(0.1), 48000.0).is_fine(), "it waited");
    assert!(preflight.check(&text(0.2), 48000.0).is_fine(), "none does");
    keep_ready();
    let crashing = document("ival = 1/0\nout a(ival)\n");
    let verdict = preflight.check(&crashing, 48000.0);
    assert!(matches!(verdict, Verdict::Crashed { .. }), "{verdict:?}");
    keep_ready();
    let_go();
    assert!(preflight.check(&text(0.3), 48000.0).is_fine());
}
