//! Why a call was refused, in words for people.

use super::diagnostic::Diagnostic;

/// Why a call was refused. Nothing has changed when one is returned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The session knows no Instr of that name.
    #[error("there is no Instr {0:?}; it must be defined first")]
    UnknownInstr(String),
    /// The Instr has no argument of that name, alias or p-field.
    #[error("Instr {instr:?} has no argument {arg:?}; it has {known}")]
    UnknownArg {
        /// The Instr.
        instr: String,
        /// The name that was given.
        arg: String,
        /// The names it has.
        known: String,
    },
    /// A synth can be given so many arguments and no more.
    #[error("a synth of Instr {instr:?} is given more than {most} arguments")]
    TooManyArgs {
        /// The Instr.
        instr: String,
        /// How many there can be.
        most: usize,
    },
    /// An `i` or `S` argument is fixed when its synth starts.
    #[error(
        "argument {arg:?} of Instr {instr:?} is fixed when a synth starts; only k arguments can be set later"
    )]
    FixedArg {
        /// The Instr.
        instr: String,
        /// The argument.
        arg: String,
    },
    /// A number was given for a text, or a text for a number.
    #[error("argument {arg:?} of Instr {instr:?} takes a {wanted}")]
    WrongType {
        /// The Instr.
        instr: String,
        /// The argument.
        arg: String,
        /// What it takes.
        wanted: &'static str,
    },
    /// A value that is not a number, or infinite.
    #[error("the value of {0:?} must be a finite number")]
    BadValue(String),
    /// A text that Csound cannot hold.
    #[error("the text of {0:?} has a zero character in it, which Csound cannot hold")]
    BadText(String),
    /// Priorities count from 1, or from -1 backwards.
    #[error(
        "priority {priority} does not exist: priorities are 1 to {highest}, or -1 to -{highest} from the end"
    )]
    BadPriority {
        /// What was asked for.
        priority: i32,
        /// How many there are.
        highest: u32,
    },
    /// The Instr may not be played that early in the chain.
    #[error("Instr {instr:?} must have at least priority {lowest}")]
    BelowMinPriority {
        /// The Instr.
        instr: String,
        /// Its lowest priority.
        lowest: u32,
    },
    /// A time or a length that is not a number, or negative.
    #[error("{0} must be a finite number of seconds, 0 or more")]
    BadTime(&'static str),
    /// The points of an automation are no line.
    #[error("this is no line to follow: {0}")]
    BadLine(&'static str),
    /// An automation has a shape that does not exist.
    #[error(
        "there is no mode {0:?}; there are linear, cos, floor, cubic, smooth, smoother and exp(n) with n above 0"
    )]
    UnknownMode(String),
    /// The synth has ended.
    #[error("the synth has ended")]
    Stopped,
    /// The session was stopped.
    #[error("the session was stopped")]
    SessionStopped,
    /// Nothing is scheduled under that name or number.
    #[error("nothing is scheduled as {0}")]
    NotScheduled(String),
    /// The bus was released, or nobody uses it any more.
    #[error("the bus was released; assign a new one")]
    ReleasedBus,
    /// Only control buses hold a value.
    #[error("an audio bus has no value; only control buses can be set, read or automated")]
    NoValue,
    /// The document has no bus of that name.
    #[error("there is no bus \"@{0}\"; add it to the document, or assign one")]
    UnknownBus(String),
    /// A file could not be read.
    #[error("cannot read {path:?}: {reason}")]
    File {
        /// The file.
        path: String,
        /// Why, as the system says.
        reason: String,
    },
    /// A pool is used up.
    #[error("too many {what}: raise {limit} (now {now})")]
    Full {
        /// What there is too much of.
        what: &'static str,
        /// The limit to raise.
        limit: &'static str,
        /// Its value.
        now: usize,
    },
    /// The code does not compile.
    #[error("{}", list(.0))]
    Code(Vec<Diagnostic>),
}

fn list(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(Diagnostic::to_string).collect();
    lines.join("\n")
}
