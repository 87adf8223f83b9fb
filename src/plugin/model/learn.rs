//! Controls that learn MIDI controllers. What is learned is part of the document.

use super::Model;

impl Model {
    /// Has the control of a slot wait for the next MIDI controller, or none. Any thread but the audio thread.
    pub fn learn(&self, slot: Option<usize>) {
        let slot = slot.and_then(|slot| u8::try_from(slot).ok());
        self.signals.learn(slot);
    }

    /// The slot that waits.
    pub fn learning(&self) -> Option<usize> {
        self.signals.learning().map(usize::from)
    }

    /// The controller that moves a slot.
    pub fn controller_of(&self, slot: usize) -> Option<u8> {
        let desk = self.desk();
        let slots = &desk.specification.as_ref()?.program.slots;
        slots.get(slot).filter(|entry| entry.live)?.controller
    }

    /// Takes the controller of a slot away, soon. Any thread but the audio thread.
    pub fn forget_controller(&self, slot: usize) {
        if let Ok(slot) = u8::try_from(slot) {
            self.signals.forget(slot);
        }
    }

    /// Notes what was learned. For the background thread.
    pub(super) fn end_lesson(&self) {
        if let Some((slot, controller)) = self.signals.take_learned() {
            self.set_controller(slot.into(), controller);
        }
    }

    fn set_controller(&self, slot: usize, controller: Option<u8>) {
        let document = {
            let desk = self.desk();
            let slots = desk.specification.as_ref().map(|s| &s.program.slots);
            let Some(entry) = slots.and_then(|slots| slots.get(slot)) else {
                return;
            };
            let name = entry.name();
            let mut document = self.current(&desk);
            match controller {
                Some(controller) => document.learned.insert(name, controller.into()),
                None => document.learned.remove(&name),
            };
            document
        };
        self.open(document);
    }
}
