//! What Csound says, and its errors with their lines.

use csound_session::csound::{Config, Csound, Kind, Messages, RawDiagnostic, diagnostics};

use super::csound_kit::{in_child, is_child, mono, perform, said, started};

#[test]
fn each_instance_keeps_its_own_messages() {
    let speaker =
        |word: &str| started(&mono(32), &format!("instr 1\n prints \"{word}\\n\"\nendin"));
    let (mut left, mut right) = (speaker("left"), speaker("right"));
    said(&mut left);
    said(&mut right);
    for csound in [&mut left, &mut right] {
        csound.event(&[1.0, 0.0, 0.001]);
        perform(csound, 2);
    }
    assert_eq!(said(&mut left), "left\n");
    assert_eq!(said(&mut right), "right\n");
    assert_eq!(said(&mut left), "", "a message is given once");
}

#[test]
fn what_does_not_fit_is_counted_and_leaves_no_hole() {
    let body = "instr 1\n kline init 0\n kline += 1\n printks \"line %d\\n\", 0, kline\n printks \"..\\n\", 0\nendin";
    let mut csound = started(&mono(32), body);
    said(&mut csound);
    assert_eq!(csound.lost_messages(), 0);
    csound.event(&[1.0, 0.0, -1.0]);
    perform(&mut csound, 5000);
    let first = said(&mut csound);
    assert!(
        (30_000..=32 * 1024).contains(&first.len()),
        "{} bytes",
        first.len()
    );
    for (index, line) in first.lines().enumerate() {
        let expected = match index % 2 {
            0 => format!("line {}", index / 2 + 1),
            _ => "..".to_owned(),
        };
        assert_eq!(line, expected);
    }
    let kept = u32::try_from(first.lines().count()).expect("few");
    assert_eq!(csound.lost_messages(), 2 * 5000 - kept);
    perform(&mut csound, 1);
    assert_eq!(said(&mut csound), "line 5001\n..\n", "there is room again");
}

#[test]
fn a_message_longer_than_the_buffer_harms_nobody() {
    const NAME: &str = "a_message_longer_than_the_buffer_harms_nobody";
    if !is_child() {
        // Csound's own message buffer would end the process.
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let word = "x".repeat(1000);
    let doubled = "Sword strcat Sword, Sword\n".repeat(6);
    let body = format!("instr 1\n Sword = \"{word}\"\n {doubled} puts Sword, 1\nendin");
    let mut csound = started(&mono(32), &body);
    csound.event(&[1.0, 0.0, 0.001]);
    perform(&mut csound, 2);
    assert!(csound.lost_messages() > 0);
}

#[test]
fn nothing_reaches_the_hosts_own_output() {
    const NAME: &str = "nothing_reaches_the_hosts_own_output";
    if is_child() {
        let mut csound = started(&mono(32), "instr 1\n prints \"to the host?\\n\"\nendin");
        csound.event(&[1.0, 0.0, 0.001]);
        perform(&mut csound, 2);
        return;
    }
    let output = in_child(module_path!(), NAME, |_| {});
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        !stdout.contains("Csound version") && !stdout.contains("to the host?"),
        "{stdout}"
    );
}

#[test]
fn quiet_instances_say_errors_and_full_ones_warnings_too() {
    let says = |messages: Messages| {
        let config = Config {
            messages,
            ..mono(32)
        };
        let mut csound = Csound::new(&config).expect("libcsound is installed");
        let text = format!("{}instr 1\nendin\nmaxalloc 1, 1\n", config.header());
        csound.compile(&text).expect("it compiles");
        csound.start().expect("it starts");
        said(&mut csound);
        for p1 in [1.1, 1.2] {
            csound.event(&[p1, 0.0, -1.0]);
        }
        perform(&mut csound, 2);
        said(&mut csound)
    };
    assert_eq!(says(Messages::Quiet), "");
    let full = says(Messages::Full);
    assert!(full.contains("WARNING"), "{full}");
}

#[track_caller]
fn compile_error(body: &str) -> Vec<RawDiagnostic> {
    let config = mono(32);
    let mut csound = Csound::new(&config).expect("libcsound is installed");
    let text = format!("{}#line 1\n{body}\n", config.header());
    csound.compile(&text).expect_err("it is wrong").diagnostics
}

#[test]
fn errors_of_the_compiler_have_the_line_of_the_text() {
    let cases = [
        ("instr 1\n aout nosuch 1\nendin", 2, "nosuch"),
        (
            "instr 1\n\n aout oscili \"a\", \"b\", \"c\"\nendin",
            3,
            "oscili",
        ),
        ("instr 1\n aone = 1\n aout oscili 1,, 2\nendin", 3, "','"),
        ("instr 1\n out anone\nendin", 2, "anone"),
        ("instr 1\n aout = anone * 2\nendin", 2, "anone"),
        (
            "instr 1\n if kone == 1 then\n ktwo = 1\n endif\nendin",
            2,
            "kone",
        ),
        ("instr 1\n aout = $NONE\nendin", 2, "NONE"),
        ("instr 1\n out a(0)\n", 4, "end of file"),
        ("instr 1\n#line 40\n out anone\nendin", 40, "anone"),
        (
            "instr 1\nendin\n#line 700\ninstr 2\n aout oscili 1,, 2\nendin",
            701,
            "','",
        ),
        (
            "opcode twice, a, a\n ain xin\n xout anone\nendop",
            3,
            "anone",
        ),
    ];
    for (body, line, word) in cases {
        let found = compile_error(body);
        let first = &found[0];
        assert_eq!(
            (first.kind, first.line),
            (Kind::Compile, Some(line)),
            "{body}\n{found:#?}"
        );
        assert!(first.message.contains(word), "{body}\n{found:#?}");
    }
}

#[test]
fn an_error_without_a_line_still_says_what_is_wrong() {
    let missing = compile_error("#include \"no-such-file.inc\"");
    assert!(
        missing[0].message.contains("no-such-file.inc"),
        "{missing:#?}"
    );
    let twice = compile_error("instr 1\nendin\ninstr 1\nendin");
    assert!(twice[0].message.contains("redefined"), "{twice:#?}");
}

#[test]
fn a_zero_byte_in_the_text_is_placed() {
    let found = compile_error("instr 1\n out\0 a(1)\nendin");
    // The header's six lines and #line come first; without a compiler nobody honours the latter.
    assert_eq!(found[0].line, Some(9), "{found:#?}");
}

#[test]
fn a_text_that_fails_leaves_the_instance_usable() {
    let config = mono(32);
    let mut csound = Csound::new(&config).expect("libcsound is installed");
    csound
        .compile(&format!("{}instr 1\n out anone\nendin\n", config.header()))
        .expect_err("wrong");
    csound
        .compile(&format!(
            "{}instr 1\n aout = 0.5\n out aout\nendin\n",
            config.header()
        ))
        .expect("right");
    csound.start().expect("it starts");
    csound.event(&[1.0, 0.0, -1.0]);
    assert_eq!(perform(&mut csound, 1), [0.5; 32]);
}

#[test]
fn errors_in_global_code_are_diagnostics_of_the_start() {
    let config = mono(32);
    let cases = [
        ("gione = 1\ngitwo table 1, 99\n", "table"),
        (
            "\ngitwo ftgen 1, 0, 16, 1, \"no-such.wav\", 0, 0, 0\n",
            "ftable 1",
        ),
    ];
    for (body, word) in cases {
        let mut csound = Csound::new(&config).expect("libcsound is installed");
        csound
            .compile(&format!("{}#line 1\n{body}", config.header()))
            .expect("it compiles");
        let found = csound
            .start()
            .expect_err("the table is missing")
            .diagnostics;
        let first = &found[0];
        assert_eq!(
            (first.kind, first.line, first.instr.as_deref()),
            (Kind::Init, Some(2), None),
            "{found:#?}"
        );
        assert!(first.message.contains(word), "{found:#?}");
    }
}

#[test]
fn errors_of_a_note_name_the_line_and_spare_the_others() {
    let body = "instr 1\n out oscili:a(1, 440, 99)\nendin\ninstr 2\n#line 80\n kat init 7\n klist[] init 4\n kone = \
                klist[kat]\nendin\ninstr 3\n out a(0.5)\nendin";
    let mut csound = started(&mono(32), body);
    said(&mut csound);
    csound.event(&[3.0, 0.0, -1.0]);
    let mut error_of = |instr: f64| {
        csound.event(&[instr, 0.0, -1.0]);
        assert_eq!(perform(&mut csound, 2)[32..], [0.5; 32]);
        diagnostics(&said(&mut csound))
    };
    let (init, perf) = (error_of(1.0), error_of(2.0));
    assert_eq!(init.len(), 1, "{init:#?}");
    assert_eq!(
        (init[0].kind, init[0].line, init[0].instr.as_deref()),
        (Kind::Init, Some(2), Some("1"))
    );
    assert_eq!(init[0].message, "oscili: Invalid ftable no. 99.000000");
    assert_eq!(perf.len(), 1, "{perf:#?}");
    assert_eq!(
        (perf[0].kind, perf[0].line, perf[0].instr.as_deref()),
        (Kind::Perf, Some(82), Some("2"))
    );
    assert!(perf[0].message.contains("out of range"), "{perf:#?}");
}
