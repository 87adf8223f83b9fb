//! The functions of libcsound that this folder calls, looked up by name at run time.
//!
//! The pointer types are checked against the declarations of `csound-sys` when this crate is compiled; only its types
//! are used, so nothing here asks the linker for libcsound.

use std::ffi::{c_char, c_double, c_int, c_long, c_uint, c_void};

pub(super) use csound_sys::CSOUND;
use csound_sys::opcodeListEntry;

/// Called for every message. The last argument is C's `va_list`: on every supported platform it is passed as a
/// pointer-sized value, which is all that is needed to hand it on to `vsnprintf`.
pub(super) type MessageCallback =
    unsafe extern "C" fn(*mut CSOUND, c_int, *const c_char, *mut c_void);

/// Called by `sensekey` for the key that was pressed.
pub(super) type KeyboardCallback =
    Option<unsafe extern "C" fn(*mut c_void, *mut c_void, c_uint) -> c_int>;

macro_rules! functions {
    (
        as csound_sys declares: { $($name:ident = $symbol:ident: $type:ty;)* }
        declared here: { $($own_name:ident = $own_symbol:ident: $own_type:ty;)* }
    ) => {
        /// Every function used, looked up once; copied by nobody, reached through [`Library`](super::Library).
        pub(super) struct Functions {
            $(pub(super) $name: $type,)*
            $(pub(super) $own_name: $own_type,)*
        }

        impl Functions {
            /// Looks every function up; the error is the name of the first one that is missing.
            ///
            /// # Safety
            /// `library` must be libcsound64 of version 6, and must never be unloaded.
            pub(super) unsafe fn look_up(library: &libloading::Library) -> Result<Functions, &'static str> {
                Ok(Functions {
                    // SAFETY: the types are those of csound-sys, checked below, or of csound.h.
                    $($name: unsafe { symbol(library, stringify!($symbol)) }?,)*
                    // SAFETY: as above.
                    $($own_name: unsafe { symbol(library, stringify!($own_symbol)) }?,)*
                })
            }
        }

        // Compiles only while our types and those of csound-sys agree; constants leave no trace in the binary.
        $(const _: $type = csound_sys::$symbol;)*
    };
}

functions! {
    as csound_sys declares: {
        initialize = csoundInitialize: unsafe extern "C" fn(c_int) -> c_int;
        version = csoundGetVersion: unsafe extern "C" fn() -> c_int;
        create = csoundCreate: unsafe extern "C" fn(*mut c_void) -> *mut CSOUND;
        destroy = csoundDestroy: unsafe extern "C" fn(*mut CSOUND);
        host_data = csoundGetHostData: unsafe extern "C" fn(*mut CSOUND) -> *mut c_void;
        set_host_audio = csoundSetHostImplementedAudioIO: unsafe extern "C" fn(*mut CSOUND, c_int, c_int);
        set_host_midi = csoundSetHostImplementedMIDIIO: unsafe extern "C" fn(*mut CSOUND, c_int);
        set_option = csoundSetOption: unsafe extern "C" fn(*mut CSOUND, *const c_char) -> c_int;
        set_keyboard = csoundRegisterKeyboardCallback:
            unsafe extern "C" fn(*mut CSOUND, KeyboardCallback, *mut c_void, c_uint) -> c_int;
        compile_document = csoundCompileCsdText: unsafe extern "C" fn(*mut CSOUND, *const c_char) -> c_int;
        compile_orchestra = csoundCompileOrc: unsafe extern "C" fn(*mut CSOUND, *const c_char) -> c_int;
        start = csoundStart: unsafe extern "C" fn(*mut CSOUND) -> c_int;
        perform_buffer = csoundPerformBuffer: unsafe extern "C" fn(*mut CSOUND) -> c_int;
        sample_rate = csoundGetSr: unsafe extern "C" fn(*mut CSOUND) -> c_double;
        ksmps = csoundGetKsmps: unsafe extern "C" fn(*mut CSOUND) -> u32;
        outputs = csoundGetNchnls: unsafe extern "C" fn(*mut CSOUND) -> u32;
        inputs = csoundGetNchnlsInput: unsafe extern "C" fn(*mut CSOUND) -> u32;
        full_scale = csoundGet0dBFS: unsafe extern "C" fn(*mut CSOUND) -> c_double;
        time_samples = csoundGetCurrentTimeSamples: unsafe extern "C" fn(*mut CSOUND) -> i64;
        spin = csoundGetSpin: unsafe extern "C" fn(*mut CSOUND) -> *mut c_void;
        spout = csoundGetSpout: unsafe extern "C" fn(*mut CSOUND) -> *mut c_void;
        score_event = csoundScoreEvent:
            unsafe extern "C" fn(*mut CSOUND, c_char, *const c_double, c_long) -> c_int;
        kill_instance = csoundKillInstance:
            unsafe extern "C" fn(*mut CSOUND, c_double, *const c_char, c_int, c_int) -> c_int;
        rewind = csoundRewindScore: unsafe extern "C" fn(*mut CSOUND);
        table = csoundGetTable: unsafe extern "C" fn(*mut CSOUND, *mut *mut c_double, c_int) -> c_int;
        channel = csoundGetChannelPtr:
            unsafe extern "C" fn(*mut CSOUND, *mut *mut c_double, *const c_char, c_int) -> c_int;
        new_opcode_list = csoundNewOpcodeList:
            unsafe extern "C" fn(*mut CSOUND, *mut *mut opcodeListEntry) -> c_int;
        dispose_opcode_list = csoundDisposeOpcodeList: unsafe extern "C" fn(*mut CSOUND, *mut opcodeListEntry);
    }
    declared here: {
        set_opcode_folder = csoundSetOpcodedir: unsafe extern "C" fn(*const c_char);
        set_default_messages = csoundSetDefaultMessageCallback: unsafe extern "C" fn(MessageCallback);
        set_messages = csoundSetMessageCallback: unsafe extern "C" fn(*mut CSOUND, MessageCallback);
    }
}

/// One function of `library`, as a pointer that outlives the handle it was looked up through.
///
/// # Safety
/// `T` must be the function's type and the library must never be unloaded.
unsafe fn symbol<T: Copy>(
    library: &libloading::Library,
    name: &'static str,
) -> Result<T, &'static str> {
    // SAFETY: the caller vouches for the type.
    unsafe { library.get::<T>(name) }
        .map(|found| *found)
        .map_err(|_| name)
}
