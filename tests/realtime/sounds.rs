//! Tables, samples and partials on the audio thread.

use crate::rig::Rig;
use crate::stage;
use csound_session::session::{
    Capacities, NewTable, PlayPartials, PlaySample, Sched, TestAudio, TestMode,
};

/// Each program is warm for one synth of each Instr, so that is what it plays. Tables are made while it does, and what
/// instruments have written is copied.
#[test]
fn tables_and_samples_cost_nothing_but_time() {
    let mut rig = Rig::new(Capacities::plugin());
    let write = "|itab|\nkat timeinstk\ntabw 0.1, kat % 4800, itab";
    rig.session
        .load(stage::spec(&[("write", write)], Vec::new()));
    let kept = rig.session.make_table(4800).unwrap();
    let rows: Vec<Vec<f64>> = (0..100)
        .map(|row| vec![f64::from(row) * 0.01, 440.0, 0.1, 0.1, 660.0, 0.1, 0.0])
        .collect();
    for round in 0..4 {
        let sound = vec![0.1; 9600 + round];
        let table = NewTable::data(sound).channels(1).sample_rate(44_100.0);
        let table = rig.session.make_table(table).unwrap();
        let how = PlaySample::default().speed(1.1).fade(0.01);
        let how = if round % 2 == 0 { how } else { how.loops() };
        let sched = Sched::now().dur(0.1);
        let sample = rig.session.play_sample(&table, sched.clone(), how).unwrap();
        let partials = PlayPartials::default().position(0.5);
        rig.session
            .play_partials(rows.clone(), sched.clone(), partials)
            .unwrap();
        let test = TestAudio::default().dur(0.1).mode(TestMode::Sine);
        rig.session.test_audio(test.period(0.01)).unwrap();
        rig.session
            .sched("write", sched.arg("itab", &kept))
            .unwrap();
        rig.blocks(20, 64);
        sample
            .automate("kspeed", [0.0, 1.0, 0.02, 0.5], 0.0)
            .unwrap();
        rig.session.free_table(&table, 0.0).unwrap();
        rig.blocks(200, 64);
        rig.session.poll();
        assert!(sample.finished());
    }
    rig.assert_calm("sounds");
}
