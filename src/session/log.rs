//! Csound's messages on their way from the audio thread: bytes in a ring, lost rather than waited for.

use rtrb::{Consumer, Producer, RingBuffer};
use std::collections::HashMap;

/// Bytes that travel together.
const CHUNK: usize = 62;

#[derive(Clone, Copy)]
struct Chunk {
    /// The program that said it.
    program: u32,
    len: u8,
    bytes: [u8; CHUNK],
}

/// The audio thread's end.
pub(crate) struct LogWriter(Producer<Chunk>);

/// The session's end.
pub(crate) struct LogReader {
    chunks: Consumer<Chunk>,
    /// What was said since the last line break, by program.
    pending: HashMap<u32, Vec<u8>>,
}

/// A log with room for about this many bytes.
pub(crate) fn log(bytes: usize) -> (LogWriter, LogReader) {
    let (writer, chunks) = RingBuffer::new((bytes / CHUNK).max(1));
    (
        LogWriter(writer),
        LogReader {
            chunks,
            pending: HashMap::new(),
        },
    )
}

impl LogWriter {
    /// Appends what a program has said, or as much of it as there is room for. Realtime-safe.
    pub(crate) fn write(&mut self, program: u32, text: &[u8]) {
        for part in text.chunks(CHUNK) {
            let mut chunk = Chunk {
                program,
                len: part.len() as u8,
                bytes: [0; CHUNK],
            };
            chunk.bytes[..part.len()].copy_from_slice(part);
            if self.0.push(chunk).is_err() {
                return;
            }
        }
    }
}

impl LogReader {
    /// The complete lines that have come since the last call, each with the program that said it.
    pub(crate) fn lines(&mut self) -> Vec<(u32, String)> {
        let mut lines = Vec::new();
        while let Ok(chunk) = self.chunks.pop() {
            let pending = self.pending.entry(chunk.program).or_default();
            pending.extend_from_slice(&chunk.bytes[..usize::from(chunk.len)]);
            if let Some(end) = pending.iter().rposition(|&byte| byte == b'\n') {
                let complete: Vec<u8> = pending.drain(..=end).collect();
                let text = String::from_utf8_lossy(&complete);
                lines.extend(text.lines().map(|line| (chunk.program, line.to_owned())));
            }
        }
        self.pending.retain(|_, pending| !pending.is_empty());
        lines
    }
}
