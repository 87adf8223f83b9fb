//! What ties an instance to its host beyond nice-plug: the names of its parameters, its buses, and the
//! host's ear for "something has changed".

use super::buses::Buses;
use super::vst3_tables::{self, Vst3Side};
use crate::plugin::keys::KeyNames;
use crate::plugin::model::Model;
use crate::plugin::moves::Moves;
use crate::plugin::names::SlotNames;
use crate::plugin::params::PluginParams;
use crate::plugin::vault::Vault;
use nice_plug::prelude::AudioIOLayout;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};

/// Something that a host should hear about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Names, groups, defaults or visibility of parameters.
    Titles = 1,
    /// Values of parameters.
    Values = 2,
    /// The project is not saved any more.
    Dirty = 4,
}

/// A set of [`News`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewsSet(u32);

impl NewsSet {
    /// Whether the set holds `news`.
    pub fn has(self, news: News) -> bool {
        self.0 & news as u32 != 0
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Asks for a call.
pub type Wake = Box<dyn Fn() + Send>;

/// One instance's link to its host. Made before the instance, which takes it up in its constructor.
pub struct Link {
    /// The parameters' current names.
    pub names: Arc<SlotNames>,
    /// The names of keys.
    pub keys: KeyNames,
    /// The sound files in the project.
    pub vault: Vault,
    /// The buses that the host is to provide.
    pub(super) buses: Buses,
    /// What the host's block moves.
    pub moves: Moves,
    /// The VST3 side, in a VST3 host.
    pub(super) vst3: OnceLock<Box<Vst3Side>>,
    params: OnceLock<Weak<PluginParams>>,
    model: OnceLock<Weak<Model>>,
    news: AtomicU32,
    wake: Mutex<Option<Wake>>,
    main_thread: Mutex<Option<Wake>>,
}

thread_local! {
    static NEXT: RefCell<Option<Arc<Link>>> = const { RefCell::new(None) };
}

impl Link {
    /// A link that no format knows yet.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            names: Arc::default(),
            keys: KeyNames::default(),
            vault: Vault::default(),
            buses: Buses::default(),
            moves: Moves::default(),
            vst3: OnceLock::new(),
            params: OnceLock::new(),
            model: OnceLock::new(),
            news: AtomicU32::new(0),
            wake: Mutex::new(None),
            main_thread: Mutex::new(None),
        })
    }

    /// Runs `make`, which constructs an instance; its constructor finds `self` in [`Link::take_up`].
    pub(super) fn hand_over<T>(self: &Arc<Self>, make: impl FnOnce() -> T) -> T {
        NEXT.set(Some(Arc::clone(self)));
        let made = make();
        NEXT.set(None);
        made
    }

    /// For the constructor of an instance: the link that its format prepared, or a fresh one where there is none
    /// (the stand-alone program).
    pub fn take_up() -> Arc<Self> {
        NEXT.take().unwrap_or_else(Self::new)
    }

    /// Tells the link which parameters the instance has.
    pub fn bind_params(&self, params: &Arc<PluginParams>) {
        let _ = self.params.set(Arc::downgrade(params));
    }

    /// Tells the link the instance's model.
    pub fn bind_model(&self, model: &Arc<Model>) {
        let _ = self.model.set(Arc::downgrade(model));
    }

    pub(super) fn model(&self) -> Option<Arc<Model>> {
        self.model.get()?.upgrade()
    }

    pub(super) fn params(&self) -> Option<Arc<PluginParams>> {
        self.params.get()?.upgrade()
    }

    /// Tells the link the layout and the largest block, from `activate`. Allocates.
    pub fn set_layout(&self, layout: &AudioIOLayout, max_frames: usize) {
        self.buses.announce(layout, max_frames);
    }

    /// Whether the host speaks VST3. Realtime-safe.
    pub fn is_vst3(&self) -> bool {
        self.vst3.get().is_some()
    }

    pub(super) fn set_wake(&self, wake: Wake) {
        if let Ok(mut place) = self.wake.lock() {
            *place = Some(wake);
        }
    }

    /// Tells the link how to get a call of [`Link::flush`] on the main thread.
    pub fn set_main_thread(&self, ask: Wake) {
        if let Ok(mut place) = self.main_thread.lock() {
            *place = Some(ask);
        }
    }

    /// Asks for a call of [`Link::flush`] on the main thread.
    pub(super) fn ask_main_thread(&self) {
        if let Ok(ask) = self.main_thread.lock()
            && let Some(ask) = ask.as_ref()
        {
            ask();
        }
    }

    /// Tells a VST3 host what has not been told yet, if this is its main thread.
    pub fn flush(&self) {
        vst3_tables::flush_here(self);
    }

    /// Forgets the host: nothing is told any more. For the end of the instance, whose link a background thread may
    /// hold a moment longer.
    pub fn close(&self) {
        if let Ok(mut place) = self.wake.lock() {
            *place = None;
        }
        if let Ok(mut place) = self.main_thread.lock() {
            *place = None;
        }
        if let Some(side) = self.vst3.get() {
            side.forget_handler();
        }
    }

    /// Notes that the host should hear of `news`, and asks it for a call on its main thread. Any thread but the
    /// audio thread.
    pub fn tell(&self, news: News) {
        self.news.fetch_or(news as u32, Ordering::AcqRel);
        if let Ok(wake) = self.wake.lock()
            && let Some(wake) = wake.as_ref()
        {
            wake();
        }
    }

    /// Takes what has not been told yet.
    pub(super) fn take_news(&self) -> NewsSet {
        NewsSet(self.news.swap(0, Ordering::AcqRel))
    }
}
