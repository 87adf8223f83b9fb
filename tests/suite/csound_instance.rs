//! Making, starting, performing and dropping instances.

use csound_session::csound::{Config, Csound, Error, Performed, library};

use test_hosts::resident_bytes;

use super::csound_kit::{in_child, is_child, mono, perform, said, started};

const SINE: &str = "instr 1\n aout oscili p4, 1000\n out aout\nendin";

#[test]
fn the_library_tells_what_it_is() {
    let library = library().expect("libcsound is installed");
    assert!((6170..7000).contains(&library.version()));
    assert!(library.version_text().starts_with("6."));
    assert!(library.path().is_absolute(), "{:?}", library.path());
}

#[test]
fn an_event_becomes_sound_at_full_scale_one() {
    let mut csound = started(&mono(32), SINE);
    assert!(perform(&mut csound, 10).iter().all(|sample| *sample == 0.0));
    assert!(csound.event(&[1.0, 0.0, -1.0, 0.5]));
    let heard = perform(&mut csound, 3);
    for (index, sample) in heard.iter().enumerate() {
        let expected = 0.5 * (index as f64 * 1000.0 / 48_000.0 * std::f64::consts::TAU).sin();
        assert!(
            (sample - expected).abs() < 1e-4,
            "sample {index}: {sample}, not {expected}"
        );
    }
    assert_eq!(csound.cycle_time_samples(), 13 * 32);
}

#[test]
fn one_call_performs_one_cycle_whatever_its_length() {
    for ksmps in [1, 2, 10, 16, 32, 33, 64, 128, 1000] {
        let mut csound = started(&mono(ksmps), SINE);
        assert_eq!(csound.output().len(), ksmps as usize);
        perform(&mut csound, 7);
        assert_eq!(
            csound.cycle_time_samples(),
            7 * i64::from(ksmps),
            "ksmps {ksmps}"
        );
    }
}

#[test]
fn nothing_is_performed_before_the_start() {
    let mut csound = Csound::new(&mono(32)).expect("libcsound is installed");
    assert_eq!(csound.perform_cycle(), Performed::Failed(-1));
    assert!(!csound.is_poisoned());
    assert!(!csound.event(&[1.0, 0.0, 1.0]));
    assert!(csound.input().is_empty() && csound.output().is_empty());
    assert!(csound.table(1).is_none());
}

#[test]
fn a_text_cannot_change_the_cycle_under_our_feet() {
    for (text, name) in [
        ("ksmps = 16", "ksmps"),
        ("nchnls = 4", "nchnls"),
        ("sr = 44100", "sr"),
    ] {
        let config = mono(32);
        let mut csound = Csound::new(&config).expect("libcsound is installed");
        csound
            .compile(&format!("{}{text}\n{SINE}\n", config.header()))
            .expect("it compiles");
        let error = csound
            .start()
            .expect_err("the header was overridden")
            .to_string();
        assert!(error.contains(name), "{error}");
        assert!(csound.is_poisoned() && csound.output().is_empty());
    }
}

#[test]
fn impossible_configurations_are_refused() {
    let wrong = [
        Config {
            ksmps: 0,
            ..Config::default()
        },
        Config {
            outputs: 0,
            ..Config::default()
        },
        Config {
            sample_rate: f64::NAN,
            ..Config::default()
        },
        Config {
            a4: -1.0,
            ..Config::default()
        },
    ];
    for config in wrong {
        assert!(
            matches!(Csound::new(&config), Err(Error::Config(_))),
            "{config:?}"
        );
    }
}

#[test]
fn the_tuning_reaches_the_text() {
    let config = Config {
        a4: 442.0,
        ..mono(32)
    };
    let mut csound = started(&config, "instr 1\n aout = A4\n out aout\nendin");
    csound.event(&[1.0, 0.0, -1.0]);
    assert_eq!(perform(&mut csound, 1), [442.0; 32]);
}

#[test]
fn inputs_and_outputs_may_differ_in_number() {
    let body = "instr 1\n a1 inch 1\n an inch nchnls_i\n outch 1, a1, nchnls, an\nendin";
    for (inputs, outputs) in [(4, 2), (2, 4), (1, 3), (6, 2)] {
        let config = Config {
            ksmps: 8,
            inputs,
            outputs,
            ..Config::default()
        };
        let mut csound = started(&config, body);
        csound.event(&[1.0, 0.0, -1.0]);
        perform(&mut csound, 1);
        for round in 0..3 {
            let value = |frame: usize, channel: u32| {
                f64::from(round * 100 + channel * 10) + frame as f64 / 16.0
            };
            for (cell, sample) in csound.input().iter_mut().enumerate() {
                *sample = value(cell / inputs as usize, cell as u32 % inputs);
            }
            let heard = perform(&mut csound, 1);
            for (frame, samples) in heard.chunks(outputs as usize).enumerate() {
                assert_eq!(samples[0], value(frame, 0), "{inputs} in, {outputs} out");
                assert_eq!(samples[outputs as usize - 1], value(frame, inputs - 1));
            }
        }
    }
}

#[test]
fn the_input_stays_until_it_is_overwritten() {
    let config = mono(8);
    let mut csound = started(&config, "instr 1\n out inch(1)\nendin");
    csound.event(&[1.0, 0.0, -1.0]);
    csound.input().fill(0.25);
    assert_eq!(perform(&mut csound, 3), [0.25; 24]);
}

#[test]
fn five_hundred_instances_leave_no_memory_behind() {
    const NAME: &str = "five_hundred_instances_leave_no_memory_behind";
    if !is_child() {
        in_child(module_path!(), NAME, |_| {});
        return;
    }
    let live = || {
        let mut csound = started(&mono(32), SINE);
        csound.event(&[1.0, 0.0, -1.0, 0.5]);
        perform(&mut csound, 2);
    };
    (0..50).for_each(|_| live());
    let before = resident_bytes();
    (0..500).for_each(|_| live());
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 2 << 20, "{grown} bytes more after 500 instances");
}

#[test]
fn option_files_of_the_user_are_not_read() {
    const NAME: &str = "option_files_of_the_user_are_not_read";
    if is_child() {
        // -b64 would make each call perform two cycles.
        let mut csound = started(&mono(32), SINE);
        perform(&mut csound, 4);
        assert_eq!(csound.cycle_time_samples(), 4 * 32);
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(home.path().join(".csound6rc"), "-b64\n").expect("a file");
    in_child(module_path!(), NAME, |command| {
        command
            .env("HOME", home.path())
            .env("CSOUND6RC", home.path().join(".csound6rc"));
        command.current_dir(home.path());
    });
}

#[test]
fn the_opcodes_are_the_safe_ones() {
    let mut csound = Csound::new(&mono(32)).expect("libcsound is installed");
    let opcodes = csound.opcodes();
    let has = |name: &str| opcodes.iter().any(|opcode| opcode.name == name);
    assert!(opcodes.len() > 1500, "only {} opcodes", opcodes.len());
    // Built in; from allowed libraries; from libraries that are left out.
    assert!(["oscili", "vco2", "linsegr", "tab"].into_iter().all(has));
    assert!(["MixerSend", "chuap", "pvstrace"].into_iter().all(has));
    let unwanted = [
        "pyinit",
        "FLpanel",
        "JackoInit",
        "faustgen",
        "websocket",
        "OSClisten",
        "imageload",
    ];
    assert!(!unwanted.into_iter().any(has));
    let oscili = opcodes
        .iter()
        .find(|opcode| opcode.name == "oscili" && opcode.outputs == "a");
    assert!(oscili.is_some_and(|opcode| !opcode.inputs.is_empty()));
    assert_eq!(said(&mut csound), "");
}
