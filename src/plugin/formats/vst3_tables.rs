//! The functions that replace some of nice-plug's in a VST3 object: its pointers to two function tables are set to
//! copies in which those functions differ. A copy is followed by what the functions need, so that they find it
//! from the object's pointer alone.

use super::link::{Link, News, NewsSet};
use super::vst3_buses;
use super::vst3_state;
use super::vst3_units;
use crate::plugin::params::{self, PluginParams};
use nice_plug::prelude::AudioIOLayout;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IAudioProcessor, IAudioProcessorVtbl, IComponent, IComponentHandler, IComponentHandlerTrait,
    IComponentVtbl, IEditController, IEditControllerVtbl, IUnitInfo, IUnitInfoVtbl, ParameterInfo,
    RestartFlags_,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{int32, kInvalidArgument, kResultOk, tresult};
use nice_plug::wrapper::vst3::vst3::{ComPtr, ComRef, ComWrapper};
use nice_plug::wrapper::vst3::{Vst3Plugin, Wrapper};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

/// nice-plug lists parameters of its own after ours: 128 controllers, pressure and bend on 16 channels.
const MIDI_MESSAGES: usize = 130;
const MIDI_PARAMS: usize = MIDI_MESSAGES * 16;
const HIDDEN: int32 = 1 << 4;

/// A copied function table and what its functions need.
#[repr(C)]
pub(super) struct Patched<V> {
    table: V,
    /// nice-plug's own table.
    pub(super) original: *const V,
    link: *const Link,
}

/// The VST3 side of an instance.
pub(super) struct Vst3Side {
    controller: Patched<IEditControllerVtbl>,
    processor: Patched<IAudioProcessorVtbl>,
    component: Patched<IComponentVtbl>,
    units: Patched<IUnitInfoVtbl>,
    /// The layouts that nice-plug knows, in its order.
    pub(super) layouts: &'static [AudioIOLayout],
    /// Whether the parameters are where they are expected; without that their names stay static.
    follows: bool,
    handler: Mutex<Option<ComPtr<IComponentHandler>>>,
    main_thread: ThreadId,
    /// The host loads a state, and reads all values when it has done so.
    loading: AtomicBool,
}

// SAFETY: the raw pointers lead to static tables and to the link that owns this; both are never written to.
unsafe impl Send for Vst3Side {}
// SAFETY: as for `Send`: what is never written to may be read by several threads at once.
unsafe impl Sync for Vst3Side {}

/// Sets an object's tables to our copies. Called before the host knows the object.
// Long because four tables are copied, each with its proof.
pub(super) fn install<P: Vst3Plugin>(object: &ComWrapper<Wrapper<P>>, link: &Arc<Link>) {
    let (Some(controller), Some(processor), Some(component), Some(units)) = (
        object.as_com_ref::<IEditController>(),
        object.as_com_ref::<IAudioProcessor>(),
        object.as_com_ref::<IComponent>(),
        object.as_com_ref::<IUnitInfo>(),
    ) else {
        return;
    };
    let (controller, processor) = (controller.as_ptr(), processor.as_ptr());
    let (component, units) = (component.as_ptr(), units.as_ptr());
    // SAFETY: an interface pointer leads to a pointer to its table, which lives as long as the library.
    let (controller_table, processor_table) = unsafe { ((*controller).vtbl, (*processor).vtbl) };
    // SAFETY: as above.
    let (component_table, unit_table) = unsafe { ((*component).vtbl, (*units).vtbl) };
    // SAFETY: the object is new and its own.
    let follows = link
        .params()
        .is_some_and(|params| unsafe { lists(controller, &params) });
    let side = Box::new(Vst3Side {
        controller: Patched {
            // SAFETY: the table lives, as said above.
            table: controller_functions(unsafe { *controller_table }),
            original: controller_table,
            link: Arc::as_ptr(link),
        },
        processor: Patched {
            // SAFETY: the table lives, as said above.
            table: processor_functions(unsafe { *processor_table }),
            original: processor_table,
            link: Arc::as_ptr(link),
        },
        component: Patched {
            // SAFETY: the table lives, as said above.
            table: vst3_state::functions(unsafe { *component_table }),
            original: component_table,
            link: Arc::as_ptr(link),
        },
        units: Patched {
            // SAFETY: the table lives, as said above.
            table: vst3_units::functions(unsafe { *unit_table }),
            original: unit_table,
            link: Arc::as_ptr(link),
        },
        layouts: P::AUDIO_IO_LAYOUTS,
        follows,
        handler: Mutex::new(None),
        main_thread: std::thread::current().id(),
        loading: AtomicBool::new(false),
    });
    let side = link.vst3.get_or_init(|| side);
    // The host is about to ask everything for the first time.
    link.take_news();
    link.set_wake(Box::new({
        let link = Arc::downgrade(link);
        move || link.upgrade().iter().for_each(|link| flush_news(link))
    }));
    // SAFETY: the instance keeps its link, and the link this box, as long as the object can be called; nobody
    // else has the object yet.
    unsafe {
        (*controller).vtbl = &raw const side.controller.table;
        (*processor).vtbl = &raw const side.processor.table;
        (*component).vtbl = &raw const side.component.table;
        (*units).vtbl = &raw const side.units.table;
    }
}

fn controller_functions(original: IEditControllerVtbl) -> IEditControllerVtbl {
    IEditControllerVtbl {
        getParameterInfo: get_parameter_info,
        setComponentHandler: set_component_handler,
        ..original
    }
}

fn processor_functions(original: IAudioProcessorVtbl) -> IAudioProcessorVtbl {
    IAudioProcessorVtbl {
        setBusArrangements: vst3_buses::set_bus_arrangements,
        process: vst3_buses::process,
        ..original
    }
}

/// Whether the object lists our parameters first, in our order.
///
/// # Safety
/// `controller` is a living object of nice-plug's.
unsafe fn lists(controller: *mut IEditController, params: &PluginParams) -> bool {
    let ids = params::host_ids(params);
    // SAFETY: as the caller promises; `index` is below the count.
    unsafe {
        let table = &*(*controller).vtbl;
        (table.getParameterCount)(controller) as usize == ids.len() + MIDI_PARAMS
            && ids.iter().enumerate().all(|(index, &id)| {
                let mut info: ParameterInfo = std::mem::zeroed();
                (table.getParameterInfo)(controller, index as int32, &mut info) == kResultOk
                    && info.id == id
            })
    }
}

/// What belongs to a patched object.
///
/// # Safety
/// `this` is an interface of an object whose table for it was set by [`install`], and which is alive.
pub(super) unsafe fn of<'a, I, V>(this: *mut I) -> (&'a Patched<V>, &'a Link) {
    // SAFETY: the interface's first word leads to the `table` that a `Patched` begins with; the link outlives
    // the object.
    unsafe {
        let patched = &**this.cast::<*const Patched<V>>();
        (patched, &*patched.link)
    }
}

unsafe extern "system" fn get_parameter_info(
    this: *mut IEditController,
    index: int32,
    info: *mut ParameterInfo,
) -> tresult {
    // SAFETY: the host calls this on a patched object.
    let (patched, link) = unsafe { of::<_, IEditControllerVtbl>(this) };
    // SAFETY: nice-plug's functions on its own object; an index below its count.
    unsafe {
        let original = &*patched.original;
        if info.is_null() || index < 0 || index >= (original.getParameterCount)(this) {
            return kInvalidArgument;
        }
        let result = (original.getParameterInfo)(this, index, info);
        if result == kResultOk && link.vst3.get().is_some_and(|side| side.follows) {
            follow(&mut *info, index as usize, link);
        }
        result
    }
}

/// Puts the current face of a slot into what nice-plug said of it.
fn follow(info: &mut ParameterInfo, index: usize, link: &Link) {
    let Some(slot) = params::slot_at(index) else {
        if let Some(name) = midi_name(index) {
            write_text(&mut info.title, &name);
        }
        return;
    };
    match link.names.get(slot) {
        Some(face) => {
            let long = if face.group.is_empty() {
                face.name.clone()
            } else {
                format!("{} {}", face.group, face.name)
            };
            write_text(&mut info.title, &long);
            write_text(&mut info.shortTitle, &face.name);
            info.unitId = vst3_units::unit_of(link, &face.group);
            info.defaultNormalizedValue = face.default.clamp(0.0, 1.0);
        }
        None => info.flags |= HIDDEN,
    }
}

/// The name of a parameter that stands for a MIDI message. Hosts know them by JUCE's way of naming, which begins with
/// `MIDI CC`, and leave them out of their lists.
fn midi_name(index: usize) -> Option<String> {
    let index = index.checked_sub(params::COUNT)?;
    let channel = index / MIDI_MESSAGES + 1;
    Some(match index % MIDI_MESSAGES {
        128 => format!("MIDI CC pressure, channel {channel}"),
        129 => format!("MIDI CC bend, channel {channel}"),
        number => format!("MIDI CC {number}, channel {channel}"),
    })
}

/// Writes a UTF-16 string that ends with 0, cut at a character boundary where it is too long.
pub(super) fn write_text(into: &mut [u16], text: &str) {
    into.fill(0);
    let mut used = 0;
    for character in text.chars() {
        if used + character.len_utf16() >= into.len() {
            return;
        }
        character.encode_utf16(&mut into[used..]);
        used += character.len_utf16();
    }
}

unsafe extern "system" fn set_component_handler(
    this: *mut IEditController,
    handler: *mut IComponentHandler,
) -> tresult {
    // SAFETY: the host calls this on a patched object.
    let (patched, link) = unsafe { of::<_, IEditControllerVtbl>(this) };
    if let Some(side) = link.vst3.get() {
        // SAFETY: the host passes null or a living handler; the reference is counted.
        let ours = unsafe { ComRef::from_raw(handler) }.map(|handler| handler.to_com_ptr());
        side.set_handler(ours);
    }
    // SAFETY: nice-plug's function on its own object.
    unsafe { ((*patched.original).setComponentHandler)(this, handler) }
}

impl Vst3Side {
    fn set_handler(&self, handler: Option<ComPtr<IComponentHandler>>) {
        // The old one is released after the lock: a host may call back from there.
        let _old = self
            .handler
            .lock()
            .map(|mut place| std::mem::replace(&mut *place, handler));
    }

    /// Lets go of the host.
    pub(super) fn forget_handler(&self) {
        self.set_handler(None);
    }

    /// Runs what loads a state.
    pub(super) fn while_loading<R>(&self, load: impl FnOnce() -> R) -> R {
        self.loading.store(true, Ordering::Release);
        let result = load();
        self.loading.store(false, Ordering::Release);
        result
    }

    fn tell(&self, news: NewsSet) {
        if !news.has(News::Titles) && !news.has(News::Values) {
            return;
        }
        let mut flags = 0;
        if news.has(News::Titles) {
            flags |= RestartFlags_::kParamTitlesChanged;
        }
        // Ardour 7 holds a lock while it loads a preset, and takes it to read values: it would wait for ever.
        if !self.loading.load(Ordering::Acquire) {
            flags |= RestartFlags_::kParamValuesChanged;
        }
        let handler = self.handler.lock().ok().and_then(|place| place.clone());
        if let Some(handler) = handler.filter(|_| flags != 0) {
            // SAFETY: the handler is counted, and this is the main thread.
            unsafe { handler.restartComponent(flags) };
        }
    }
}

/// Tells a VST3 host what it should hear, if this is its main thread: restarts are taken nowhere else. On another
/// thread the framework is asked for a call there, which it gives while the window is open; otherwise the news wait
/// for the next call.
fn flush_news(link: &Link) {
    if !flush_here(link) {
        link.ask_main_thread();
    }
}

/// The same for a call that the framework gives; whether this is the main thread.
pub(super) fn flush_here(link: &Link) -> bool {
    let Some(side) = link.vst3.get() else {
        return true;
    };
    let here = std::thread::current().id() == side.main_thread;
    if here {
        let news = link.take_news();
        if !news.is_empty() {
            side.tell(news);
        }
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midi_parameters_have_names_that_hosts_leave_out() {
        assert_eq!(midi_name(params::COUNT - 1), None);
        assert_eq!(
            midi_name(params::COUNT).as_deref(),
            Some("MIDI CC 0, channel 1")
        );
        let last = params::COUNT + MIDI_PARAMS - 1;
        assert_eq!(midi_name(last).as_deref(), Some("MIDI CC bend, channel 16"));
    }

    #[test]
    fn text_is_cut_between_characters() {
        let mut place = [7_u16; 4];
        write_text(&mut place, "ab𝄞");
        assert_eq!(place, [u16::from(b'a'), u16::from(b'b'), 0, 0]);
    }
}
