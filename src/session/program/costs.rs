//! What a program's cycles cost and which Instr is to blame.
//!
//! Only the time of whole cycles can be had. It is the sum over the Instrs of voices times cost, so each cycle tells a
//! little more about the costs: they are moved, as little as possible, to where they explain it (normalized least mean
//! squares).

use super::Program;
use crate::session::name::NameId;

/// How much a single cycle counts when many have been seen.
const TRUST: f64 = 0.05;

/// Costs in ticks. Audio thread only; never allocates after it is made.
pub(super) struct Costs {
    /// By template: a voice, for a cycle.
    voices: Vec<f64>,
    /// A cycle, smoothed.
    cycle: f64,
    /// Cycles seen.
    seen: f64,
}

impl Costs {
    pub(super) fn new(templates: usize) -> Self {
        Self {
            voices: vec![0.0; templates],
            cycle: 0.0,
            seen: 0.0,
        }
    }

    /// Learns from a cycle of so many ticks in which so many voices of each template sounded.
    fn learn(&mut self, ticks: f64, counts: &[u32]) {
        self.seen += 1.0;
        let trust = TRUST.max(1.0 / self.seen);
        self.cycle += (ticks - self.cycle) * trust;
        let terms = || self.voices.iter().zip(counts);
        let expected: f64 = terms().map(|(cost, count)| cost * f64::from(*count)).sum();
        let weight: f64 = counts.iter().map(|count| f64::from(*count).powi(2)).sum();
        if weight == 0.0 {
            return;
        }
        let step = trust * (ticks - expected) / weight;
        for (cost, count) in self.voices.iter_mut().zip(counts) {
            *cost = (*cost + step * f64::from(*count)).max(0.0);
        }
    }
}

impl Program {
    /// Learns what the last cycle has cost, in ticks. Realtime-safe.
    pub(crate) fn learn_cost(&mut self, ticks: u64) {
        self.costs.learn(ticks as f64, self.synths.counts());
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
        let costs = self.costs.voices.iter().zip(self.synths.counts());
        for (template, (cost, count)) in self.plan.templates.iter().zip(costs) {
            visit(template.name, *count as usize, *cost);
        }
    }

    /// Takes over what Instrs of the same names have cost in an older program. Realtime-safe.
    pub(crate) fn expect_costs(&mut self, known: impl Fn(NameId) -> Option<f64>) {
        for (template, cost) in self.plan.templates.iter().zip(&mut self.costs.voices) {
            *cost = known(template.name).unwrap_or(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_told_apart_as_voices_come_and_go() {
        let mut costs = Costs::new(3);
        let truth = [100.0, 20.0, 5.0];
        for cycle in 0..2000_u32 {
            let counts = [cycle / 7 % 4, cycle / 11 % 9, 1 + cycle / 5 % 3];
            let ticks: f64 = truth
                .iter()
                .zip(counts)
                .map(|(t, n)| t * f64::from(n))
                .sum();
            costs.learn(ticks, &counts);
        }
        for (found, truth) in costs.voices.iter().zip(truth) {
            assert!((found / truth - 1.0).abs() < 0.05, "{found} for {truth}");
        }
    }

    #[test]
    fn what_always_sounds_together_shares_evenly_and_the_sum_is_right() {
        let mut costs = Costs::new(2);
        (0..500).for_each(|_| costs.learn(300.0, &[2, 2]));
        assert!(costs.voices.iter().all(|cost| (cost - 75.0).abs() < 1e-6));
    }
}
