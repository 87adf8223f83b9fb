//! Exported CSDs, rendered by the csound command, sound as the renders they stand for, bit for bit.

use std::path::{Path, PathBuf};
use std::process::Command;

use csound_session::render::soundfile::{self, Sound};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::render_kit::{Kit, RATE, instr, instruments, peak};
use super::render_scores::{BAND, EVERYTHING};

/// Exports, has csound render it, and gives back what it rendered.
#[track_caller]
fn by_csound(kit: &mut Kit, input: Option<&Path>) -> Sound {
    let csd = kit.file("exported.csd", "");
    if let Err(error) = kit.export(&csd) {
        panic!("{error}");
    }
    let output = csd.with_file_name("by-csound.wav");
    let mut csound = Command::new("csound");
    // Not in the folder of the CSD: its files must be found from elsewhere.
    csound.current_dir(std::env::temp_dir());
    csound.arg(&csd).arg("-o").arg(&output);
    if let Some(input) = input {
        csound.arg("-i").arg(input);
    }
    let told = csound.output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{said}");
    let fine = said.contains("0 errors in performance") && !said.contains("WARNING");
    let text = std::fs::read_to_string(&csd).unwrap();
    assert!(fine, "{said}\n{text}");
    soundfile::read(&output).unwrap()
}

/// The render and what csound makes of the export are the same to the last bit; the performer alone takes what is too
/// small to hear for silence.
#[track_caller]
pub fn same(kit: &mut Kit) -> Vec<f64> {
    same_with(kit, None)
}

#[track_caller]
fn same_with(kit: &mut Kit, input: Option<&Path>) -> Vec<f64> {
    let ours = kit.sound();
    let theirs = by_csound(kit, input);
    let audible = |sample: f64| if sample.abs() < 1e-30 { 0.0 } else { sample };
    let (length, most) = (ours.frames(), theirs.frames());
    assert!(
        (length..length + 128).contains(&most),
        "{length} and {most} samples"
    );
    for frame in 0..length {
        for channel in 0..ours.channels {
            let own = ours.samples[frame * ours.channels + channel];
            let other = theirs.samples[frame * theirs.channels + channel];
            assert!(
                own == audible(other),
                "sample {frame} of channel {channel}: {own} and {other}"
            );
        }
    }
    assert!(peak(&ours.samples) > 0.01, "something is heard");
    ours.samples
}

/// A sound file of four channels, or of one, that are functions of the sample.
fn write_sound(
    kit: &Kit,
    name: &str,
    channels: u16,
    sample: impl Fn(usize, u16) -> f64,
) -> PathBuf {
    let frames = 0..RATE as usize;
    let samples: Vec<f64> = frames
        .flat_map(|frame| (0..channels).map(move |channel| (frame, channel)))
        .map(|(frame, channel)| sample(frame, channel))
        .collect();
    kit.sound_file(name, channels, &samples)
}

#[test]
fn the_demos_of_the_factory() {
    let scores = std::fs::read_dir(instruments()).unwrap();
    let names = scores.filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        Some(name.strip_suffix(".score.toml")?.to_owned())
    });
    let mut heard = 0;
    for name in names {
        let score = std::fs::read_to_string(instruments().join(format!("{name}.score.toml")));
        let mut kit = Kit::factory(&format!("{name}.toml")).score(&score.unwrap());
        let input =
            |frame: usize, channel: u16| 0.3 * (frame as f64 * 0.02 * f64::from(channel + 1)).sin();
        let four = write_sound(&kit, "four.wav", 4, input);
        let main = write_sound(&kit, "main.wav", 2, input);
        let side = write_sound(&kit, "side.wav", 2, |frame, channel| {
            input(frame, channel + 2)
        });
        kit.job.input = Some(main);
        kit.job.sidechain = Some(side);
        kit.job.end = Some(2.5);
        same_with(&mut kit, Some(&four));
        heard += 1;
    }
    assert!(heard >= 6);
}

/// A tone that shows when it begins and ends, and whether it knows its length.
const TONE: &str = "|iamp=0.1, kfreq=440, kgain=1|\n\
                    asig oscili iamp, kfreq\nouts asig * kgain, a(p3 < 0 ? 0.01 : p3 / 100) + 0.001";

#[test]
fn events_with_arguments_sets_and_stops() {
    let score = "end = 1.2\n\
        [[event]]\ninstr = \"x\"\nat = 0.1001\ndur = 0.5\nargs = { iamp = 0.2, kfreq = 300 }\n\
        [[event.set]]\nat = 0.1\nargs = { kfreq = 500 }\n[[event.set]]\nat = 0.2\nargs = { kgain = 0.5, kfreq = 1 }\n\
        [[event]]\ninstr = \"x\"\nat = 0.2\nargs = [0.3, 77.7]\npriority = 3\n[[event.stop]]\nat = 0.7003\n\
        [[event]]\ninstr = \"x\"\nat = 0.2\ndur = 10\npriority = 2\n[[event.stop]]\nat = 0.2\n\
        [[event]]\ninstr = \"x\"\nat = 0.2\npriority = 1\nargs = { p5 = 0.011 }\n";
    same(&mut Kit::instr("x", TONE).score(score));
}

#[test]
fn everything_that_a_score_can_say() {
    for ksmps in [16, 100] {
        let mut kit = Kit::new(BAND).score(EVERYTHING);
        kit.job.ksmps = Some(ksmps);
        same(&mut kit);
    }
}

#[test]
fn releases_ring_and_are_cut_by_an_end() {
    let body = "|kfreq=440|\nasig oscili 0.2, kfreq\nasig *= linsegr:a(0, 0.01, 1, 0.3, 0)\nouts asig, asig";
    let score = "[[event]]\ninstr = \"x\"\nat = 0.01\ndur = 0.2\n\
                 [[event]]\ninstr = \"x\"\nat = 0.123\nargs = { kfreq = 555 }\n[[event.stop]]\nat = 0.3\n";
    same(&mut Kit::instr("x", body).score(score));
    same(&mut Kit::instr("x", body).score(&format!("end = 0.35\n{score}")));
}

#[test]
fn texts_and_instruments_started_by_name() {
    let document = instr(
        "x",
        "|Swhich=\"low\", kamp=0.1|\nif strcmp(Swhich, \"low\") == 0 then\nifreq = 200\nelse\nifreq = 900\n\
         schedule \"echo\", 0.1, 0.05\nendif\nasig oscili kamp, ifreq\nouts asig, asig",
    ) + "[[instr]]\nname = \"echo\"\nbody = '''\n|kamp=0.3|\nasig oscili kamp, 1234\nouts asig, asig\n'''\n";
    let score = "end = 0.5\n[[event]]\ninstr = \"x\"\nat = 0\ndur = 0.2\n\
                 [[event]]\ninstr = \"x\"\nat = 0.25\ndur = 0.2\nargs = { Swhich = \"high \\\"one\\\"\" }\n";
    same(&mut Kit::new(&document).score(score));
}

const LAYERED: &str = "version = 1\n[[instr]]\nname = \"synth\"\nbody = '''\n|ibus, kmidi=60, kamp=0.2|\n\
    asig vco2 kamp, mtof:k(kmidi)\nasig *= linsegr:a(0, 0.01, 1, 0.1, 0)\nbusmix ibus, asig\n'''\n\
    [[instr]]\nname = \"filter\"\nbody = '''\n|ibus, kcutoff=1200 (20..20000 log Hz), kres=0.3 (0..0.95 smooth 20ms)|\n\
    asig moogladder2 busin:a(ibus), kcutoff, kres\nouts asig, asig\nbusmix @, asig\n'''\n\
    [[instr]]\nname = \"room\"\nbody = '''\n|ibus|\nain busin ibus\nabus reverb ain * 0.2, 0.7\nouts abus, abus\n'''\n\
    [[bus]]\nname = \"verb\"\nkind = \"audio\"\n\
    [[layer]]\nname = \"a\"\ntrigger = \"note\"\nvoices = 2\nmode = \"MODE\"\n\
    parts = [ { instr = \"synth\", priority = 1, args = { ibus = \"@note\" } }, \
    { instr = \"filter\", priority = 2, args = { ibus = \"@note\", iverb = \"@verb\" }, release = \"after\" } ]\n\
    [[layer]]\nname = \"b\"\ntrigger = \"always\"\nparts = [ { instr = \"room\", priority = 3, args = { ibus = \"@verb\" } } ]\n";

#[test]
fn layers_with_private_buses_in_each_mode() {
    let notes: String = (0..12)
        .map(|n| {
            let (at, key) = (f64::from(n) * 0.0613, 48 + n * 7 % 24);
            format!(
                "[[note]]\nkey = {key}\nat = {at}\ndur = {}\nvelocity = 0.7\n",
                0.05 + at % 0.2
            )
        })
        .collect();
    let params = "[[param]]\nname = \"filter.kcutoff\"\nat = 0.2\nvalue = 300\n\
                  [[param]]\nname = \"filter.kres\"\nat = 0.3\nvalue = 0.9\n";
    for mode in ["poly", "mono", "legato"] {
        let document = LAYERED
            .replace("MODE", mode)
            .replace("|ibus, kcutoff", "|ibus, iverb, kcutoff")
            .replace("busmix @", "busmix iverb");
        let mut kit = Kit::new(&document).score(&format!("{notes}{params}"));
        kit.job.tail = 0.5;
        same(&mut kit);
    }
}

#[test]
fn parameters_that_move_in_every_cycle_are_curves() {
    let mut score = "end = 1.5\n[[note]]\nkey = 60\nat = 0.0101\ndur = 1.4\n".to_owned();
    for cycle in 0..1_800 {
        let (at, value) = (
            f64::from(cycle) * 32.0 / 48_000.0,
            300.0 + f64::from(cycle) / 3.0,
        );
        score += &format!("[[param]]\nname = \"x.kcut\"\nat = {at}\nvalue = {value}\n");
    }
    let body = "|kmidi=60, kcut=300 (20..2000)|\nasig vco2 0.2, mtof:k(kmidi)\nasig tone asig, kcut\nouts asig, asig";
    let mut kit = Kit::instr("x", body).score(&score);
    same(&mut kit);
    let csd = kit.file("again.csd", "");
    kit.export(&csd).unwrap();
    let text = std::fs::read_to_string(&csd).unwrap();
    assert!(
        text.contains("\ni 9999 ") && text.contains("; x.kcut"),
        "{text}"
    );
    assert!(text.len() < 20_000, "long curves stand in files");
    assert!(csd.with_file_name("again.assets").is_dir());
}

#[test]
fn the_transport_moves() {
    let body =
        "asig oscili 0.2, 200 + 50 * hostbeat() + 100 * hostbar()\nouts asig, asig * hostplaying()";
    let mut kit = Kit::instr("x", body);
    kit.job.end = Some(2.5);
    same(&mut kit);
}

#[test]
fn tables_of_every_kind() {
    let long: Vec<String> = (0..5_000)
        .map(|n| format!("{}", f64::from(n % 100) / 199.0))
        .collect();
    let document = instr(
        "x",
        "|imidi=60|\nasig poscil 0.2, 100, gi_gen\nasig += 0.1 * tab:a(phasor:a(20) * 4, gi_short)\n\
         asig += 0.1 * tab:a(phasor:a(3) * 5000, gi_long)\nahit loscil 0.3, 1, gi_hit, 1\nouts asig, ahit",
    ) + &format!(
        "[[table]]\nname = \"gen\"\ngen = [4096, 10, 1, 0.5]\n[[table]]\nname = \"short\"\ndata = [0.1, 0.2, -0.3, 0.333333333333]\n\
         [[table]]\nname = \"long\"\ndata = [{}]\n[[table]]\nname = \"hit\"\nfile = \"hit.wav\"\n",
        long.join(", ")
    );
    let mut kit = Kit::new(&document).score("[[note]]\nkey = 60\nat = 0.1\ndur = 0.5\n");
    write_sound(&kit, "hit.wav", 1, |frame, _| (frame as f64 * 0.05).sin());
    same(&mut kit);
    let assets = kit
        .file("exported.csd", "")
        .with_file_name("exported.assets");
    let mut files: Vec<_> = std::fs::read_dir(assets)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["hit.wav", "table-long.wav"]);
}

#[test]
fn other_rates_cycles_and_outputs() {
    let document = format!(
        "version = 1\nchannels = 3\naux = 1\n{}",
        instr("x", TONE).replacen("version = 1\n", "", 1)
    );
    let score = "[[event]]\ninstr = \"x\"\nat = 0.0333\ndur = 0.1\n[[event]]\ninstr = \"x\"\nat = 0.05\ndur = 0.001\n";
    for (rate, ksmps) in [(44_100, 1), (96_000, 128), (22_050, 7)] {
        let mut kit = Kit::new(&document).score(score);
        kit.job.sample_rate = rate;
        kit.job.ksmps = Some(ksmps);
        same(&mut kit);
    }
}

#[test]
fn chance_falls_as_in_the_render() {
    let body = "|imidi=60|\nanoise rand 0.2\nkf randomh 200, 900, 20\nip random 0, 1\nasig oscili ip, kf\nouts asig, anoise";
    let score =
        "[[note]]\nkey = 60\nat = 0.1\ndur = 0.2\n[[note]]\nkey = 61\nat = 0.1\ndur = 0.3\n";
    same(&mut Kit::instr("x", body).score(score));
}

#[test]
fn random_lengths_at_random_samples() {
    let event = (0u32..4_000, 1u32..400, prop::bool::ANY);
    let cases = (
        prop::sample::select(vec![1u32, 4, 16, 32, 64, 100]),
        prop::collection::vec(event, 1..60),
    );
    let mut runner = TestRunner::new(Config::with_cases(6));
    let outcome = runner.run(&cases, |(ksmps, events)| {
        let second = |samples: u32| f64::from(samples) / f64::from(RATE);
        let score: String = events
            .iter()
            .map(|(at, length, rings)| {
                let name = if *rings { "ringing" } else { "x" };
                format!("[[event]]\ninstr = \"{name}\"\nat = {}\ndur = {}\n", second(*at), second(*length))
            })
            .collect();
        let ringing = "|iamp=0.1|\nasig oscili iamp, 300\nasig *= linsegr:a(1, 0.002, 0, 0.01, 0)\nouts asig, asig + 0.001";
        let document = instr("x", TONE) + &instr("ringing", ringing).replacen("version = 1\n", "", 1);
        let mut kit = Kit::new(&document).score(&score);
        kit.job.ksmps = Some(ksmps);
        same(&mut kit);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn what_cannot_be_rendered_is_not_exported() {
    let mut kit =
        Kit::instr("x", "|imidi=60|\nouts a(0.1)) a(0.1)").score("[[note]]\nkey = 60\ndur = 1\n");
    let csd = kit.file("out.csd", "old");
    assert!(
        kit.export(&csd)
            .unwrap_err()
            .to_string()
            .contains("doc.toml:6:")
    );
    assert_eq!(std::fs::read_to_string(&csd).unwrap(), "old");
    let mut kit = Kit::instr("x", TONE);
    kit.job.end = Some(1.0);
    kit.job.start = 0.5;
    assert!(kit.export(&csd).unwrap_err().to_string().contains("start"));
}
