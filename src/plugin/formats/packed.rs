//! What a state would be unpacked. nice-plug unpacks whatever it is given, so some hundred bytes could take all memory
//! of the host.

use std::io::{Read, copy, sink};

/// Bytes of a state unpacked: more than any document has, whose sound files stand behind the state.
const LARGEST: u64 = 1 << 26;

/// Whether a state is no larger than that when it is unpacked. One that cannot be unpacked is nice-plug's to refuse.
pub(super) fn is_reasonable(state: &[u8]) -> bool {
    let unpacked = zstd::stream::read::Decoder::new(state);
    let length = unpacked.and_then(|state| copy(&mut state.take(LARGEST + 1), &mut sink()));
    length.map_or(true, |length| length <= LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::repeat;

    #[test]
    fn a_little_that_unpacks_to_much_is_refused() {
        let packed = |length| zstd::encode_all(repeat(b' ').take(length), 1).unwrap();
        assert!(is_reasonable(&packed(LARGEST)));
        let bomb = packed(LARGEST + 1);
        assert!(bomb.len() < 100_000 && !is_reasonable(&bomb));
        assert!(is_reasonable(b"{}") && is_reasonable(b"") && is_reasonable(&bomb[..50]));
    }
}
