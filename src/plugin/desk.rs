//! What an instance's model guards by its lock: the document, the session, and what is to be said of them.

use super::build::{Built, Failure};
use super::faces::live;
use super::history::History;
use super::rescue::Rescue;
use super::signals::Signals;
use crate::document::{Document, Implied, Specification};
use crate::editor::{ControlView, InstrText, Sound, View};
use crate::session::Session;
use crate::session::command::{Fault, Report};
use crate::session::diagnostic::{Diagnostic, Place};
use crate::session::program::{Program, ProgramSpec};
use std::collections::VecDeque;
use std::sync::Arc;

/// Lines that the console keeps.
const CONSOLE: usize = 200;

const MUTED: &str = "the last edit was muted for what it put out; the version before it plays";
const MUTED_HELP: &str = "change it and apply it again, or roll back";
/// Problems that are shown at once.
const PROBLEMS: usize = 100;

const BROKEN: &str = "a fault in Csound Session itself; save the project and open it again";

/// The text behind the document.
pub(super) enum Text {
    /// The document says it all.
    Good,
    /// A project's text that cannot be read; the document is the one before.
    Unreadable(String),
    /// A project's text that can be read but does not play.
    Silent(String),
}

pub(super) struct Desk {
    pub(super) document: Document,
    pub(super) text: Text,
    /// The document, judged; `None` if it has faults that are seen without compiling it.
    pub(super) specification: Option<Specification>,
    pub(super) session: Session,
    /// Hz, while the host has the plugin active.
    pub(super) sample_rate: Option<f64>,
    pub(super) history: History,
    pub(super) rescue: Rescue,
    /// No child could be started to try the document out, and the user may decide to do without.
    pub(super) untried: bool,
    pub(super) sound: Sound,
    pub(super) view: Arc<View>,
    problems: Vec<Diagnostic>,
    console: VecDeque<String>,
    /// A project's text, until it is known whether it plays.
    loaded: Option<String>,
}

impl Desk {
    pub(super) fn new(session: Session, document: Document) -> Self {
        let mut desk = Self {
            specification: judged(&document).ok(),
            document,
            text: Text::Good,
            session,
            sample_rate: None,
            history: History::default(),
            rescue: Rescue::default(),
            untried: false,
            sound: Sound::Asleep,
            view: Arc::default(),
            problems: Vec::new(),
            console: VecDeque::new(),
            loaded: None,
        };
        desk.refresh();
        desk
    }

    /// The session goes on from what a program was built from.
    pub(super) fn follow(&mut self, spec: Option<ProgramSpec>) {
        if let Some(spec) = spec {
            self.session.follow(spec);
        }
    }

    /// The host activates the plugin; `ready` says whether the performer has what it is to play.
    pub(super) fn activate(&mut self, sample_rate: f64, ready: bool) {
        self.sample_rate = Some(sample_rate);
        self.sound = if ready {
            Sound::Playing
        } else {
            Sound::Building
        };
    }

    /// The host deactivates it.
    pub(super) fn deactivate(&mut self) {
        self.sample_rate = None;
        if !matches!(self.sound, Sound::Silent(_)) {
            self.sound = Sound::Asleep;
        }
    }

    /// Replaces the document; `text` is how it was written.
    pub(super) fn replace(&mut self, document: Document, text: String) {
        let judged = judged(&document);
        self.problems = judged.as_ref().err().cloned().unwrap_or_default();
        self.specification = judged.ok();
        // Without a specification nobody can say which values it has now.
        self.text = if self.specification.is_some() {
            Text::Good
        } else {
            Text::Silent(text.clone())
        };
        self.loaded = Some(text);
        self.document = document;
        self.rescue = Rescue::default();
        self.untried = false;
        self.sound = if self.sample_rate.is_some() {
            Sound::Building
        } else {
            Sound::Asleep
        };
    }

    /// Notes how a build of the document went; its program, if it plays.
    pub(super) fn settle(&mut self, built: Result<Built, Failure>) -> Option<Box<Program>> {
        match built {
            Ok(built) => {
                self.plays(built.warnings);
                // What is muted now is what is replaced.
                self.rescue.dealt_with(self.session.is_muted());
                self.session.introduce(&built.program);
                self.follow(built.spec);
                Some(built.program)
            }
            Err(failure) => {
                self.fails(failure);
                None
            }
        }
    }

    /// Whether what was muted is to be replaced now: not while another document takes its place.
    pub(super) fn is_rescue_due(&mut self) -> bool {
        let muted = self.session.is_muted() && self.loaded.is_none();
        self.rescue.is_due(muted)
    }

    /// The document plays.
    pub(super) fn plays(&mut self, warnings: Vec<Diagnostic>) {
        self.problems = warnings;
        if matches!(self.text, Text::Silent(_)) {
            self.text = Text::Good;
        }
        self.loaded = None;
        self.untried = false;
        self.stays();
    }

    /// The document does not play; its text is kept as it was loaded.
    pub(super) fn fails(&mut self, failure: Failure) {
        if let Some(text) = self.loaded.take() {
            self.text = Text::Silent(text);
        }
        self.say(failure.reason.clone());
        self.untried = failure.untried;
        self.problems = failure.problems;
        self.sound = Sound::Silent(failure.reason);
    }

    /// An edit does not play; what played before goes on.
    pub(super) fn refuses(&mut self, failure: Failure) {
        self.say(format!("not applied: {}", failure.reason));
        self.untried = failure.untried;
        self.problems = failure.problems;
        self.stays();
    }

    /// What played before goes on.
    pub(super) fn stays(&mut self) {
        self.sound = match self.sample_rate {
            _ if self.history.is_asked() => Sound::Building,
            Some(_) => Sound::Playing,
            None => Sound::Asleep,
        };
    }

    /// What is to sound: the document, or what plays in its place since it was muted.
    pub(super) fn played(&self) -> &Document {
        self.rescue.instead().unwrap_or(&self.document)
    }

    /// What is to replace the muted program: the last good document.
    pub(super) fn last_good(&self) -> &Document {
        let before = self.history.last().filter(|_| self.rescue.is_fresh());
        self.rescue.instead().or(before).unwrap_or(&self.document)
    }

    /// The last good document plays again.
    pub(super) fn is_rescued(&mut self, document: Document) {
        if document == self.document {
            return self.say("it was built anew after it was muted".to_owned());
        }
        let problem = Diagnostic::error(Place::Document, MUTED).with_help(MUTED_HELP);
        self.say(MUTED.to_owned());
        self.note(vec![problem]);
        self.rescue.play_instead(document);
    }

    /// Adds lines to the console.
    pub(super) fn say(&mut self, text: String) {
        for line in text.lines() {
            self.console.push_back(line.to_owned());
        }
        while self.console.len() > CONSOLE {
            self.console.pop_front();
        }
    }

    /// Reads what the audio thread has to say; whether that is worth showing.
    pub(super) fn listen(&mut self, signals: &Signals) -> bool {
        let messages = self.session.take_messages();
        let reports = self.session.take_reports();
        let any = !messages.is_empty() || !reports.is_empty();
        let problems = self.session.take_problems();
        self.note(problems);
        messages.into_iter().for_each(|line| self.say(line));
        if signals.take_broken() {
            self.sound = Sound::Silent(BROKEN.to_owned());
            return true;
        }
        for report in reports {
            if report == Report::NeedsRestart {
                signals.restart();
            }
            if let Some(text) = self.told(report) {
                self.say(text);
            }
        }
        any
    }

    /// A report in words, if a person should hear of it.
    fn told(&self, report: Report) -> Option<String> {
        Some(match report {
            Report::Overloaded { instr } => {
                let name = instr.and_then(|instr| self.session.instr_name(instr));
                let dearest =
                    name.map_or(String::new(), |name| format!("; instr {name:?} costs most"));
                format!("overload: three blocks in a row came too late{dearest}")
            }
            Report::Muted {
                reason: Fault::NotFinite,
            } => "muted: the output was not a number; press Unmute".to_owned(),
            Report::Muted {
                reason: Fault::TooLoud,
            } => "muted: the output was above +24 dBFS; press Unmute".to_owned(),
            Report::Muted {
                reason: Fault::Stopped(code),
            } => {
                format!(
                    "silenced: Csound stopped performing (code {code}); apply an edit to start it again"
                )
            }
            Report::Dropped { count } => format!("{count} events found no room and were dropped"),
            _ => return None,
        })
    }

    /// Adds what went wrong while it played, each once.
    fn note(&mut self, problems: Vec<Diagnostic>) {
        for problem in problems {
            if self.problems.len() < PROBLEMS && !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    /// Writes down what the window shows.
    pub(super) fn refresh(&mut self) {
        let controls = self
            .specification
            .iter()
            .flat_map(live)
            .map(|(slot, entry, arg)| ControlView {
                slot,
                name: arg.label().to_owned(),
                group: entry.instr.clone(),
                argument: entry.argument.clone(),
                choices: arg.note.choices.clone(),
            });
        let instrs = self.document.instr.iter();
        self.view = Arc::new(View {
            document: self.document.name.clone(),
            sound: self.sound.clone(),
            problems: self.problems.clone(),
            console: self.console.iter().cloned().collect(),
            instrs: instrs
                .map(|entry| InstrText {
                    name: entry.name.clone(),
                    body: entry.body.clone(),
                })
                .collect(),
            controls: controls.collect(),
            past: self.history.len(),
            waiting: self.session.waiting(),
            untried: self.untried,
        });
    }
}

fn judged(document: &Document) -> Result<Specification, Vec<Diagnostic>> {
    document.specification(super::USUAL_RATE, &[], Implied::Yes)
}
