//! The two plugins: what tells them apart.

use crate::document::Document;
use nice_plug::prelude::*;

/// What one of the plugins is.
pub trait Kind: Send + 'static {
    /// The plugin's name.
    const NAME: &'static str;
    /// Its CLAP id.
    const CLAP_ID: &'static str;
    /// Its VST3 class id.
    const VST3_ID: [u8; 16];
    /// One line for people.
    const DESCRIPTION: &'static str;
    /// Its layouts, the usual one first.
    const LAYOUTS: &'static [AudioIOLayout];
    /// Its place in a CLAP browser.
    const CLAP_FEATURES: &'static [ClapFeature];
    /// Its place in a VST3 browser.
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory];
    /// Whether it sends notes and controllers.
    const MIDI_OUTPUT: MidiConfig;
    /// Whether its main input passes when it is bypassed or has nothing to play.
    const PASSES_INPUT: bool;

    /// The document that a new instance plays.
    fn document() -> Document;
}

/// Notes in, sound out.
pub struct InstrumentKind;

/// Sound in, sound out; notes may play along.
pub struct EffectKind;

const MONO: NonZeroU32 = new_nonzero_u32(1);
const STEREO: NonZeroU32 = new_nonzero_u32(2);

const INSTRUMENT_PORTS: PortNames = PortNames {
    layout: None,
    main_input: None,
    main_output: Some("Output"),
    aux_inputs: &["Sidechain"],
    aux_outputs: &["Auxiliary 1", "Auxiliary 2", "Auxiliary 3"],
};

const EFFECT_PORTS: PortNames = PortNames {
    main_input: Some("Input"),
    aux_outputs: &[],
    ..INSTRUMENT_PORTS
};

/// The instrument's layouts. All buses of one have the same width: nice-plug 0.4.2 cannot be told of others in VST3.
pub const INSTRUMENT_LAYOUTS: &[AudioIOLayout] = &[
    AudioIOLayout {
        main_input_channels: None,
        main_output_channels: Some(STEREO),
        aux_input_ports: &[STEREO],
        aux_output_ports: &[STEREO, STEREO, STEREO],
        names: PortNames {
            layout: Some("Stereo"),
            ..INSTRUMENT_PORTS
        },
    },
    AudioIOLayout {
        main_input_channels: None,
        main_output_channels: Some(MONO),
        aux_input_ports: &[MONO],
        aux_output_ports: &[MONO, MONO, MONO],
        names: PortNames {
            layout: Some("Mono"),
            ..INSTRUMENT_PORTS
        },
    },
];

/// The effect's layouts.
pub const EFFECT_LAYOUTS: &[AudioIOLayout] = &[
    AudioIOLayout {
        main_input_channels: Some(STEREO),
        main_output_channels: Some(STEREO),
        aux_input_ports: &[STEREO],
        aux_output_ports: &[],
        names: PortNames {
            layout: Some("Stereo"),
            ..EFFECT_PORTS
        },
    },
    AudioIOLayout {
        main_input_channels: Some(MONO),
        main_output_channels: Some(MONO),
        aux_input_ports: &[MONO],
        aux_output_ports: &[],
        names: PortNames {
            layout: Some("Mono"),
            ..EFFECT_PORTS
        },
    },
];

impl Kind for InstrumentKind {
    const NAME: &'static str = "Csound Session";
    const CLAP_ID: &'static str = "org.csound-session.instrument";
    const VST3_ID: [u8; 16] = *b"CsoundSessionIns";
    const DESCRIPTION: &'static str = "Plays Csound instruments";
    const LAYOUTS: &'static [AudioIOLayout] = INSTRUMENT_LAYOUTS;
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::Instrument,
        ClapFeature::Synthesizer,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Instrument, Vst3SubCategory::Synth];
    const MIDI_OUTPUT: MidiConfig = MidiConfig::MidiCCs;
    const PASSES_INPUT: bool = false;

    fn document() -> Document {
        Document::default_document()
    }
}

impl Kind for EffectKind {
    const NAME: &'static str = "Csound Session FX";
    const CLAP_ID: &'static str = "org.csound-session.effect";
    const VST3_ID: [u8; 16] = *b"CsoundSessionEff";
    const DESCRIPTION: &'static str = "Processes sound by Csound instruments";
    const LAYOUTS: &'static [AudioIOLayout] = EFFECT_LAYOUTS;
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::MultiEffects,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx];
    const MIDI_OUTPUT: MidiConfig = MidiConfig::None;
    const PASSES_INPUT: bool = true;

    fn document() -> Document {
        Document::default_effect()
    }
}
