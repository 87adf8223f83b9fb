//! Numbers that are random and the same in every run.

/// Knuth's MMIX generator; the number is where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Random(pub u64);

impl Random {
    /// A whole number from 0 to below the limit, which is 1 at the least.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// A thousandth from 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.below(1001) as f64 / 1000.0
    }
}
