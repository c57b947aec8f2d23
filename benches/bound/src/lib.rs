//! Loops written by hand for one workload each: what a simulator could take at the least.
//!
//! Nothing here knows the simulator. Time is integer nanoseconds, the event list a flat 4-ary heap, requests are
//! index-linked arrays, draws are ziggurat exponentials from xoshiro256++. Bounds checks are left out (`unsafe`), as
//! whoever wrote only this loop would leave them out.
//!
//! - [`queue`]: M/M/c, first in first out (workloads W1 and W2);
//! - [`tiers`]: Poisson arrivals, round robin over four servers of eight workers, a fifth on to a database (W3);
//! - [`engine`]: W3 once more as an engine would do it: nodes from data, enum dispatch, ties first in first out, integrals,
//!   counters and a histogram at every node;
//! - [`caches`]: policies over dense ids.
#![allow(unsafe_code)]

pub mod caches;
pub mod engine;
mod heap;
pub mod trace;

use hdrhistogram::Histogram;
use heap::Heap;
use rand::{Rng as _, SeedableRng};
use rand_distr::{Distribution, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus as Rng;

const ARRIVAL: u32 = u32::MAX;
const NIL: u32 = u32::MAX;

#[inline(always)]
fn exp(rng: &mut Rng, mean: f64) -> u64 {
    let x: f64 = Exp1.sample(rng);
    (x * mean) as u64
}

#[inline(always)]
fn unit(rng: &mut Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// What came out of a workload.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Mean time of a request, or its 99th percentile for [`tiers`] [s].
    pub check_s: f64,
    /// Events.
    pub events: u64,
}

/// M/M/c, first in first out, mean service 1 s: `n` customers at `rate` per second.
pub fn queue(n: u64, rate: f64, servers: u32, seed: u64) -> Outcome {
    let mut rng = Rng::seed_from_u64(seed);
    let mut events = Heap::with_capacity(64);
    let (gap, service) = (1e9 / rate, 1e9);
    let mut came: Vec<u64> = Vec::with_capacity(1024);
    let mut next: Vec<u32> = Vec::with_capacity(1024);
    let mut free = NIL;
    let (mut head, mut tail) = (NIL, NIL);
    let (mut busy, mut arrived, mut done, mut sum) = (0u32, 0u64, 0u64, 0u64);
    events.push(exp(&mut rng, gap), ARRIVAL);
    while let Some((now, who)) = events.pop() {
        if who == ARRIVAL {
            arrived += 1;
            if arrived < n {
                events.push(now + exp(&mut rng, gap), ARRIVAL);
            }
            let id = if free != NIL {
                let id = free;
                free = next[id as usize];
                came[id as usize] = now;
                next[id as usize] = NIL;
                id
            } else {
                came.push(now);
                next.push(NIL);
                (came.len() - 1) as u32
            };
            if busy < servers {
                busy += 1;
                events.push(now + exp(&mut rng, service), id);
            } else {
                if tail == NIL {
                    head = id
                } else {
                    next[tail as usize] = id
                }
                tail = id;
            }
        } else {
            done += 1;
            sum += now - came[who as usize];
            next[who as usize] = free;
            free = who;
            if head == NIL {
                busy -= 1;
            } else {
                let id = head;
                head = next[id as usize];
                if head == NIL {
                    tail = NIL;
                }
                events.push(now + exp(&mut rng, service), id);
            }
        }
    }
    Outcome { check_s: sum as f64 / done as f64 / 1e9, events: arrived + done }
}

#[derive(Clone, Copy)]
struct Request {
    came: u64,
    next: u32,
    at: u32,
}

struct Server {
    head: u32,
    tail: u32,
    busy: u32,
    workers: u32,
    mean: f64,
}

/// Poisson 5,000/s, round robin over 4 × (8 workers, exponential 5 ms), with p = 0.2 on to 16 workers, exponential 10 ms.
pub fn tiers(n: u64, seed: u64) -> Outcome {
    let mut rng = Rng::seed_from_u64(seed);
    let mut queue = Heap::with_capacity(256);
    let gap = 1e9 / 5_000.0;
    let mut requests: Vec<Request> = Vec::with_capacity(1024);
    let mut free = NIL;
    let server = |workers, mean| Server { head: NIL, tail: NIL, busy: 0, workers, mean };
    let mut servers = [server(8, 5e6), server(8, 5e6), server(8, 5e6), server(8, 5e6), server(16, 10e6)];
    let mut hist =
        Histogram::<u64>::new_with_bounds(1_000, 100_000_000_000, 3).expect("the bounds are in order");
    let (mut arrived, mut turn, mut events) = (0u64, 0u32, 0u64);
    queue.push(exp(&mut rng, gap), ARRIVAL);
    macro_rules! enter {
        ($now:expr, $id:expr, $at:expr) => {{
            let s = &mut servers[$at as usize];
            requests[$id as usize].at = $at;
            if s.busy < s.workers {
                s.busy += 1;
                let took = exp(&mut rng, s.mean);
                queue.push($now + took, $id);
            } else {
                requests[$id as usize].next = NIL;
                if s.tail == NIL {
                    s.head = $id
                } else {
                    requests[s.tail as usize].next = $id
                }
                s.tail = $id;
            }
        }};
    }
    while let Some((now, who)) = queue.pop() {
        events += 1;
        if who == ARRIVAL {
            arrived += 1;
            if arrived < n {
                queue.push(now + exp(&mut rng, gap), ARRIVAL);
            }
            let new = Request { came: now, next: NIL, at: 0 };
            let id = if free != NIL {
                let id = free;
                free = requests[id as usize].next;
                requests[id as usize] = new;
                id
            } else {
                requests.push(new);
                (requests.len() - 1) as u32
            };
            let at = turn;
            turn = (turn + 1) & 3;
            enter!(now, id, at);
        } else {
            let at = requests[who as usize].at;
            let s = &mut servers[at as usize];
            if s.head == NIL {
                s.busy -= 1;
            } else {
                let id = s.head;
                s.head = requests[id as usize].next;
                if s.head == NIL {
                    s.tail = NIL;
                }
                let took = exp(&mut rng, s.mean);
                queue.push(now + took, id);
            }
            if at < 4 && unit(&mut rng) < 0.2 {
                enter!(now, who, 4);
            } else {
                let r = &mut requests[who as usize];
                hist.saturating_record(now - r.came);
                r.next = free;
                free = who;
            }
        }
    }
    Outcome { check_s: hist.value_at_quantile(0.99) as f64 / 1e9, events }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loops_do_what_they_say() {
        let close =
            |got: f64, want: f64, share: f64| assert!((got / want - 1.0).abs() < share, "{got} {want}");
        close(queue(2_000_000, 0.8, 1, 1).check_s, 5.0, 0.03);
        close(queue(2_000_000, 3.6, 4, 1).check_s, 2.9694, 0.03);
        close(tiers(1_000_000, 1).check_s, 0.038, 0.02);
        close(engine::tiers(1_000_000, 1).check_s, 0.0378, 0.02);
    }
}
