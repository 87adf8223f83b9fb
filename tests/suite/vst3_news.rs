//! What a VST3 host is told of changes, and when.

use super::plugin_kit::SINE;
use super::vst3_kit::{open, text};
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandlerTrait, IEditControllerTrait, ParamID, ParamValue,
    RestartFlags_,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{int32, kResultOk, tresult};
use nice_plug::wrapper::vst3::vst3::{Class, ComWrapper};
use std::cell::RefCell;
use std::ptr::null_mut;
use test_hosts::Project;

/// A host's ear: the flags of each restart that it was asked for.
#[derive(Default)]
struct Ear(RefCell<Vec<i32>>);

impl Class for Ear {
    type Interfaces = (IComponentHandler,);
}

impl IComponentHandlerTrait for Ear {
    unsafe fn beginEdit(&self, _: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn performEdit(&self, _: ParamID, _: ParamValue) -> tresult {
        kResultOk
    }

    unsafe fn endEdit(&self, _: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn restartComponent(&self, flags: int32) -> tresult {
        self.0.borrow_mut().push(flags);
        kResultOk
    }
}

/// Ardour 7.3 hung for ever as it loaded a preset: it was asked for the values while it held the lock that it reads them
/// under. A host reads them after a load by itself; that names are others now it has to be told.
#[test]
fn a_load_tells_of_names_and_leaves_the_values_to_the_host() {
    let plugin = open(0);
    let ear = ComWrapper::new(Ear::default());
    let handler = ear
        .to_com_ptr::<IComponentHandler>()
        .expect("an interface of it");
    // SAFETY: the handler lives until it is taken back below.
    let set = |handler| unsafe { plugin.controller.setComponentHandler(handler) };
    assert_eq!(set(handler.as_ptr()), kResultOk);
    let project = Project::of_toml(SINE).expect("TOML");
    plugin.load(project.vst3_state());
    assert_eq!(*ear.0.borrow(), [RestartFlags_::kParamTitlesChanged]);
    let title = |index| text(&plugin.info(index).expect("a parameter").title);
    assert_eq!(title(2), "sine Level");
    plugin.load(project.vst3_state());
    assert_eq!(ear.0.borrow().len(), 1, "the same names are no news");
    assert_eq!(set(null_mut()), kResultOk);
}
