//! The audio thread: cuts a take into blocks and calls the plugin for each.

use crate::error::{Error, Result};
use crate::event::Reply;
use crate::handlers::Host;
use crate::plugin::Port;
use crate::take::{Heard, Take};
use clack_host::prelude::*;
use clack_host::process::{PluginAudioProcessor, ProcessStatus, StartedPluginAudioProcessor};

/// Plays the whole take. Call on an audio thread.
pub(crate) fn play(
    processor: &mut PluginAudioProcessor<Host>,
    take: &Take,
    inputs: &[Port],
    outputs: &[Port],
    rate: f64,
    time: u64,
) -> Result<Heard> {
    let started = processor
        .ensure_processing_started()
        .map_err(|_| Error::Refused("start processing"))?;
    let mut block = Block::new(take, inputs, outputs);
    let mut heard = Heard {
        ports: block.silence(outputs, 0),
        ..Heard::default()
    };
    let mut events = take.events.clone();
    // Stable: events of one sample keep the order in which the test wrote them.
    events.sort_by_key(|(frame, _)| *frame);
    let mut start = 0;
    for frames in take.blocks.cut(take.frames) {
        block.fill(take, &events, start, frames);
        let transport = take.transport.map(|t| t.event(start as f64 / rate));
        block.process(
            started,
            frames,
            time + start as u64,
            transport.as_ref(),
            &mut heard,
        )?;
        block.collect(start, frames, &mut heard);
        start += frames;
    }
    Ok(heard)
}

/// The buffers of one process call: by port, channel and sample.
struct Block {
    inputs: Vec<Vec<Vec<f32>>>,
    outputs: Vec<Vec<Vec<f32>>>,
    events: EventBuffer,
    replies: EventBuffer,
}

impl Block {
    fn new(take: &Take, inputs: &[Port], outputs: &[Port]) -> Block {
        let frames = take.blocks.largest();
        let mut block = Block {
            inputs: Vec::new(),
            outputs: Vec::new(),
            events: EventBuffer::new(),
            replies: EventBuffer::new(),
        };
        block.inputs = block.silence(inputs, frames);
        block.outputs = block.silence(outputs, frames);
        block
    }

    fn silence(&self, ports: &[Port], frames: usize) -> Vec<Vec<Vec<f32>>> {
        ports
            .iter()
            .map(|port| vec![vec![0.0; frames]; port.channels])
            .collect()
    }

    fn fill(&mut self, take: &Take, events: &[(usize, crate::Event)], start: usize, frames: usize) {
        for (port, channels) in self.inputs.iter_mut().enumerate() {
            for (index, channel) in channels.iter_mut().enumerate() {
                let source = take
                    .inputs
                    .get(port)
                    .and_then(|channels| channels.get(index));
                for (frame, sample) in channel[..frames].iter_mut().enumerate() {
                    *sample = source
                        .and_then(|s| s.get(start + frame))
                        .copied()
                        .unwrap_or(0.0);
                }
            }
        }
        // Garbage in the outputs shows a plugin that adds instead of writing, or leaves a channel out.
        self.outputs
            .iter_mut()
            .flatten()
            .for_each(|channel| channel.fill(1.0e9));
        self.events.clear();
        self.replies.clear();
        for (frame, event) in events {
            if (start..start + frames).contains(frame) {
                event.push((frame - start) as u32, &mut self.events);
            }
        }
    }

    fn process(
        &mut self,
        processor: &mut StartedPluginAudioProcessor<Host>,
        frames: usize,
        time: u64,
        transport: Option<&clack_host::events::event_types::TransportEvent>,
        heard: &mut Heard,
    ) -> Result<()> {
        let channels = |ports: &[Vec<Vec<f32>>]| ports.iter().map(Vec::len).sum::<usize>().max(1);
        let mut inputs =
            AudioPorts::with_capacity(channels(&self.inputs), self.inputs.len().max(1));
        let mut outputs =
            AudioPorts::with_capacity(channels(&self.outputs), self.outputs.len().max(1));
        let inputs = inputs.with_input_buffers(self.inputs.iter_mut().map(|port| {
            AudioPortBuffer {
                latency: 0,
                channels: AudioPortBufferType::f32_input_only(
                    port.iter_mut()
                        .map(|channel| InputChannel::variable(&mut channel[..frames])),
                ),
            }
        }));
        let mut outputs =
            outputs.with_output_buffers(self.outputs.iter_mut().map(|port| AudioPortBuffer {
                latency: 0,
                channels: AudioPortBufferType::f32_output_only(
                    port.iter_mut().map(|channel| &mut channel[..frames]),
                ),
            }));
        let status = processor.process(
            &inputs,
            &mut outputs,
            &InputEvents::from_buffer(&self.events),
            &mut OutputEvents::from_buffer(&mut self.replies),
            Some(time),
            transport,
        )?;
        heard.continues = matches!(
            status,
            ProcessStatus::Continue | ProcessStatus::ContinueIfNotQuiet
        );
        Ok(())
    }

    fn collect(&self, start: usize, frames: usize, heard: &mut Heard) {
        for (from, into) in self
            .outputs
            .iter()
            .flatten()
            .zip(heard.ports.iter_mut().flatten())
        {
            into.extend_from_slice(&from[..frames]);
        }
        let replies = self.replies.iter().filter_map(Reply::read);
        heard
            .replies
            .extend(replies.map(|(time, reply)| (start + time as usize, reply)));
    }
}
