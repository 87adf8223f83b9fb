//! Tables and control channels.

use csound_session::csound::Csound;

use super::csound_kit::{mono, perform, started};

const TABLES: &str = "
gictl ftgen 9001, 0, 1024, -2, 0
instr 1
 kcell tab p4, 9001
 aout = kcell
 out aout
endin
instr 2
 istart tab_i p4, 9001
 aout = istart
 out aout
endin
instr 3
 tabw 0.125, 5, 9001
endin
instr 4
 ignore ftgen 9001, 0, p4, -2, 7, 8
endin
instr 5
 ftfree 9001, 0
endin
";

#[test]
fn what_is_stored_is_read_in_the_next_cycle() {
    let mut csound = started(&mono(32), TABLES);
    let table = csound.table(9001).expect("made by the global code");
    assert_eq!((table.number(), table.len()), (9001, 1024));
    csound.event(&[1.0, 0.0, -1.0, 300.0]);
    perform(&mut csound, 1);
    for value in [0.75, -1e9, 0.0, 1e-300] {
        csound.cells_mut(&table)[300] = value;
        assert_eq!(perform(&mut csound, 1), [value; 32]);
    }
}

#[test]
fn what_is_stored_is_there_in_the_init_pass() {
    let mut csound = started(&mono(32), TABLES);
    let table = csound.table(9001).expect("made by the global code");
    csound.cells_mut(&table)[7] = 0.5;
    csound.event(&[2.0, 0.0, -1.0, 7.0]);
    assert_eq!(perform(&mut csound, 1), [0.5; 32]);
}

#[test]
fn what_the_text_stores_is_seen() {
    let mut csound = started(&mono(32), TABLES);
    let table = csound.table(9001).expect("made by the global code");
    csound.event(&[3.0, 0.0, -1.0]);
    perform(&mut csound, 1);
    assert_eq!(csound.cells(&table)[5], 0.125);
}

#[test]
fn a_table_that_is_made_anew_is_followed_and_a_freed_one_is_empty() {
    let mut csound = started(&mono(32), TABLES);
    let table = csound.table(9001).expect("made by the global code");
    for size in [8, 65_536, 16] {
        csound.event(&[4.0, 0.0, 0.001, f64::from(size)]);
        perform(&mut csound, 4);
        assert_eq!(csound.cells(&table).len(), size as usize);
        assert_eq!(csound.cells_mut(&table)[..2], [7.0, 8.0]);
    }
    csound.event(&[5.0, 0.0, 0.001]);
    perform(&mut csound, 4);
    assert!(csound.cells(&table).is_empty() && csound.cells_mut(&table).is_empty());
}

#[test]
fn tables_that_do_not_exist_are_none() {
    let mut csound = started(&mono(32), TABLES);
    for number in [0, 1, 9000, 1 << 30, u32::MAX] {
        assert_eq!(csound.table(number), None, "table {number}");
    }
}

const CHANNELS: &str = "
chn_k \".tempo\", 3
instr 1
 ktempo chnget \".tempo\"
 aout = ktempo
 out aout
endin
instr 2
 chnset k(0.375), \"back\"
endin
instr 3
 chnset \"text\", \"words\"
endin
";

#[test]
fn channels_carry_values_both_ways() {
    let mut csound = started(&mono(32), CHANNELS);
    let tempo = csound.control_channel(".tempo").expect("a control channel");
    let back = csound.control_channel("back").expect("made now");
    assert_eq!(csound.channel_value(&back), 0.0);
    csound.event(&[1.0, 0.0, -1.0]);
    csound.event(&[2.0, 0.0, -1.0]);
    for value in [120.0, 0.5] {
        csound.set_channel(&tempo, value);
        assert_eq!(perform(&mut csound, 1), [value; 32]);
        assert_eq!(csound.channel_value(&tempo), value);
    }
    assert_eq!(csound.channel_value(&back), 0.375);
}

#[test]
fn a_channel_of_another_kind_is_none() {
    let mut csound = started(&mono(32), CHANNELS);
    csound.event(&[3.0, 0.0, 0.001]);
    perform(&mut csound, 2);
    assert_eq!(csound.control_channel("words"), None);
    assert_eq!(csound.control_channel("zero\0byte"), None);
}

#[test]
fn a_channel_does_nothing_to_another_instance() {
    let new = || -> Csound { started(&mono(32), CHANNELS) };
    let (mut first, mut second) = (new(), new());
    let foreign = second.control_channel(".tempo").expect("a control channel");
    let own = first.control_channel(".tempo").expect("a control channel");
    first.set_channel(&own, 1.0);
    first.set_channel(&foreign, 99.0);
    assert_eq!(first.channel_value(&own), 1.0);
    assert_eq!(first.channel_value(&foreign), 0.0);
    assert_eq!(second.channel_value(&foreign), 0.0);
}
