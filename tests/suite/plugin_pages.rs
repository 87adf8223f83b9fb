//! Pages of parameters and names of keys, which follow the document.

use super::plugin_kit::{SINE, state, with};

const KIT: &str = r#"
version = 1
name = "Kit"
[[instr]]
name = "kick"
body = '''
|kpitch=50 (30..90 Hz "Pitch"), kdecay=0.2 (0.05..1 s "Decay")|
outs oscili:a(0.1, kpitch), oscili:a(0.1, kpitch)
'''
[[instr]]
name = "hats"
body = '''
|ka=0 (0..1), kb=0 (0..1), kc=0 (0..1), kd=0 (0..1), ke=0 (0..1), kf=0 (0..1), kg=0 (0..1), kh=0 (0..1), ki=0 (0..1)|
outs a(0), a(0)
'''
[[layer]]
name = "Kick"
keys = [36, 36]
parts = [{ instr = "kick" }]
[[layer]]
name = "Hats"
keys = [42, 46]
parts = [{ instr = "hats" }]
"#;

#[test]
fn each_instr_has_its_pages_and_each_single_key_its_name() {
    let mut plugin = with(KIT);
    let pages = plugin.pages();
    let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["kick", "hats", "hats 2"]);
    let decay = plugin.parameter("Decay").expect("listed").id;
    assert_eq!(
        (pages[0].parameters.len(), pages[0].parameters[1]),
        (2, decay)
    );
    assert_eq!(
        (pages[1].parameters.len(), pages[2].parameters.len()),
        (8, 1)
    );
    assert_eq!(pages[2].section, "hats");
    assert_eq!(plugin.key_names(), [(36, "Kick".to_owned())]);
}

#[test]
fn the_host_hears_that_they_have_changed() {
    let mut plugin = with(KIT);
    let before = plugin.requests();
    plugin.load(&state(SINE)).expect("loads");
    let after = plugin.requests();
    assert_eq!(
        (after.pages, after.keys),
        (before.pages + 1, before.keys + 1)
    );
    assert_eq!(plugin.pages().len(), 1);
    assert!(plugin.key_names().is_empty());
}
