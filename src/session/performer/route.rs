//! Commands to programs: new notes to the newest, everything else to whom it concerns.

use super::automation::Plan;
use super::handles::Phase;
use super::{Assigned, Performer};
use crate::session::command::{ArgKey, Command, Ending, Lasting, NoteAddress, Report, SynthId};
use crate::session::name::NameId;
use crate::session::program::Program;
use crate::session::program::api::Request;
use crate::session::program::controls::{ALL_NOTES_OFF, ALL_SOUND_OFF, RESET, SUSTAIN, SlotState};
use crate::session::program::mpe::{Channels, DATA};
use crate::session::program::voices::Press;

impl Performer {
    /// Carries out a command `offset` samples into the cycle.
    pub(super) fn apply(&mut self, command: Command, offset: usize) {
        // Long because it is the table of all commands.
        match command {
            Command::NoteOn { note, velocity } => self.note_on(Press {
                address: note,
                velocity,
                offset,
            }),
            Command::NoteOff { note } => self.note_off(&note, offset),
            Command::Choke { note } => self.choke(&note),
            Command::Express { note, kind, value } => {
                self.programs()
                    .for_each(|program| program.express(&note, kind, value));
            }
            Command::Bend { channel, value } => self.bend(channel, value),
            Command::ChannelPressure { channel, value } => self.pressure(channel, value),
            Command::Controller {
                channel,
                number,
                value,
            } => self.controller(channel, number, value),
            Command::AllNotesOff => self.programs().for_each(Program::release_all_notes),
            Command::Panic => self.panic(),
            Command::Unmute => self.unmute(),
            Command::Slot { slot, value } => self.slot(slot, |state| {
                (state.value, state.learned) = (Some(value), None);
            }),
            Command::Relieve { on } => self.tally.relieves = on,
            Command::SlotModulation { slot, offset } => {
                self.slot(slot, |state| state.modulation = offset)
            }
            Command::NoteModulation { slot, note, offset } => {
                self.modulate_notes(slot, &note, offset)
            }
            Command::Start {
                synth,
                instr,
                priority,
                lasting,
            } => {
                self.start(Start {
                    synth,
                    instr,
                    priority,
                    lasting,
                    offset,
                });
            }
            Command::Argument { synth, key, value } => self.argument(synth, key, value),
            Command::Set { synth, key, value } => self.set(synth, key, value),
            Command::Stop { synth } => self.stop(synth),
            Command::StopAll { future } => self.stop_all(future),
            Command::Point {
                automation,
                time,
                value,
            } => {
                if !self.automations.point(automation, time, value) {
                    self.outbox.count_dropped();
                }
            }
            Command::Automate {
                automation,
                moves,
                mode,
                overtake,
            } => {
                let start = self.cycle_start + offset as u64;
                let plan = Plan {
                    moves,
                    mode,
                    overtakes: overtake,
                    start,
                };
                self.begin_automation(automation, &plan);
            }
            Command::Cancel { automation } => self.end_automation(automation),
            Command::AssignBus { bus, token, value } => {
                self.assign_bus(Assigned {
                    id: bus,
                    token,
                    value,
                });
            }
            Command::FreeBus { bus } => self.free_bus(bus),
            Command::SetBus { bus, value } => self.set_bus(bus, value),
        }
    }

    pub(super) fn programs(&mut self) -> impl Iterator<Item = &mut Program> {
        self.running.iter_mut().map(|running| &mut *running.program)
    }

    fn note_on(&mut self, press: Press) {
        let Some((newest, older)) = self.running.split_last_mut() else {
            return self.outbox.count_dropped();
        };
        older
            .iter_mut()
            .for_each(|running| running.program.yield_mono(press, &self.controls));
        newest
            .program
            .note_on(press, &self.controls, &mut self.outbox);
    }

    fn note_off(&mut self, note: &NoteAddress, offset: usize) {
        for running in &mut self.running {
            running
                .program
                .note_off(note, offset, &self.controls, &mut self.outbox);
        }
    }

    fn choke(&mut self, note: &NoteAddress) {
        for running in &mut self.running {
            running.program.choke(note, &mut self.outbox);
        }
    }

    pub(super) fn panic(&mut self) {
        for running in &mut self.running {
            running
                .program
                .for_requests(|id| end(&mut self.handles, &mut self.outbox, id));
            running.program.panic(&mut self.outbox);
        }
        self.outbox.end_sent(self.position);
        self.controls.reset_channels();
    }

    pub(crate) fn unmute(&mut self) {
        for running in self
            .running
            .iter_mut()
            .filter(|running| running.program.fault().is_some())
        {
            running
                .program
                .for_requests(|id| end(&mut self.handles, &mut self.outbox, id));
            running.program.unmute(&mut self.outbox);
        }
    }

    fn bend(&mut self, channel: u8, value: f64) {
        let concerned = self.controls.bend(channel, value);
        self.channels_changed(concerned);
    }

    fn pressure(&mut self, channel: u8, value: f64) {
        let concerned = self.controls.pressure(channel, value);
        self.channels_changed(concerned);
    }

    fn channels_changed(&mut self, channels: Channels) {
        self.programs()
            .for_each(|program| program.channels_changed(channels));
    }

    fn controller(&mut self, channel: u8, number: u8, value: f64) {
        let concerned = self.controls.controller(channel, number, value);
        self.channels_changed(concerned);
        self.follow_learned(number, value);
        for channel in concerned.iter() {
            let sustains = self.controls.sustains(channel);
            match number {
                // The latter may have changed a zone, which forgets its pedals.
                SUSTAIN | DATA | RESET if !sustains => {
                    self.programs().for_each(|p| p.lift_pedal(channel))
                }
                ALL_NOTES_OFF => self.programs().for_each(|p| p.release_channel(channel)),
                ALL_SOUND_OFF => self.choke(&NoteAddress {
                    channel: Some(channel),
                    key: None,
                    id: None,
                }),
                _ => {}
            }
        }
    }

    /// Moves the slots that have learned a controller, as a host would; the host is not told.
    fn follow_learned(&mut self, number: u8, value: f64) {
        let mut slots = 0_u128;
        if let Some(newest) = self.running.last() {
            let learned = newest.program.learned(number);
            slots = learned.fold(0, |slots, slot| slots | 1 << slot);
        }
        while slots != 0 {
            let slot = slots.trailing_zeros() as u8;
            slots &= slots - 1;
            self.slot(slot, |state| state.learned = Some(value));
        }
    }

    fn slot(&mut self, slot: u8, change: impl FnOnce(&mut SlotState)) {
        let Some(state) = self.controls.slots.get_mut(usize::from(slot)) else {
            return;
        };
        change(state);
        let state = *state;
        self.programs()
            .for_each(|program| program.slot_changed(usize::from(slot), &state));
    }

    fn modulate_notes(&mut self, slot: u8, note: &NoteAddress, offset: f64) {
        for running in &mut self.running {
            running
                .program
                .modulate_notes(note, slot, offset, &mut self.outbox);
        }
    }

    fn start(&mut self, start: Start) {
        self.handles.claim(start.synth);
        if self.handles.phase(start.synth) != Phase::Waiting {
            return; // It was cancelled.
        }
        let slice = self.running.last_mut().and_then(|newest| {
            let request = start.request(self.handles.args(start.synth));
            Some((
                newest.serial,
                newest.program.start_request(request, &mut self.outbox)?,
            ))
        });
        let (phase, report) = match slice {
            Some((program, slice)) => (
                Phase::Playing { program, slice },
                Report::Started { synth: start.synth },
            ),
            None => (
                Phase::Free,
                Report::Ended {
                    synth: start.synth,
                    how: Ending::Refused,
                },
            ),
        };
        self.handles.set_phase(start.synth, phase);
        self.outbox.report(report);
    }

    fn argument(&mut self, synth: SynthId, key: ArgKey, value: f64) {
        if !self.handles.give(synth, key, value) {
            self.outbox.count_dropped();
        }
    }

    pub(super) fn set(&mut self, synth: SynthId, key: ArgKey, value: f64) {
        self.handles.claim(synth);
        match self.handles.phase(synth) {
            Phase::Waiting => self.argument(synth, key, value),
            Phase::Playing { program, slice } => {
                if let Some(program) = self.program(program) {
                    program.set(slice, synth, key, value);
                }
            }
            Phase::Free => {}
        }
    }

    fn stop(&mut self, synth: SynthId) {
        self.handles.claim(synth);
        match self.handles.phase(synth) {
            Phase::Waiting => {
                self.handles.set_phase(synth, Phase::Free);
                self.outbox.report(Report::Ended {
                    synth,
                    how: Ending::Cancelled,
                });
            }
            Phase::Playing { program, slice } => {
                if let Some(program) = self.program(program) {
                    program.stop(slice, synth);
                }
            }
            Phase::Free => {}
        }
    }

    pub(super) fn stop_all(&mut self, future: bool) {
        self.programs().for_each(Program::stop_all_requests);
        for index in 0..if future { self.handles.len() } else { 0 } {
            if let Some(synth) = self.handles.waiting_at(index) {
                self.stop(synth);
            }
        }
    }

    pub(super) fn program(&mut self, serial: u64) -> Option<&mut Program> {
        let running = self
            .running
            .iter_mut()
            .find(|running| running.serial == serial)?;
        Some(&mut running.program)
    }
}

/// Forgets a synth that ended without its program noticing.
pub(super) fn end(
    handles: &mut super::handles::Handles,
    outbox: &mut crate::session::outbox::Outbox,
    synth: SynthId,
) {
    handles.set_phase(synth, Phase::Free);
    outbox.report(Report::Ended {
        synth,
        how: Ending::Played,
    });
}

struct Start {
    synth: SynthId,
    instr: NameId,
    priority: u16,
    lasting: Option<Lasting>,
    offset: usize,
}

impl Start {
    fn request<'a>(&self, args: &'a [(ArgKey, f64)]) -> Request<'a> {
        Request {
            id: self.synth,
            instr: self.instr,
            priority: self.priority,
            lasting: self.lasting,
            offset: self.offset,
            args,
        }
    }
}
