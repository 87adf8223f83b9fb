//! Tables of documents, heard in renders, and the session's own Instrs in documents and scores.

use super::export_csd::same;
use super::render_kit::{Kit, channel, peak};
use super::sound_kit::{Files, ramp};
use csound_session::document::{Document, Implied};
use csound_session::session::pair;
use csound_session::session::program::ProgramSpec;
use csound_session::session::{Capacities, Error};

/// Puts out what is known of a table and one of its values, each in a tenth of a second.
const FACTS: &str = "
ilength = ftlen(gi_t)
kturn init 0
kvalue = (kturn < 1500 ? 0.5 : tab:k(ilength/2, gi_t))
out a(kvalue), a(0)
kturn += ksmps*10/sr*1000";

fn with_table(source: &str, body: &str) -> String {
    format!(
        "version = 1\nchannels = 2\n[[table]]\nname = \"t\"\n{source}\n[[instr]]\nname = \"a\"\nbody = '''{body}\n'''\n"
    )
}

/// What a body of i-rate expressions says of the table: their values, rendered as levels.
#[track_caller]
fn known(kit_of: impl Fn(&str) -> Kit, expressions: &[&str]) -> Vec<f64> {
    let value = |expression: &&str| {
        let body = format!("\nivalue = {expression}\nasig upsamp ivalue\nout asig, asig");
        let mut kit = kit_of(&body);
        kit.job.end = Some(0.05);
        kit.left()[1000]
    };
    expressions.iter().map(value).collect()
}

#[test]
fn every_kind_of_sound_file_fills_a_table() {
    let files = Files::new();
    let sound = [vec![0.5; 4410], vec![-0.25; 4410]];
    for path in files.every_kind(44_100, &sound) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let kit = |body: &str| {
            let kit = Kit::new(&with_table(&format!("file = \"{name}\""), body));
            kit.file(&name, std::fs::read(&path).unwrap());
            kit
        };
        let facts = ["nsamp(gi_t)/10000", "ftchnls(gi_t)", "ftsr(gi_t)/100000"];
        assert_eq!(known(kit, &facts), [0.441, 2.0, 0.441], "{name}");
        let cells = known(kit, &["tab_i(4410, gi_t)", "tab_i(4411, gi_t)"]);
        let near = |value: f64, level: f64| (value - level).abs() < 0.01;
        assert!(
            near(cells[0], 0.5) && near(cells[1], -0.25),
            "{name}: {cells:?}"
        );
    }
}

#[test]
fn tables_are_made_of_numbers_and_routines() {
    let data = |body: &str| Kit::new(&with_table("data = [0.1, 0.2, 0.3]", body));
    let read = known(data, &["ftlen(gi_t)", "tab_i(0, gi_t)", "tab_i(2, gi_t)"]);
    assert_eq!(read, [3.0, 0.1, 0.3]);
    let sine = |body: &str| Kit::new(&with_table("gen = [1024, 10, 1]", body));
    let read = known(
        sine,
        &["ftlen(gi_t)/1024", "tab_i(256, gi_t)", "tab_i(768, gi_t)"],
    );
    assert_eq!(read, [1.0, 1.0, -1.0]);
}

#[test]
fn files_stand_relative_to_the_document() {
    let files = Files::new();
    let path = files.wav("ramp.wav", 48_000, &[ramp(4800)]);
    let kit = |body: &str| {
        let kit = Kit::new(&with_table("file = \"samples/deep/ramp.wav\"", body));
        let folder = kit.job.document.parent().unwrap().join("samples/deep");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(&path, folder.join("ramp.wav")).unwrap();
        kit
    };
    let read = known(kit, &["tab_i(2400, gi_t)"]);
    assert!((read[0] - 0.25).abs() < 1e-6, "{read:?}");
}

#[test]
fn a_missing_or_broken_file_is_told_with_its_place() {
    let mut kit = Kit::new(&with_table("file = \"gone.wav\"", FACTS));
    kit.job.end = Some(0.1);
    let told = kit.failure();
    assert!(
        told.contains("doc.toml:5:") && told.contains("gone.wav"),
        "{told}"
    );
    let mut kit = Kit::new(&with_table("file = \"notes.wav\"", FACTS));
    kit.file("notes.wav", "this is no sound");
    kit.job.end = Some(0.1);
    let told = kit.failure();
    assert!(told.contains("notes.wav"), "{told}");
}

#[test]
fn a_bus_and_a_table_of_one_name_are_refused() {
    let text = with_table("data = [1]", FACTS) + "[[bus]]\nname = \"t\"\n";
    let mut kit = Kit::new(&text);
    kit.job.end = Some(0.1);
    let told = kit.failure();
    assert!(told.contains("a bus is called `t` too"), "{told}");
}

/// A document that has nothing but a sample of 24 kHz in a table.
fn sampler(more: &str) -> Kit {
    let files = Files::new();
    let path = files.wav("ramp.wav", 24_000, &[ramp(24_000)]);
    let kit = Kit::new(&format!(
        "version = 1\n[[table]]\nname = \"grain\"\nfile = \"ramp.wav\"\n{more}"
    ));
    kit.file("ramp.wav", std::fs::read(path).unwrap());
    kit
}

const SILENT: &str = "[[instr]]\nname = \"silent\"\nbody = '''\n|imidi|\nout a(0), a(0)\n'''\n";

#[test]
fn a_score_plays_a_table_of_the_document() {
    let score = "[[event]]\ninstr = \".playSample\"\nat = 0.5\ndur = 1.0\n\
                 args = { itab = \"@grain\", kpan = 0.0 }\n";
    let heard = sampler(SILENT).score(score).left();
    for (at, value) in [(0.4, 0.0), (1.0, 0.25), (1.4, 0.45)] {
        let read = heard[(at * 48_000.0) as usize];
        assert!((read - value).abs() < 1e-3, "at {at} s: {read}");
    }
    let unknown = score.replace("@grain", "@gran");
    let told = sampler(SILENT).score(&unknown).failure();
    assert!(told.contains("gran"), "{told}");
}

#[test]
fn a_csd_plays_samples_and_partials_to_the_same_bits() {
    let rows = (0..60).map(|row| format!("{}, 440, 0.2, 0.3", f64::from(row) * 0.01));
    let rows = rows.collect::<Vec<_>>().join(", ");
    let partials = format!("[[table]]\nname = \"spectrum\"\ndata = [3, 60, 4, {rows}]\n");
    let score = "[[event]]\ninstr = \".playSample\"\nat = 0.0101\ndur = 0.7\n\
                 args = { itab = \"@grain\", kspeed = 1.3, ixfade = 0.05 }\n\
                 [[event]]\ninstr = \".playPartials\"\nat = 0.0203\ndur = 0.4\n\
                 args = { itab = \"@spectrum\", iposition = 0.3 }\n";
    same(&mut sampler(&(SILENT.to_owned() + &partials)).score(score));
}

#[test]
fn notes_play_a_table_without_a_line_of_code() {
    let layer = "[[layer]]\nname = \"pad\"\nkeys = [60, 60]\n\
                 parts = [{ instr = \".playSample\", args = { itab = \"@grain\", ifadein = 0.0, kpan = 0.0 } }]\n";
    let score =
        "[[note]]\nkey = 60\nat = 0.25\ndur = 0.5\n[[note]]\nkey = 61\nat = 1.5\ndur = 0.1\n";
    let sound = sampler(layer).score(score).sound();
    let (left, right) = (channel(&sound, 0), channel(&sound, 1));
    for (at, value) in [(0.5, 0.125), (0.7, 0.225), (0.8, 0.0)] {
        let read = left[(at * 48_000.0) as usize];
        assert!((read - value).abs() < 1e-3, "at {at} s: {read}");
    }
    assert!(peak(&right) < 1e-9 && peak(&left[48_000..]) == 0.0);
    let wrong = layer.replace("kpan", "kpam");
    let told = sampler(&wrong).score(score).failure();
    assert!(told.contains("`kpam`") && told.contains("kpan"), "{told}");
}

#[test]
fn a_note_of_half_the_velocity_plays_a_table_half_as_loud() {
    let layer = "[[layer]]\nname = \"pads\"\nbind = { kgain = { from = \"velocity\" } }\n\
                 parts = [{ instr = \".playSample\", args = { itab = \"@grain\", kgain = 0, ixfade = 0.05, kpan = 0.0 } }]\n";
    let score = "[[note]]\nkey = 60\nvelocity = 0.5\ndur = 2.0\n";
    let heard = sampler(layer).score(score).left();
    // A pass of the loop is 0.95 s long.
    for (at, value) in [(0.5, 0.125), (1.45, 0.125), (1.75, 0.2)] {
        let read = heard[(at * 48_000.0) as usize];
        assert!((read - value).abs() < 2e-3, "at {at} s: {read}");
    }
}

#[test]
fn the_sessions_own_instrs_are_no_parameters_and_no_layers() {
    let text = format!(
        "version = 1\n[[table]]\nname = \"grain\"\ndata = [1]\n{SILENT}\
         [[layer]]\nname = \"pad\"\nparts = [{{ instr = \".playSample\", args = {{ itab = \"@grain\" }} }}]\n"
    );
    let read = |text: &str| {
        let document = Document::read(text, "doc.toml").unwrap();
        document.specification(48_000.0, &[], Implied::Yes).unwrap()
    };
    let program = read(&text).program;
    let names = |program: &ProgramSpec| -> Vec<String> {
        let instrs = program.orchestra.instrs.iter();
        instrs.map(|instr| instr.name().to_owned()).collect()
    };
    assert_eq!(names(&program), ["silent", ".playSample"]);
    assert_eq!(
        program.slots.iter().filter(|(_, slot)| slot.live).count(),
        0
    );
    assert_eq!(program.layers.len(), 1);
    let without = read(&text[..text.find("[[layer]]").unwrap()]).program;
    assert_eq!(names(&without), ["silent"]);
}

#[test]
fn a_session_finds_the_tables_of_its_document() {
    let files = Files::new();
    let path = files.wav("half.wav", 24_000, &[vec![0.5; 2400], vec![0.25; 2400]]);
    let tables = [
        ("data = [1, 2, 3]", 1, 3, None),
        ("gen = [64, 10, 1]", 1, 64, None),
        (
            &format!("file = \"{}\"", path.display()),
            2,
            2400,
            Some(24_000.0),
        ),
    ];
    for (source, channels, frames, rate) in tables {
        let document = Document::read(&with_table(source, FACTS), "doc.toml").unwrap();
        let read = document.specification(48_000.0, &[], Implied::Yes).unwrap();
        let (mut session, _performer) = pair(Capacities::plugin());
        session.load(read.program);
        let table = session.table("t").unwrap();
        let shape = (table.channels(), table.frames(), table.sample_rate());
        assert_eq!(shape, (channels, frames, rate), "{source}");
        assert!(matches!(
            session.table("other"),
            Err(Error::UnknownTable(_))
        ));
        // It is the document's, and stays.
        session.free_table(&table, 0.0).unwrap();
        assert!(table.is_valid());
    }
}
