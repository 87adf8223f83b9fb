//! `clap.remote-controls` and `clap.note-name`: pages of parameters and names of keys that follow the document.

use super::clap_params::write_text;
use super::clap_shell::Shell;
use super::link::Link;
use crate::plugin::names::SlotFace;
use clap_sys::ext::note_name::{clap_note_name, clap_plugin_note_name};
use clap_sys::ext::remote_controls::{
    CLAP_REMOTE_CONTROLS_COUNT, clap_plugin_remote_controls, clap_remote_controls_page,
};
use clap_sys::id::CLAP_INVALID_ID;
use clap_sys::plugin::clap_plugin;

/// The pages for the host.
pub(super) static REMOTE_CONTROLS: clap_plugin_remote_controls = clap_plugin_remote_controls {
    count: Some(count_pages),
    get: Some(get_page),
};

/// The names of keys for the host.
pub(super) static NOTE_NAMES: clap_plugin_note_name = clap_plugin_note_name {
    count: Some(count_keys),
    get: Some(get_key),
};

/// Up to eight slots of one group.
#[derive(Debug, PartialEq)]
struct Page {
    group: String,
    /// Which of the group's pages it is, from 0.
    number: usize,
    slots: Vec<usize>,
}

impl Page {
    fn name(&self) -> String {
        match self.number {
            0 => self.group.clone(),
            number => format!("{} {}", self.group, number + 1),
        }
    }
}

/// One page or more for each group, in the order of their first slots.
fn pages(faces: impl Iterator<Item = (usize, SlotFace)>) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for (slot, face) in faces {
        let of_group = pages.iter().filter(|page| page.group == face.group).count();
        let open = pages
            .iter_mut()
            .rfind(|page| page.group == face.group)
            .filter(|page| page.slots.len() < CLAP_REMOTE_CONTROLS_COUNT);
        match open {
            Some(page) => page.slots.push(slot),
            None => pages.push(Page {
                group: face.group,
                number: of_group,
                slots: vec![slot],
            }),
        }
    }
    pages
}

fn pages_of(link: &Link) -> Vec<Page> {
    pages(link.names.list().into_iter())
}

unsafe extern "C" fn count_pages(plugin: *const clap_plugin) -> u32 {
    if plugin.is_null() {
        return 0;
    }
    // SAFETY: the host passes the pointer it was given.
    pages_of(unsafe { Shell::of(plugin) }.link()).len() as u32
}

unsafe extern "C" fn get_page(
    plugin: *const clap_plugin,
    index: u32,
    page: *mut clap_remote_controls_page,
) -> bool {
    if plugin.is_null() || page.is_null() {
        return false;
    }
    // SAFETY: the host passes the pointer it was given.
    let shell = unsafe { Shell::of(plugin) };
    let Some(found) = pages_of(shell.link()).into_iter().nth(index as usize) else {
        return false;
    };
    // SAFETY: the host's memory for a page, all of whose bit patterns are pages but for the flag, which is set here.
    let page = unsafe {
        page.write_bytes(0, 1);
        &mut *page
    };
    page.page_id = index;
    page.is_for_preset = true;
    write_text(&mut page.section_name, &found.group);
    write_text(&mut page.page_name, &found.name());
    page.param_ids = [CLAP_INVALID_ID; CLAP_REMOTE_CONTROLS_COUNT];
    for (id, slot) in page.param_ids.iter_mut().zip(found.slots) {
        let known = shell.params().and_then(|params| params.id_of_slot(slot));
        *id = known.unwrap_or(CLAP_INVALID_ID);
    }
    true
}

unsafe extern "C" fn count_keys(plugin: *const clap_plugin) -> u32 {
    if plugin.is_null() {
        return 0;
    }
    // SAFETY: the host passes the pointer it was given.
    unsafe { Shell::of(plugin) }.link().keys.len() as u32
}

unsafe extern "C" fn get_key(
    plugin: *const clap_plugin,
    index: u32,
    name: *mut clap_note_name,
) -> bool {
    if plugin.is_null() || name.is_null() {
        return false;
    }
    // SAFETY: the host passes the pointer it was given.
    let shell = unsafe { Shell::of(plugin) };
    let Some(key) = shell.link().keys.get(index as usize) else {
        return false;
    };
    // SAFETY: the host's memory for a name, all of whose bit patterns are names.
    let name = unsafe {
        name.write_bytes(0, 1);
        &mut *name
    };
    write_text(&mut name.name, &key.name);
    name.port = 0;
    name.key = key.key.into();
    name.channel = key.channel.map_or(-1, i16::from);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugin::names::Scale;
    use std::sync::Arc;

    struct Plain;

    impl Scale for Plain {
        fn text(&self, normalized: f64) -> String {
            normalized.to_string()
        }
        fn parse(&self, text: &str) -> Option<f64> {
            text.parse().ok()
        }
    }

    #[test]
    fn a_group_has_as_many_pages_as_it_needs() {
        let face = |group: &str| SlotFace {
            name: String::new(),
            group: group.to_owned(),
            default: 0.0,
            scale: Arc::new(Plain),
        };
        let faces = (0..12).map(|slot| (slot, face(if slot == 4 { "b" } else { "a" })));
        let pages = pages(faces);
        let names: Vec<String> = pages.iter().map(Page::name).collect();
        assert_eq!(names, ["a", "b", "a 2"]);
        assert_eq!(pages[0].slots, [0, 1, 2, 3, 5, 6, 7, 8]);
        assert_eq!(
            (&pages[1].slots[..], &pages[2].slots[..]),
            (&[4][..], &[9, 10, 11][..])
        );
    }
}
