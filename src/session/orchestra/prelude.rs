//! The opcodes every orchestra has: buses, the host's transport, notes for the host.
//!
//! A bus keeps the sound of the cycle in which it was last written, with the number of that cycle as its stamp; a
//! reader takes it only if the stamp is that of its own cycle, so that nothing has to be cleared. An opcode defined in
//! Csound code does not know at which sample of a cycle its caller starts or ends, so bodies leave that in `ga__gate`:
//! 1 for the samples that are theirs, 0 for the others.

/// The opcodes as text. It starts with line ends already behind it and needs the header's variables.
pub(in crate::session) const TEXT: &str = include_str!("prelude.orc");
