//! What to play, and what was heard.

use crate::event::{Event, Reply};
use crate::transport::Transport;

/// How a host cuts time into blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockSizes {
    /// Always this many samples.
    Fixed(usize),
    /// 1..=4096 samples, from this seed; the same seed gives the same blocks.
    Random(u64),
}

impl BlockSizes {
    /// The largest block that may come.
    pub fn largest(self) -> usize {
        match self {
            BlockSizes::Fixed(frames) => frames,
            BlockSizes::Random(_) => 4096,
        }
    }

    /// The blocks of `frames` samples.
    pub fn cut(self, frames: usize) -> Vec<usize> {
        let mut state = match self {
            BlockSizes::Fixed(_) => 0,
            BlockSizes::Random(seed) => seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
        };
        let mut next = || match self {
            BlockSizes::Fixed(frames) => frames.max(1),
            BlockSizes::Random(_) => {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                // Small blocks are the interesting ones: the exponent is random, then the size.
                let bits = (state >> 20) % 13;
                1 + ((state >> 33) as usize & ((1 << bits) - 1))
            }
        };
        let mut left = frames;
        let mut blocks = Vec::new();
        while left > 0 {
            let block = next().min(left);
            blocks.push(block);
            left -= block;
        }
        blocks
    }
}

/// What a host plays into a plugin.
#[derive(Debug, Clone)]
pub struct Take {
    /// Length in samples.
    pub frames: usize,
    /// The cut into blocks.
    pub blocks: BlockSizes,
    /// What happens, each at its sample from the start; any order.
    pub events: Vec<(usize, Event)>,
    /// Audio for each input port, by channel; what is missing is silence.
    pub inputs: Vec<Vec<Vec<f32>>>,
    /// What the transport shows; `None` for a host without one.
    pub transport: Option<Transport>,
}

impl Take {
    /// Silence of that length in blocks of 512.
    pub fn new(frames: usize) -> Take {
        Take {
            frames,
            blocks: BlockSizes::Fixed(512),
            events: Vec::new(),
            inputs: Vec::new(),
            transport: None,
        }
    }

    /// The same with another cut.
    pub fn blocks(self, blocks: BlockSizes) -> Take {
        Take { blocks, ..self }
    }

    /// Adds an event.
    pub fn at(mut self, frame: usize, event: Event) -> Take {
        self.events.push((frame, event));
        self
    }

    /// Adds many events.
    pub fn events(mut self, events: impl IntoIterator<Item = (usize, Event)>) -> Take {
        self.events.extend(events);
        self
    }

    /// Feeds an input port (0 is the main one of an effect) with audio by channel.
    pub fn input(mut self, port: usize, channels: Vec<Vec<f32>>) -> Take {
        if self.inputs.len() <= port {
            self.inputs.resize(port + 1, Vec::new());
        }
        self.inputs[port] = channels;
        self
    }

    /// Shows the plugin a transport.
    pub fn transport(self, transport: Transport) -> Take {
        Take {
            transport: Some(transport),
            ..self
        }
    }
}

/// What came out of a plugin.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Audio by output port, channel and sample, as the plugin gave it: its latency is still in it.
    pub ports: Vec<Vec<Vec<f32>>>,
    /// The plugin's events, each with its sample from the start of the take.
    pub replies: Vec<(usize, Reply)>,
    /// True if the last block's answer was "keep calling me".
    pub continues: bool,
}

impl Heard {
    /// The main output by channel.
    pub fn main(&self) -> &[Vec<f32>] {
        self.ports.first().map_or(&[], Vec::as_slice)
    }

    /// The left channel of the main output.
    pub fn left(&self) -> &[f32] {
        self.main().first().map_or(&[], Vec::as_slice)
    }

    /// The main output without its first `latency` samples.
    pub fn aligned(&self, latency: u32) -> Vec<Vec<f32>> {
        let skip =
            |channel: &Vec<f32>| channel.get(latency as usize..).unwrap_or_default().to_vec();
        self.main().iter().map(skip).collect()
    }
}

#[test]
fn blocks_fill_the_time_exactly() {
    for blocks in [
        BlockSizes::Fixed(17),
        BlockSizes::Fixed(4096),
        BlockSizes::Random(1),
    ] {
        let cut = blocks.cut(100_003);
        assert_eq!(cut.iter().sum::<usize>(), 100_003);
        assert!(
            cut.iter()
                .all(|&block| (1..=blocks.largest()).contains(&block))
        );
    }
    let cut = BlockSizes::Random(7).cut(1_000_000);
    assert!(
        cut.contains(&1) && cut.iter().any(|&block| block > 2048),
        "small and large blocks"
    );
    assert_ne!(cut, BlockSizes::Random(8).cut(1_000_000));
}
