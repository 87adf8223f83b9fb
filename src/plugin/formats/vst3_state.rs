//! `getState` and `setState` of VST3 with the project's sound files behind nice-plug's state.

use super::packed::is_reasonable;
use super::vst3_tables::of;
use nice_plug::wrapper::vst3::vst3::Steinberg::IBStream_::IStreamSeekMode_;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{IComponent, IComponentVtbl};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    IBStream, IBStreamTrait, int32, int64, kInvalidArgument, kResultFalse, kResultOk, tresult,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComRef, ComWrapper};
use std::cell::Cell;
use std::ffi::c_void;

/// A state that is longer than this is none of ours.
const LONGEST: usize = 1 << 28;
/// Bytes read or written at once.
const PIECE: usize = 1 << 16;

/// nice-plug's functions with ours in place of two.
pub(super) fn functions(original: IComponentVtbl) -> IComponentVtbl {
    IComponentVtbl {
        getState: get_state,
        setState: set_state,
        ..original
    }
}

unsafe extern "system" fn get_state(this: *mut IComponent, stream: *mut IBStream) -> tresult {
    // SAFETY: the host calls this on a patched object.
    let (patched, link) = unsafe { of::<_, IComponentVtbl>(this) };
    // SAFETY: nice-plug's function on its own object; it checks the stream.
    let result = unsafe { ((*patched.original).getState)(this, stream) };
    if result != kResultOk {
        return result;
    }
    let pack = link.vault.pack();
    // SAFETY: the host passes null or a stream that is alive during the call.
    match unsafe { ComRef::from_raw(stream) } {
        Some(stream) if pack.chunks(PIECE).all(|piece| write(stream, piece)) => kResultOk,
        _ => kResultFalse,
    }
}

fn write(stream: ComRef<IBStream>, piece: &[u8]) -> bool {
    let mut written = 0;
    let from = piece.as_ptr().cast_mut().cast();
    // SAFETY: the piece has that many bytes, which the stream only reads.
    let result = unsafe { stream.write(from, piece.len() as int32, &mut written) };
    result == kResultOk && written as usize == piece.len()
}

unsafe extern "system" fn set_state(this: *mut IComponent, stream: *mut IBStream) -> tresult {
    // SAFETY: the host calls this on a patched object.
    let (patched, link) = unsafe { of::<_, IComponentVtbl>(this) };
    // SAFETY: the host passes null or a stream that is alive during the call.
    let Some(host) = (unsafe { ComRef::from_raw(stream) }) else {
        return kInvalidArgument;
    };
    let Some(bytes) = read(host) else {
        return kResultFalse;
    };
    let rest = link.vault.take_in(&bytes).to_vec();
    if !is_reasonable(&rest) {
        return kResultFalse;
    }
    let memory = ComWrapper::new(Memory {
        bytes: rest,
        at: Cell::new(0),
    });
    let Some(memory) = memory.to_com_ptr::<IBStream>() else {
        return kResultFalse;
    };
    // SAFETY: nice-plug's function on its own object, with a stream that lives during the call.
    let load = || unsafe { ((*patched.original).setState)(this, memory.as_ptr()) };
    link.vst3
        .get()
        .map_or_else(load, |side| side.while_loading(load))
}

/// All that a stream holds from where it stands. Some hosts never say `kResultOk`: what was read counts.
fn read(stream: ComRef<IBStream>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut piece = vec![0_u8; PIECE];
    loop {
        let mut count = 0;
        // SAFETY: the buffer has that many bytes.
        unsafe { stream.read(piece.as_mut_ptr().cast(), PIECE as int32, &mut count) };
        match usize::try_from(count).ok()? {
            0 => return Some(bytes),
            count if count <= PIECE && bytes.len() + count <= LONGEST => {
                bytes.extend_from_slice(&piece[..count]);
            }
            _ => return None,
        }
    }
}

/// Bytes as a stream that nice-plug reads.
struct Memory {
    bytes: Vec<u8>,
    at: Cell<usize>,
}

impl Class for Memory {
    type Interfaces = (IBStream,);
}

impl IBStreamTrait for Memory {
    unsafe fn read(&self, buffer: *mut c_void, wanted: int32, read: *mut int32) -> tresult {
        let rest = self.bytes.get(self.at.get()..).unwrap_or_default();
        let count = rest.len().min(usize::try_from(wanted).unwrap_or(0));
        if buffer.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: the reader's buffer has room for what it wants, and `read` is null or its number.
        unsafe {
            std::ptr::copy_nonoverlapping(rest.as_ptr(), buffer.cast(), count);
            if let Some(read) = read.as_mut() {
                *read = count as int32;
            }
        }
        self.at.set(self.at.get() + count);
        kResultOk
    }

    unsafe fn write(&self, _: *mut c_void, _: int32, _: *mut int32) -> tresult {
        kResultFalse
    }

    unsafe fn seek(&self, position: int64, mode: int32, result: *mut int64) -> tresult {
        let mode = mode as u32;
        let from = if mode == IStreamSeekMode_::kIBSeekSet {
            0
        } else if mode == IStreamSeekMode_::kIBSeekCur {
            self.at.get() as int64
        } else {
            self.bytes.len() as int64
        };
        let to = from
            .saturating_add(position)
            .clamp(0, self.bytes.len() as int64);
        self.at.set(to as usize);
        // SAFETY: null or the reader's number.
        if let Some(result) = unsafe { result.as_mut() } {
            *result = to;
        }
        kResultOk
    }

    unsafe fn tell(&self, position: *mut int64) -> tresult {
        // SAFETY: null or the reader's number.
        let Some(position) = (unsafe { position.as_mut() }) else {
            return kInvalidArgument;
        };
        *position = self.at.get() as int64;
        kResultOk
    }
}
