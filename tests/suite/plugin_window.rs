//! What an instance says of itself, as the window shows it.

use csound_session::editor::{Edit, InstrText, Sound, View};
use csound_session::plugin::Instrument;
use csound_session::session::When;
use nice_plug::context::PluginApi;
use nice_plug::prelude::{ActivateContext, BufferConfig, Plugin, ProcessMode};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

struct Host;

impl ActivateContext<Instrument> for Host {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Standalone
    }
    fn execute(&self, _: ()) {}
    fn set_latency_samples(&self, _: u32) {}
    fn set_current_voice_capacity(&self, _: u32) {}
}

pub fn activate(plugin: &mut Instrument) {
    let config = BufferConfig {
        sample_rate: 48_000.0,
        min_buffer_size: None,
        max_buffer_size: 512,
        process_mode: ProcessMode::Realtime,
    };
    assert!(plugin.activate(&Instrument::AUDIO_IO_LAYOUTS[0], &config, &mut Host));
}

pub fn load(plugin: &Instrument, document: &str) {
    let json = serde_json::to_string(document).expect("a text is JSON");
    plugin
        .params()
        .deserialize_fields(&BTreeMap::from([("document".to_owned(), json)]));
}

fn body(text: &str) -> String {
    serde_json::json!({ "version": 1, "name": "Try", "instr": [{ "name": "a", "body": text }] })
        .to_string()
}

/// Waits until the window shows what is asked for.
pub fn wait_for(plugin: &Instrument, shows: impl Fn(&View) -> bool) -> Arc<View> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let view = plugin.desk().view();
        if shows(&view) {
            return view;
        }
        assert!(Instant::now() < deadline, "{view:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_window_says_why_a_document_is_silent() {
    let mut plugin = Instrument::default();
    activate(&mut plugin);
    assert_eq!(plugin.desk().view().sound, Sound::Playing);
    load(
        &plugin,
        &body("|kmidi=60|\nione = 1/0\nouts a(ione), a(ione)"),
    );
    match &plugin.desk().view().sound {
        Sound::Silent(reason) => assert!(reason.contains("crashed"), "{reason}"),
        other => panic!("{other:?}"),
    }
    load(
        &plugin,
        &body("|kmidi=60|\naout nosuchopcode 1\nouts aout, aout"),
    );
    let view = plugin.desk().view();
    assert!(
        matches!(&view.sound, Sound::Silent(reason) if reason.contains("nosuchopcode")),
        "{:?}",
        view.sound
    );
    assert_eq!(view.problems[0].line, Some(2), "{:?}", view.problems);
}

#[test]
fn an_edit_is_tried_then_taken_up_and_a_bad_one_changes_nothing() {
    let mut plugin = Instrument::default();
    load(
        &plugin,
        &body("|kmidi=60, kdepth=0.5 (0..1)|\naout oscili kdepth, 440\nouts aout, aout"),
    );
    activate(&mut plugin);
    assert_eq!(plugin.desk().view().controls.len(), 1);
    let edit = |body: &str| {
        let text = InstrText {
            name: "a".into(),
            body: body.into(),
        };
        plugin.desk().apply(Edit::Bodies(vec![text]), When::Now)
    };
    edit(
        "|kmidi=60, kdepth=0.5 (0..1), kwidth=0.25 (0..1)|\naout oscili kdepth*kwidth, 440\nouts aout, aout",
    );
    let view = wait_for(&plugin, |view| view.controls.len() == 2);
    assert_eq!((view.controls[0].slot, view.controls[1].slot), (0, 1));
    let slot = |slot| {
        nice_plug::prelude::Param::unmodulated_normalized_value(
            plugin.desk().slot(slot).expect("a slot"),
        )
    };
    assert_eq!(slot(1), 0.25, "the new control stands at its default");
    let before = plugin.params().serialize_fields();
    edit("|kmidi=60|\nthis is no code");
    let view = wait_for(&plugin, |view| !view.problems.is_empty());
    assert_eq!((&view.sound, view.controls.len()), (&Sound::Playing, 2));
    assert_eq!(
        plugin.params().serialize_fields(),
        before,
        "the document is the one that plays"
    );
}

/// The level that the one Instr of a document is typed with.
fn level(view: &View) -> &str {
    let body = &view.instrs[0].body;
    body.split_whitespace().nth(3).unwrap_or_default()
}

#[test]
fn edits_are_taken_back_one_by_one_and_controls_stay_where_they_are() {
    let mut plugin = Instrument::default();
    let sine = |level: &str| {
        format!("|kmidi=60,kdepth=0.5(0..1)|\naout oscili {level}, 440\nouts aout*kdepth, aout")
    };
    load(&plugin, &body(&sine("0.1")));
    activate(&mut plugin);
    let apply = |level: &str, when| {
        let text = InstrText {
            name: "a".into(),
            body: sine(level),
        };
        plugin.desk().apply(Edit::Bodies(vec![text]), when);
    };
    // Nothing is processed, so neither line comes; the text is taken up all the same.
    apply("0.2", When::Bar);
    apply("0.3", When::Beat);
    let view = wait_for(&plugin, |view| {
        view.past == 2 && view.sound == Sound::Playing
    });
    assert_eq!((level(&view), view.waiting), ("0.3,", 2));
    for (left, expected) in [(1, "0.2,"), (0, "0.1,")] {
        plugin.desk().roll_back(When::Bar);
        let view = wait_for(&plugin, |view| view.past == left);
        assert_eq!(level(&view), expected);
    }
    plugin.desk().roll_back(When::Now);
    wait_for(&plugin, |view| view.sound == Sound::Playing);
    assert_eq!(
        level(&plugin.desk().view()),
        "0.1,",
        "there is nothing before"
    );
}
