//! CLAP's preset discovery: what there is to load, for the host's own browser. A preset is a document, one that comes
//! with the program or a file in the user's folder.

use crate::document::presets::{Kind as Purpose, Preset, Presets, Source, user_folder};
use crate::plugin::kind::{EffectKind, InstrumentKind, Kind};
use clap_sys::factory::preset_discovery::{
    CLAP_PRESET_DISCOVERY_IS_FACTORY_CONTENT, CLAP_PRESET_DISCOVERY_IS_USER_CONTENT,
    CLAP_PRESET_DISCOVERY_LOCATION_FILE, CLAP_PRESET_DISCOVERY_LOCATION_PLUGIN,
    clap_preset_discovery_factory, clap_preset_discovery_filetype, clap_preset_discovery_indexer,
    clap_preset_discovery_location, clap_preset_discovery_location_kind,
    clap_preset_discovery_metadata_receiver, clap_preset_discovery_provider,
    clap_preset_discovery_provider_descriptor,
};
use clap_sys::universal_plugin_id::clap_universal_plugin_id;
use clap_sys::version::CLAP_VERSION;
use std::ffi::{CStr, CString, c_char, c_void};
use std::path::{Path, PathBuf};
use std::ptr::null;
use std::sync::OnceLock;

/// The factory that hosts ask for.
pub(super) static FACTORY: clap_preset_discovery_factory = clap_preset_discovery_factory {
    count: Some(count),
    get_descriptor: Some(get_descriptor),
    create: Some(create),
};

const ID: &CStr = c"org.csound-session.documents";

struct Described(clap_preset_discovery_provider_descriptor);

// SAFETY: it is never written to, and its texts are static.
unsafe impl Sync for Described {}

static DESCRIPTOR: Described = Described(clap_preset_discovery_provider_descriptor {
    clap_version: CLAP_VERSION,
    id: ID.as_ptr(),
    name: c"Csound Session".as_ptr(),
    vendor: c"Csound Session".as_ptr(),
});

type Provider = clap_preset_discovery_provider;
type Receiver = clap_preset_discovery_metadata_receiver;

unsafe extern "C" fn count(_factory: *const clap_preset_discovery_factory) -> u32 {
    1
}

unsafe extern "C" fn get_descriptor(
    _factory: *const clap_preset_discovery_factory,
    index: u32,
) -> *const clap_preset_discovery_provider_descriptor {
    if index == 0 {
        &raw const DESCRIPTOR.0
    } else {
        null()
    }
}

unsafe extern "C" fn create(
    _factory: *const clap_preset_discovery_factory,
    indexer: *const clap_preset_discovery_indexer,
    id: *const c_char,
) -> *const Provider {
    // SAFETY: the host passes null or a C string.
    if indexer.is_null() || id.is_null() || unsafe { CStr::from_ptr(id) } != ID {
        return null();
    }
    Box::into_raw(Box::new(Provider {
        desc: &raw const DESCRIPTOR.0,
        provider_data: indexer.cast_mut().cast(),
        init: Some(init),
        destroy: Some(destroy),
        get_metadata: Some(get_metadata),
        get_extension: Some(get_extension),
    }))
}

unsafe extern "C" fn destroy(provider: *const Provider) {
    if !provider.is_null() {
        // SAFETY: by CLAP's contract the host calls this once, last, with the pointer that `create` gave it.
        drop(unsafe { Box::from_raw(provider.cast_mut()) });
    }
}

unsafe extern "C" fn get_extension(_: *const Provider, _: *const c_char) -> *const c_void {
    null()
}

/// Tells the host what kind of file there is, and where to look.
unsafe extern "C" fn init(provider: *const Provider) -> bool {
    // SAFETY: the host passes the pointer it was given; its indexer outlives the provider.
    let Some(indexer) = (unsafe {
        let provider = provider.as_ref();
        provider.and_then(|p| {
            p.provider_data
                .cast::<clap_preset_discovery_indexer>()
                .as_ref()
        })
    }) else {
        return false;
    };
    let filetype = clap_preset_discovery_filetype {
        name: c"Csound Session document".as_ptr(),
        description: c"Instruments in Csound, with what plays them".as_ptr(),
        file_extension: c"toml".as_ptr(),
    };
    // SAFETY: the host's function, with texts that live during the call.
    let known = indexer
        .declare_filetype
        .is_some_and(|declare| unsafe { declare(indexer, &filetype) });
    let user = user_folder().filter(|folder| folder.is_dir());
    known
        && declare(indexer, c"Factory", factory_folder(), true)
        && user.is_none_or(|folder| declare(indexer, c"User", Some(&folder), false))
}

/// Where the documents that come with the program stand for people to read, if they do. One file a preset is what
/// every host can take; without the folder they are told of in one go.
fn factory_folder() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let presets = Presets::factory();
        let file = presets.iter().next()?.source.path()?;
        file.parent().map(Path::to_owned)
    });
    folder.as_deref()
}

/// Names a place: a folder, or the program itself.
fn declare(
    indexer: &clap_preset_discovery_indexer,
    name: &CStr,
    folder: Option<&Path>,
    comes_along: bool,
) -> bool {
    let folder = folder.and_then(Path::to_str).map(c_text);
    let location = clap_preset_discovery_location {
        flags: flags(comes_along),
        name: name.as_ptr(),
        kind: match folder {
            Some(_) => CLAP_PRESET_DISCOVERY_LOCATION_FILE,
            None => CLAP_PRESET_DISCOVERY_LOCATION_PLUGIN,
        },
        location: folder.as_ref().map_or(null(), |folder| folder.as_ptr()),
    };
    // SAFETY: the host's function, with texts that live during the call.
    indexer
        .declare_location
        .is_some_and(|declare| unsafe { declare(indexer, &location) })
}

fn flags(comes_along: bool) -> u32 {
    if comes_along {
        CLAP_PRESET_DISCOVERY_IS_FACTORY_CONTENT
    } else {
        CLAP_PRESET_DISCOVERY_IS_USER_CONTENT
    }
}

/// What a host means by a place, with the key that tells presets of one place apart.
///
/// # Safety
/// Both are null or C strings.
pub(super) unsafe fn source(
    kind: clap_preset_discovery_location_kind,
    location: *const c_char,
    key: *const c_char,
) -> Option<Source> {
    // SAFETY: as the caller promises.
    let text = |text: *const c_char| unsafe {
        (!text.is_null()).then(|| CStr::from_ptr(text).to_str().ok())?
    };
    match kind {
        CLAP_PRESET_DISCOVERY_LOCATION_PLUGIN => Some(Source::Factory(text(key)?.to_owned())),
        CLAP_PRESET_DISCOVERY_LOCATION_FILE => Some(Source::File(text(location)?.into())),
        _ => None,
    }
}

unsafe extern "C" fn get_metadata(
    _provider: *const Provider,
    kind: clap_preset_discovery_location_kind,
    location: *const c_char,
    receiver: *const Receiver,
) -> bool {
    // SAFETY: the host's receiver is valid during the call.
    let Some(receiver) = (unsafe { receiver.as_ref() }) else {
        return false;
    };
    match kind {
        CLAP_PRESET_DISCOVERY_LOCATION_PLUGIN => {
            let presets = Presets::factory();
            presets.iter().all(|preset| tell(receiver, preset))
        }
        // SAFETY: the host passes null or a C string.
        CLAP_PRESET_DISCOVERY_LOCATION_FILE => match unsafe { source(kind, location, null()) } {
            Some(Source::File(path)) => tell_file(receiver, &path),
            _ => false,
        },
        _ => false,
    }
}

/// Scores stand beside documents and have their ending, but are nothing to load.
fn tell_file(receiver: &Receiver, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    if name.is_some_and(|name| name.ends_with(".score.toml")) {
        return true;
    }
    match Preset::of_file(path) {
        Ok(preset) => tell(receiver, &preset),
        Err(problems) => {
            let told = problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            if let Some(on_error) = receiver.on_error {
                // SAFETY: the host's function, with a text that lives during the call.
                unsafe { on_error(receiver, 0, c_text(&told).as_ptr()) };
            }
            false
        }
    }
}

/// Tells the host of one preset; false if it does not want any more.
fn tell(receiver: &Receiver, preset: &Preset) -> bool {
    let (key, comes_along) = match &preset.source {
        Source::Factory(name) => (Some(c_text(name)), true),
        Source::File(path) => {
            let folder = factory_folder();
            (None, folder.is_some_and(|folder| path.starts_with(folder)))
        }
    };
    let plugin = match preset.kind() {
        Purpose::Instrument => c_text(InstrumentKind::CLAP_ID),
        Purpose::Effect => c_text(EffectKind::CLAP_ID),
    };
    let plugin = clap_universal_plugin_id {
        abi: c"clap".as_ptr(),
        id: plugin.as_ptr(),
    };
    let key = key.as_ref().map_or(null(), |key| key.as_ptr());
    // SAFETY: the host's functions, with texts that live during the calls.
    unsafe {
        let name = c_text(&preset.name);
        let wanted = receiver
            .begin_preset
            .is_some_and(|begin| begin(receiver, name.as_ptr(), key));
        if !wanted {
            return false;
        }
        if let Some(add) = receiver.add_plugin_id {
            add(receiver, &plugin);
        }
        if let Some(set) = receiver.set_flags {
            set(receiver, flags(comes_along));
        }
        let say = |function: Option<unsafe extern "C" fn(*const Receiver, *const c_char)>,
                   text: &str| {
            if let Some(function) = function.filter(|_| !text.is_empty()) {
                function(receiver, c_text(text).as_ptr());
            }
        };
        say(receiver.add_creator, &preset.author);
        say(receiver.set_description, &preset.description);
        preset
            .tags
            .iter()
            .for_each(|tag| say(receiver.add_feature, tag));
    }
    true
}

/// A text as C has it; a zero in it ends it.
pub(super) fn c_text(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    // There is no zero before the first one.
    CString::new(&text[..end]).unwrap_or_default()
}
