//! What a score says besides notes and parameters, through the session: synths, and values and lines of buses.

use super::problem::Problem;
use super::score::{ArgValue, Args, Event, Score};
use super::timeline::{Ending, sample_at};
use crate::session::instr::Instr;
use crate::session::orchestra::OrchestraSpec;
use crate::session::{self, Bus, Given, Sched, Session, add_built_in};
use toml::Spanned;

/// The texts that events give to arguments, so that the orchestra knows them before it is built.
pub fn texts(score: &Score) -> Vec<String> {
    let values = score
        .content
        .events
        .iter()
        .flat_map(|event| event.args.values());
    let mut texts: Vec<String> = values
        .filter_map(|value| match value {
            ArgValue::Text(text) => Some(text.clone()),
            ArgValue::Number(_) => None,
        })
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

/// Adds the places in the chain that the events need to what the orchestra is built from.
///
/// # Errors
/// An Instr or a priority that does not exist.
pub fn add_places(score: &Score, orchestra: &mut OrchestraSpec) -> Result<(), Problem> {
    for event in &score.content.events {
        let name = event.instr.as_ref();
        add_built_in(orchestra, name)
            .map_err(|error| score.problem(&event.instr, error.to_string()))?;
        let index = orchestra
            .instrs
            .iter()
            .position(|instr| instr.name() == name.as_str());
        let Some(index) = index else {
            return Err(score.problem(&event.instr, unknown_instr(name, &orchestra.instrs)));
        };
        let priority = priority(score, event, &orchestra.instrs[index], orchestra.priorities)?;
        if !orchestra.places.contains(&(index, priority)) {
            orchestra.places.push((index, priority));
        }
    }
    Ok(())
}

fn unknown_instr(name: &str, instrs: &[Instr]) -> String {
    let names: Vec<_> = instrs.iter().map(Instr::name).collect();
    format!(
        "there is no Instr {name:?}; the document has: {}",
        names.join(", ")
    )
}

fn priority(score: &Score, event: &Event, instr: &Instr, among: u32) -> Result<u32, Problem> {
    let fault = match event.priority().among(among) {
        Some(number) if number >= instr.min_priority() => return Ok(number),
        Some(_) => format!(
            "{} needs priority {} or more",
            instr.name(),
            instr.min_priority()
        ),
        None => format!("priorities are 1 to {among}, or -1 to -{among} from the last one"),
    };
    Err(match &event.priority {
        Some(place) => score.problem(place, fault),
        None => score.problem(&event.instr, fault),
    })
}

/// Schedules what a score says. It is queued; nothing sounds yet.
pub struct Scheduler<'a> {
    /// The score.
    pub score: &'a Score,
    /// What plays it, before its first block, with room for all of it.
    pub session: &'a mut Session,
    /// In Hz.
    pub sample_rate: u32,
}

impl Scheduler<'_> {
    /// Schedules everything and takes the ends of the events into account.
    ///
    /// # Errors
    /// Whatever the document does not have or its Instrs do not take, with its place in the score.
    pub fn schedule(&mut self, ending: &mut Ending) -> Result<(), Problem> {
        for event in &self.score.content.events {
            self.event(event)?;
            let end = end(event).map(|end| sample_at(end, self.sample_rate));
            ending.include(end);
        }
        self.set_buses()?;
        self.automate_buses()
    }

    fn event(&mut self, event: &Event) -> Result<(), Problem> {
        let parts = self.parts(event)?;
        let whole = parts
            .iter()
            .fold(bare(event), |whole, part| part.add(whole));
        let scheduled = self.session.sched_event(&whole);
        scheduled.map_err(|error| self.blame(event, &parts, &error))?;
        Ok(())
    }

    /// The problem of an event that was refused, at the first of its parts that is refused by itself.
    fn blame(&mut self, event: &Event, parts: &[Part], error: &session::Error) -> Problem {
        for part in parts {
            if let Err(error) = self.session.sched_event(&part.add(bare(event))) {
                return self.score.problem(&part.place, error.to_string());
            }
        }
        self.score.problem(&event.instr, error.to_string())
    }

    /// All that is said of an event, in the order in which it counts.
    fn parts(&self, event: &Event) -> Result<Vec<Part>, Problem> {
        let mut parts = arguments(&event.args);
        for set in &event.sets {
            for (name, value) in set.args.named() {
                let value = self.number(name, value)?;
                let what = Said::Set(name.as_ref().clone(), value, set.at.get());
                parts.push(Part::new(name, what));
            }
        }
        parts.extend(event.lines.iter().map(|line| {
            let path = line.pairs.line(&line.mode, line.overtake);
            let what = Said::Line(line.param.as_ref().clone(), path, line.at.get());
            Part::new(&line.param, what)
        }));
        Ok(parts)
    }

    /// The number that a control is set to: itself, or that of a bus or a table.
    fn number(&self, name: &Spanned<String>, value: &ArgValue) -> Result<f64, Problem> {
        let refused = |message: String| self.score.problem(name, message);
        match value {
            ArgValue::Number(number) => Ok(*number),
            ArgValue::Text(text) => match text.strip_prefix('@') {
                Some(name) => {
                    let found = self.session.reference(name);
                    found.map_err(|error| refused(error.to_string()))
                }
                None => Err(refused("a control is set to a number".to_owned())),
            },
        }
    }

    fn set_buses(&self) -> Result<(), Problem> {
        for set in &self.score.content.bus_sets {
            let done = self.bus(&set.bus)?.set(set.value.get(), set.at.get());
            done.map_err(|error| self.score.problem(&set.bus, error.to_string()))?;
        }
        Ok(())
    }

    fn automate_buses(&self) -> Result<(), Problem> {
        for line in &self.score.content.bus_lines {
            let path = line.pairs.line(&line.mode, line.overtake);
            let done = self.bus(&line.bus)?.automate(path, line.at.get());
            done.map_err(|error| self.score.problem(&line.bus, error.to_string()))?;
        }
        Ok(())
    }

    fn bus(&self, name: &Spanned<String>) -> Result<Bus, Problem> {
        let plain = name.as_ref().trim_start_matches('@');
        let found = self.session.bus(plain);
        found.map_err(|error| self.score.problem(name, error.to_string()))
    }
}

/// Where an event ends by what the score says: its length counts even if it is stopped before.
fn end(event: &Event) -> Option<f64> {
    let length = event.dur.map(|dur| dur.get());
    Some(event.at.get() + length.or_else(|| first_stop(event))?)
}

fn first_stop(event: &Event) -> Option<f64> {
    let stops = event.stops.iter().map(|stop| stop.at.get());
    stops.min_by(f64::total_cmp)
}

/// An event without anything that can be refused at a place of its own.
fn bare(event: &Event) -> session::Event {
    let sched = Sched::at(event.at.get()).priority(event.priority().number());
    let sched = match event.dur {
        Some(dur) => sched.dur(dur.get()),
        None => sched,
    };
    let bare = session::Event::new(event.instr.as_ref(), sched);
    match first_stop(event) {
        Some(stop) => bare.stop(stop),
        None => bare,
    }
}

fn arguments(args: &Args) -> Vec<Part> {
    match args {
        Args::Named(named) => named
            .iter()
            .map(|(name, value)| Part::new(name, Said::Arg(name.as_ref().clone(), given(value))))
            .collect(),
        Args::Placed(placed) => (5..)
            .zip(placed)
            .map(|(place, value)| {
                Part::new(value, Said::Arg(format!("p{place}"), given(value.as_ref())))
            })
            .collect(),
    }
}

fn given(value: &ArgValue) -> Given {
    match value {
        ArgValue::Number(number) => (*number).into(),
        ArgValue::Text(text) => text.as_str().into(),
    }
}

/// One thing that is said of an event.
struct Part {
    place: Spanned<()>,
    what: Said,
}

enum Said {
    Arg(String, Given),
    /// A control, a value, and when.
    Set(String, f64, f64),
    /// A control, a line, and when it begins.
    Line(String, session::Line, f64),
}

impl Part {
    fn new<T>(place: &Spanned<T>, what: Said) -> Self {
        let place = Spanned::new(place.span(), ());
        Self { place, what }
    }

    fn add(&self, event: session::Event) -> session::Event {
        match &self.what {
            Said::Arg(name, value) => event.arg(name, value.clone()),
            Said::Set(name, value, at) => event.set([(name.as_str(), *value)], *at),
            Said::Line(param, line, at) => event.automate(param, line.clone(), *at),
        }
    }
}
