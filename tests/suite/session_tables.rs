//! Tables of a session: made, read from sound files, freed, found, used by instruments.

use super::session_kit::{DC, Live};
use super::sound_kit::{Files, ramp};
use csound_session::session::{
    Error, Event, NewTable, PlaySample, Sched, Session, SessionHandler, SoundFile, Synth, Table,
};
use std::sync::{Arc, Mutex};

/// What a cell of a table holds, as a level.
const PEEK: &str = "|itab, index=0|\noutch 1, a(0) + tab_i(index, itab)";

fn peek() -> Live {
    Live::new(&[("peek", &PEEK.replace("index", "iindex")), ("dc", DC)])
}

#[test]
fn a_table_is_made_of_values_and_read_by_instruments() {
    let mut live = peek();
    let table = live.session().make_table([1.0, 2.0, 3.0, 4.0]).unwrap();
    assert_eq!((table.channels(), table.frames(), table.size()), (1, 4, 4));
    assert_eq!(&table.data().unwrap()[..], [1.0, 2.0, 3.0, 4.0]);
    let sched = Sched::at(0.0).dur(0.5).arg("itab", &table);
    live.sched("peek", sched.arg("iindex", 2.0));
    live.reads(&[(0.25, 3.0), (0.6, 0.0)]);
}

#[test]
fn a_table_made_while_synths_sound_leaves_them_alone() {
    let mut live = peek();
    let before = live.sched("dc", Sched::at(0.0));
    live.until(0.1);
    let table = live.session().make_table(vec![0.5; 100_000]).unwrap();
    live.sched("peek", Sched::at(0.2).dur(0.2).arg("itab", &table));
    live.reads(&[(0.05, 0.25), (0.15, 0.25), (0.3, 0.75), (0.45, 0.25)]);
    assert!(before.playing());
    assert_eq!(live.session().find_table(table.number()), Some(table));
}

#[test]
fn tables_have_sizes_channels_and_durations() {
    let mut live = peek();
    let session = live.session();
    let empty = session.make_table(1000).unwrap();
    assert_eq!(&empty.data().unwrap()[..], [0.0; 1000]);
    let frames = session.make_table((2, 24_000)).unwrap();
    assert_eq!(
        (frames.channels(), frames.frames(), frames.size()),
        (2, 24_000, 48_000)
    );
    assert!(matches!(frames.duration(), Err(Error::NoSampleRate)));
    let sound = NewTable::frames(2, 24_000).sample_rate(48_000.0);
    let sound = session.make_table(sound).unwrap();
    assert_eq!(sound.duration().unwrap(), 0.5);
    assert!(frames.number() != empty.number() && frames.number() != sound.number());
}

#[test]
fn what_can_be_no_table_is_refused() {
    let mut live = peek();
    let session = live.session();
    let wrong: [NewTable; 6] = [
        NewTable::size(0),
        NewTable::data([]),
        NewTable::data([1.0, f64::NAN]),
        NewTable::data([1.0, 2.0, 3.0]).channels(2),
        NewTable::data([1.0; 34]).channels(17),
        NewTable::data([1.0]).sample_rate(0.0),
    ];
    for new in wrong {
        let told = session.make_table(new.clone());
        assert!(matches!(told, Err(Error::BadTable(_))), "{new:?}");
    }
}

#[test]
fn equal_values_can_share_a_table() {
    let mut live = peek();
    let session = live.session();
    let first = session.make_table([1.0, 2.0]).unwrap();
    let own = session.make_table([1.0, 2.0]).unwrap();
    let shared = session
        .make_table(NewTable::data([1.0, 2.0]).shared())
        .unwrap();
    let stereo = NewTable::data([1.0, 2.0]).channels(2).shared();
    let stereo = session.make_table(stereo).unwrap();
    assert!(first != own && shared == first && stereo != first);
}

#[test]
fn what_instruments_have_written_stays_when_a_program_takes_over() {
    let mut live = Live::new(&[
        ("write", "|itab|\ntabw_i 0.5, 7, itab"),
        ("peek", &PEEK.replace("index", "iindex")),
    ]);
    let table = live.session().make_table(16).unwrap();
    live.sched("write", Sched::at(0.0).dur(0.1).arg("itab", &table));
    live.until(0.2);
    live.session().make_table([1.0]).unwrap();
    let sched = Sched::at(0.3).dur(0.2).arg("itab", &table);
    live.sched("peek", sched.arg("iindex", 7));
    live.reads(&[(0.4, 0.5)]);
}

#[test]
fn a_freed_table_is_gone_for_new_synths_and_stays_for_those_that_sound() {
    let mut live = peek();
    let table = live.session().make_table([0.5]).unwrap();
    let number = f64::from(table.number());
    let body = "|itab|\nkval tab 0, itab\noutch 1, a(kval)";
    live.session().def_instr("read", body).unwrap();
    live.sched("read", Sched::at(0.0).dur(0.5).arg("itab", &table));
    live.until(0.1);
    live.session().free_table(&table, 0.0).unwrap();
    assert!(!table.is_valid());
    assert_eq!(live.session().find_table(table.number()), None);
    let again = live
        .session()
        .sched("read", Sched::now().arg("itab", &table));
    assert!(matches!(again, Err(Error::FreedTable)));
    live.until(0.2);
    let by_number = live.sched("read", Sched::now().arg("itab", number));
    live.until(0.3);
    assert!(by_number.finished(), "its init pass failed");
    let next = live.session().make_table([0.5]).unwrap();
    assert!(next.number() > table.number(), "no number is given twice");
    live.reads(&[(0.05, 0.5), (0.4, 0.5), (0.6, 0.0)]);
}

#[test]
fn tables_are_freed_later_or_with_their_handles() {
    let mut live = peek();
    let later = live.session().make_table([1.0]).unwrap();
    live.session().free_table(&later, 0.2).unwrap();
    let own = live
        .session()
        .make_table(NewTable::size(8).free_with_handles());
    let number = own.unwrap().number();
    assert_eq!(live.session().find_table(number), None);
    live.until(0.1);
    assert_eq!(
        live.session().find_table(later.number()),
        Some(later.clone())
    );
    live.until(0.3);
    assert_eq!(live.session().find_table(later.number()), None);
    assert!(!later.is_valid());
}

#[test]
fn a_table_without_handles_stays_for_the_synths_that_were_given_it() {
    let mut live = peek();
    let new = NewTable::data([0.5]).free_with_handles();
    let table = live.session().make_table(new).unwrap();
    let number = table.number();
    live.sched("peek", Sched::at(0.5).dur(0.2).arg("itab", &table));
    drop(table);
    live.until(0.1);
    live.session().make_table([1.0]).unwrap();
    live.session().prepare().unwrap();
    live.reads(&[(0.6, 0.5)]);
    live.until(0.8);
    live.session().poll();
    assert_eq!(live.session().find_table(number), None);
}

#[test]
fn sound_files_are_read_once_unless_forced() {
    let files = Files::new();
    let path = files.wav("ramp.wav", 48_000, &[ramp(48_000)]);
    let mut live = peek();
    let session = live.session();
    let table = session.read_soundfile(&path).unwrap();
    assert_eq!(table.sample_rate(), Some(48_000.0));
    assert_eq!((table.channels(), table.frames()), (1, 48_000));
    assert_eq!(table.duration().unwrap(), 1.0);
    assert_eq!(table.path().unwrap(), path.canonicalize().unwrap());
    assert!((table.data().unwrap()[24_000] - 0.25).abs() < 1e-4);
    let roundabout = files.folder().join(".").join("ramp.wav");
    assert_eq!(session.read_soundfile(&roundabout).unwrap(), table);
    let forced = session
        .read_soundfile(SoundFile::new(&path).force())
        .unwrap();
    assert_ne!(forced, table);
    let skipped = session
        .read_soundfile(SoundFile::new(&path).skip(0.5))
        .unwrap();
    assert_eq!((skipped.frames(), skipped.skip()), (24_000, 0.5));
    let first = Arc::clone(&skipped.data().unwrap())[0];
    assert!((first - 0.25).abs() < 1e-4, "{first}");
}

#[test]
fn every_kind_of_sound_file_is_read() {
    let files = Files::new();
    let tone = |level: f64| vec![level; 4800];
    let mut live = peek();
    for path in files.every_kind(44_100, &[tone(0.5), tone(-0.25)]) {
        let table = live.session().read_soundfile(&path).unwrap();
        let shape = (table.channels(), table.frames(), table.sample_rate());
        assert_eq!(shape, (2, 4800, Some(44_100.0)), "{}", path.display());
        let right = live
            .session()
            .read_soundfile(SoundFile::new(&path).channel(2));
        let right = right.unwrap();
        assert_eq!(
            (right.channels(), right.frames()),
            (1, 4800),
            "{}",
            path.display()
        );
        let (both, right) = (table.data().unwrap(), right.data().unwrap());
        assert_eq!((both.len(), right.len()), (9600, 4800));
        let near = |value: f64, level: f64| (value - level).abs() < 0.01;
        assert!(
            near(both[4800], 0.5) && near(both[4801], -0.25),
            "{}",
            path.display()
        );
        assert!(near(right[2400], -0.25), "{}", path.display());
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_name() {
    let files = Files::new();
    let text = files.write("notes.wav", b"this is no sound");
    let path = files.wav("half.wav", 48_000, &[vec![0.5; 480]]);
    let wrong: [SoundFile; 6] = [
        SoundFile::new("nowhere.wav"),
        SoundFile::new("?"),
        SoundFile::new(files.folder()),
        SoundFile::new(text),
        SoundFile::new(&path).channel(3),
        SoundFile::new(&path).skip(10.0),
    ];
    let mut live = peek();
    for file in wrong {
        let told = live.session().read_soundfile(file.clone()).unwrap_err();
        let name = file.path().file_name().map(|name| name.to_string_lossy());
        let name = name.unwrap_or_default().into_owned();
        assert!(told.to_string().contains(&name), "{told}");
    }
    let negative = live
        .session()
        .read_soundfile(SoundFile::new(&path).skip(-1.0));
    assert!(matches!(negative, Err(Error::BadTime(_))));
}

/// Hands what it is asked for on to another session.
struct Elsewhere(Arc<Mutex<Session>>);

impl SessionHandler for Elsewhere {
    fn sched_event(&mut self, event: &Event) -> Result<Synth, Error> {
        self.0.lock().unwrap().sched_event(event)
    }

    fn make_table(&mut self, table: &NewTable) -> Option<Result<Table, Error>> {
        Some(self.0.lock().unwrap().make_table(table.clone()))
    }

    fn read_soundfile(&mut self, file: &SoundFile) -> Option<Result<Table, Error>> {
        Some(self.0.lock().unwrap().read_soundfile(file.clone()))
    }
}

#[test]
fn a_handler_takes_tables_and_sound_files_too() {
    let files = Files::new();
    let path = files.wav("half.wav", 48_000, &[vec![0.5; 480]]);
    let (mut live, other) = (peek(), peek());
    let other = Arc::new(Mutex::new(other.stage.session));
    let made = |session: &Session| session.spec().orchestra.made.len();
    let session = live.session();
    session.set_handler(Some(Box::new(Elsewhere(other.clone()))));
    session.make_table([1.0]).unwrap();
    session.read_soundfile(&path).unwrap();
    let how = PlaySample::default();
    let values = (vec![0.5; 480], 48_000.0);
    let event = session.make_sample_event(values, Sched::now(), how);
    session.sched_event(&event.unwrap()).unwrap();
    assert_eq!(made(session), 0);
    let mut other = other.lock().unwrap();
    assert_eq!(made(&other), 3);
    assert_eq!(other.scheduled_synths()[0].instr().name(), ".playSample");
}
