//! Notes: which layers take them, who is stolen, what mono and legato do.

use super::Program;
use super::controls::Controls;
use super::mpe::Channels;
use super::note::Note;
use crate::session::command::{Expression, HostEvent, NoteAddress};
use crate::session::layer::Mode;
use crate::session::outbox::Outbox;

/// A key going down.
#[derive(Clone, Copy)]
pub(crate) struct Press {
    pub(crate) address: NoteAddress,
    /// 0..=1.
    pub(crate) velocity: f64,
    /// Samples from the start of the cycle.
    pub(crate) offset: usize,
}

impl Press {
    pub(super) fn key(&self) -> u8 {
        self.address.key.unwrap_or(60)
    }
}

impl Program {
    /// Starts a note in every layer that takes it.
    pub(crate) fn note_on(&mut self, press: Press, controls: &Controls, outbox: &mut Outbox) {
        let channel = controls.part_channel(press.address.channel.unwrap_or(0)) + 1;
        self.notes.begin_press();
        for layer in 0..self.plan.layers.len() {
            if !self.plan.layers[layer].takes(channel, press.key(), press.velocity) {
                continue;
            }
            if self.plan.layers[layer].mode != Mode::Poly {
                self.held[layer].press(press.address, press.velocity);
            }
            self.press(layer, press, controls, outbox);
        }
    }

    fn press(&mut self, layer: usize, press: Press, controls: &Controls, outbox: &mut Outbox) {
        match self.plan.layers[layer].mode {
            Mode::Poly => self.release_beyond_voices(layer),
            Mode::Mono => self.release_layer(layer),
            Mode::Legato if self.plan.layers[layer].parts.iter().any(|part| part.glides) => {
                if self.glide(layer, press, outbox) {
                    return;
                }
            }
            Mode::Legato => self.release_layer(layer),
        }
        self.end_beyond_voices(layer, outbox);
        self.start_note(layer, press, controls, outbox);
    }

    /// Releases notes. In a mono or legato layer a key that is still down sounds again.
    pub(crate) fn note_off(
        &mut self,
        address: &NoteAddress,
        offset: usize,
        controls: &Controls,
        outbox: &mut Outbox,
    ) {
        for layer in 0..self.held.len() {
            if self.held[layer].lift(address)
                && let Some((last, velocity)) = self.held[layer].last()
            {
                self.return_to(
                    layer,
                    address,
                    Press {
                        address: last,
                        velocity,
                        offset,
                    },
                    controls,
                    outbox,
                );
            }
        }
        for index in 0..self.notes.capacity() {
            let Some(note) = self.notes.get_mut(index) else {
                continue;
            };
            if !note.held || !address.reaches(&note.address) {
                continue;
            }
            if controls.sustains(note.address.channel.unwrap_or(0)) {
                note.pedalled = true;
            } else {
                self.release_note(index);
            }
        }
    }

    /// The sounding key of a mono layer went up while others are down: the last of them takes over.
    fn return_to(
        &mut self,
        layer: usize,
        lifted: &NoteAddress,
        press: Press,
        controls: &Controls,
        outbox: &mut Outbox,
    ) {
        let sounding = self
            .notes
            .iter()
            .find(|(_, note)| note.layer == layer && note.held);
        if sounding.is_some_and(|(_, note)| lifted.reaches(&note.address)) {
            self.notes.begin_press();
            self.press(layer, press, controls, outbox);
        }
    }

    /// Lets go of the notes that only the pedal kept, on a channel.
    pub(crate) fn lift_pedal(&mut self, channel: u8) {
        for index in 0..self.notes.capacity() {
            let pedalled = self.notes.get(index).is_some_and(|note| {
                note.pedalled && note.held && note.address.channel.unwrap_or(0) == channel
            });
            if pedalled {
                self.release_note(index);
            }
        }
    }

    /// Releases every note, the pedal notwithstanding.
    pub(crate) fn release_all_notes(&mut self) {
        self.held.iter_mut().for_each(super::notes::HeldKeys::clear);
        for index in 0..self.notes.capacity() {
            self.release_note(index);
        }
    }

    /// Releases the note that has been held for longest.
    pub(crate) fn release_oldest(&mut self) {
        let held = self.notes.iter().filter(|(_, note)| note.held);
        if let Some((oldest, _)) = held.min_by_key(|(_, note)| note.age) {
            self.release_parts(oldest);
        }
    }

    /// Releases every note of a channel.
    pub(crate) fn release_channel(&mut self, channel: u8) {
        self.held.iter_mut().for_each(|held| {
            held.lift(&NoteAddress {
                channel: Some(channel),
                key: None,
                id: None,
            });
        });
        for index in 0..self.notes.capacity() {
            let on_channel = |note: &Note| note.address.channel.unwrap_or(0) == channel;
            if self.notes.get(index).is_some_and(on_channel) {
                self.release_note(index);
            }
        }
    }

    /// Releases the notes of mono and legato layers that a newer program's note replaces.
    pub(crate) fn yield_mono(&mut self, press: Press, controls: &Controls) {
        let channel = controls.part_channel(press.address.channel.unwrap_or(0)) + 1;
        for layer in 0..self.plan.layers.len() {
            let plan = &self.plan.layers[layer];
            if plan.mode != Mode::Poly && plan.takes(channel, press.key(), press.velocity) {
                self.held[layer].clear();
                self.release_layer(layer);
            }
        }
    }

    /// Ends notes at once.
    pub(crate) fn choke(&mut self, address: &NoteAddress, outbox: &mut Outbox) {
        self.held.iter_mut().for_each(|held| {
            held.lift(address);
        });
        for index in 0..self.notes.capacity() {
            if self
                .notes
                .get(index)
                .is_some_and(|note| address.reaches(&note.address))
            {
                self.kill_note(index, outbox);
            }
        }
    }

    /// Sets an expression of notes.
    pub(crate) fn express(&mut self, address: &NoteAddress, kind: Expression, value: f64) {
        for note in self
            .notes
            .iter_mut()
            .filter(|note| address.reaches(&note.address))
        {
            note.values.express(kind, value);
            note.changed = true;
        }
    }

    /// Modulates a slot for notes.
    pub(crate) fn modulate_notes(
        &mut self,
        address: &NoteAddress,
        slot: u8,
        offset: f64,
        outbox: &mut Outbox,
    ) {
        for note in self
            .notes
            .iter_mut()
            .filter(|note| address.reaches(&note.address))
        {
            if !note.modulate(slot, offset) {
                outbox.count_dropped();
            }
        }
    }

    /// The bend, pressure or a controller of channels has moved.
    pub(crate) fn channels_changed(&mut self, channels: Channels) {
        let on_channel = |note: &&mut Note| channels.has(note.address.channel.unwrap_or(0));
        self.notes
            .iter_mut()
            .filter(on_channel)
            .for_each(|note| note.changed = true);
    }

    /// Gives every key that is held to `visit`, oldest first. That its notes end is no news to the host then.
    pub(crate) fn hand_over(&mut self, mut visit: impl FnMut(&Note)) {
        let mut last = 0;
        while let Some(note) = self.next_held(last) {
            last = note.age;
            // A key may have started a note in more than one layer.
            if self
                .first_of(&note.address)
                .is_some_and(|first| first.age == note.age)
            {
                visit(note);
            }
        }
        let held = self.notes.iter_mut().filter(|note| note.held);
        held.for_each(|note| note.handed_over = true);
    }

    fn next_held(&self, after: u64) -> Option<&Note> {
        let held = self.notes.iter().map(|(_, note)| note);
        held.filter(|note| note.held && note.age > after)
            .min_by_key(|note| note.age)
    }

    /// The oldest held note of an address.
    fn first_of(&self, address: &NoteAddress) -> Option<&Note> {
        let notes = self.notes.iter().map(|(_, note)| note);
        notes
            .filter(|note| note.held && note.address == *address)
            .min_by_key(|note| note.age)
    }

    /// How many notes and synths of the session are held, and how many sound.
    pub(crate) fn count_held(&self) -> (usize, usize) {
        let held = self.notes.iter().filter(|(_, note)| note.held).count();
        let (requests_held, requests) = self.count_requests();
        (held + requests_held, self.notes.len() + requests)
    }

    /// When as many notes are held as a layer has voices, the oldest is released.
    fn release_beyond_voices(&mut self, layer: usize) {
        let (_, held) = self.notes.count_of(layer);
        if held >= self.plan.layers[layer].voices
            && let Some(oldest) = self.notes.oldest(layer, true)
        {
            self.release_parts(oldest);
        }
    }

    /// When twice as many notes sound as a layer has voices, the oldest that was released is ended: for more of them
    /// there is no memory.
    fn end_beyond_voices(&mut self, layer: usize, outbox: &mut Outbox) {
        let (sounding, _) = self.notes.count_of(layer);
        if sounding >= 2 * self.plan.layers[layer].voices
            && let Some(oldest) = self.notes.oldest(layer, false)
        {
            self.kill_note(oldest, outbox);
            outbox.count_dropped();
        }
    }

    fn release_layer(&mut self, layer: usize) {
        for index in 0..self.notes.capacity() {
            if self
                .notes
                .get(index)
                .is_some_and(|note| note.layer == layer && note.held)
            {
                self.release_note(index);
            }
        }
    }

    /// Gives a legato layer's sounding note a new key. False when none sounds.
    fn glide(&mut self, layer: usize, press: Press, outbox: &mut Outbox) -> bool {
        let Some(note) = self
            .notes
            .iter_mut()
            .find(|note| note.layer == layer && note.held)
        else {
            return false;
        };
        if note.address != press.address {
            outbox.tell_host(HostEvent::VoiceEnded {
                offset: outbox.offset,
                note: note.address,
            });
        }
        note.address = press.address;
        note.pedalled = false;
        note.values.key = f64::from(press.key());
        note.values.velocity = press.velocity;
        note.changed = true;
        true
    }

    fn release_note(&mut self, index: usize) {
        if self.notes.get(index).is_some_and(|note| note.held) {
            self.release_parts(index);
        }
    }
}
