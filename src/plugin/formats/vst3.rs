//! The VST3 factory: nice-plug's class descriptions and instances, with some of each instance's functions replaced.

use super::link::Link;
use super::vst3_tables;
use crate::plugin::{Effect, Instrument};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FIDString, FUnknown, IPluginFactory, IPluginFactory2, IPluginFactory2Trait, IPluginFactory3,
    IPluginFactory3Trait, IPluginFactoryTrait, PClassInfo, PClassInfo2, PClassInfoW, PFactoryInfo,
    TUID, int32, kInvalidArgument, kResultOk, tresult,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComWrapper};
use nice_plug::wrapper::vst3::{PluginInfo, Vst3Plugin, Wrapper};
use std::ffi::c_void;
use std::ptr::null_mut;

type Constructor = unsafe fn(FIDString, *mut *mut c_void) -> tresult;

/// Lists the two plugins and makes them.
struct Factory {
    plugins: [(PluginInfo, Constructor); 2],
}

impl Factory {
    fn new() -> Self {
        Self {
            plugins: [
                (
                    PluginInfo::for_plugin::<Instrument>(),
                    construct::<Instrument>,
                ),
                (PluginInfo::for_plugin::<Effect>(), construct::<Effect>),
            ],
        }
    }

    fn info(&self, index: int32) -> Option<&PluginInfo> {
        self.plugins
            .get(usize::try_from(index).ok()?)
            .map(|(info, _)| info)
    }
}

/// Makes an instance and answers with the interface that the host asks for.
///
/// # Safety
/// `iid` points to an interface id and `object` to room for a pointer.
unsafe fn construct<P: Vst3Plugin>(iid: FIDString, object: *mut *mut c_void) -> tresult {
    let link = Link::new();
    let wrapper = link.hand_over(|| ComWrapper::new(Wrapper::<P>::new()));
    vst3_tables::install::<P>(&wrapper, &link);
    let Some(unknown) = wrapper.as_com_ref::<FUnknown>() else {
        return kInvalidArgument;
    };
    let unknown = unknown.as_ptr();
    // SAFETY: the object is alive, and the caller's pointers are as it promises.
    unsafe { ((*(*unknown).vtbl).queryInterface)(unknown, iid.cast::<TUID>(), object) }
}

impl Class for Factory {
    type Interfaces = (IPluginFactory, IPluginFactory2, IPluginFactory3);
}

impl IPluginFactoryTrait for Factory {
    unsafe fn getFactoryInfo(&self, info: *mut PFactoryInfo) -> tresult {
        if info.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: the host's memory for the answer.
        unsafe { *info = self.plugins[0].0.create_factory_info() };
        kResultOk
    }

    unsafe fn countClasses(&self) -> int32 {
        self.plugins.len() as int32
    }

    unsafe fn getClassInfo(&self, index: int32, info: *mut PClassInfo) -> tresult {
        match self.info(index) {
            Some(known) if !info.is_null() => {
                // SAFETY: the host's memory for the answer.
                unsafe { *info = known.create_class_info() };
                kResultOk
            }
            _ => kInvalidArgument,
        }
    }

    unsafe fn createInstance(
        &self,
        cid: FIDString,
        iid: FIDString,
        object: *mut *mut c_void,
    ) -> tresult {
        if cid.is_null() || iid.is_null() || object.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: a class id has 16 bytes.
        let cid = unsafe { &*cid.cast::<[u8; 16]>() };
        match self.plugins.iter().find(|(info, _)| info.cid == cid) {
            // SAFETY: the host's pointers, none of them null.
            Some((_, construct)) => unsafe { construct(iid, object) },
            None => kInvalidArgument,
        }
    }
}

impl IPluginFactory2Trait for Factory {
    unsafe fn getClassInfo2(&self, index: int32, info: *mut PClassInfo2) -> tresult {
        match self.info(index) {
            Some(known) if !info.is_null() => {
                // SAFETY: the host's memory for the answer.
                unsafe { *info = known.create_class_info_2() };
                kResultOk
            }
            _ => kInvalidArgument,
        }
    }
}

impl IPluginFactory3Trait for Factory {
    unsafe fn getClassInfoUnicode(&self, index: int32, info: *mut PClassInfoW) -> tresult {
        match self.info(index) {
            Some(known) if !info.is_null() => {
                // SAFETY: the host's memory for the answer.
                unsafe { *info = known.create_class_info_unicode() };
                kResultOk
            }
            _ => kInvalidArgument,
        }
    }

    unsafe fn setHostContext(&self, _context: *mut FUnknown) -> tresult {
        kResultOk
    }
}

/// The factory that VST3 hosts look for. The host owns the count it is given.
#[allow(non_snake_case)]
// SAFETY: no other symbol of this name is linked in: nice-plug's export macro is not used.
#[unsafe(no_mangle)]
pub extern "system" fn GetPluginFactory() -> *mut c_void {
    let factory = ComWrapper::new(Factory::new()).to_com_ptr::<IPluginFactory>();
    factory.map_or(null_mut(), |factory| factory.into_raw().cast())
}

fn load() -> bool {
    super::load();
    true
}

/// Called by Linux hosts after loading.
#[allow(non_snake_case)]
#[cfg(all(unix, not(target_os = "macos")))]
// SAFETY: as for `GetPluginFactory`.
#[unsafe(no_mangle)]
pub extern "C" fn ModuleEntry(_library: *mut c_void) -> bool {
    load()
}

/// Called by Linux hosts before unloading.
#[allow(non_snake_case)]
#[cfg(all(unix, not(target_os = "macos")))]
// SAFETY: as for `GetPluginFactory`.
#[unsafe(no_mangle)]
pub extern "C" fn ModuleExit() -> bool {
    true
}

/// Called by macOS hosts after loading.
#[allow(non_snake_case)]
#[cfg(target_os = "macos")]
// SAFETY: as for `GetPluginFactory`.
#[unsafe(no_mangle)]
pub extern "C" fn bundleEntry(_bundle: *mut c_void) -> bool {
    load()
}

/// Called by macOS hosts before unloading.
#[allow(non_snake_case)]
#[cfg(target_os = "macos")]
// SAFETY: as for `GetPluginFactory`.
#[unsafe(no_mangle)]
pub extern "C" fn bundleExit() -> bool {
    true
}

/// Called by Windows hosts after loading.
#[allow(non_snake_case)]
#[cfg(windows)]
// SAFETY: as for `GetPluginFactory`.
#[unsafe(no_mangle)]
pub extern "system" fn InitDll() -> bool {
    load()
}

/// Called by Windows hosts before unloading.
#[allow(non_snake_case)]
#[cfg(windows)]
// SAFETY: as for `GetPluginFactory`.
#[unsafe(no_mangle)]
pub extern "system" fn ExitDll() -> bool {
    true
}
