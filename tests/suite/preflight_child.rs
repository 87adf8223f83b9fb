//! Documents that crash, hang or complain, tried out by the real child.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use csound_session::document::load::{prepare_unguarded, prepare_with};
use csound_session::document::preflight::{Cache, Preflight, Verdict};
use csound_session::document::{
    BindEntry, Document, Implied, InstrEntry, LayerEntry, PartEntry, Permission, Scalar,
};
use csound_session::session::diagnostic::Place;

fn helper() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_csound-session"))
}

fn preflight() -> Preflight {
    Preflight {
        helper: Some(helper()),
        cache: None,
    }
}

/// A document of one Instr called `synth`.
fn document(body: &str) -> Document {
    let instr = InstrEntry {
        name: "synth".to_owned(),
        body: body.to_owned(),
        ..InstrEntry::default()
    };
    Document {
        instr: vec![instr],
        ..Document::default()
    }
}

fn check(document: &Document) -> Verdict {
    preflight().check(document, 48000.0)
}

/// Checks that a body gives one error, in a line of the body, in words that contain `words`.
#[track_caller]
fn complains(body: &str, line: u32, words: &str) {
    let verdict = check(&document(body));
    let Verdict::Diagnostics(told) = &verdict else {
        panic!("{verdict:?}")
    };
    let found = told
        .iter()
        .find(|told| told.place == Place::Instr("synth".to_owned()) && told.line == Some(line));
    let found = found.unwrap_or_else(|| panic!("{verdict}"));
    assert!(found.message.contains(words), "{verdict}");
}

#[test]
fn a_fine_document_is_fine_and_soon() {
    let body = "|kfreq=440, kamp=0.2|\nasig = oscili:a(kamp, kfreq) * linsegr:a(0, 0.01, 1, 0.1, 0)\nouts asig, asig\n";
    let mut times: Vec<_> = (0..10)
        .map(|_| {
            let start = Instant::now();
            let verdict = check(&document(body));
            assert_eq!(
                verdict,
                Verdict::Fine {
                    warnings: Vec::new()
                },
                "{verdict}"
            );
            start.elapsed()
        })
        .collect();
    times.sort();
    assert!(times[0] < Duration::from_millis(100), "{times:?}");
}

#[test]
fn the_factory_documents_are_fine() {
    let files = std::fs::read_dir("instruments").unwrap().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let mut names: Vec<_> = names
        .filter(|name| name.ends_with(".toml") && !name.contains(".score."))
        .collect();
    names.sort();
    let factory = Document::factory();
    let known: Vec<_> = factory.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        known, names,
        "every document is compiled in, and can be read"
    );
    for (name, mut document) in factory {
        // As it is, it is trusted; with this it has to be tried out.
        document.init.push_str("\ngi_touched = 1\n");
        let verdict = check(&document);
        assert_eq!(
            verdict,
            Verdict::Fine {
                warnings: Vec::new()
            },
            "{name}: {verdict}"
        );
    }
}

#[test]
fn a_division_by_a_constant_0_crashes_the_child_only() {
    let verdict = check(&document("ival = 1/0\nout a(ival)\n"));
    let Verdict::Crashed { while_doing } = &verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(while_doing, "starting instr synth");
}

#[test]
fn a_crash_names_its_instr() {
    let mut document = document("out a(0)\n");
    let deep = "opcode deep, i, i\nicount xin\niout = deep(icount + 1)\nxout iout\nendop\n";
    document.init = deep.to_owned();
    document.instr.push(InstrEntry {
        name: "second".to_owned(),
        body: "ival = deep(0)\nout a(ival)\n".to_owned(),
        ..InstrEntry::default()
    });
    let verdict = check(&document);
    assert!(
        matches!(&verdict, Verdict::Crashed { while_doing } if while_doing.contains("instr second")),
        "{verdict:?}"
    );
    assert!(
        verdict
            .to_string()
            .contains("crashed while starting instr second"),
        "{verdict}"
    );
}

#[test]
fn endless_loops_hang_the_child_only() {
    for body in [
        "ival = 0\nwhile ival < 1 do\nival = ival * 1\nod\nout a(ival)\n",
        "kval = 0\nwhile kval < 1 do\nkval = kval * 1\nod\nout a(kval)\n",
        "schedule \"synth\", 0, 1\nout a(0)\n",
    ] {
        let start = Instant::now();
        let verdict = check(&document(body));
        let took = start.elapsed();
        assert!(
            matches!(&verdict, Verdict::Hung { while_doing } if while_doing.contains("instr synth")),
            "{verdict:?}"
        );
        // 2 s on an idle machine; on a busy one the child gets its share first.
        assert!(took < Duration::from_secs(12), "{took:?}");
    }
}

#[test]
fn ends_of_the_performance_are_refused() {
    let verdict = check(&document("exitnow 1\n"));
    assert!(
        matches!(&verdict, Verdict::Refused(told) if told[0].line == Some(1)),
        "{verdict:?}"
    );
    let verdict = check(&document("event_i \"e\", 0\nout a(0)\n"));
    assert!(
        matches!(&verdict, Verdict::Diagnostics(told) if told[0].message.contains("ends the performance")),
        "{verdict:?}"
    );
}

#[test]
fn refused_words_need_permission_and_are_then_tried() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made");
    let mut document = document(&format!(
        "ires system_i 1, \"touch {}\"\nout a(0)\n",
        file.display()
    ));
    assert!(matches!(check(&document), Verdict::Refused(_)));
    assert!(!file.exists());
    document.allow = vec![Permission::System];
    assert_eq!(
        check(&document),
        Verdict::Fine {
            warnings: Vec::new()
        }
    );
    assert!(file.exists());
}

#[test]
fn memory_has_a_limit() {
    // 10 GB of samples.
    let verdict = check(&document("asig delay a(1), 27000\nout asig\n"));
    match &verdict {
        Verdict::Diagnostics(told) => assert!(
            told.iter().any(|told| told.to_string().contains("memory")),
            "{verdict}"
        ),
        Verdict::Crashed { while_doing } => assert!(while_doing.contains("synth"), "{verdict}"),
        _ => panic!("{verdict:?}"),
    }
}

#[test]
fn the_memory_of_all_voices_counts() {
    // 0.15 GB each: one is fine, twice 16 are not.
    let mut document = document("|kmidi=60|\nasig delay a(1), 400\nout asig\n");
    let verdict = check(&document);
    assert!(!verdict.is_fine(), "{verdict:?}");
    let part = PartEntry {
        instr: "synth".to_owned(),
        ..PartEntry::default()
    };
    document.layer = vec![LayerEntry {
        voices: 1,
        parts: vec![part],
        ..LayerEntry::default()
    }];
    assert_eq!(
        check(&document),
        Verdict::Fine {
            warnings: Vec::new()
        }
    );
}

#[test]
fn errors_name_lines_of_the_body() {
    complains(
        "|kamp=0.5|\nasig = oscili:a(kamp, 440\nout asig\n",
        2,
        "syntax",
    );
    complains("\n\nasig osxcili 0.5, 440\nout asig\n", 3, "osxcili");
    complains("out a(0)\nasig oscili 0.5, 440, 999\n", 2, "ftable");
    complains(
        "kndx init 0\nkndx += 1\nkarr[] fillarray 1, 2, 3\nkval = karr[kndx]\nout a(kval)\n",
        4,
        "",
    );
}

#[test]
fn errors_name_lines_of_the_init_code() {
    let mut document = document("out a(0)\n");
    document.init = "gione = 1\ngitwo = gione +* 2\n".to_owned();
    let verdict = check(&document);
    let Verdict::Diagnostics(told) = &verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(
        (&told[0].place, told[0].line),
        (&Place::Init, Some(2)),
        "{verdict}"
    );
}

#[test]
fn a_part_gives_its_buses() {
    // Reading a bus that is not valid would be an error of the orchestra's own; this one must be heard.
    let mut document = document("|ibus|\nbusout ibus, a(0.5)\n");
    let filter = "|ibus, kgain=1|\nif ibus == 0 then\nprints \"no bus\"\nival table 5, 77777\nendif\nout busin:a(ibus) * kgain\n";
    document.instr.push(InstrEntry {
        name: "filter".to_owned(),
        body: filter.to_owned(),
        ..InstrEntry::default()
    });
    let part = |instr: &str, priority| PartEntry {
        instr: instr.to_owned(),
        priority: Some(priority),
        args: [("ibus".to_owned(), Scalar::Text("@note".to_owned()))].into(),
        ..PartEntry::default()
    };
    let bind = BindEntry {
        from: "cc1".to_owned(),
        amount: 1.0,
        extra: Default::default(),
    };
    document.layer = vec![LayerEntry {
        name: "l".to_owned(),
        parts: vec![part("synth", 1), part("filter", 2)],
        bind: [("kgain".to_owned(), bind)].into(),
        ..LayerEntry::default()
    }];
    assert_eq!(
        check(&document),
        Verdict::Fine {
            warnings: Vec::new()
        }
    );
    document.layer.clear();
    assert!(
        matches!(check(&document), Verdict::Diagnostics(_)),
        "without a bus the body complains"
    );
}

#[test]
fn sound_that_is_no_number_is_told() {
    let verdict = check(&document("kzero = 0\nout a(1/kzero)\n"));
    assert!(
        matches!(&verdict, Verdict::Fine { warnings } if warnings[0].message.contains("no numbers")),
        "{verdict:?}"
    );
}

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

fn child_process(helper: &Path) -> std::process::Child {
    Command::new(helper)
        .args(["check", "--json", "--child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
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
