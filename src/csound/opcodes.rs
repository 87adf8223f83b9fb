//! The list of opcodes an instance knows.

use std::ffi::{CStr, c_char};
use std::ptr;

use super::instance::Csound;

/// One form of an opcode, as Csound describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpcodeEntry {
    /// Without the suffix that tells its forms apart.
    pub name: String,
    /// Types of its results, in Csound's letters.
    pub outputs: String,
    /// Types of its arguments, in Csound's letters.
    pub inputs: String,
}

impl Csound {
    /// Every opcode this instance knows, sorted by name. Allocates much; not for the audio thread.
    pub fn opcodes(&mut self) -> Vec<OpcodeEntry> {
        let mut list = ptr::null_mut();
        // SAFETY: a live instance that nobody else has; `list` is written once.
        let count = unsafe { (self.functions.new_opcode_list)(self.raw(), &mut list) };
        let Some(count) = usize::try_from(count).ok().filter(|_| !list.is_null()) else {
            return Vec::new();
        };
        // SAFETY: Csound says that this many entries are there; they live until the list is disposed of.
        let entries = unsafe { std::slice::from_raw_parts(list, count) };
        let opcodes = entries
            .iter()
            .map(|entry| OpcodeEntry {
                name: text(entry.opname),
                outputs: text(entry.outypes),
                inputs: text(entry.intypes),
            })
            .collect();
        // SAFETY: the list came from this instance, and nothing refers to it any more.
        unsafe { (self.functions.dispose_opcode_list)(self.raw(), list) };
        opcodes
    }
}

fn text(string: *const c_char) -> String {
    if string.is_null() {
        return String::new();
    }
    // SAFETY: a C string inside a list that is still there.
    unsafe { CStr::from_ptr(string) }
        .to_string_lossy()
        .into_owned()
}
