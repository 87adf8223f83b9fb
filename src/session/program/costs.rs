//! What a program's cycles cost and which Instr is to blame.
//!
//! Only the time of whole cycles can be had. It is the program's own cost and the sum over the Instrs of voices times
//! cost, so each cycle tells a little more: recursive least squares find the costs that explain all of them best, the
//! latest most.

use super::Program;
use crate::session::name::NameId;

/// Unknowns: the Instrs, and at the end the program itself. Instrs beyond count as the last one.
const MOST: usize = 48;
/// What an observation still counts when the next one has come.
const MEMORY: f64 = 0.995;
/// How little is known of a cost at first. What was not observed for long is not forgotten beyond that.
const IGNORANCE: f64 = 100.0;

/// Costs in ticks. Audio thread only; never allocates after it is made.
pub(super) struct Costs {
    /// A voice of each Instr, for a cycle; at the end the program itself.
    costs: Vec<f64>,
    /// How uncertain they are, in pairs: rows of a symmetric matrix.
    doubt: Vec<f64>,
    /// Scratch: what was observed, and how much each cost is moved by it.
    seen: Vec<f64>,
    gain: Vec<f64>,
    /// A cycle, smoothed.
    cycle: f64,
    /// The cheapest of the cycles timed in a row.
    least: u64,
}

impl Costs {
    pub(super) fn new(templates: usize) -> Self {
        let size = (templates + 1).min(MOST);
        let mut doubt = vec![0.0; size * size];
        doubt
            .iter_mut()
            .step_by(size + 1)
            .for_each(|own| *own = IGNORANCE);
        Self {
            costs: vec![0.0; size],
            doubt,
            seen: vec![0.0; size],
            gain: vec![0.0; size],
            cycle: 0.0,
            least: u64::MAX,
        }
    }

    fn column(&self, template: usize) -> usize {
        template.min(self.costs.len().saturating_sub(2))
    }

    /// Learns from a cycle of so many ticks in which so many voices of each template sounded.
    fn learn(&mut self, ticks: f64, counts: &[u32]) {
        let first = self.cycle == 0.0;
        self.cycle += (ticks - self.cycle) * if first { 1.0 } else { 0.1 };
        self.seen.fill(0.0);
        for (template, count) in counts.iter().enumerate() {
            let column = self.column(template);
            self.seen[column] += f64::from(*count);
        }
        if let Some(own) = self.seen.last_mut() {
            *own = 1.0;
        }
        let expected: f64 = self.costs.iter().zip(&self.seen).map(|(c, n)| c * n).sum();
        self.move_towards(ticks - expected);
    }

    /// One step of recursive least squares for an error.
    fn move_towards(&mut self, error: f64) {
        let size = self.costs.len();
        let mut scale = MEMORY;
        for (row, gain) in self.doubt.chunks_exact(size).zip(&mut self.gain) {
            *gain = row.iter().zip(&self.seen).map(|(doubt, n)| doubt * n).sum();
        }
        scale += self
            .gain
            .iter()
            .zip(&self.seen)
            .map(|(g, n)| g * n)
            .sum::<f64>();
        for (cost, gain) in self.costs.iter_mut().zip(&self.gain) {
            *cost = (*cost + gain / scale * error).max(0.0);
        }
        self.doubt_less(scale);
    }

    /// What was observed is less uncertain now, and all that has to do with it a little more.
    fn doubt_less(&mut self, scale: f64) {
        let size = self.costs.len();
        let own = self.doubt.iter().step_by(size + 1).zip(&self.gain);
        // What is known no better than at first does not get worse: it would without end.
        let known = own
            .filter(|(_, gain)| **gain != 0.0)
            .all(|(own, _)| *own < IGNORANCE);
        let memory = if known { MEMORY } else { 1.0 };
        for (row, gain) in self.doubt.chunks_exact_mut(size).zip(&self.gain) {
            if *gain == 0.0 {
                continue;
            }
            for (doubt, other) in row.iter_mut().zip(&self.gain) {
                if *other != 0.0 {
                    *doubt = (*doubt - gain * other / scale) / memory;
                }
            }
        }
    }
}

impl Program {
    /// Notes what the last cycle has cost, in ticks. Of the cycles up to the one that is `last` the cheapest counts:
    /// whatever interrupts the audio thread only makes them dearer. Realtime-safe.
    pub(crate) fn note_cost(&mut self, ticks: u64, last: bool) {
        let least = ticks.min(self.costs.least);
        self.costs.least = if last { u64::MAX } else { least };
        if last {
            self.costs.learn(least as f64, self.synths.counts());
        }
    }

    /// What a cycle costs, in ticks.
    pub(crate) fn cycle_cost(&self) -> f64 {
        self.costs.cycle
    }

    /// How many synths sound.
    pub(crate) fn voices(&self) -> usize {
        self.synths.len()
    }

    /// Calls `visit` with the name of each Instr, its voices, and what one of them costs in a cycle.
    pub(crate) fn for_costs(&self, mut visit: impl FnMut(NameId, usize, f64)) {
        let templates = self.plan.templates.iter().zip(self.synths.counts());
        for (index, (template, count)) in templates.enumerate() {
            let cost = self.costs.costs[self.costs.column(index)];
            visit(template.name, *count as usize, cost);
        }
    }

    /// Takes over what Instrs of the same names have cost in an older program. Realtime-safe.
    pub(crate) fn expect_costs(&mut self, known: impl Fn(NameId) -> Option<f64>) {
        for (index, template) in self.plan.templates.iter().enumerate() {
            let column = self.costs.column(index);
            self.costs.costs[column] = known(template.name).unwrap_or(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error of costs that are learnt from counts, each cycle disturbed by up to so much.
    fn errors(truth: [f64; 3], noise: f64, counts: impl Fn(u32) -> [u32; 2]) -> [f64; 2] {
        let mut costs = Costs::new(2);
        for cycle in 0..300 {
            let [a, b] = counts(cycle);
            let wobble = f64::from(cycle * 7919 % 101) / 100.0 - 0.5;
            let ticks = truth[0] * f64::from(a) + truth[1] * f64::from(b) + truth[2];
            costs.learn(ticks * (1.0 + noise * wobble), &[a, b]);
        }
        [0, 1].map(|i| (costs.costs[i] / truth[i] - 1.0).abs())
    }

    #[test]
    fn costs_are_told_apart_as_voices_come_and_go() {
        let counts = |cycle| [3 + cycle / 5 % 2, 2 + cycle / 7 % 2];
        let exact = errors([10.0, 500.0, 40.0], 0.0, counts);
        assert!(exact[0] < 0.01 && exact[1] < 0.01, "{exact:?}");
        let noisy = errors([100.0, 500.0, 40.0], 0.1, counts);
        assert!(noisy[0] < 0.5 && noisy[1] < 0.1, "{noisy:?}");
    }

    #[test]
    fn what_always_sounds_together_shares_evenly_and_the_sum_is_right() {
        let mut costs = Costs::new(2);
        (0..50_000).for_each(|_| costs.learn(300.0, &[2, 2]));
        assert!((costs.costs[0] - costs.costs[1]).abs() < 1e-6);
        let all = costs.costs[2] + 2.0 * (costs.costs[0] + costs.costs[1]);
        assert!((all - 300.0).abs() < 1e-3, "{all}");
    }

    #[test]
    fn many_instrs_are_counted_to_the_last_one() {
        let mut costs = Costs::new(100);
        let counts: Vec<u32> = (0..100).map(|i| u32::from(i > 60)).collect();
        (0..100).for_each(|_| costs.learn(390.0, &counts));
        assert!((costs.costs[costs.column(99)] - 10.0).abs() < 0.1);
    }
}
