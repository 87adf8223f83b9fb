//! Documents that crash, hang or complain, tried out by the real child.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use csound_session::document::preflight::{Preflight, Verdict};
use csound_session::document::{
    BindEntry, Document, InstrEntry, LayerEntry, PartEntry, Permission, Scalar,
};
use csound_session::session::diagnostic::Place;

pub fn helper() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_csound-session"))
}

pub fn preflight() -> Preflight {
    Preflight {
        helper: Some(helper()),
        cache: None,
    }
}

/// A document of one Instr called `synth`.
pub fn document(body: &str) -> Document {
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

pub fn check(document: &Document) -> Verdict {
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
    // Some 40 ms on a quiet machine; the bench has the figure.
    assert!(times[0] < Duration::from_millis(500), "{times:?}");
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
    let Verdict::Fine { warnings } = check(&document) else {
        panic!("an event may still give the bus")
    };
    let told = warnings.iter().filter_map(|told| told.help.as_deref());
    assert!(
        told.clone().any(|help| help.contains("a value for ibus")),
        "without a bus the body complains: {warnings:?}"
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

/// Csound calls it a syntax error, and "unexpected T_IDENT".
#[test]
fn a_name_that_is_no_opcode_is_told_as_such() {
    let verdict = check(&document("asig nosuch 1\nouts asig, asig\n"));
    let told = verdict.diagnostics();
    let help = told[0].help.as_deref().unwrap_or_default();
    assert!(help.starts_with("there is no opcode nosuch"), "{told:?}");
}
