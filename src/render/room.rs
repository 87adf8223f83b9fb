//! How much room a score needs: all of it is queued before the first block, so that no score is too large.

use super::score::Score;
use crate::session::Capacities;
use crate::session::orchestra::{MOST_SLICES, OrchestraSpec};

/// Room for so many notes and parameters. Nobody reads the values of controls back.
pub fn for_commands(commands: usize) -> Capacities {
    let defaults = Capacities::default();
    Capacities {
        scheduled: defaults.scheduled.max(commands),
        controls: 0,
        ..defaults
    }
}

/// Adds a slice for every event, as if all of them sounded at once.
pub fn add_slices(score: &Score, orchestra: &mut OrchestraSpec) {
    let events = score.content.events.len() as u32;
    let slices = orchestra.slices.saturating_add(events);
    orchestra.slices = slices.min(MOST_SLICES);
}

/// Adds room for the events of a score and for what it does to buses.
pub fn add(score: &Score, capacities: &mut Capacities) {
    let content = &score.content;
    let of_events = content.events.iter().flat_map(|event| &event.lines);
    let lines = of_events.map(|line| line.pairs.count());
    let points: Vec<usize> = lines
        .chain(content.bus_lines.iter().map(|line| line.pairs.count()))
        .collect();
    let all_points = points.iter().sum::<usize>();
    let of_events = content.events.iter().map(|event| {
        let sets: usize = event.sets.iter().map(|set| set.args.named().len()).sum();
        // Its start, and the end of what had its name.
        2 + event.args.len() + sets
    });
    let of_lines = all_points + points.len();
    let commands = of_events.sum::<usize>() + content.bus_sets.len() + of_lines;
    capacities.synths = capacities.synths.max(content.events.len() as u32);
    capacities.automations = capacities.automations.max(points.len() as u32);
    capacities.points = capacities.points.max(all_points as u32);
    capacities.commands = capacities.commands.max(commands);
    capacities.scheduled += commands;
}
