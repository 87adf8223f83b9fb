//! Whose keys are typed: the window's or the host's.

use egui::Context;

/// Where typing goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// To the host: nothing in the window takes text.
    #[default]
    Host,
    /// Nowhere: the same in the stand-alone program, which has no host.
    Nowhere,
    /// Into a text of the window.
    Text,
    /// The user plays the window's keyboard with the computer's.
    Notes,
}

impl Typing {
    /// Where it goes now. `notes` says whether the computer's keyboard is to play notes, `alone` that there is no host.
    pub(super) fn of(ctx: &Context, notes: bool, alone: bool) -> Self {
        if ctx.egui_wants_keyboard_input() {
            Self::Text
        } else if notes {
            Self::Notes
        } else if alone {
            Self::Nowhere
        } else {
            Self::Host
        }
    }

    /// What it is called.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Host => "Keys go to the host",
            Self::Nowhere => "Keys do nothing",
            Self::Text => "Keys go to the text",
            Self::Notes => "Keys play notes",
        }
    }

    /// What to know of it.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Host | Self::Nowhere => "Click into a text to type",
            Self::Text => "Esc, or a click outside of the text, gives the keys back",
            Self::Notes => {
                "A to L play, Z and X change the octave; switch it off beside the keyboard"
            }
        }
    }
}

/// The keys that play notes, from C on, by semitones.
pub(super) const NOTES: [(egui::Key, u8); 18] = {
    use egui::Key::*;
    [
        (A, 0),
        (W, 1),
        (S, 2),
        (E, 3),
        (D, 4),
        (F, 5),
        (T, 6),
        (G, 7),
        (Y, 8),
        (H, 9),
        (U, 10),
        (J, 11),
        (K, 12),
        (O, 13),
        (L, 14),
        (P, 15),
        (Semicolon, 16),
        (Quote, 17),
    ]
};

/// What the window takes of the host's keys.
pub fn taken_keys(typing: Typing) -> nice_plug_egui::KeyCapture {
    use nice_plug_egui::{Key, KeyCapture};
    match typing {
        Typing::Host | Typing::Nowhere => KeyCapture::IgnoreAll,
        Typing::Text => KeyCapture::CaptureAll,
        Typing::Notes => {
            let letters = "awsedftgyhujkolp;'zx".chars();
            let both = letters.flat_map(|c| [c, c.to_ascii_uppercase()]);
            KeyCapture::CaptureKeys(both.map(|c| Key::Character(c.to_string())).collect())
        }
    }
}
