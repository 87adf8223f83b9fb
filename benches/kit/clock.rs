//! The time that a thread has used, and the ratio of two ways to use it.

use rustix::time::{ClockId, clock_gettime};

/// CPU time of this thread in seconds.
pub fn thread_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// CPU time of one call in seconds.
pub fn timed(work: impl FnOnce()) -> f64 {
    let start = thread_time();
    work();
    thread_time() - start
}

/// What a measured stretch contains of the clock itself, in seconds.
#[allow(dead_code, reason = "not every bench measures single calls")]
pub fn reading() -> f64 {
    median(&mut (0..10_001).map(|_| timed(|| ())).collect::<Vec<_>>())
}

/// How many times longer `ours` takes than `bare`: the median of the ratios of pairs measured in turn, so that whatever
/// else the machine does meets both.
#[allow(dead_code, reason = "not every bench compares whole stretches")]
pub fn ratio(mut ours: impl FnMut(), mut bare: impl FnMut(), pairs: usize) -> f64 {
    let mut ratios: Vec<f64> = (0..pairs)
        .map(|pair| {
            // Neither of the two always comes first.
            if pair % 2 == 0 {
                let ours = timed(&mut ours);
                ours / timed(&mut bare)
            } else {
                let bare = timed(&mut bare);
                timed(&mut ours) / bare
            }
        })
        .collect();
    median(&mut ratios)
}

/// The middle value.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
