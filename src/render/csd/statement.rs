//! What a score of Csound can say of a session, as data.

/// A statement, and the cycle before which it acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Counted from 0.
    pub cycle: u64,
    /// What it says.
    pub what: What,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A cell gets a value.
    Set(Place, f64),
    /// A cell gets a value in each of the following cycles.
    Curve(Place, Vec<f64>),
    /// A synth ends, with its release or without.
    Stop(Synth, bool),
    /// A synth starts.
    Start(Box<Start>),
}

/// Something that holds a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A cell of a table.
    Cell {
        /// Number of the table.
        table: u32,
        /// Counted from 0.
        index: usize,
    },
    /// A control channel.
    Channel(String),
}

/// A synth, as score and orchestra know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synth {
    /// Number of the instrument.
    pub number: u32,
    /// Tells it from others of that instrument; 1 and up.
    pub id: u32,
}

/// The start of a synth.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Who starts.
    pub synth: Synth,
    /// The sample, in session time.
    pub at: u64,
    /// How long it sounds.
    pub length: Length,
    /// The first cell of its slice.
    pub slice: usize,
    /// Its controls.
    pub controls: Vec<f64>,
    /// p5 and up.
    pub fields: Vec<f64>,
}

/// How long a synth sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Length {
    /// Until it is stopped.
    Held,
    /// So many samples.
    Finite {
        /// What its body is told, in seconds.
        seconds: f64,
        /// What the score's p3 says, in samples, a fraction for rounding included.
        samples: f64,
        /// How much of that is more than the body is told, in samples.
        surplus: f64,
    },
}

impl Length {
    /// The length of a synth that was started with this p3, a surplus included, in a cycle before its own, as the
    /// performer does: the score starts it in its own cycle, so that its p3 is a cycle shorter. Its body is told so many
    /// `seconds`. The flag says that the score cannot say it and has to end the synth with the cycle of its start.
    pub fn of(p3: f64, seconds: f64, surplus: f64, ksmps: f64, rate: f64) -> (Self, bool) {
        let length = ((p3 - surplus) * rate).round();
        let surplus = surplus * rate - ksmps;
        let finite = |surplus| Length::Finite {
            seconds,
            samples: length + surplus,
            surplus,
        };
        match length {
            0.0 if surplus < 0.0 => (finite(0.0), false),
            _ if length + surplus > 0.0 => (finite(surplus), false),
            // It ends with the cycle it starts in. A p3 that is too long keeps it alive until it is ended.
            _ => (finite(ksmps + 0.25), true),
        }
    }
}
