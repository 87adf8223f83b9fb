//! What goes wrong in single notes while a program plays, in the lines that the user typed.

use super::diagnostic::Diagnostic;
use super::name::NameId;
use super::orchestra::Sources;
use super::program::Program;
use crate::csound::{Kind, diagnostics};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Programs whose messages can still come: those that play, and those that have left shortly before.
const KNOWN: usize = 16;
/// Most problems kept for whoever asks.
const MOST: usize = 100;

/// Problems since they were last taken, each once.
#[derive(Default)]
pub(super) struct Problems {
    known: VecDeque<(u32, Arc<Sources>)>,
    told: Vec<Diagnostic>,
    names: HashMap<NameId, String>,
}

impl Problems {
    /// Makes the messages of a program readable.
    pub(super) fn introduce(&mut self, program: &Program) {
        if self.known.len() == KNOWN {
            self.known.pop_front();
        }
        let sources = program.sources();
        let names = sources
            .names()
            .map(|name| (NameId::of(name), name.to_owned()));
        self.names.extend(names);
        self.known.push_back((program.id(), sources));
    }

    /// Finds the errors in what programs have said. Csound may spread one over several lines.
    pub(super) fn read(&mut self, lines: &[(u32, String)]) {
        for of_program in lines.chunk_by(|(a, _), (b, _)| a == b) {
            let text: Vec<&str> = of_program.iter().map(|(_, line)| line.as_str()).collect();
            self.read_text(of_program[0].0, &text.join("\n"));
        }
    }

    fn read_text(&mut self, program: u32, text: &str) {
        let Some((_, sources)) = self.known.iter().find(|(id, _)| *id == program) else {
            return;
        };
        let running = diagnostics(text).into_iter();
        for raw in running.filter(|raw| raw.kind != Kind::Compile) {
            let problem = sources.locate(&raw, None);
            if self.told.len() < MOST && !self.told.contains(&problem) {
                self.told.push(problem);
            }
        }
    }

    /// The name of an Instr of a program that was made known.
    pub(super) fn name(&self, id: NameId) -> Option<String> {
        self.names.get(&id).cloned()
    }

    /// The problems since the last call.
    pub(super) fn take(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.told)
    }
}
