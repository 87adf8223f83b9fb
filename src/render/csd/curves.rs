//! Values that change in every cycle, gathered into curves.

use std::collections::BTreeMap;

use super::statement::{Place, Statement, What};

/// Fewer values than these in a row are said one by one.
const SHORTEST: usize = 8;

/// What moves at the moment.
#[derive(Default)]
pub struct Curves {
    running: BTreeMap<Place, Run>,
}

struct Run {
    start: u64,
    values: Vec<f64>,
}

impl Curves {
    /// Takes a value; gives back what came to its end by that.
    pub fn add(&mut self, cycle: u64, place: Place, value: f64) -> Vec<Statement> {
        let run = self.running.get_mut(&place);
        match run {
            Some(run) if run.start + run.values.len() as u64 == cycle => {
                run.values.push(value);
                Vec::new()
            }
            _ => {
                let run = Run {
                    start: cycle,
                    values: vec![value],
                };
                let ended = self.running.insert(place.clone(), run);
                ended.map_or(Vec::new(), |run| run.say(&place))
            }
        }
    }

    /// All that is left.
    pub fn finish(self) -> Vec<Statement> {
        let said = |(place, run): (Place, Run)| run.say(&place);
        self.running.into_iter().flat_map(said).collect()
    }
}

impl Run {
    fn say(self, place: &Place) -> Vec<Statement> {
        if self.values.len() >= SHORTEST {
            let what = What::Curve(place.clone(), self.values);
            return vec![Statement {
                cycle: self.start,
                what,
            }];
        }
        let set = |(cycle, value)| Statement {
            cycle,
            what: What::Set(place.clone(), value),
        };
        (self.start..).zip(self.values).map(set).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_values_become_curves_and_the_rest_sets() {
        let place = || Place::Channel("x".to_owned());
        let mut curves = Curves::default();
        let mut said = Vec::new();
        for cycle in (0..3).chain(10..20) {
            said.extend(curves.add(cycle, place(), cycle as f64));
        }
        said.extend(curves.finish());
        let set = |cycle: u64| Statement {
            cycle,
            what: What::Set(place(), cycle as f64),
        };
        let values = (10..20).map(f64::from).collect();
        let curve = Statement {
            cycle: 10,
            what: What::Curve(place(), values),
        };
        assert_eq!(said, [set(0), set(1), set(2), curve]);
    }
}
