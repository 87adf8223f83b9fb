//! Csound's messages on their way from the audio thread: bytes in a ring, lost rather than waited for.

use crossbeam_queue::ArrayQueue;
use std::sync::Arc;

/// Bytes that travel together.
const CHUNK: usize = 62;

#[derive(Clone, Copy)]
struct Chunk {
    len: u8,
    bytes: [u8; CHUNK],
}

/// The audio thread's end.
pub(crate) struct LogWriter(Arc<ArrayQueue<Chunk>>);

/// The session's end.
pub(crate) struct LogReader {
    chunks: Arc<ArrayQueue<Chunk>>,
    pending: Vec<u8>,
}

/// A log with room for about this many bytes.
pub(crate) fn log(bytes: usize) -> (LogWriter, LogReader) {
    let chunks = Arc::new(ArrayQueue::new((bytes / CHUNK).max(1)));
    (
        LogWriter(chunks.clone()),
        LogReader {
            chunks,
            pending: Vec::new(),
        },
    )
}

impl LogWriter {
    /// Appends text, or as much of it as there is room for. Realtime-safe.
    pub(crate) fn write(&mut self, text: &[u8]) {
        for part in text.chunks(CHUNK) {
            let mut chunk = Chunk {
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
    /// The complete lines that have come since the last call.
    pub(crate) fn lines(&mut self) -> Vec<String> {
        while let Some(chunk) = self.chunks.pop() {
            self.pending
                .extend_from_slice(&chunk.bytes[..usize::from(chunk.len)]);
        }
        let Some(end) = self.pending.iter().rposition(|&byte| byte == b'\n') else {
            return Vec::new();
        };
        let complete: Vec<u8> = self.pending.drain(..=end).collect();
        String::from_utf8_lossy(&complete)
            .lines()
            .map(str::to_owned)
            .collect()
    }
}
