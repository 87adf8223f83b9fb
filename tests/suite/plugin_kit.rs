//! The plugins, linked into this program and opened by a CLAP host.

use std::sync::LazyLock;
use test_hosts::{Binary, Plugin, Project};

pub const RATE: f64 = 48_000.0;

/// A cosine with a control of its level, at 0.5: its first sample is its loudest.
pub const SINE: &str = r#"
version = 1
name = "Sine"
[[instr]]
name = "sine"
body = '''
|kmidi=69, klevel=0.5 (0..1 % "Level")|
aout oscili klevel, mtof:k(kmidi), -1, 0.25
outs aout, aout
'''
"#;

pub fn binary() -> Binary {
    static BINARY: LazyLock<Binary> = LazyLock::new(|| {
        Binary::linked(&csound_session::plugin::clap_entry, c"linked").expect("the entry is CLAP's")
    });
    BINARY.clone()
}

/// A new instrument.
pub fn instrument() -> Plugin {
    binary()
        .open("Csound Session")
        .expect("the instrument opens")
}

/// A new effect.
pub fn effect() -> Plugin {
    binary()
        .open("Csound Session FX")
        .expect("the effect opens")
}

/// The project state that holds a document.
pub fn state(document: &str) -> Vec<u8> {
    Project::of_toml(document)
        .expect("the document is TOML")
        .clap_state()
}

/// An instrument with this document, not active.
pub fn with(document: &str) -> Plugin {
    let mut plugin = instrument();
    plugin.load(&state(document)).expect("the state loads");
    plugin
}
