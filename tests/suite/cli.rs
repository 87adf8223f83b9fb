//! The command line program as people and scripts meet it.

use std::path::Path;
use std::process::{Command, Output};

use super::render_kit::{instr, instruments};

fn run(folder: &Path, args: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_csound-session");
    Command::new(program)
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn render_writes_the_format_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let document = instruments().join("sine.toml");
    let score = instruments().join("sine.score.toml");
    let [document, score] = [&document, &score].map(|path| path.to_str().unwrap());
    for (name, format, bytes) in [
        ("a.wav", None, 4),
        ("b.wav", Some("pcm16"), 2),
        ("c.wav", Some("pcm24"), 3),
        ("d.wav", Some("float64"), 8),
        ("e.flac", None, 0),
    ] {
        let mut args = vec!["render", document, "--score", score, "-o", name, "--stats"];
        args.extend(format.into_iter().flat_map(|format| ["--format", format]));
        let output = run(folder.path(), &args);
        assert!(output.status.success(), "{name}: {}", errors(&output));
        assert!(output.stdout.is_empty(), "messages go to standard error");
        assert!(errors(&output).contains("cpu per cycle"));
        let length = std::fs::metadata(folder.path().join(name)).unwrap().len();
        let frames = 112_800;
        if bytes > 0 {
            assert!(
                (length as i64 - frames * 2 * bytes).abs() < 100,
                "{name}: {length} bytes"
            );
        } else {
            assert!(length > 10_000, "{name}: {length} bytes");
        }
    }
}

/// Arguments that cannot work, and what is said of them.
const FAILURES: [(&str, &str); 9] = [
    ("bad.toml --dur 1 -o o.wav", "bad.toml:6:"),
    (
        "ok.toml --score bad.score.toml -o o.wav",
        "bad.score.toml:3:12: velocity:",
    ),
    ("ok.toml -o o.wav", "--dur"),
    ("ok.toml --dur -1 -o o.wav", "-1"),
    ("ok.toml --dur 1 -o o.mp3", ".wav or .flac"),
    ("ok.toml --dur 1 -o o.wav --block 0", "--block"),
    ("ok.toml --dur 1 -o o.wav --format pcm8", "--format"),
    ("ok.toml --dur 1 -o none/o.wav", "none/o.wav"),
    ("none.toml --dur 1 -o o.wav", "none.toml"),
];

#[test]
fn failures_exit_with_1_and_leave_no_file() {
    // Long because the failures are one table.
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("ok.toml", &instr("x", "|imidi=60|\nouts a(0.1), a(0.1)"));
    write("bad.toml", &instr("x", "|imidi=60|\nouts a(0.1)) a(0.1)"));
    write("bad.score.toml", "[[note]]\nkey = 60\nvelocity = 2\n");
    for (args, wanted) in FAILURES {
        let args: Vec<&str> = ["render"].into_iter().chain(args.split(' ')).collect();
        let output = run(folder.path(), &args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let told = errors(&output);
        assert!(told.contains(wanted), "{args:?}: {told}");
        assert!(!folder.path().join("o.wav").exists(), "{args:?}");
    }
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 3, "nothing else is left");
}

#[test]
fn check_tells_by_exit_code_text_and_json() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, body: &str| {
        std::fs::write(folder.path().join(name), instr("x", body)).unwrap();
    };
    write("fine.toml", "|imidi=60|\nouts a(0.1), a(0.1)");
    write("broken.toml", "|imidi=60|\n\nouts a(0.1)) a(0.1)");
    write("crash.toml", "i1 = 1/0\nouts a(i1), a(i1)");
    write("refused.toml", "exitnow 0");
    for (name, code, verdict, told) in [
        ("fine.toml", 0, "fine", "fine"),
        ("broken.toml", 1, "problems", "broken.toml:7:"),
        ("crash.toml", 1, "crashed", "crashed"),
        ("refused.toml", 1, "refused", "exitnow"),
    ] {
        let output = run(folder.path(), &["check", name]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{name}: {}",
            errors(&output)
        );
        assert!(
            errors(&output).contains(told),
            "{name}: {}",
            errors(&output)
        );
        assert!(output.stdout.is_empty(), "{name}");
        let output = run(folder.path(), &["check", name, "--json"]);
        assert_eq!(output.status.code(), Some(code), "{name}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["verdict"], verdict, "{name}: {report}");
        assert_eq!(report["fine"], code == 0, "{name}: {report}");
        if verdict == "problems" {
            assert_eq!(report["problems"][0]["line"], 7, "{report}");
        }
    }
}

#[test]
fn params_lists_what_a_host_would_show() {
    let document = instruments().join("lead.toml");
    let output = run(
        Path::new("."),
        &["params", document.to_str().unwrap(), "--json"],
    );
    assert!(output.status.success());
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let cutoff = list
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["name"] == "lead.kcutoff")
        .unwrap();
    assert_eq!(
        (&cutoff["label"], &cutoff["unit"], &cutoff["curve"]),
        (&"Cutoff".into(), &"Hz".into(), &"log".into())
    );
    assert_eq!(
        (&cutoff["min"], &cutoff["max"]),
        (&40.0.into(), &12_000.0.into())
    );
    assert!(
        list.as_array()
            .unwrap()
            .iter()
            .all(|p| p["name"] != "lead.kmidi")
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let document = instruments().join("sine.toml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_csound-session"))
        .current_dir(folder.path())
        .args(["render", document.to_str().unwrap(), "--dur", "3000"])
        .args(["-o", "o.wav"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    while files() == 0 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(files(), 0);
}

#[test]
fn a_file_that_cannot_hold_the_sound_is_refused_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let document = instruments().join("sine.toml");
    let document = document.to_str().unwrap();
    let args = ["render", document, "--dur", "600000", "-o", "o.wav"];
    let output = run(folder.path(), &args);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("4 GB"), "{}", errors(&output));
}

/// A short render by a copy of the program under this name, with no verdicts remembered.
fn render_by_copy(folder: &Path, name: &str) -> Command {
    let program = folder.join(name);
    std::fs::copy(env!("CARGO_BIN_EXE_csound-session"), &program).unwrap();
    let mut command = Command::new(&program);
    command
        .current_dir(folder)
        .arg("render")
        .arg(instruments().join("sine.toml"))
        .args(["--dur", "0.1", "-o", "out.wav"])
        .env("XDG_CACHE_HOME", folder);
    command
}

/// A packaged Csound comes before the system's. The loader itself says what it has opened.
#[cfg(target_os = "linux")]
#[test]
fn a_csound_in_the_support_folder_is_taken_first() {
    use csound_session::csound::library;
    let folder = tempfile::tempdir().unwrap();
    let packaged = folder.path().join("libcsound64.so.6.0");
    std::os::unix::fs::symlink(library().expect("Csound is here").path(), &packaged).unwrap();
    let output = render_by_copy(folder.path(), "csound-session")
        .env("LD_DEBUG", "files")
        .output()
        .unwrap();
    let told = errors(&output);
    assert!(output.status.success(), "{told}");
    let opened = format!("file={}", packaged.display());
    assert!(told.contains(&opened), "it was opened");
}

/// A copy under another name found no program to try the document out with.
#[test]
fn the_program_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let output = render_by_copy(folder.path(), "cs-0.1").output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
}

#[test]
fn export_csd_and_import_go_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let document = instruments().join("sine.toml");
    let score = instruments().join("sine.score.toml");
    let [document, score] = [&document, &score].map(|path| path.to_str().unwrap());
    let run = |args: &[&str]| run(folder.path(), args);
    let output = run(&[
        "export-csd",
        document,
        "--score",
        score,
        "-o",
        "a.csd",
        "--format",
        "pcm16",
    ]);
    assert!(output.status.success(), "{}", errors(&output));
    let csd = std::fs::read_to_string(folder.path().join("a.csd")).unwrap();
    assert!(csd.contains("--format=short -o \"a.wav\""), "{csd}");
    for (args, wanted) in [
        ("export-csd none.toml -o a.csd --dur 1", "none.toml"),
        ("export-csd DOC -o a.txt", ".csd"),
        ("export-csd DOC -o a.csd", "--dur"),
        ("import none.csd -o b.toml", "none.csd"),
        ("import DOC -o b.toml", "no instrument"),
    ] {
        let args: Vec<&str> = args
            .split(' ')
            .map(|arg| if arg == "DOC" { document } else { arg })
            .collect();
        let output = run(&args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(
            errors(&output).contains(wanted),
            "{args:?}: {}",
            errors(&output)
        );
    }
    let again = std::fs::read_to_string(folder.path().join("a.csd")).unwrap();
    assert_eq!(again, csd, "a failure leaves the old file");
    let effect = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/cabbage_effect.csd");
    let output = run(&["import", effect.to_str().unwrap(), "-o", "b.toml"]);
    assert!(
        output.status.success()
            && errors(&output).contains("cabbage_effect.csd:8: the widget filebutton")
    );
    let output = run(&["check", "b.toml"]);
    assert!(output.status.success(), "{}", errors(&output));
}
