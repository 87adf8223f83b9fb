//! What the tests of the Csound layer share.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use csound_session::csound::{Config, Csound, Performed};

/// Mono in and out at 48 kHz: one sample is one cell.
pub fn mono(ksmps: u32) -> Config {
    Config {
        ksmps,
        outputs: 1,
        inputs: 1,
        ..Config::default()
    }
}

/// An instance that performs `body`, whose first line is line 1.
#[track_caller]
pub fn started(config: &Config, body: &str) -> Csound {
    let mut csound = Csound::new(config).expect("libcsound is installed");
    let text = format!("{}#line 1\n{body}\n", config.header());
    csound.compile(&text).expect("the text compiles");
    csound.start().expect("the text starts");
    csound
}

/// The output of the next `cycles` cycles, interleaved.
#[track_caller]
pub fn perform(csound: &mut Csound, cycles: usize) -> Vec<f64> {
    let mut heard = Vec::new();
    for _ in 0..cycles {
        assert_eq!(csound.perform_cycle(), Performed::Done);
        heard.extend_from_slice(csound.output());
    }
    heard
}

/// Everything Csound has said.
pub fn said(csound: &mut Csound) -> String {
    let mut text = String::new();
    csound.messages(|bytes| text.push_str(&String::from_utf8_lossy(bytes)));
    text
}

/// The p2 that makes an event begin at sample `offset` of the cycle performed next.
pub fn onset(offset: u32, config: &Config) -> f64 {
    (f64::from(offset) - f64::from(config.ksmps) + 0.25) / config.sample_rate
}

const ROLE: &str = "CSOUND_SESSION_TEST_CHILD";

/// True in the process that [`in_child`] has started.
pub fn is_child() -> bool {
    std::env::var_os(ROLE).is_some()
}

/// Runs the test `function` of `module` again in a process of its own, where [`is_child`] is true. Fails if that fails,
/// crashes or hangs.
#[track_caller]
pub fn in_child(module: &str, function: &str, prepare: impl FnOnce(&mut Command)) -> Output {
    let (_, module) = module.split_once("::").expect("a module of the crate");
    let name = &format!("{module}::{function}");
    let mut command = Command::new(std::env::current_exe().expect("our own path"));
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]);
    command.env(ROLE, "1").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    prepare(&mut command);
    let mut child = command.spawn().expect("the test binary starts");
    let deadline = Instant::now() + Duration::from_secs(180);
    while child.try_wait().expect("a child of ours").is_none() {
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("{name} hangs: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("its output");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{name}: {output:?}");
    assert!(
        stdout.contains("1 passed"),
        "{name} is not the test's name: {stdout}"
    );
    output
}
