//! The sizes of the blocks in which a render feeds the performer. The output does not depend on them.

use std::str::FromStr;

/// The largest block, in samples.
const LARGEST: u32 = 65_536;
/// The largest block of a random run: beyond what hosts ask for.
const LARGEST_RANDOM: u32 = 1024;

/// How a render is cut into blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockSize {
    /// Always so many samples.
    Fixed(u32),
    /// 1 to 1024 samples, another number every time, the same ones in every render.
    Random,
}

impl Default for BlockSize {
    fn default() -> Self {
        Self::Fixed(512)
    }
}

impl FromStr for BlockSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "random" {
            return Ok(Self::Random);
        }
        match text.parse() {
            Ok(frames) if (1..=LARGEST).contains(&frames) => Ok(Self::Fixed(frames)),
            _ => Err(format!("a block is 1 to {LARGEST} samples, or random")),
        }
    }
}

impl BlockSize {
    /// The most samples a block can have.
    pub fn largest(self) -> usize {
        match self {
            Self::Fixed(frames) => frames as usize,
            Self::Random => LARGEST_RANDOM as usize,
        }
    }

    /// The sizes of one block after the other, without end.
    pub fn sizes(self) -> impl Iterator<Item = usize> {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        std::iter::repeat_with(move || match self {
            Self::Fixed(frames) => frames as usize,
            Self::Random => 1 + (xorshift(&mut state) % u64::from(LARGEST_RANDOM)) as usize,
        })
    }
}

/// Marsaglia's xorshift64.
fn xorshift(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_kept() {
        assert_eq!("64".parse(), Ok(BlockSize::Fixed(64)));
        assert_eq!("random".parse(), Ok(BlockSize::Random));
        for wrong in ["0", "-1", "x", "70000", ""] {
            assert!(wrong.parse::<BlockSize>().is_err(), "{wrong:?}");
        }
        assert!(BlockSize::Fixed(7).sizes().take(9).all(|size| size == 7));
        let random: Vec<_> = BlockSize::Random.sizes().take(2000).collect();
        assert!(random.iter().all(|size| (1..=1024).contains(size)));
        assert_eq!(
            random,
            BlockSize::Random.sizes().take(2000).collect::<Vec<_>>()
        );
        assert!(random.iter().any(|size| *size < 64) && random.iter().any(|size| *size > 900));
    }
}
