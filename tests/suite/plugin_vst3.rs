//! The VST3 objects, called as a host calls them: buses, missing buses, names.

use super::plugin_kit::SINE;
use super::vst3_kit::{FRAMES, MONO, Message, STEREO, open, text};
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    BusDirections_, IAudioProcessorTrait, IEditControllerTrait, IUnitInfo, IUnitInfoTrait, UnitInfo,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{kResultFalse, kResultOk};
use test_hosts::Project;

#[test]
fn the_instrument_takes_its_own_arrangements_and_no_others() {
    let plugin = open(0);
    let (input, output) = (BusDirections_::kInput, BusDirections_::kOutput);
    assert_eq!(plugin.arrange(&[STEREO], &[STEREO; 4]), kResultOk);
    assert_eq!(
        (plugin.arrangement(input, 0), plugin.arrangement(output, 3)),
        (STEREO, STEREO)
    );
    assert_eq!(plugin.arrange(&[MONO], &[MONO; 4]), kResultOk);
    assert_eq!(
        (plugin.arrangement(input, 0), plugin.arrangement(output, 3)),
        (MONO, MONO)
    );
    for (inputs, outputs) in [
        (&[MONO][..], &[STEREO, STEREO, STEREO, STEREO][..]),
        (&[STEREO], &[STEREO, STEREO, STEREO, MONO]),
        (&[STEREO], &[STEREO]),
        (&[STEREO, STEREO], &[STEREO; 4]),
    ] {
        assert_eq!(
            plugin.arrange(inputs, outputs),
            kResultFalse,
            "{inputs:?} {outputs:?}"
        );
    }
    assert_eq!(
        plugin.arrangement(output, 0),
        MONO,
        "a refusal changes nothing"
    );
}

#[test]
fn the_effect_takes_its_own_arrangements_and_no_others() {
    let plugin = open(1);
    assert_eq!(plugin.arrange(&[MONO, MONO], &[MONO]), kResultOk);
    assert_eq!(plugin.arrangement(BusDirections_::kInput, 1), MONO);
    assert_eq!(plugin.arrange(&[STEREO, MONO], &[STEREO]), kResultFalse);
    assert_eq!(plugin.arrange(&[STEREO, STEREO], &[STEREO]), kResultOk);
    assert_eq!(plugin.arrangement(BusDirections_::kInput, 1), STEREO);
}

/// nice-plug ended the host by a panic.
#[test]
fn nothing_is_processed_before_the_setup() {
    for class in [0, 1] {
        let plugin = open(class);
        let buses = || vec![vec![vec![0.0; FRAMES]; 2]; 4];
        let refused = plugin.block(&mut buses()[..class as usize + 1], &mut buses());
        assert_ne!(refused, kResultOk);
        assert_ne!(plugin.block(&mut [], &mut []), kResultOk);
        plugin.start();
        assert_eq!(plugin.block(&mut [], &mut buses()[..1]), kResultOk);
    }
}

#[test]
fn a_host_that_leaves_out_the_sidechain_hears_the_effect() {
    for sidechain in [vec![], vec![Vec::new()], vec![vec![vec![0.0; FRAMES]; 1]]] {
        let plugin = open(1);
        plugin.start();
        let ramp: Vec<f32> = (1..=FRAMES).map(|n| n as f32 / 100.0).collect();
        let mut inputs = vec![vec![ramp.clone(), ramp.clone()]];
        inputs.extend(sidechain);
        let mut outputs = vec![vec![vec![9.0_f32; FRAMES]; 2]];
        assert_eq!(plugin.block(&mut inputs, &mut outputs), kResultOk);
        assert!(outputs[0][0][..32].iter().all(|&x| x == 0.0), "the latency");
        assert!(
            outputs[0][1][32..] == ramp[..FRAMES - 32],
            "the dry part of the echo"
        );
    }
}

#[test]
fn a_host_that_leaves_out_the_auxiliary_outputs_gets_the_main_one() {
    for given in [1, 2, 4] {
        let plugin = open(0);
        plugin.start();
        let mut outputs = vec![vec![vec![9.0_f32; FRAMES]; 2]; given];
        assert_eq!(plugin.block(&mut [], &mut outputs), kResultOk);
        assert!(
            outputs.iter().flatten().flatten().all(|&x| x == 0.0),
            "silence, written, with {given} outputs"
        );
        assert_eq!(plugin.block(&mut [], &mut []), kResultOk, "a flush");
    }
}

#[test]
fn names_follow_the_document_and_the_list_ends_where_it_ends() {
    let plugin = open(1);
    // SAFETY: a call without arguments on a living object.
    let count = unsafe { plugin.controller.getParameterCount() };
    assert!(plugin.info(count).is_none() && plugin.info(-1).is_none());
    let mix = plugin.info(2).expect("the first slot");
    assert_eq!(
        (text(&mix.title), text(&mix.shortTitle)),
        ("echo Mix".to_owned(), "Mix".to_owned())
    );
    assert!((mix.defaultNormalizedValue - 0.35).abs() < 1e-9);
    let unused = plugin.info(2 + 127).expect("the last slot");
    assert_ne!(unused.flags & (1 << 4), 0, "hidden");
    assert_eq!(
        text(&plugin.info(count - 1).expect("the last").title),
        "MIDI CC bend, channel 16"
    );
}

#[test]
fn each_instr_is_a_unit() {
    let plugin = open(1);
    let units = plugin.controller.cast::<IUnitInfo>().expect("units");
    let unit = |index| {
        // SAFETY: room for the answer.
        unsafe {
            let mut info: UnitInfo = std::mem::zeroed();
            (units.getUnitInfo(index, &mut info) == kResultOk).then_some(info)
        }
    };
    // SAFETY: a call without arguments on a living object.
    assert_eq!(unsafe { units.getUnitCount() }, 2);
    let (root, echo) = (unit(0).expect("the root"), unit(1).expect("an Instr"));
    assert_eq!((root.id, root.parentUnitId), (0, -1));
    assert_eq!(
        (echo.id, echo.parentUnitId, text(&echo.name)),
        (1, 0, "echo".to_owned())
    );
    assert!(unit(2).is_none() && unit(-1).is_none());
    assert_eq!(plugin.info(0).expect("gain").unitId, 0);
    assert_eq!(plugin.info(2).expect("the first slot").unitId, 1);
}

#[test]
fn a_layout_changes_neither_the_latency_nor_the_sound() {
    let mut heard = Vec::new();
    for (arrangement, channels) in [(STEREO, 2), (MONO, 1)] {
        let plugin = open(0);
        plugin.load(Project::of_toml(SINE).expect("TOML").vst3_state());
        assert_eq!(plugin.arrange(&[arrangement], &[arrangement; 4]), kResultOk);
        plugin.start();
        // SAFETY: a call without arguments on a living object.
        assert_eq!(unsafe { plugin.processor.getLatencySamples() }, 32);
        let (buses, _) = plugin.play_on(&[channels; 4], 40, &[(100, Message::On(69, 1.0))]);
        assert!(buses[0].iter().any(|sample| sample.abs() > 0.1));
        for unused in &buses[1..] {
            assert!(
                unused.iter().all(|sample| *sample == 0.0),
                "silence, written"
            );
        }
        heard.push(buses.into_iter().next());
    }
    assert_eq!(
        heard[0], heard[1],
        "both sides of the sine are alike, and so is their mean"
    );
}
