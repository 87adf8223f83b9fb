//! Names as the audio thread knows them: 64-bit hashes, so that nothing is looked up by text there.

/// The hash of an Instr's or an argument's name. Two sessions and two programs give a name the same id,
/// so a command outlives the program that was running when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u64);

impl NameId {
    /// The id of a name: 64-bit FNV-1a (Fowler, Noll, Vo; offset basis and prime of the published algorithm).
    pub fn of(name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    /// The id as a number, for a cell that is shared between threads.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// The id that [`NameId::number`] gave.
    pub(crate) fn from_number(number: u64) -> Self {
        Self(number)
    }
}
