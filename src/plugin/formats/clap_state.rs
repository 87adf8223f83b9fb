//! `clap.state` with the project's sound files behind nice-plug's state.

use super::clap_shell::Shell;
use super::packed::is_reasonable;
use clap_sys::ext::state::clap_plugin_state;
use clap_sys::plugin::clap_plugin;
use clap_sys::stream::{clap_istream, clap_ostream};
use std::ffi::c_void;

/// A state that is longer than this is none of ours.
const LONGEST: usize = 1 << 28;
/// Bytes read at once.
const PIECE: usize = 1 << 16;

/// The functions for the host.
pub(super) static STATE: clap_plugin_state = clap_plugin_state {
    save: Some(save),
    load: Some(load),
};

unsafe extern "C" fn save(plugin: *const clap_plugin, stream: *const clap_ostream) -> bool {
    if plugin.is_null() || stream.is_null() {
        return false;
    }
    // SAFETY: the host passes the pointer it was given.
    let shell = unsafe { Shell::of(plugin) };
    let Some(save) = shell.state().and_then(|state| state.save) else {
        return false;
    };
    // SAFETY: nice-plug's function, its own plugin, the host's stream, which is valid during the call.
    unsafe { save(plugin, stream) && write(&*stream, &shell.link().vault.pack()) }
}

/// Writes all of it.
///
/// # Safety
/// The stream is valid.
unsafe fn write(stream: &clap_ostream, mut bytes: &[u8]) -> bool {
    let Some(write) = stream.write else {
        return false;
    };
    while !bytes.is_empty() {
        // SAFETY: as the caller promises; the buffer has that many bytes.
        let written = unsafe { write(stream, bytes.as_ptr().cast(), bytes.len() as u64) };
        match usize::try_from(written) {
            Ok(count) if (1..=bytes.len()).contains(&count) => bytes = &bytes[count..],
            _ => return false,
        }
    }
    true
}

unsafe extern "C" fn load(plugin: *const clap_plugin, stream: *const clap_istream) -> bool {
    if plugin.is_null() || stream.is_null() {
        return false;
    }
    // SAFETY: the host passes the pointer it was given.
    let shell = unsafe { Shell::of(plugin) };
    let Some(load) = shell.state().and_then(|state| state.load) else {
        return false;
    };
    // SAFETY: the host's stream is valid during the call.
    let Some(bytes) = (unsafe { read(&*stream) }) else {
        return false;
    };
    let mut rest = shell.link().vault.take_in(&bytes);
    // The length stands before it.
    if rest.get(8..).is_some_and(|state| !is_reasonable(state)) {
        return false;
    }
    let memory = clap_istream {
        ctx: (&raw mut rest).cast(),
        read: Some(read_memory),
    };
    // SAFETY: nice-plug's function, its own plugin, a stream that lives during the call.
    unsafe { load(plugin, &memory) }
}

/// All that a stream holds.
///
/// # Safety
/// The stream is valid.
unsafe fn read(stream: &clap_istream) -> Option<Vec<u8>> {
    let read = stream.read?;
    let mut bytes = Vec::new();
    let mut piece = vec![0_u8; PIECE];
    loop {
        // SAFETY: as the caller promises; the buffer has that many bytes.
        let count = unsafe { read(stream, piece.as_mut_ptr().cast(), PIECE as u64) };
        match usize::try_from(count).ok()? {
            0 => return Some(bytes),
            count if count <= PIECE && bytes.len() + count <= LONGEST => {
                bytes.extend_from_slice(&piece[..count]);
            }
            _ => return None,
        }
    }
}

/// Reads from a slice, which the stream's context leads to.
unsafe extern "C" fn read_memory(
    stream: *const clap_istream,
    buffer: *mut c_void,
    size: u64,
) -> i64 {
    // SAFETY: the stream was made by `load`, whose slice lives as long.
    let rest = unsafe { &mut *(*stream).ctx.cast::<&[u8]>() };
    let count = rest.len().min(usize::try_from(size).unwrap_or(usize::MAX));
    let (taken, left) = rest.split_at(count);
    // SAFETY: nice-plug's buffer has room for `size` bytes.
    unsafe { std::ptr::copy_nonoverlapping(taken.as_ptr(), buffer.cast(), count) };
    *rest = left;
    count as i64
}
