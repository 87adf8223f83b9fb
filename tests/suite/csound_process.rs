//! What Csound must leave alone in the process it is a guest in.

use std::ffi::{CStr, CString};
use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::{ptr, thread};

use csound_session::csound::{Csound, FlushDenormals, library};

use super::csound_kit::{in_child, is_child, mono, perform, said, started};

const SILENT: &str = "instr 1\n out a(0)\nendin";

#[test]
fn denormals_of_the_calling_thread_survive() {
    thread::spawn(|| {
        // By its bits: while denormals are flushed, comparisons take them for zero too.
        let denormal = || (black_box(1e-310_f64) * black_box(1.0)).to_bits() != 0;
        assert!(denormal(), "a new thread computes them");
        let mut csound = started(&mono(32), SILENT);
        assert!(denormal(), "creating an instance must not change that");
        perform(&mut csound, 10);
        drop(csound);
        assert!(denormal());
        let flush = FlushDenormals::new();
        assert!(!denormal(), "flushed while the guard lives");
        let mut csound = started(&mono(32), SILENT);
        perform(&mut csound, 10);
        assert!(!denormal(), "still flushed after creating an instance");
        drop(flush);
        assert!(denormal());
    })
    .join()
    .expect("no panic");
}

#[test]
fn the_numeric_locale_is_kept_and_numbers_are_read_right() {
    const NAME: &str = "the_numeric_locale_is_kept_and_numbers_are_read_right";
    if !is_child() {
        // The locale belongs to the process, so other tests must not see it.
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let name = choose_locale();
    let mut csound = started(&mono(32), "instr 1\n aout = 0.5 + 0.25\n out aout\nendin");
    assert_eq!(numeric_locale(), name);
    csound.event(&[1.0, 0.0, -1.0]);
    assert_eq!(perform(&mut csound, 1), [0.75; 32]);
    csound
        .compile("instr 2\n out a(0.125)\nendin\n")
        .expect("it compiles");
    drop(csound);
    assert_eq!(numeric_locale(), name);
}

/// One with a decimal comma if the system has one; else one that differs from "C" in name only.
fn choose_locale() -> String {
    let names = [
        "de_DE.UTF-8",
        "fr_FR.UTF-8",
        "sv_SE.UTF-8",
        "pt_BR.UTF-8",
        "C.UTF-8",
        "C.utf8",
    ];
    let found = names.into_iter().find(|name| {
        let name = CString::new(*name).expect("no zero byte");
        // SAFETY: a valid C string; this process has no other thread that uses the locale.
        !unsafe { libc::setlocale(libc::LC_NUMERIC, name.as_ptr()) }.is_null()
    });
    assert!(found.is_some(), "this system has not even C.UTF-8");
    let name = numeric_locale();
    assert_ne!(name, "C");
    name
}

fn numeric_locale() -> String {
    // SAFETY: a null name only asks.
    let name = unsafe { libc::setlocale(libc::LC_NUMERIC, ptr::null()) };
    assert!(!name.is_null());
    // SAFETY: not null, and valid until the next setlocale.
    unsafe { CStr::from_ptr(name) }
        .to_string_lossy()
        .into_owned()
}

#[test]
fn many_threads_compile_without_spurious_errors() {
    let body = "instr 1\n kone = 1\n if kone == 1 && p4 > 0 then\n ktwo = kone * 2 + p4\n elseif kone > 3 then\n \
                ktwo = 3\n else\n ktwo = 4\n endif\n until ktwo > 5 do\n ktwo += 1\n od\n out a(ktwo)\nendin\n";
    let text: String = (1..=150)
        .map(|number| body.replace("instr 1", &format!("instr {number}")))
        .collect();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..50 {
                    let config = mono(32);
                    let mut csound = Csound::new(&config).expect("libcsound is installed");
                    let compiled = csound.compile(&format!("{}{text}", config.header()));
                    assert_eq!(compiled, Ok(()), "round {round}: {}", said(&mut csound));
                }
            });
        }
    });
}

#[test]
fn no_signal_handler_is_installed() {
    const NAME: &str = "no_signal_handler_is_installed";
    if !is_child() {
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let signals = [
        libc::SIGINT,
        libc::SIGTERM,
        libc::SIGHUP,
        libc::SIGSEGV,
        libc::SIGFPE,
        libc::SIGILL,
        libc::SIGABRT,
    ];
    let before = signals.map(handler);
    drop(started(&mono(32), SILENT));
    assert_eq!(signals.map(handler), before);
}

fn handler(signal: i32) -> usize {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: a null new action only asks, and `action` has room for the answer.
    let asked = unsafe { libc::sigaction(signal, ptr::null(), action.as_mut_ptr()) };
    assert_eq!(asked, 0);
    // SAFETY: sigaction has filled it.
    unsafe { action.assume_init() }.sa_sigaction
}

#[test]
fn standard_input_is_not_read_by_sensekey() {
    const NAME: &str = "standard_input_is_not_read_by_sensekey";
    if is_child() {
        let mut csound = started(&mono(32), "instr 1\n kkey sensekey\n out a(kkey)\nendin");
        csound.event(&[1.0, 0.0, -1.0]);
        thread::sleep(std::time::Duration::from_millis(100));
        perform(&mut csound, 100);
        let mut left = String::new();
        std::io::stdin()
            .read_line(&mut left)
            .expect("standard input is readable");
        assert_eq!(left, "typed\n");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("typed");
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(b"typed\n"))
        .expect("a file");
    in_child(module_path!(), NAME, |command| {
        command.stdin(Stdio::from(
            std::fs::File::open(&path).expect("just written"),
        ));
    });
}

#[cfg(target_os = "linux")]
#[test]
fn only_safe_opcode_libraries_are_loaded() {
    const NAME: &str = "only_safe_opcode_libraries_are_loaded";
    if !is_child() {
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let csound = started(&mono(32), SILENT);
    let maps = std::fs::read_to_string("/proc/self/maps").expect("Linux");
    let folder = library().expect("libcsound is installed").opcode_folder();
    assert!(
        folder.is_some(),
        "the installed opcode libraries were found"
    );
    assert!(maps.contains("libmixer.so"), "allowed libraries are loaded");
    for unwanted in [
        "python",
        "LLVM",
        "fltk",
        "libX11",
        "libjack",
        "libpulse",
        "portaudio",
        "fluidsynth",
        "liblo.",
    ] {
        assert!(!maps.contains(unwanted), "{unwanted} was loaded");
    }
    // The libraries are unloaded with the last instance.
    drop(csound);
}

#[cfg(target_os = "linux")]
#[test]
fn the_plugin_has_no_load_time_dependency_on_csound() {
    let test_binary = std::env::current_exe().expect("our own path");
    let plugin = test_binary.with_file_name("libcsound_session.so");
    for file in [plugin, test_binary.clone()] {
        let output = Command::new("readelf")
            .arg("-d")
            .arg(&file)
            .output()
            .expect("readelf, of binutils");
        assert!(output.status.success(), "{file:?}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            text.contains("(NEEDED)") && !text.contains("libcsound64"),
            "{file:?}: {text}"
        );
    }
}
